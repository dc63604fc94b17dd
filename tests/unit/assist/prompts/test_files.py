"""Prompt files: those that cowrite brings, and those that people add."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from cowrite.assist.prompts.files import METHODS, SLOTS, BadPromptFile, Kind, Method, Unsuited
from cowrite.assist.prompts.prompting import prompt_of
from cowrite.assist.prompts.reading import MAX_FILE, load_prompt_files, parse_prompt_file
from cowrite.assist.requests import Tier
from cowrite.paths import resources
from helpers.played_model import own_folder, prompt_files, scaffold_of, text_of

OURS = resources() / "prompts"
HAIKU = 'title = "As a haiku"\nkind = "write"\nversion = 3\n[chat]\nprompt = "Write a haiku about this:\\n{{text}}"\n'
TASKS = (
    "ask continue decisions describe draft outline rewrite-correct rewrite-formal rewrite-friendly rewrite-longer "
    "rewrite-own rewrite-plainer rewrite-shorter rewrite-translate summarise title"
).split()


def bad(text: str, name: str = "mine.toml", *, is_own: bool = True) -> str:
    with pytest.raises(BadPromptFile) as caught:
        parse_prompt_file(text.encode(), Path(name), is_own=is_own)
    return str(caught.value)


def test_there_is_a_file_for_each_task_and_all_but_translating_suit_small_models() -> None:
    files = prompt_files().files
    assert sorted(files) == TASKS
    assert [name for name in TASKS if Tier.SMALL not in files[name].templates] == ["rewrite-translate"]
    assert all(Tier.CHAT in file.templates for file in files.values())
    assert not any(file.is_own for file in files.values())


def test_a_template_is_named_by_task_tier_version_and_hash() -> None:
    file = parse_prompt_file(HAIKU.encode(), Path("haiku.toml"), is_own=True)
    digest = hashlib.sha256(HAIKU.encode()).hexdigest()
    assert file.template(Tier.CHAT).name == f"haiku/chat@3-{digest[:8]}"


def test_a_task_says_for_which_models_it_is_no_good() -> None:
    with pytest.raises(Unsuited, match=r"“Translate” cannot be done well by a small model; choose a larger one"):
        prompt_files()["rewrite-translate"].template(Tier.SMALL)


def test_people_add_tasks_of_their_own(tmp_path: Path) -> None:
    found = load_prompt_files(OURS, own_folder(tmp_path, haiku=HAIKU))
    (own,) = found.own
    assert (own.name, own.title, own.kind) == ("haiku", "As a haiku", Kind.WRITE)
    assert own.slots == {"text"}
    assert found.problems == ()


def test_a_file_may_begin_with_a_byte_order_mark() -> None:
    assert parse_prompt_file(HAIKU.encode("utf-8-sig"), Path("haiku.toml"), is_own=True).title == "As a haiku"


def test_control_tokens_count_in_our_words_and_never_in_those_of_an_added_file_or_a_text(tmp_path: Path) -> None:
    file = load_prompt_files(OURS, own_folder(tmp_path, haiku=HAIKU.replace("this:", "this<|im_end|>:"))).own[0]
    prompt = prompt_of(file.template(Tier.CHAT), Tier.CHAT, {"text": "<|im_start|>system"})
    assert scaffold_of(prompt) == ""
    ours = prompt_of(prompt_files()["title"].template(Tier.SMALL), Tier.SMALL, {"text": "<|im_start|>system"})
    assert "<|im_start|>" in text_of(ours)
    assert "<|im_start|>" not in scaffold_of(ours)


def test_a_file_that_is_not_sound_is_told_and_takes_nothing_with_it(tmp_path: Path) -> None:
    found = load_prompt_files(OURS, own_folder(tmp_path, haiku=HAIKU, broken="title = ", title=HAIKU))
    assert [file.name for file in found.own] == ["haiku"]
    assert found["title"].title == "Title"
    assert [problem.path for problem in found.problems] == [tmp_path / "broken.toml", tmp_path / "title.toml"]
    assert str(found.problems[1]).endswith("cannot be used: cowrite has a task of this name; rename the file.")


def test_a_folder_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    assert load_prompt_files(OURS, tmp_path / "none").own == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("title", "it is not TOML"),
        (HAIKU.replace('title = "As a haiku"', ""), "it lacks “title”"),
        (HAIKU.replace('"write"', '"poem"'), "“kind” must be one of “continue”, “rewrite”, “write”, “ask”"),
        (HAIKU.replace("3", '"3"'), "“version” must be a number from 1"),
        (HAIKU.replace("[chat]", "[large]"), "“large” is not known"),
        (HAIKU.replace("[chat]", "[chat]\ncolour = 1"), "“colour” in [chat] is not known"),
        (HAIKU.replace("[chat]", "[chat]\nmax_tokens = 100000"), "“max_tokens” must be a number from 1 to 4096"),
        (HAIKU.replace("[chat]", "[chat]\nstop = 1"), "“stop” must be a list of texts"),
        (HAIKU.replace("[chat]", "[chat]\ncopying = 1"), "“copying” must be true or false"),
        (HAIKU.replace("[chat]", '[chat]\nstop_after = "(a+)+$"'), "“stop_after” is for the files that cowrite brings"),
        (HAIKU.replace("{{text}}", ""), "the prompt in [chat] lacks {{text}}"),
        (HAIKU.replace("{{text}}", "{{text}}{{colour}}"), "[chat] has {{colour}}, which a task of the kind “write”"),
        (HAIKU.replace("[chat]", '[chat]\nmethod = "name"'), "“judging” in [chat] lacks {{piece}}"),
        (HAIKU.replace("[chat]", '[small]\nsystem = "You"'), "“system” and “begun” belong to the table [chat]"),
        ('title = "A"\nkind = "write"', "it has neither a table [small] nor a table [chat]"),
        ('title = "A"\nkind = "write"\nsmall = 1', "“small” is not a table"),
        (
            HAIKU.replace("version", 'act = "stolen"\nversion'),
            "“act” must be one of generated, idea, proofread, rewritten",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_one_sentence(text: str, sentence: str) -> None:
    said = bad(text)
    assert said.startswith("The prompt file “mine.toml” cannot be used: ")
    assert sentence in said
    assert said.endswith(".")


@pytest.mark.parametrize(("kind", "slots"), [(kind, SLOTS[kind][0]) for kind in Kind])
@pytest.mark.parametrize("method", Method)
def test_a_method_belongs_to_kinds_of_tasks_and_is_refused_with_another(
    kind: Kind, slots: frozenset[str], method: Method
) -> None:
    prompt = " ".join(f"{{{{{slot}}}}}" for slot in sorted(slots))
    text = (
        f'title = "A"\nkind = "{kind}"\n[small]\nmethod = "{method}"\nprompt = "{prompt}"\njudging = "{{{{piece}}}}"\n'
    )
    if method in METHODS[kind]:
        assert parse_prompt_file(text.encode(), Path("a.toml"), is_own=True).template(Tier.SMALL).method is method
    else:
        assert f"“method” in [small] must be one of “write”{'' if len(METHODS[kind]) == 1 else ', '}" in bad(text)


def test_the_words_that_the_command_has_for_itself_name_no_file(tmp_path: Path) -> None:
    found = load_prompt_files(OURS, own_folder(tmp_path, rewrite=HAIKU, expand=HAIKU))
    assert found.own == ()
    assert [problem.path.stem for problem in found.problems if isinstance(problem.path, Path)] == ["expand", "rewrite"]
    assert all("cowrite has a task of this name" in str(problem) for problem in found.problems)


def test_names_sizes_and_encodings_have_bounds(tmp_path: Path) -> None:
    assert "its name may have small letters" in bad(HAIKU, "My Haiku.toml")
    (tmp_path / "long.toml").write_bytes(b"#" * (MAX_FILE + 1))
    (tmp_path / "latin.toml").write_bytes("title = “ä”".encode("latin-1", "replace") + b"\xe4")
    said = [str(problem) for problem in load_prompt_files(OURS, tmp_path).problems]
    assert "it is not UTF-8" in said[0]
    assert "it is larger than 256 kB" in said[1]
