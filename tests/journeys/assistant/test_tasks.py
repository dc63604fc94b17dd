"""What else can be asked: summaries, titles, own prompt files; and what goes wrong."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from cowrite.app.assistant.decisions import DecidingWork
from cowrite.app.assistant.models import AssistantModels
from cowrite.assist.requests import Token
from cowrite.convert.markdown.reader import from_markdown
from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Line, Span, lines_of
from cowrite.core.writing.line import heading_level, line_at, list_kind
from cowrite.core.writing.pasting import insert_rich_text
from cowrite.gui.assistant.model_page import ModelPage
from cowrite.gui.assistant.panel import AssistantPanel
from helpers.assistant_desk import TEXT, AssistantDesk, ask, begun, buttons, marks, press, say, shown
from helpers.assisted import uses
from helpers.counting import counted
from helpers.desk import write

pytestmark = pytest.mark.journey


def test_of_tasks_chosen_before_it_is_known_which_models_are_here_the_last_one_is_done_and_that_is_said(
    make: Callable[..., AssistantDesk], monkeypatch: pytest.MonkeyPatch
) -> None:
    may_read, read = threading.Event(), AssistantModels._read
    monkeypatch.setattr(AssistantModels, "_read", lambda models: may_read.wait() and read(models))
    given = make({"when": "two sentences", "answer": "Wrong."}, {"answer": "Herbs, warmly."})
    draft = begun(given)
    draft.editor.set_caret(0, len(TEXT))
    for task in ("rewrite_shorter", "summarise", "rewrite_friendly"):
        draft.window.actions_[task].trigger()
    panel = draft.window.panels.assistant
    said = shown(panel)
    may_read.set()
    assert "What you asked for last begins then." in said
    given.until(panel, lambda: "Herbs, warmly." in shown(panel) or "Accept" in buttons(panel))
    work = given.of(draft).flow.work
    assert work.asked.file.name == "rewrite-friendly"


def test_a_title_becomes_the_heading_and_a_summary_is_put_in_as_one_step_and_of_a_lost_selection_there_is_none(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make(
        {"when": "title", "answer": "Herbs and tomatoes"},
        {"answer": "The garden has herbs and tomatoes, and Ada waters them in August."},
    )
    draft = begun(given)
    panel = given.panel(draft)
    for _ in range(2):
        ask(given, draft, "title")
        given.until(panel, lambda: "Use as title" in buttons(panel))
        press(panel, "Use as title")
        assert draft.editor.toPlainText() == f"Herbs and tomatoes\n{TEXT}"
        assert heading_level(line_at(draft.document, 0).attributes) == 1
        assert heading_level(line_at(draft.document, 25).attributes) == 0
        (use,) = uses(draft.document)
        assert (use.start, use.stop, use.record.task, use.record.by) == (0, 18, "title", "Ada")
        assert draft.document.heading == "Herbs and tomatoes"
    draft.editor.undo_own()
    draft.editor.undo_own()
    assert draft.editor.toPlainText() == TEXT

    ask(given, draft, "summarise")
    given.until(panel, lambda: "Insert" in buttons(panel))
    assert draft.editor.toPlainText() == TEXT
    press(panel, "Insert")
    assert draft.editor.toPlainText().startswith(f"{TEXT}\nThe garden has herbs")
    assert [use.record.task for use in uses(draft.document)] == ["summarise"]
    draft.editor.undo_own()
    assert draft.editor.toPlainText() == TEXT

    draft.editor.set_caret(0, TEXT.index("Tomatoes"))
    ask(given, draft, "summarise")
    given.until(panel, lambda: "Insert" in buttons(panel))
    work = given.of(draft).flow.work
    searched = DecidingWork(work.asked)
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.delete(0, TEXT.index("Tomatoes"))
    press(panel, "Again")
    assert "The passage is no longer in the draft." in shown(panel)
    assert given.of(draft).flow.work is work
    assert searched.again() is None
    searched.close()


def test_what_is_put_in_stands_in_lines_of_its_own_behind_that_of_the_selection(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make({"when": "Ada water and", "answer": "- Ada waters them."}, {"answer": "Ada waters them."})
    for end, style in (("Ben too.", {}), ("And a list.", {"list": "bullet"})):
        for look in ({"list": "bullet"}, {"header": 1}, {"code-block": True}):
            draft = given.desk.new()
            before = [Span("Ada water and a list" if style else "Ada water"), Span("\n", look), Span(f"{end}\n")]
            insert_rich_text(draft.document, 0, 0, before, Origin.IMPORT)
            panel = given.panel(draft)
            first, last = Line(tuple(before[:1]), look), Line((Span(end),))
            put_in = [first, Line((Span("Ada waters them."),), style), last]
            length = len(before[0].text)
            for selected in (length - 1, length, length + 1):  # a part, a line, a line and its break
                draft.editor.set_caret(selected, 0)
                draft.window.actions_["summarise"].trigger()
                given.until(panel, lambda panel=panel: "Insert" in buttons(panel))
                press(panel, "Insert")
                assert lines_of(unmarked(draft.document)) == put_in, (look, selected)
                draft.editor.undo_own()
                assert lines_of(draft.document.spans()) == [first, last], (look, selected)


def unmarked(document: Document) -> list[Span]:
    """The rich text, as if people had written it."""
    return [
        replace(span, attributes={name: value for name, value in span.attributes.items() if name != "ai"})
        for span in document.spans()
    ]


def test_what_a_fast_model_writes_is_shown_as_often_as_it_can_be_read(
    make: Callable[..., AssistantDesk], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = make({"answer": "A long answer that waits.", "gated": True})
    draft = begun(given)
    ask(given, draft, "summarise")
    panel, flow = given.panel(draft), given.of(draft).flow
    given.until(panel, lambda: flow._attempt is not None and flow._attempt.has_begun)
    calls = counted(monkeypatch, AssistantPanel, "show_outcome")
    for _ in range(300):  # while the panel was shown the last time
        flow._attempt._job.tell(Token("herbs "))
    given.until(panel, lambda: calls and calls[-1][1].text.endswith("herbs " * 300))
    assert len(calls) < 10
    press(panel, "Stop")


def test_the_model_is_given_lists_as_lists_and_code_as_code_and_an_outline_is_of_them_and_shown_without_signs(
    make: Callable[..., AssistantDesk],
) -> None:
    read = "We plant:\n\n- herbs\n- trees\n\n```\nfor herb in herbs:\n    water(herb)\n```\n\nThat is all."
    outlined = "# The garden\\n\\nHerbs grow along the wall.\\n\\n- mint\\n- sage\\n\\nAda waters them."
    given = make(
        {"when": re.escape(read), "answer": "Herbs and trees are planted."},
        {"when": outlined, "answer": "- **The garden**"},
        {"when": "roof", "answer": "Ada waters them."},
    )
    draft = given.desk.new()
    insert_rich_text(draft.document, 0, 0, from_markdown(read), Origin.IMPORT)
    ask(given, draft, "summarise")
    panel = given.panel(draft)
    given.until(panel, lambda: panel.result.outcome.text == "Herbs and trees are planted.")

    draft = begun(given, "# The garden\nHerbs grow along the wall.\n- mint\nsage\n\nAda waters them.")
    panel = given.panel(draft)
    ask(given, draft, "outline")
    given.until(panel, lambda: panel.result.outcome.is_final)
    assert panel.result.outcome.text == "• The garden"
    press(panel, "Insert")
    last = lines_of(draft.document.spans())[-1]
    assert [(span.text, span.attributes["bold"]) for span in last.spans] == [("The garden", True)]
    assert list_kind(last.attributes) == "bullet"

    draft = given.desk.new()
    insert_rich_text(draft.document, 0, 0, [Span("Ada waters the roof"), Span("\n", {"header": 2})], Origin.IMPORT)
    panel = given.panel(draft)
    draft.window.actions_["summarise"].trigger()
    given.until(panel, lambda: "Insert" in buttons(panel))
    press(panel, "Insert")
    first, last = lines_of(draft.document.spans())
    assert (first.attributes, last.attributes) == ({"header": 2}, {})  # the end of the document gives it no look


def test_a_persons_own_prompt_files_are_listed_and_used_with_what_the_panel_is_told_unless_they_are_not_sound(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make(
        {"when": "as a pirate", "answer": "Arr, herbs be growin' along the wall, says I."},
        {"when": "for pirates, in pirates", "answer": "The herbs stand along the wall, my captain."},
    )
    own = given.desk.paths.config / "prompts"
    own.mkdir(parents=True)
    (own / "pirate.toml").write_text(
        'title = "Pirate"\nkind = "write"\nact = "generated"\nversion = 1\n[chat]\nmax_tokens = 60\n'
        "prompt = '''\nSay this as a pirate: {{text}}'''\n",
        encoding="utf-8",
    )
    prompt = "{{text}} Say this for {{reader}}, in {{language}}"
    (own / "letter.toml").write_text(
        f'title = "Letter"\nkind = "write"\n[chat]\nprompt = "{prompt}"\n', encoding="utf-8"
    )
    (own / "broken.toml").write_text("title = ", encoding="utf-8")
    draft = begun(given)
    panel = given.panel(draft)
    assert "broken.toml" in shown(panel)
    panel.form.choose("pirate")
    press(panel, "Ask")
    given.until(panel, lambda: "Insert" in buttons(panel))
    assert panel.result.outcome.text.startswith("Arr")

    panel.form.choose("letter")
    (field,) = [each for each in panel.form.findChildren(QLineEdit) if each.isVisible()]
    assert field.placeholderText() == "Into which language, for whom"
    say(panel, "pirates")
    press(panel, "Ask")
    given.until(panel, lambda: "Insert" in buttons(panel) and panel.result.outcome.text.endswith("captain."))


def test_where_the_model_runs_elsewhere_every_window_says_where_text_goes(
    make: Callable[..., AssistantDesk], qtbot: QtBot
) -> None:
    given = make()
    draft = begun(given)
    panel = given.panel(draft)
    assert "Text goes to" not in shown(panel)
    page = given.desk.application.assistant.assistant.show_models(draft.window)
    page.endpoint.show_endpoint(page.endpoint._endpoint)
    qtbot.keyClicks(page.endpoint._url, "http://models.example.org/v1")
    qtbot.keyClick(page.endpoint._url, Qt.Key.Key_Return)
    assert "Text goes to" not in shown(panel)
    assert marks(draft) == []
    page.endpoint._is_on.click()
    given.until(panel, lambda: "Text goes to models.example.org" in shown(panel))
    page.accept()
    draft.window.actions_["show_assistant"].setChecked(False)
    assert not panel.isVisible()
    other = given.desk.new()
    for each in (draft, other):
        (mark,) = marks(each)
        assert mark.accessibleName() == "Text goes to models.example.org"
        mark.click()
        (page,) = [page for page in each.window.findChildren(ModelPage) if page.isVisible()]
        page.accept()
    draft.window.actions_["assistant_on"].trigger()
    assert [*marks(draft), *marks(other)] == []
    draft.window.actions_["show_assistant"].setChecked(True)
    assert "Nothing you write leaves it" not in shown(panel)
    assert "models.example.org" in shown(panel)


def test_the_style_card_goes_into_what_is_asked(make: Callable[..., AssistantDesk]) -> None:
    given = make({"when": "Tone: warm", "answer": "Herbs, warmly."}, {"answer": "Herbs."})
    given.desk.paths.style_card.write_text('tone = "warm"', encoding="utf-8")
    draft = begun(given)
    ask(given, draft, "summarise")
    panel = given.panel(draft)
    given.until(panel, lambda: panel.result.outcome.is_final)
    assert panel.result.outcome.text == "Herbs, warmly."


def test_selected_cells_with_others_between_them_are_not_rewritten_and_only_they_are_counted(
    make: Callable[..., AssistantDesk],
) -> None:
    given = make({"answer": "Herbs for roof."})
    draft = begun(given, "Our roof.\n")
    draft.editor.tables.insert(3, 2)
    write(draft, "Item\tPrice\tHerbs for the roof\t12 euros a year\tWater\tNothing")
    before = draft.document.text()
    draft.editor.set_caret(before.index("Water"), before.index("Item"))
    panel = given.panel(draft)
    draft.window.actions_["rewrite_shorter"].trigger()
    given.until(panel, lambda: "Between the selected cells there are others." in shown(panel))
    given.until(panel, lambda: "6 selected words" in shown(panel))
    given.until(panel, lambda: "6 of 14 words" in [label.text() for label in draft.window.findChildren(QLabel)])
    draft.editor.set_caret(before.index("12") + 2, before.index("Herbs"))  # a whole row
    draft.window.actions_["rewrite_shorter"].trigger()
    given.until(panel, lambda: "Accept all" in buttons(panel))
    assert "Between" not in shown(panel)
    assert draft.document.text() == before
