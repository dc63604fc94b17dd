"""Session templates: those that cowrite brings, those that people write, and what is said of broken ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cowrite.core.board.items import Frame, Place
from cowrite.core.sessions.sessions import VARIANTS, Phase
from cowrite.paths import resources
from cowrite.storage.names import is_device
from cowrite.storage.session_template_reading import load_session_templates, parse_session_template
from cowrite.storage.session_templates import (
    BadTemplate,
    Lens,
    NameTaken,
    SessionTemplate,
    save_template,
    template_text,
)

OURS = resources() / "templates"


def refused(content: str, name: str = "mine.toml") -> BadTemplate:
    with pytest.raises(BadTemplate) as caught:
        parse_session_template(content.encode(), Path(name))
    return caught.value


def test_cowrite_brings_eight_templates_the_plainest_first():
    titles = [template.title for template in load_session_templates(OURS).templates]
    assert titles == [
        "How might we",
        *("2 × 2", "5W1H", "Crazy eights", "Pros and cons", "SCAMPER", "Six hats", "Start, stop, continue"),
    ]


def test_all_of_them_say_what_they_are_and_how_the_question_begins():
    for template in load_session_templates(OURS).templates:
        assert template.description.endswith(".")
        assert "…" in template.question
        assert template.hint


def test_no_frame_has_the_name_of_a_group_which_would_know_nothing_of_it():
    for template in load_session_templates(OURS).templates:
        assert {frame.title for frame in template.frames}.isdisjoint(template.groups)


def test_no_view_is_named_by_its_number_which_is_said_beside_it():
    names = [lens.name for template in load_session_templates(OURS).templates for lens in template.lenses]
    assert not [name for name in names if any(letter.isdigit() for letter in name)]


def test_the_example_of_the_readme_can_be_used_as_it_stands():
    example = (OURS / "README.md").read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    template = parse_session_template(example.encode(), Path("look-back.toml"), is_own=True)
    assert template.lenses == (Lens("Surprise", "What did you not expect?"),)
    assert template.frames == (Frame("", "Went well", Place(0, 0, 840, 640)),)
    assert template.minutes == {Phase.WRITE: 10}
    assert template.phases[-1] is Phase.ACT


def test_a_title_alone_is_a_template_with_all_phases():
    assert parse_session_template(b'title = "Mine"', Path("mine.toml")).phases == VARIANTS["full"]


def test_a_persons_own_are_listed_after_cowrites(tmp_path: Path):
    (tmp_path / "mine.toml").write_text('title = "Aardvark"', encoding="utf-8")
    last = load_session_templates(OURS, tmp_path).templates[-1]
    assert (last.title, last.is_own) == ("Aardvark", True)


def test_a_broken_one_is_told_of_and_the_others_stay(tmp_path: Path):
    (tmp_path / "broken.toml").write_text('title = "Broken"\nphases = ["dance"]', encoding="utf-8")
    (tmp_path / "mine.toml").write_text('title = "Mine"', encoding="utf-8")
    found = load_session_templates(OURS, tmp_path)
    assert found.templates[-1].title == "Mine"
    assert [(problem.path.name, problem.line) for problem in found.problems] == [("broken.toml", 2)]


def test_one_of_cowrites_names_is_not_taken_over(tmp_path: Path):
    (tmp_path / "scamper.toml").write_text('title = "Mine"', encoding="utf-8")
    (problem,) = load_session_templates(OURS, tmp_path).problems
    assert "rename the file" in str(problem)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ('title = "Mine"\nphases = [', 2, "not TOML"),
        ("title = Mine", 1, "quotation marks"),
        ('description = "no title"', 0, "lacks “title”"),
        ('title = "Mine"\n\n[minutes]\nwrite = "ten"', 4, "43200; write it without quotation marks"),
        ('title = "Mine"\n\n[minutes]\nwrite = -3', 4, "a number from 0 to 43200."),
        ('title = "Mine"\n[minutes]\nsing = 3', 3, "there is no phase “sing”"),
        ('title = "Mine"\n[[lenses]]\nprompt = "a"\n[[lenses]]\nname = "b"', 4, "lacks “prompt”"),
        ('title = "Mine"\ncolour = "red"', 2, "“colour” is not known"),
        ('title = "Mine"\n[[frames]]\ntitle = "A"\nwidth = 2', 4, "must be a number from 40"),
        ('title = "Mine"\ngroups = "A"', 2, "must be a list of texts"),
        ('title = "Mine"\ngroups = ' + "[" * 20_000, 0, "list too deep"),
        ('title = "Mine"\n[minutes]\nwrite = ' + "9" * 5000, 0, "number in it is too long"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(content: str, line: int, words: str):
    problem = refused(content)
    assert problem.line == line
    assert words in str(problem)


def test_a_name_with_other_letters_is_refused():
    assert "rename the file" in str(refused('title = "Mine"', "My Own.toml"))


def test_what_is_not_utf8_says_so_with_its_line():
    with pytest.raises(BadTemplate) as caught:
        parse_session_template(b'title = "a"\nhint = "\xff"', Path("mine.toml"))
    assert caught.value.line == 2


def test_a_saved_template_is_read_as_it_was(tmp_path: Path):
    template = SessionTemplate(
        "mine",
        'Ours "and" mine\n\\',
        "d\x7f",
        "How …?",
        "hint",
        (Phase.WRITE, Phase.RATE),
        {Phase.WRITE: 12},
        (Lens("L", "p?"), Lens("", "q?")),
        (Frame("", "F", Place(-3, 4.5, 300, 200)),),
        ("One", "Two"),
        ("Impact",),
        is_own=True,
    )
    path = save_template(tmp_path / "templates", template)
    read = parse_session_template(path.read_bytes(), path, is_own=True)
    assert path.name == "ours-and-mine.toml"
    assert replace(read, name="mine") == replace(template, title='Ours "and" mine\n\\')


def test_a_saved_template_never_takes_the_place_of_another(tmp_path: Path):
    save_template(tmp_path, SessionTemplate("", "Mine"))
    with pytest.raises(NameTaken, match="another title"):
        save_template(tmp_path, SessionTemplate("", "Mine"))
    with pytest.raises(NameTaken):
        save_template(tmp_path, SessionTemplate("", "Scamper"), taken=["scamper"])


def test_titles_in_other_scripts_get_files_of_their_own_and_each_title_one(tmp_path: Path):
    titles = ("日本語の会議", "Планёрка", "Größe", "Grüße")
    files = [save_template(tmp_path, SessionTemplate("", title)).name for title in titles]
    assert files == ["template.toml", "template-2.toml", "gr-e.toml", "gr-e-2.toml"]
    assert {each.title for each in load_session_templates(OURS, tmp_path).templates if each.is_own} == set(titles)
    with pytest.raises(NameTaken):
        save_template(tmp_path, SessionTemplate("", "Планёрка"))


@pytest.mark.parametrize("title", ["Con", "aux!", "COM1"])
def test_a_title_that_windows_keeps_for_a_device_names_a_file_all_the_same(tmp_path: Path, title: str):
    path = save_template(tmp_path, SessionTemplate("", title))
    assert not is_device(path.stem)
    assert parse_session_template(path.read_bytes(), path).title == title


def test_every_template_of_cowrites_can_be_written_and_read_again():
    for template in load_session_templates(OURS).templates:
        assert parse_session_template(template_text(template).encode(), Path(f"{template.name}.toml")) == template


def test_a_template_may_begin_with_a_byte_order_mark():
    assert parse_session_template(b'\xef\xbb\xbftitle = "Mine"', Path("mine.toml")).title == "Mine"
