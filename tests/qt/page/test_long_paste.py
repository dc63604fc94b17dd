"""A long text that is pasted: part by part, with everybody going on, and in the end as if it had come at once."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData
from PySide6.QtGui import QGuiApplication

from cowrite.app.draft.draft import Draft
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import joined, lines_of
from cowrite.gui.page import clipboard, long_paste
from cowrite.gui.page.long_paste import parted
from helpers.desk import Desk, notices, write
from helpers.seeds import seeds

WORDS = "words of a text that is long\n" * 50


@pytest.fixture(autouse=True)
def short_parts(monkeypatch):
    """Texts of 200 characters are long, and come in by 60."""
    monkeypatch.setattr(clipboard, "LONG", 200)
    monkeypatch.setattr(long_paste, "PART", 60)
    monkeypatch.setattr(long_paste, "_SEARCHED", 20)


def paste(draft: Draft, text: str) -> None:
    data = QMimeData()
    data.setText(text)
    draft.editor.insertFromMimeData(data)


def let_in(draft: Draft, desk: Desk) -> None:
    """Waits until all of it is in; page and document are equal all the while."""
    while draft.editor.pasting._long is not None:
        QCoreApplication.processEvents()
        assert draft.editor.toPlainText() == draft.document.text().removesuffix("\n")


def test_a_long_text_comes_in_part_by_part_and_is_one_step_of_undo(draft, desk):
    write(draft, "before after")
    draft.editor.set_caret(7)
    changes = []
    draft.document.observe_changes(changes.append)
    paste(draft, WORDS)
    assert draft.document.text() == "before after\n"
    let_in(draft, desk)
    assert len(changes) > 20
    assert draft.document.text() == f"before {WORDS.rstrip()}after\n"
    assert draft.editor.caret()[1] == len(f"before {WORDS.rstrip()}")
    draft.editor.undo_own()
    assert draft.document.text() == "before after\n"
    draft.editor.redo_own()
    assert draft.document.text() == f"before {WORDS.rstrip()}after\n"


STYLES = [{}, {"header": 2}, {"list": "bullet", "indent": 1}, {"code-block": True}, {"blockquote": True}]


def test_a_long_text_is_in_the_end_as_if_it_had_come_at_once(draft, desk, monkeypatch):
    for seed in seeds(3):
        long_and_at_once(draft, desk, monkeypatch, Random(seed))


def long_and_at_once(draft: Draft, desk: Desk, monkeypatch: pytest.MonkeyPatch, chance: Random) -> None:
    """Pastes some text in parts and whole; in the end there is the same."""
    pieces = ["one", "two words", " ", "  ", "\n", "\n\n\n", "\r\n", "\r", "\u2028", "é", "👍🏽", "x" * 90, "\n" * 70]
    text = "".join(chance.choice(pieces) for _ in range(120))
    style, at = chance.choice(STYLES), chance.choice([0, 3, 6])
    draft.editor.undo_own()
    results = []
    for whole in (True, False):
        with draft.document.edit(Origin.LOCAL) as edit:
            edit.delete(0, draft.document.length)
            edit.insert(0, "before")
            edit.insert(6, "\n", style)
        draft.editor.set_caret(at, chance.choice([at, 0]) if whole else draft.editor.caret()[0])
        if whole:
            place = sorted(draft.editor.caret())
            with monkeypatch.context() as once:
                once.setattr(clipboard, "LONG", 10**6)
                draft.editor.pasting.put_plain(text)
        else:
            draft.editor.set_caret(place[1], place[0])
            draft.editor.pasting.put_plain(text)
            let_in(draft, desk)
        results.append((joined(draft.document.spans()), draft.editor.caret()[1]))
    assert results[0] == results[1], text


@pytest.mark.parametrize("line", ["- item ", "``` code ", "> quote "])
def test_into_an_item_code_or_a_quote_it_comes_by_so_few_lines_that_the_page_is_not_filled_anew(
    draft, desk, monkeypatch, line
):
    monkeypatch.setattr(long_paste, "PART", 60_000)
    write(draft, f"above\n{line}")
    (_, last) = lines_of(draft.document.spans())
    assert last.attributes
    filled, changes = [], []
    draft.editor._binding.filled.connect(lambda: filled.append(1))
    draft.document.observe_changes(changes.append)
    paste(draft, "a line\n" * 2000)
    let_in(draft, desk)
    assert not filled
    assert len(changes) > 5
    assert [each.attributes for each in lines_of(draft.document.spans())[1:]] == [last.attributes] * 2000


def test_a_teammate_and_the_person_go_on_writing_meanwhile(draft, desk):
    write(draft, "before after")
    draft.editor.set_caret(7)
    paste(draft, WORDS)
    QCoreApplication.processEvents()
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(0, "a teammate; ")
    draft.editor.set_caret(0)
    write(draft, "typed: ")
    let_in(draft, desk)
    assert draft.document.text() == f"typed: a teammate; before {WORDS.rstrip()}after\n"
    assert draft.editor.caret()[1] == len("typed: ")


def test_no_undo_step_takes_back_what_is_pasted_and_what_is_typed_meanwhile(draft, desk):
    write(draft, "before after")
    draft.editor.set_caret(7)
    paste(draft, WORDS)
    QCoreApplication.processEvents()
    draft.editor.set_caret(0)
    write(draft, "typed ")
    let_in(draft, desk)
    parts = [draft.document.text().partition("before ")]
    while parts[-1][2] != "after\n":
        draft.editor.undo_own()
        parts.append(draft.document.text().partition("before "))
    assert parts[0][0] == "typed "
    for (typed, _, pasted), (still_typed, _, still_pasted) in pairwise(parts):
        assert typed == still_typed or pasted == still_pasted


def test_undo_takes_back_what_is_in_and_ends_the_rest(draft, desk):
    write(draft, "before after")
    paste(draft, WORDS)
    QCoreApplication.processEvents()
    assert draft.editor.pasting._long is not None
    draft.editor.undo_own()
    let_in(draft, desk)
    assert draft.document.text() == "before after\n"
    assert notices(draft) == ""


def test_who_may_write_no_longer_is_told_that_only_the_beginning_came_in(draft, desk):
    paste(draft, WORDS)
    QCoreApplication.processEvents()
    draft.window.show_read_only("You may only read now.")
    let_in(draft, desk)
    assert WORDS.startswith(draft.document.text().rstrip())
    assert "Only the beginning of what you pasted came in" in notices(draft)


def test_a_window_that_closes_has_all_of_it(draft, desk):
    paste(draft, WORDS)
    path = draft.path
    assert draft.window.close()
    assert desk.open(path).document.text() == WORDS


def test_what_is_exported_has_all_of_it(draft, desk, tmp_path):
    paste(draft, WORDS)
    draft.exporting.begin("text", tmp_path / "draft.txt")
    draft.exporting.finish()
    assert (tmp_path / "draft.txt").read_text() == WORDS


def test_a_second_text_comes_behind_the_first(draft, desk):
    paste(draft, "a" * 300)
    paste(draft, "b" * 300)
    let_in(draft, desk)
    assert draft.document.text() == "a" * 300 + "b" * 300 + "\n"


def test_only_the_words_of_a_long_text_come_in_by_the_command_for_it(draft, desk):
    QGuiApplication.clipboard().setText(WORDS)
    draft.editor.paste_plain()
    assert draft.editor.pasting._long is not None
    let_in(draft, desk)
    assert draft.document.text() == WORDS


def test_of_what_is_longer_than_any_text_may_be_nothing_comes_in_and_that_is_said(draft, monkeypatch):
    monkeypatch.setattr(clipboard, "LONGEST", 1000)
    write(draft, "before")
    for kind in ("text", "html", "words"):
        data = QMimeData()
        if kind == "html":
            data.setHtml(f"<p>{WORDS}")
        else:
            data.setText(WORDS)
        if kind == "words":
            QGuiApplication.clipboard().setMimeData(data)
            draft.editor.paste_plain()
        else:
            draft.editor.insertFromMimeData(data)
        assert draft.document.text() == "before\n", kind
        assert "Copy a part of it." in notices(draft), kind
        draft.window.notices.remove("pasted")
        assert "Copy a part of it." not in notices(draft)


def test_a_program_that_offers_nothing_is_asked_once_for_each_question_may_take_seconds(draft, monkeypatch):
    class Silent(QMimeData):
        asked = 0

        def formats(self) -> list[str]:
            self.asked += 1
            return []

        def hasFormat(self, _kind: str) -> bool:  # noqa: N802
            self.asked += 1
            return False

    for take in (draft.editor.insertFromMimeData, draft.editor.canInsertFromMimeData):
        data = Silent()
        assert not take(data)
        assert data.asked == 1
    assert draft.document.text() == "\n"


def test_no_part_ends_with_a_line_break_and_none_is_empty():
    for text in ("\n" * 300, "x" + "\r\n" * 200, "word " * 100, "\n \n" * 100, "x" * 300):
        parts, rest = [], text
        while rest:
            part, rest = parted(rest, 60)
            parts.append(part)
        assert "".join(parts) == text
        assert all(parts)
        assert not any(part[-1] in "\r\n" for part in parts[:-1])
