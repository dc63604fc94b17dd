"""Rewriting a selection with the assistant, from the menu to the undo, alone and while a teammate writes."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QAbstractButton

from cowrite.app.draft.draft import Draft
from cowrite.convert.markdown.reader import from_markdown
from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span
from cowrite.core.writing.pasting import insert_rich_text
from cowrite.gui.assistant.panel import AssistantPanel
from cowrite.models.store import ModelStore
from helpers.assistant_desk import AssistantDesk, begun, buttons, press, shown
from helpers.copies import copy_of
from helpers.suggested import suggest

pytestmark = pytest.mark.journey

OLD = "We have got one sunny wall in our courtyard, and also two barrels."
BOTH = f"{OLD}\nAnd more."
NEW = "We have a sunny wall in our courtyard, and two barrels."
RULES = [
    {"when": "All is well", "answer": "All is well."},
    {"when": r"We have got one sunny wall[^\"]*\"\nNew: \"$", "answer": NEW},
]


@pytest.fixture
def given(make: Callable[..., AssistantDesk]) -> AssistantDesk:
    return make(*RULES, model={})


def select(draft: Draft, text: str) -> None:
    at = draft.editor.toPlainText().index(text)
    draft.editor.set_caret(at + len(text), at)


def rewrite(given: AssistantDesk, draft: Draft, text: str = OLD, task: str = "rewrite_plainer") -> AssistantPanel:
    """Has words rewritten, and waits for the proposal; gives the panel that shows it."""
    panel = given.panel(draft)
    select(draft, text)
    draft.window.actions_[task].trigger()
    given.desk.until(lambda: "Accept all" in buttons(panel))
    return panel


def test_a_rewriting_leaves_the_full_stop_behind_it_the_words_that_are_to_go_and_the_look_of_the_text(
    given: AssistantDesk,
) -> None:
    for behind, stays in ((".\nAnd more.", "."), ("😀", ".😀")):
        draft = begun(given, f"{OLD.removesuffix('.')}{behind}")
        press(rewrite(given, draft, OLD.removesuffix(".")), "Accept all")
        assert draft.editor.toPlainText().startswith(f"{NEW.removesuffix('.')}{stays}")
        assert ".." not in draft.editor.toPlainText()

    draft = begun(given, OLD.replace("sunny", "very sunny"))
    suggest(draft, "very ")
    press(rewrite(given, draft, draft.editor.toPlainText()), "Accept all")
    assert draft.document.text() == NEW.replace("sunny", "very sunny") + "\n"
    assert "".join(span.text for span in draft.document.spans() if "deletion" in span.attributes) == "very "

    draft = begun(given, OLD)
    draft.editor.selectAll()
    draft.editor.formatting.toggle_inline("bold")
    press(rewrite(given, draft), "Accept all")
    assert all(span.attributes.get("bold") for span in draft.document.spans() if span.text.strip())


def marks(document: Document) -> str:
    return "".join(span.text for span in document.spans() if "ai" in span.attributes)


def test_a_proposal_changes_nothing_until_it_is_accepted_and_one_undo_takes_it_back(given: AssistantDesk) -> None:
    draft = begun(given, BOTH)
    before = draft.document.state()
    panel = rewrite(given, draft)
    assert draft.document.assists.records() == {}
    assert "Change 1 of 2" in shown(panel)
    press(panel, "Reject")
    assert draft.document.state() == before
    assert given.of(draft).flow.work is None

    press(rewrite(given, draft), "Accept all")
    assert draft.editor.toPlainText() == f"{NEW}\nAnd more."
    (record,) = draft.document.assists.records().values()
    assert (record.task, record.act, record.model, record.by) == ("rewrite-plainer", "rewritten", "scripted", "Ada")
    assert record.template.startswith("rewrite-plainer/small@")
    (model,) = ModelStore(given.desk.paths.models).models()
    assert record.model_sha256 == model.sha256
    assert record.output_sha256 == hashlib.sha256(NEW.encode()).hexdigest()
    assert (record.seed, record.place, record.client) == (0, "", draft.document.client_id)
    assert 0 <= time.time() * 1000 - record.time < 60_000
    assert marks(draft.document) == "a"
    mate = given.desk.new()
    mate.document.apply_remote(draft.document.state())
    for each in (draft, mate):
        at = each.editor.toPlainText().index("a sunny")
        words = each.window.assist_marks.words_at(at + 1)
        assert words.startswith("Rewritten by scripted, accepted by Ada on ")
    draft.editor.undo_own()
    assert draft.editor.toPlainText() == f"{OLD}\nAnd more."
    draft.editor.redo_own()
    assert draft.editor.toPlainText() == f"{NEW}\nAnd more."
    draft.editor.undo_own()

    panel = rewrite(given, draft)
    press(panel, "Again")
    given.desk.until(lambda: "Accept all" in buttons(panel))
    press(panel, "Accept all")
    assert [each.seed for each in draft.document.assists.records().values() if each != record] == [1]


def test_each_change_is_accepted_or_rejected_by_itself_and_none_where_only_reading_is_allowed(
    given: AssistantDesk,
) -> None:
    draft = begun(given, BOTH)
    panel = rewrite(given, draft)
    panel.result.difference.accepted.emit(0)
    assert draft.editor.toPlainText().startswith("We have a sunny wall in our courtyard, and also two")
    assert "Change 1 of 1" in shown(panel)
    panel.result.difference.rejected.emit(0)
    assert "Change" not in shown(panel)
    assert draft.editor.toPlainText().startswith("We have a sunny wall in our courtyard, and also two")
    assert len(draft.document.assists.records()) == 1

    draft.editor.undo_own()
    panel = rewrite(given, draft)
    draft.window.show_read_only("You may only read")
    (accept,) = [each for each in panel.findChildren(QAbstractButton) if each.text() == "Accept all"]
    assert (accept.isEnabled(), accept.toolTip()) == (False, "You may only read")
    panel.result.accepted.emit()
    assert draft.editor.toPlainText() == f"{OLD}\nAnd more."
    assert not draft.window.actions_["rewrite_plainer"].isEnabled()


CODE = "wall = sunny(one)"
OTHER_CODE = "wall = sunny(two)"


@pytest.fixture
def with_code(make: Callable[..., AssistantDesk]) -> AssistantDesk:
    """A desk whose large model rewrites code too."""
    return make({"when": "We have got", "answer": f"{NEW}\n{OTHER_CODE}"}, {"when": "wall =", "answer": OTHER_CODE})


def test_code_is_rewritten_where_it_is_selected_by_itself_and_a_new_line_within_a_paragraph_stays_one(
    with_code: AssistantDesk,
) -> None:
    draft = begun(with_code, f"{OLD}\n{CODE}")
    draft.window.actions_["code_block"].trigger()
    panel = rewrite(with_code, draft, draft.editor.toPlainText())
    assert "The lines of code stay as they are." in shown(panel)
    press(panel, "Accept all")
    assert draft.editor.toPlainText() == f"{NEW}\n{CODE}"

    draft = begun(with_code, CODE)
    draft.window.actions_["code_block"].trigger()
    panel = with_code.panel(draft)
    draft.editor.selectAll()
    draft.window.actions_["rewrite_plainer"].trigger()
    with_code.until(panel, lambda: "Accept" in buttons(panel))
    press(panel, "Accept")
    assert draft.editor.toPlainText() == OTHER_CODE

    draft = with_code.desk.new()
    soft = "\N{LINE SEPARATOR}"
    insert_rich_text(draft.document, 0, 0, [Span(f"{OLD}{soft}{CODE}")], Origin.IMPORT)
    panel = with_code.panel(draft)
    draft.editor.selectAll()
    draft.window.actions_["rewrite_plainer"].trigger()
    with_code.until(panel, lambda: "Accept all" in buttons(panel))
    press(panel, "Accept all")
    assert draft.document.text().removesuffix("\n") == f"{NEW}{soft}{OTHER_CODE}"


def test_cells_are_rewritten_each_by_itself_and_a_sentence_whose_footnote_is_left_out_stays(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make(
        {"when": "It rains (?:here|a lot)", "answer": "**Rain**\n\nfalls."}, {"when": "", "answer": "It shines there."}
    )
    draft = given.desk.new()
    page = "It rains[^1] here.\n\n| It rains a lot. | Here is sun. |\n|---|---|\n| a | b |\n\n[^1]: Or so.\n"
    insert_rich_text(draft.document, 0, 0, list(from_markdown(page)), Origin.IMPORT)
    before = draft.document.text()
    panel = given.panel(draft)
    draft.editor.selectAll()
    draft.window.actions_["rewrite_formal"].trigger()
    given.until(panel, lambda: "Accept all" in buttons(panel))
    assert "Images and footnotes stay" in shown(panel)
    press(panel, "Accept all")
    now = before.replace("It rains a lot.", "Rain falls.").replace("Here is sun.", "It shines there.")
    assert draft.document.text() == now


def test_where_nothing_is_to_be_corrected_that_is_said_and_the_context_menu_offers_rewriting_where_words_are_selected(
    given: AssistantDesk,
) -> None:
    draft = begun(given, "All is well.")
    panel = given.panel(draft)
    select(draft, "All is well.")
    draft.window.actions_["rewrite_correct"].trigger()
    given.until(panel, lambda: panel.result.outcome.is_final)
    assert panel.result.outcome.note == "The model found nothing to change here."
    assert not any(text.startswith("Accept") for text in buttons(panel))

    def offered() -> list[str]:
        menu = draft.window.page_menu.made()
        found = [each.text() for each in menu.actions() if each.text()]
        menu.deleteLater()
        return found

    assert "Rewr&ite" in offered()
    draft.editor.set_caret(0)
    assert "Rewr&ite" not in offered()
    draft.editor.selectAll()
    draft.window.actions_["assistant_on"].trigger()
    assert "Rewr&ite" not in offered()


def test_what_a_teammate_changes_meanwhile_is_kept_and_what_they_delete_takes_its_proposal_with_it(
    given: AssistantDesk,
) -> None:
    draft = begun(given, BOTH)
    panel = rewrite(given, draft)
    mate = copy_of(draft.document)
    with mate.edit(Origin.LOCAL) as edit:
        at = mate.text().index("barrels")
        edit.delete(at, len("barrels"))
        edit.insert(at, "rainwater butts")
    draft.document.apply_remote(mate.update_since(draft.document.state_vector()))
    given.desk.until(lambda: "Somebody changed this passage" in shown(panel))
    press(panel, "Accept all")
    assert draft.editor.toPlainText() == f"{NEW.replace('barrels', 'rainwater butts')}\nAnd more."

    draft = begun(given, BOTH)
    panel = rewrite(given, draft)
    mate = copy_of(draft.document)
    with mate.edit(Origin.LOCAL) as edit:
        edit.delete(0, len(OLD))
    draft.document.apply_remote(mate.update_since(draft.document.state_vector()))
    given.desk.until(lambda: "no longer in the draft" in shown(panel))
    assert "difference was made anew" not in shown(panel)
    assert "Accept all" not in buttons(panel)
    press(panel, "Clear")
    assert draft.editor.toPlainText() == "\nAnd more."
