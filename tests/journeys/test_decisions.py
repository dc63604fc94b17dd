"""Two people decide together: real windows, a real server; both see it, in the log and in the draft."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cowrite.app.draft.draft import Draft
from cowrite.core.decisions.decisions import Decision, Status
from cowrite.gui.decisions.view import DecisionsView
from helpers.desk import SAVED, notices, same, server, write

pytestmark = pytest.mark.journey


def view(draft: Draft) -> DecisionsView:
    found = draft.brainstorming.view("decisions")
    assert isinstance(found, DecisionsView)
    return found


def decisions(draft: Draft) -> list[Decision]:
    return draft.brainstorming.brainstorm.decisions.all()


def test_two_people_write_one_decision_and_see_it_live_in_the_draft(sit, team_server):
    ada, bo = sit("Ada"), sit("Bo")
    link = team_server.invite("plan")
    draft, mate = ada.joined(link), bo.joined(link)
    write(draft, "We plant herbs because they need little water.")
    bo.until(lambda: same(draft, mate))

    # Ada makes a decision of a passage, and both write in it.
    draft.editor.set_caret(14, 0)
    draft.window.actions_["new_decision"].trigger()
    card = view(draft).card
    QTest.keyClicks(card.fields["question"], "What do we plant?")
    mate.brainstorming.show("decisions")
    bo.until(lambda: view(mate).card.fields["question"].toPlainText() == "What do we plant?")
    QTest.keyClicks(card.fields["outcome"], "Herbs")
    bo.until(lambda: view(mate).card.fields["outcome"].toPlainText() == "Herbs")
    theirs = view(mate).card.fields["outcome"]
    QTest.keyClick(theirs, Qt.Key.Key_End)
    for left, right in zip("ABCDEF", " mint.", strict=True):
        QTest.keyClicks(card.fields["outcome"], left)
        QTest.keyClicks(theirs, right)
    bo.until(lambda: decisions(draft) == decisions(mate) and server(draft) == server(mate) == SAVED)
    (decision,) = decisions(draft)
    assert sorted(decision.outcome) == sorted("HerbsABCDEF mint.")
    assert card.fields["outcome"].toPlainText() == theirs.toPlainText() == decision.outcome

    # Bo accepts it and puts it into the draft; Ada has it there.
    view(mate).card.commands["accept"].click()
    mate.editor.set_caret(mate.document.length - 1)
    view(mate).card.commands["draft"].click()
    ada.until(lambda: [span.embed for span in draft.document.spans() if span.embed] == [{"decision": decision.id}])
    ada.until(lambda: draft.decisions.card(decision.id).status == "Accepted")
    draft.brainstorming.show("draft")
    before = draft.editor.grab().toImage()
    mate.brainstorming.brainstorm.decisions.put(decision.id, outcome="Only mint.")
    ada.until(lambda: draft.decisions.card(decision.id).outcome == "Only mint.")
    assert draft.editor.grab().toImage() != before

    # A teammate changes the evidence: both see that it is stale, and what it says now.
    mate.editor.edits.replace_range(3, 8, "never grow")
    ada.until(lambda: draft.decisions.card(decision.id).is_stale)
    draft.brainstorming.go_to(decision.id)
    (row,) = card.passages.rows
    ada.until(lambda: not row.state.isHidden())
    assert (row.quote.text(), row.now.text()) == ("“We plant herbs”", "Now: “We never grow herbs”")

    # Undo takes back one's own acts alone.
    view(mate).undo()
    bo.until(lambda: decisions(draft) == decisions(mate))
    assert decisions(draft)[0].outcome == decision.outcome
    assert decisions(draft)[0].status is Status.ACCEPTED


def test_who_may_only_read_sees_the_decision_and_cannot_change_it(sit, team_server):
    ada, vera = sit("Ada"), sit("Vera")
    draft = ada.joined(team_server.invite("plan"))
    reader = vera.join(team_server.invite("plan", "viewer"))
    vera.until(reader.editor.isReadOnly)
    id = draft.brainstorming.brainstorm.decisions.add(Decision("", "What?", outcome="Herbs."))
    vera.until(lambda: [each.id for each in decisions(reader)] == [id])
    reader.brainstorming.show("decisions")
    field = view(reader).card.fields["outcome"]
    QTest.keyClicks(field, "no")
    reader.window.actions_["new_decision"].trigger()

    assert field.toPlainText() == "Herbs."
    assert decisions(reader) == decisions(draft)
    assert view(reader).card.commands["accept"].isHidden()


def test_what_is_due_is_told_when_a_joined_document_arrives(sit, team_server):
    ada, bo = sit("Ada"), sit("Bo")
    draft = ada.join(team_server.invite("plan"))
    due = Decision("", "What?", Status.ACCEPTED, outcome="Herbs.", review_on="2026-01-01")
    draft.brainstorming.brainstorm.decisions.add(due)
    ada.until(lambda: server(draft) == SAVED)
    mate = bo.join(team_server.invite("plan"))

    bo.until(lambda: "One decision is due for review." in notices(mate))
    mate.window.notices.answered.emit("reviews", "show")
    assert view(mate).card.review.question.text() == "It is due for review. Did it hold?"
    view(mate).card.review.answers["held"].click()
    ada.until(lambda: decisions(draft) == decisions(mate) and decisions(draft)[0].reviews)
    assert decisions(draft)[0].reviews[0].by == "Bo"
