"""What was decided: found by the model, accepted by a person, stale when its words change."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPushButton

from cowrite.app.draft.draft import Draft
from cowrite.assist.engine.asking import Phase
from cowrite.core.board.items import Note, Place
from cowrite.core.decisions.decisions import Decision, Status
from cowrite.core.entries.authors import Author
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import EMBED_CHARACTER
from cowrite.gui.assistant.panel import AssistantPanel
from cowrite.gui.board.board_view import BoardView
from cowrite.gui.widgets.wrapping_button import WrappingButton
from cowrite.sync.rights import Rights
from helpers.assistant_desk import AssistantDesk, buttons, press, say, shown
from helpers.desk import Desk, write
from helpers.suggested import suggest

pytestmark = pytest.mark.journey

TEXT = "🎬 Plan. We agreed on rubber for the case. Ben will order it by Friday."
QUOTE = "We agreed on rubber for the case."
FOUND = {
    "decision": "The case is made of rubber.",
    "status": "decided",
    "owner": "Ben",
    "due": "Friday",
    "quotes": [QUOTE],
}
MODEL = {"parameters": 8_000_000_000, "name": "Scripted"}


@pytest.fixture
def make(make: Callable[..., AssistantDesk]) -> Callable[..., AssistantDesk]:
    usual = {"when": "Which decisions", "answer": json.dumps([FOUND])}
    return lambda *rules: make(*(rules or [usual]), model=MODEL)


def looked(given: AssistantDesk, text: str = TEXT) -> tuple[Draft, AssistantPanel]:
    """A draft in which decisions are looked for; the panel may be asked."""
    draft = given.desk.new()
    write(draft, text)
    panel = given.panel(draft)
    draft.window.actions_["decisions"].trigger()
    given.until(panel, lambda: panel.form.task is not None and panel.form.task.id == "decisions")
    return draft, panel


def decisions(draft: Draft) -> list[Decision]:
    return draft.brainstorming.brainstorm.decisions.all()


def quotes(panel: AssistantPanel) -> list[WrappingButton]:
    return [each for each in panel.findChildren(WrappingButton) if each.isVisible()]


def test_a_decision_that_was_found_is_accepted_and_goes_stale_when_its_words_change(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make()
    draft, panel = looked(given)
    say(panel.form, "What about the case?")
    press(panel, "Ask")
    given.until(panel, lambda: quotes(panel))
    assert {"The case is made of rubber.", "Decided · Ben · due Friday"} <= set(shown(panel).splitlines())
    assert decisions(draft) == []
    quotes(panel)[0].click()
    start = len(TEXT[: TEXT.index(QUOTE)].encode("utf-16-le")) // 2
    assert sorted(draft.editor.caret()) == [start, start + len(QUOTE)]
    press(panel, "Accept")
    (decision,) = decisions(draft)
    assert (decision.status, decision.outcome, decision.owner) == (Status.ACCEPTED, FOUND["decision"], "Ben")
    assert [each.quote for each in decision.evidence] == [QUOTE]
    record = draft.document.assists.records()[decision.assist]
    assert (record.task, record.model, record.by) == ("decisions", "Scripted", "Ada")
    given.until(panel, lambda: "Accepted" in buttons(panel))
    draft.brainstorming.show("decisions")
    view = draft.brainstorming.view("decisions")
    view.log.chosen.emit(decision.id)
    held = draft.brainstorming.brainstorm.decisions
    held.put(decision.id, outcome="The case is made of cork.")
    assert view.card.wording.isVisible()
    assert view.card.wording.text().startswith("First wording: Written by Scripted, accepted by Ada on ")
    written = held.add(Decision("", "Which colour?"))
    view.log.chosen.emit(written)
    assert not view.card.wording.isVisible()
    draft.brainstorming.show("draft")
    assert not held.is_stale(decision)
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(start + 13, " soft")
    assert held.is_stale(decision)
    given.until(panel, lambda: [each.isEnabled() for each in quotes(panel)] == [False])


def test_the_model_reads_around_what_is_suggested_and_footnotes_and_a_quote_leads_to_all_of_its_words(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make({"when": r"We agreed on rubber for the case\. Ben", "answer": json.dumps([FOUND])}, {"answer": "[]"})

    def quoted(draft: Draft, panel: AssistantPanel, words: str, evidence: str) -> None:
        press(panel, "Ask")
        given.until(panel, lambda: quotes(panel))
        quotes(panel)[0].click()
        start, stop = sorted(draft.editor.caret())
        assert draft.document.rope.text(start, stop) == words
        press(panel, "Accept")
        (decision,) = decisions(draft)
        assert [each.quote for each in decision.evidence] == [evidence]
        assert not draft.brainstorming.brainstorm.decisions.is_stale(decision)

    draft, panel = looked(given)  # what is only suggested is not decided, and what is to go still is
    suggest(draft, "rubber", "steel")
    suggest(draft, "", "We decided on glass. ", before="We agreed")
    quoted(draft, panel, QUOTE.replace("rubber", "rubbersteel"), QUOTE)

    draft, panel = looked(given)
    around = draft.document.rope.text(0, 40).index("on rubber") + 1  # behind one of two units
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert_embed(draft.document.length - draft.document.is_closed, {"footnote": "By Monday"})
        edit.insert_embed(around, {"footnote": "Or cork"})
        edit.insert_embed(0, {"footnote": "A plan"})
    with_footnote = QUOTE.replace("on rubber", f"{EMBED_CHARACTER}on rubber")
    quoted(draft, panel, with_footnote, with_footnote)


def test_a_search_can_be_stopped_and_a_quote_that_was_changed_before_it_had_ended_leads_nowhere_and_is_no_evidence(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make({"answer": json.dumps([FOUND]), "gated": True})
    draft, panel = looked(given)
    press(panel, "Ask")
    given.until(panel, lambda: given.processes and given.processes[0].phase is Phase.READING)
    press(panel, "Stop")
    given.until(panel, lambda: "Ask" in buttons(panel))
    assert decisions(draft) == []

    given.until(panel, lambda: given.processes[0].phase is Phase.READY)
    press(panel, "Ask")
    given.until(panel, lambda: given.processes[0].phase is Phase.READING)
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.delete(TEXT.encode("utf-16-le").index("rubber".encode("utf-16-le")) // 2, len("rubber"))
    given.let_write(100)
    given.until(panel, lambda: [each.isEnabled() for each in quotes(panel)] == [False])
    press(panel, "Accept")
    (decision,) = decisions(draft)
    assert decision.evidence == ()
    assert QUOTE in decision.context


def test_only_the_selection_is_searched_where_there_is_one(make: Callable[..., AssistantDesk]) -> None:
    given = make(
        {"when": "Text:\\nWe agreed on rubber for the case.\\n\\nWhich", "answer": json.dumps([FOUND])},
        {"answer": "[]"},
    )
    draft, panel = looked(given)
    start = len(TEXT[: TEXT.index(QUOTE)].encode("utf-16-le")) // 2
    draft.editor.set_caret(start + len(QUOTE), start)
    press(panel, "Ask")
    given.until(panel, lambda: quotes(panel))
    quotes(panel)[0].click()
    assert sorted(draft.editor.caret()) == [start, start + len(QUOTE)]


def test_who_may_only_suggest_reads_what_was_found_and_why_they_cannot_accept_it(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make()
    draft, panel = looked(given)
    draft.connection.take_rights(Rights(may_edit=False))
    press(panel, "Ask")
    given.until(panel, lambda: quotes(panel))
    (accept,) = [each for each in panel.findChildren(QPushButton) if each.isVisible() and each.text() == "Accept"]
    assert not accept.isEnabled()
    assert accept.toolTip() == draft.connection.rights.refusal
    draft.connection.take_rights(Rights())
    press(panel, "Accept")
    assert [decision.outcome for decision in decisions(draft)] == [FOUND["decision"]]


def test_a_pasted_transcript_and_the_notes_that_everybody_has_are_searched_and_stay_out_of_the_draft(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make()
    draft, panel = looked(given, "Nothing here.")
    (id,) = draft.brainstorming.brainstorm.write([Note("", f"🎬 {QUOTE}", Place(0, 0, 100, 100))])
    panel.form.source.box.setCurrentIndex(2)
    press(panel, "Ask")
    given.until(panel, lambda: quotes(panel))
    quotes(panel)[0].click()
    assert draft.window.views.name == "board"
    board = draft.brainstorming.view("board")
    assert isinstance(board, BoardView)
    assert board.scene.selected_notes() == [id]

    panel.form.source.box.setCurrentIndex(1)
    panel.form.source.pasted.setPlainText(f"Ada: 🎬 Hello.\nBen: {QUOTE} I will order it by Friday.\n")
    press(panel, "Ask")
    given.until(panel, lambda: given.of(draft).is_busy)
    given.until(panel, lambda: not given.of(draft).is_busy and quotes(panel))
    quotes(panel)[0].click()
    cursor: QTextCursor = panel.form.source.pasted.textCursor()
    assert cursor.selectedText() == QUOTE
    panel.form.source.pasted.setPlainText(f"🎬\nBen: {QUOTE}\n")
    quotes(panel)[0].click()
    assert panel.form.source.pasted.textCursor().selectedText() == QUOTE
    panel.form.source.pasted.setPlainText("Something else.")
    quotes(panel)[0].click()
    assert panel.form.source.pasted.textCursor().selectedText() == ""
    assert "pasted" in draft.window.notices.ids()
    press(panel, "Accept")
    (decision,) = decisions(draft)
    assert decision.evidence == ()
    assert QUOTE in decision.context
    assert draft.editor.toPlainText() == "Nothing here."


def test_that_nothing_was_decided_is_said_plainly(make: Callable[..., AssistantDesk]) -> None:
    given = make({"answer": json.dumps([{**FOUND, "quotes": ["They all wept."]}])})
    _, panel = looked(given, "Rubber is cheap, and Ben likes it.")
    press(panel, "Ask")
    given.until(panel, lambda: "No decision was found in this text." in shown(panel))
    assert "Accept" not in buttons(panel)


def test_a_thread_of_comments_is_searched_and_a_quote_leads_to_it(make: Callable[..., AssistantDesk]) -> None:
    given = make()
    draft, panel = looked(given, "The case and the lid.")
    flow = draft.comments.flow
    ada, ben = Author("Ada", "#c4314b"), Author("Ben: the maker", "#2f5fd0")
    thread = flow.comments.add(4, 8, "🎬 Which material?\nIt has to be cheap.", ada)
    other = flow.comments.add(17, 20, "Unrelated.", ada)
    flow.comments.reply(thread, f"{QUOTE} I will order it by Friday.", ben)
    draft.window.actions_["show_comments"].setChecked(True)
    comments = draft.window.panels.comments
    assert comments is not None
    row = comments.row(thread)
    assert row is not None
    row.more.menu().actions()[-1].trigger()
    given.until(panel, lambda: [each.accessibleName() for each in quotes(panel)] == [QUOTE])
    assert "Comments on “case”" in shown(panel)
    comments.show_current(other)
    quotes(panel)[0].click()
    assert [each.thread_.id for each in comments.rows if each.property("current")] == [thread]
    assert draft.editor.caret()[1] == 4
    press(panel, "Accept")
    (decision,) = decisions(draft)
    assert QUOTE in decision.context
    assert draft.editor.toPlainText() == "The case and the lid."


def test_with_the_assistant_off_a_thread_is_told_to_nobody_and_the_panel_offers_to_turn_it_on(
    sit: Callable[..., Desk],
) -> None:
    desk = sit()
    draft = desk.new()
    write(draft, "The case")
    thread = draft.comments.flow.comments.add(4, 8, "Why?", Author("Ada"))
    draft.comments.decisions_wanted.emit(thread)
    panel = draft.window.panels.assistant
    assert panel is not None
    assert panel.act.text() == "Turn on"
    assert desk.application.assistant.of(draft).flow.work is None
