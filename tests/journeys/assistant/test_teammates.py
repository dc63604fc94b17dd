"""Failure mode 15 in a window: teammates write in a passage while the model is rewriting it, and nothing gets lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from cowrite.app.draft.draft import Draft
from cowrite.assist.engine.asking import Phase
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.gui.assistant.panel import AssistantPanel
from helpers.assistant_desk import AssistantDesk, buttons, press, shown
from helpers.assisted import uses
from helpers.copies import meet
from helpers.desk import write

pytestmark = pytest.mark.journey

OLD = "We have got one sunny wall in our courtyard, and also two barrels."
NEW = "We have a sunny wall in our courtyard, and two barrels."
RULE = {"when": r"We have got one sunny wall[^\"]*\"\nNew: \"$", "answer": NEW, "gated": True}


class Teammate:
    """Somebody else's copy of a draft, on a line that can be cut."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft.document
        self.document = MendedDocument(clock=lambda: 0)
        self.document.apply_remote(self._draft.state())

    def write(self, at: int, text: str) -> None:
        with self.document.edit(Origin.LOCAL) as edit:
            edit.insert(at, text)

    def delete(self, at: int, units: int) -> None:
        with self.document.edit(Origin.LOCAL) as edit:
            edit.delete(at, units)

    def sync(self) -> None:
        """Each gets what it lacks; then both have the same text, marks and records."""
        meet(self._draft, self.document)
        assert self.document.text() == self._draft.text()
        assert uses(self.document) == uses(self._draft)
        assert self.document.assists.records() == self._draft.assists.records()


@pytest.fixture
def given(make: Callable[..., AssistantDesk]) -> AssistantDesk:
    return make(RULE, model={})


def half_rewritten(given: AssistantDesk) -> tuple[Draft, AssistantPanel]:
    """A draft that has a sentence twice; the model is at a few words of the first one."""
    draft = given.desk.new()
    write(draft, f"{OLD}\n{OLD}")
    panel = given.panel(draft)
    draft.editor.set_caret(len(OLD), 0)
    draft.window.actions_["rewrite_plainer"].trigger()
    given.until(panel, lambda: given.processes and given.processes[0].phase is Phase.READING)
    given.let_write(3)
    given.until(panel, lambda: given.processes[0].phase is Phase.WRITING)
    return draft, panel


def finish(given: AssistantDesk, draft: Draft, panel: AssistantPanel) -> None:
    """Lets the model write the rest."""
    work = given.of(draft).flow.work
    assert work is not None
    assert not work.is_final
    given.let_write(100)
    given.until(panel, lambda: work.is_final)


def accept(panel: AssistantPanel) -> None:
    press(panel, next(text for text in buttons(panel) if text in ("Accept", "Accept all")))


@pytest.mark.parametrize(
    ("before", "is_away", "accepted"),
    [
        ("We have", False, NEW),
        ("We have got", False, "We have got one sunny wall in our courtyard, and two barrels."),
        ("We have got", True, NEW),
        ("We have got one sunny wall", True, NEW),
    ],
)
def test_failure_15_what_a_teammate_types_inside_meanwhile_stays_and_one_undo_takes_the_assistants_alone(
    given: AssistantDesk, before: str, is_away: bool, accepted: str
) -> None:
    draft, panel = half_rewritten(given)
    mate = Teammate(draft)
    mate.write(len(before), " HUMAN")
    if not is_away:
        mate.sync()
    finish(given, draft, panel)
    accept(panel)
    mate.sync()
    text = mate.document.text()
    assert text.count(" HUMAN") == 1
    assert text.replace(" HUMAN", "") == f"{accepted}\n{OLD}\n"
    (record,) = mate.document.assists.records().values()
    assert (record.task, record.by) == ("rewrite-plainer", "Ada")
    new = [text[use.start : use.stop] for use in uses(mate.document)]
    assert new == (["a"] if accepted == NEW else [])
    draft.editor.undo_own()
    mate.sync()
    assert mate.document.text() == f"{before} HUMAN{OLD.removeprefix(before)}\n{OLD}\n"
    assert uses(mate.document) == []
    assert f"{draft.editor.toPlainText()}\n" == mate.document.text()


def test_failure_15_a_passage_that_a_teammate_deletes_meanwhile_stays_deleted_and_its_double_is_left_alone(
    given: AssistantDesk,
) -> None:
    draft, panel = half_rewritten(given)
    mate = Teammate(draft)
    mate.delete(0, len(OLD))
    mate.sync()
    finish(given, draft, panel)
    given.until(panel, lambda: "no longer in the draft" in shown(panel))
    assert not any(text.startswith("Accept") for text in buttons(panel))
    mate.sync()
    assert mate.document.text() == f"\n{OLD}\n"
    assert mate.document.assists.records() == {}


def test_failure_15_a_teammate_who_deleted_the_passage_while_away_gets_the_new_words_alone_and_undo_takes_them(
    given: AssistantDesk,
) -> None:
    draft, panel = half_rewritten(given)
    mate = Teammate(draft)
    mate.delete(0, len(OLD))
    finish(given, draft, panel)
    accept(panel)
    mate.sync()
    assert mate.document.text() == f"a\n{OLD}\n"
    (use,) = uses(mate.document)
    assert (use.start, use.stop, use.record.by) == (0, 1, "Ada")
    draft.editor.undo_own()
    mate.sync()
    assert mate.document.text().endswith(f"\n{OLD}\n")
    assert uses(mate.document) == []


def test_failure_15_accepted_words_that_are_pasted_reach_a_teammate_with_their_record(given: AssistantDesk) -> None:
    draft, panel = half_rewritten(given)
    finish(given, draft, panel)
    accept(panel)
    mate = Teammate(draft)
    (record,) = mate.document.assists.records().values()
    draft.editor.set_caret(len("We have a sunny wall"), len("We have "))
    QTest.keySequence(draft.editor, QKeySequence(QKeySequence.StandardKey.Copy))

    draft.editor.set_caret(len(NEW) + 1)
    QTest.keySequence(draft.editor, QKeySequence(QKeySequence.StandardKey.Paste))
    mate.sync()
    assert mate.document.text() == f"{NEW}\na sunny wall{OLD}\n"
    pasted = [(use.start, use.stop, use.record) for use in uses(mate.document)]
    assert pasted == [(8, 9, record), (len(NEW) + 1, len(NEW) + 2, record)]
    draft.editor.undo_own()
    mate.sync()
    assert [use.start for use in uses(mate.document)] == [8]

    other = given.desk.new()
    mate = Teammate(other)
    QTest.keySequence(other.editor, QKeySequence(QKeySequence.StandardKey.Paste))
    mate.sync()
    assert mate.document.text() == "a sunny wall\n"
    assert [(use.start, use.stop, use.record) for use in uses(mate.document)] == [(0, 1, record)]
