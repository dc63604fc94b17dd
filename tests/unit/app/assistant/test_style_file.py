"""A style card's file between its dialog and the person's editor."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cowrite.app.assistant.style_file import StyleCardTooLarge, StyleFile
from cowrite.assist.prompts.style_card import MAX_FILE, StyleCard, read_style_card

CARD = StyleCard("warm", prefer=("use",), samples=("I like rain.",))
TEXT = '# mine\ntone = "warm"\nprefer = ["use"]\nsamples = ["I like rain."]\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "style-card.toml"
    path.write_bytes(TEXT.encode())
    return path


@pytest.fixture
def file(path: Path) -> StyleFile:
    file = StyleFile(path)
    assert file.read() == CARD
    return file


def no_space(path: Path, data: bytes) -> None:
    raise OSError(28, "No space left on device")


def test_what_an_editor_and_the_dialog_put_into_one_list_is_all_in_it(file: StyleFile, path: Path) -> None:
    path.write_text(TEXT.replace('"use"', '"use", "people"').replace('rain."', 'rain.", "I like snow."'))
    card = CARD
    for word in ("b", "be", "begin"):  # as it is typed
        card = replace(CARD, prefer=("use", word))
        file.change(card)
    file.change(replace(card, samples=("I like rain a lot.",)))
    both = StyleCard("warm", prefer=("use", "people", "begin"), samples=("I like rain a lot.", "I like snow."))
    assert read_style_card(path) == both


def test_what_an_editor_took_out_of_a_list_stays_out(file: StyleFile, path: Path) -> None:
    path.write_text(TEXT.replace('"use"', ""))
    file.change(replace(CARD, prefer=("use", "begin")))
    assert read_style_card(path).prefer == ("begin",)


@pytest.mark.skipif(sys.platform == "win32", reason="making links there takes special rights")
def test_a_link_stays_a_link_to_where_the_person_has_the_card(path: Path, tmp_path: Path) -> None:
    (tmp_path / "linked").mkdir()
    link = tmp_path / "linked" / "style-card.toml"
    link.symlink_to(path)
    file = StyleFile(link)
    file.change(replace(file.read(), tone="dry"))
    assert link.is_symlink()
    assert read_style_card(path).tone == "dry"
    old = path.read_bytes()
    assert file.start_anew(StyleCard("cold")) == path.with_name("style-card.bad.toml")
    assert link.is_symlink()
    assert read_style_card(path) == StyleCard("cold")
    assert path.with_name("style-card.bad.toml").read_bytes() == old


def test_lines_end_as_they_did(path: Path) -> None:
    several = 'samples = ["""One.\nStill one.""", # mine\n]\ntone = "warm"\n'
    path.write_bytes(several.replace("\n", "\r\n").encode())
    file = StyleFile(path)
    file.change(replace(file.read(), tone="dry", avoid=("very",)))
    expected = several.replace("warm", "dry") + 'length = ""\nspelling = ""\nprefer = []\navoid = ["very"]\n'
    assert path.read_bytes() == expected.replace("\n", "\r\n").encode()


def test_a_card_that_an_editor_began_with_a_byte_order_mark_is_read_and_written(path: Path) -> None:
    path.write_bytes(TEXT.encode("utf-8-sig"))
    file = StyleFile(path)
    assert file.read() == CARD
    file.change(replace(CARD, tone="dry"))
    assert path.read_bytes().startswith(TEXT.replace("warm", "dry").encode())


def test_a_card_that_would_be_too_large_leaves_the_file_and_a_shorter_one_is_written(
    file: StyleFile, path: Path
) -> None:
    with pytest.raises(StyleCardTooLarge) as caught:
        file.change(replace(CARD, tone="dry", samples=("x" * MAX_FILE,)))
    assert caught.value.size > MAX_FILE
    assert path.read_bytes() == TEXT.encode()
    shorter = replace(CARD, tone="dry", samples=("x" * 60_000,))
    file.change(shorter)
    assert read_style_card(path) == shorter


def test_a_file_that_cannot_be_begun_anew_is_where_it_was(
    file: StyleFile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr("cowrite.app.assistant.style_file.write_in_place", no_space)
        with pytest.raises(OSError, match="No space left"):
            file.start_anew(replace(CARD, tone="dry"))
    assert [each.name for each in path.parent.iterdir()] == ["style-card.toml"]
    assert path.read_bytes() == TEXT.encode()
    file.change(replace(CARD, prefer=()))
    assert read_style_card(path) == replace(CARD, prefer=())


def test_where_there_is_no_file_nothing_is_kept(file: StyleFile, path: Path) -> None:
    path.unlink()
    assert file.start_anew(CARD) is None
    assert read_style_card(path) == CARD
    assert [each.name for each in path.parent.iterdir()] == ["style-card.toml"]
