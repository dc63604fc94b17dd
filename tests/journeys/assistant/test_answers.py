"""Questions about a draft: answers with quotes that lead to their places."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from cowrite.assist.engine.asking import Phase
from cowrite.convert.markdown.reader import from_markdown
from cowrite.core.text.origin import Origin
from cowrite.core.writing.pasting import insert_rich_text
from cowrite.core.writing.tables import pieces
from cowrite.gui.widgets.wrapping_button import WrappingButton
from helpers.assistant_desk import TEXT, AssistantDesk, ask, begun, buttons, shown
from helpers.assisted import uses
from helpers.copies import copy_of
from helpers.suggested import suggest

pytestmark = pytest.mark.journey

ANSWER = 'Ada does.\nQuotes:\n"Ada waters them in August."'


def test_an_answer_has_quotes_that_jump_to_their_places_while_they_are_there_and_is_the_models_where_it_is_pasted(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make({"when": "Who waters", "answer": ANSWER})
    draft = begun(given)
    ask(given, draft, "ask", "Who waters in August?")
    panel = given.panel(draft)
    given.until(panel, lambda: panel.findChildren(WrappingButton))
    (quote,) = panel.findChildren(WrappingButton)
    assert quote.accessibleName() == "Ada waters them in August."
    quote.click()
    start = TEXT.index("Ada waters")
    assert sorted(draft.editor.caret()) == [start, len(TEXT)]
    assert draft.document.assists.records() == {}

    (answer,) = [each for each in panel.findChildren(QPlainTextEdit) if each.accessibleName() == "What the model wrote"]
    assert answer.toPlainText()
    answer.selectAll()
    answer.copy()
    draft.editor.set_caret(len(TEXT))
    draft.editor.paste()
    (use,) = uses(draft.document)
    assert draft.document.rope.text(use.start, use.stop) == answer.toPlainText()
    assert (use.record.task, use.record.by) == ("ask", "Ada")
    assert use.record.model

    assert quote.isEnabled()
    mate = copy_of(draft.document)
    with mate.edit(Origin.LOCAL) as edit:
        edit.delete(mate.text().index("Ada"), 3)
    draft.document.apply_remote(mate.update_since(draft.document.state_vector()))
    given.until(panel, lambda: any(not each.isEnabled() for each in panel.findChildren(WrappingButton)))


def test_whoever_writes_the_next_question_meanwhile_keeps_the_keyboard_when_the_answer_comes(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make({"when": "Who waters", "answer": ANSWER, "gated": True})
    draft = begun(given)
    draft.window.activateWindow()
    ask(given, draft, "ask", "Who waters in August?")
    panel = given.panel(draft)
    (field,) = (each for each in panel.form.findChildren(QLineEdit) if each.isVisible())
    field.setFocus()
    given.until(panel, lambda: given.of(draft).is_busy)
    QTest.keyClicks(field, " And")
    given.let_write(100)
    given.until(panel, lambda: panel.findChildren(WrappingButton) and not given.of(draft).is_busy)
    QTest.keyClicks(draft.window.focusWidget(), " when?")
    assert field.text() == "Who waters in August? And when?"
    assert not given.of(draft).is_busy


def test_the_model_reads_what_is_suggested_and_a_row_of_a_table_as_one_line_and_quotes_lead_there(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make(
        {"when": r"Ada waters them in August\..*Who waters", "answer": ANSWER},
        {
            "when": r"\nMint in pots\tevery day\n.*all \(Or so\).*How often",
            "answer": 'Daily.\nQuotes:\n"Mint in pots every day"',
        },
    )
    draft = begun(given, TEXT.replace("Ada", "Ben"))
    suggest(draft, "Ben", "Ada")
    suggest(draft, TEXT.split()[0])
    ask(given, draft, "ask", "Who waters in August?")
    panel = given.panel(draft)
    given.until(panel, lambda: panel.findChildren(WrappingButton))
    (quote,) = panel.findChildren(WrappingButton)
    quote.click()
    start, stop = sorted(draft.editor.caret())
    assert draft.document.rope.text(start, stop) == "Ada waters them in August."
    paragraphs = given.of(draft).flow.work.context().paragraphs
    assert paragraphs[0].id == len(TEXT.split()[0])

    draft = given.desk.new()
    table = from_markdown(
        "We water.\n\n| What | When |\n|---|---|\n| Mint in pots | every day |\n\nThat is all[^1].\n\n[^1]: Or so"
    )
    insert_rich_text(draft.document, 0, 0, table, Origin.IMPORT)
    ask(given, draft, "ask", "How often is mint watered?")
    panel = given.panel(draft)
    given.until(panel, lambda: panel.findChildren(WrappingButton))
    (quote,) = panel.findChildren(WrappingButton)
    quote.click()
    cells = pieces(draft.document, *sorted(draft.editor.caret()))
    assert [draft.document.rope.text(*cell) for cell in cells] == ["Mint in pots", "every day"]


def test_a_quote_whose_words_a_teammate_took_out_before_the_answer_came_leads_nowhere(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make({"when": "Who waters", "answer": ANSWER, "gated": True})
    draft = begun(given)
    ask(given, draft, "ask", "Who waters in August?")
    panel = given.panel(draft)
    given.until(panel, lambda: given.processes and given.processes[0].phase is Phase.READING)
    mate = copy_of(draft.document)
    with mate.edit(Origin.LOCAL) as edit:
        edit.delete(mate.text().index("Ada"), 3)
    draft.document.apply_remote(mate.update_since(draft.document.state_vector()))
    given.let_write(100)
    given.until(panel, lambda: panel.findChildren(WrappingButton))
    (quote,) = panel.findChildren(WrappingButton)
    assert not quote.isEnabled()
    assert quote.toolTip() == "This place is no longer in the draft"


def test_the_panel_says_what_the_model_saw_and_of_a_long_draft_what_was_read_for_the_question(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make(
        {"when": "Who waters", "answer": ANSWER},
        {"answer": "The garden has herbs and tomatoes, and Ada waters them in August."},
        model={"parameters": 8_000_000_000, "context": 1024},
    )
    draft = begun(given)
    ask(given, draft, "summarise")
    panel = given.panel(draft)
    given.until(panel, lambda: "Insert" in buttons(panel))
    panel.context.open.setChecked(True)
    assert "The model saw all paragraphs" in shown(panel)

    with draft.document.edit(Origin.IMPORT) as edit:
        edit.insert(0, "".join(f"Stones lie in row {number}. " * 20 + "\n" for number in range(60)))
    ask(given, draft, "ask", "Who waters in August?")
    given.until(panel, lambda: panel.findChildren(WrappingButton))
    assert re.search(r"The model saw [1-9]\d? of 61 paragraphs", shown(panel))
