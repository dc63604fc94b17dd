"""The evidence of a decision: what the draft says now, and the way there."""

from __future__ import annotations

from PySide6.QtCore import Qt

from helpers.desk import notices

Key = Qt.Key


def test_changed_evidence_shows_both_wordings_and_can_be_taken_as_it_is(desk):
    id = desk.add("What?", evidence=(desk.decisions.evidence(0, 15),))
    desk.go_to(id)
    (row,) = desk.card.passages.rows
    assert row.state.isHidden()

    desk.draft.editor.edits.replace_range(3, 8, "never plant")
    desk.until(lambda: not row.state.isHidden())
    assert (row.quote.text(), row.now.text()) == ("“We plant herbs.”", "Now: “We never plant herbs.”")
    assert [item.is_stale for item in desk.draft.decisions.flow.rows()] == [True]

    desk.push("Let the decision rest on the new wording of passage 1")
    assert row.quote.text() == "“We never plant herbs.”"
    assert row.state.isHidden()


def test_evidence_that_is_gone_says_so_and_keeps_its_words(desk):
    desk.go_to(desk.add("What?", evidence=(desk.decisions.evidence(0, 15),)))
    desk.draft.editor.edits.replace_range(0, desk.draft.document.length - 1, "")
    (row,) = desk.card.passages.rows
    desk.until(lambda: row.state.text() == "No longer there" and not row.state.isHidden())

    assert row.quote.text() == "“We plant herbs.”"
    assert row.open.isHidden()


def test_evidence_leads_to_its_place_in_the_draft(desk):
    desk.go_to(desk.add("What?", evidence=(desk.decisions.evidence(3, 14),)))
    desk.push("Go to passage 1 in the draft")

    assert desk.draft.window.views.name == "draft"
    assert desk.draft.editor.textCursor().selectedText() == "plant herbs"


def test_a_passage_is_added_to_a_decision_that_is_there(desk):
    desk.go_to(desk.add("What?"))
    desk.push("Add what is selected in the draft as evidence")
    assert "Select a passage" in notices(desk.draft)
    desk.draft.editor.set_caret(15, 0)
    desk.push("Add what is selected in the draft as evidence")

    assert [each.quote for each in desk.shown.evidence] == ["We plant herbs."]
