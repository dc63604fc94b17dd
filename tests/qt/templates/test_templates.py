"""Documents that begin with a template, and templates that are made of documents."""

from __future__ import annotations

from pathlib import Path
from random import Random
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from shiboken6 import isValid

from cowrite.app.draft.draft import Draft
from cowrite.app.files.imports import CannotImport
from cowrite.app.templates import content as template_content
from cowrite.app.templates.content import TemplateContent, read_template
from cowrite.app.templates.flow import PassedOver, TemplateFlow
from cowrite.bridge.file.pictures import png_of
from cowrite.core.decisions.decisions import Decision, Decisions
from cowrite.core.document.assists import Act, AssistRecord
from cowrite.core.document.watched import Check
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import EMBED_CHARACTER, Span, plain_text
from cowrite.gui.templates.save_template_dialog import SaveTemplateDialog
from cowrite.gui.templates.template_list import NONE_YET
from cowrite.gui.widgets.line_dialog import LineDialog
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.document.reading import DocumentReader
from cowrite.storage.document_templates import DocumentTemplate
from cowrite.storage.layout import Property
from cowrite.storage.library import closed_files
from helpers.called import the
from helpers.commenting import by_bo
from helpers.desk import Desk, notices, texts, write


def picture() -> bytes:
    """A picture of eight by eight, as a file."""
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    return png_of(image)


def choose(desk: Desk) -> TemplateFlow:
    """Chooses *New from a template*; gives what then is asked, once it lists them."""
    desk.application.documents.drafts[-1].window.actions_["new_from_template"].trigger()
    flow = desk.application.findChildren(TemplateFlow)[-1]
    desk.until(lambda: use(flow).isEnabled())
    return flow


def use(flow: TemplateFlow) -> QPushButton:
    return named(flow, "Use")


def named(flow: TemplateFlow, name: str) -> QPushButton:
    return the(flow.dialog, QPushButton, name)


def took(desk: Desk, flow: TemplateFlow, words: str = "") -> Draft:
    """Types words of a name and presses Enter; gives the draft that begins then."""
    before = len(desk.application.documents.drafts)
    QTest.keyClicks(flow.dialog.search, words)
    desk.until(lambda: use(flow).isEnabled())
    QTest.keyClick(flow.dialog.search, Qt.Key.Key_Return)
    desk.until(lambda: len(desk.application.documents.drafts) > before)
    return desk.application.documents.drafts[-1]


def keep(desk: Desk, draft: Draft, name: str) -> SaveTemplateDialog:
    """Says that a draft is to be a template of a name."""
    draft.window.actions_["save_template"].trigger()
    dialog = draft.window.findChildren(SaveTemplateDialog)[-1]
    closed: list[int] = []
    dialog.finished.connect(closed.append)
    dialog.name.selectAll()
    QTest.keyClicks(dialog.name, name)
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    desk.until(lambda: closed or dialog.message.text())
    return dialog


def test_a_template_at_which_nobody_looks_any_more_is_read_no_further(desk, monkeypatch):
    go, ended = Event(), list[str]()

    def reading(template: DocumentTemplate, _today: str, check: Check) -> TemplateContent:
        assert go.wait(30)
        try:
            return read_template(template, "", check)
        except PassedOver:
            ended.append(template.title)
            raise

    monkeypatch.setattr(template_content, "read_template", reading)
    desk.new().window.actions_["new_from_template"].trigger()
    flow = desk.application.findChildren(TemplateFlow)[-1]
    desk.until(lambda: flow.dialog.list.template is not None)
    first = flow.dialog.list.template
    assert desk.new().write(), "what is saved does not wait for it"
    assert not go.is_set()
    QTest.keyClick(flow.dialog.search, Qt.Key.Key_Down)
    go.set()
    desk.until(lambda: use(flow).isEnabled())
    assert ended == [first.title]
    go.clear()
    QTest.keyClick(flow.dialog.search, Qt.Key.Key_Down)
    last = flow.dialog.list.template
    flow.dialog.reject()
    go.set()
    desk.until(lambda: ended == [first.title, last.title])


def test_a_document_begins_with_a_template_with_todays_date_and_its_first_blank_to_type_over(desk):
    desk.new()
    flow = choose(desk)
    assert flow.dialog.list.titles[0] == "From cowrite"
    assert flow.dialog.list.titles[-2:] == ["Yours", NONE_YET]
    assert flow.dialog.list.accessibleDescription() == NONE_YET
    today = flow._today
    draft = took(desk, flow, "minutes")
    assert draft.path.name == "Meeting minutes.cowrite"
    assert draft.title == "Minutes: [name of the meeting]"
    assert today in draft.document.text()
    assert "{{" not in draft.document.text()
    assert not draft.document.can_undo()
    write(draft, "garden")
    assert draft.title == "Minutes: garden"
    draft.window.actions_["next_blank"].trigger()
    write(draft, "Ada")
    assert plain_text(draft.document.spans()).startswith(f"Minutes: garden\nDate\n{today}\nPresent\nAda\n")
    while draft.document.can_undo():
        draft.document.undo()
    assert draft.title == "Minutes: [name of the meeting]"


def test_a_template_is_chosen_by_keys_alone_and_seen_before_it_is_used(desk):
    desk.new()
    flow = choose(desk)
    dialog = flow.dialog
    assert dialog.list.template.title == "Meeting minutes"
    QTest.keyClick(dialog.search, Qt.Key.Key_Down)
    QTest.keyClick(dialog.search, Qt.Key.Key_Down)
    desk.until(lambda: dialog.page.text.startswith("Decision: "))
    QTest.keyClick(dialog.search, Qt.Key.Key_Up)
    desk.until(lambda: dialog.page.text.startswith("One-on-one: "))
    QTest.keyClicks(dialog.list, "rfc")
    assert dialog.search.text() == "rfc"
    assert dialog.list.titles == ["From cowrite", "Proposal (RFC)"]
    desk.until(lambda: dialog.page.text.startswith("Proposal: "))
    assert dialog.page.document().firstBlock().blockFormat().headingLevel() == 1
    QTest.keyClicks(dialog.search, "x")
    assert not use(flow).isEnabled()
    assert "No template has “rfcx” in its name or description." in texts(dialog)
    QTest.keyClick(dialog.search, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert len(dialog.list.titles) > 8
    QTest.keyClick(dialog.search, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert len(desk.application.documents.drafts) == 1


def test_a_document_made_a_template_gives_its_text_looks_and_pictures_and_nothing_else_of_itself(desk):
    draft = desk.new()
    write(draft, "secret")
    draft.document.undo()
    name = draft.images.put(picture(), "image/png")
    record = AssistRecord("assist-1", model="small", act=Act.GENERATED)
    with draft.document.edit(Origin.LOCAL) as edit:
        edit.insert_spans(0, [Span("Dear "), Span("[name]", {"bold": True}), Span("\n", {"header": 2})])
        edit.insert_spans(12, [Span("\ufffc", {}, {"image": name}), Span(" since {{today}}")])
    with draft.document.edit(Origin.LOCAL, record=record) as edit:
        edit.insert(draft.document.length - 1, " by a model")
    draft.document.meta.set_title("Our letter")
    by_bo(draft, "Dear", "Dearest?")
    draft.window.actions_["suggest_changes"].trigger()
    draft.editor.set_caret(draft.document.length - 1)
    write(draft, " perhaps")
    keep(desk, draft, "Letter/2")
    desk.until(lambda: "“Letter 2” is a template now" in notices(draft))
    (path,) = desk.paths.document_templates.iterdir()
    with DocumentReader(path) as reader:
        assert reader.properties[Property.DOCUMENT_ID] != draft.document_id
        assert b"secret" not in b"".join(reader.load().state)
    flow = choose(desk)
    assert flow.dialog.list.titles[-2:] == ["Yours", "Letter 2"]
    made = took(desk, flow, "letter")
    assert made.title == "Dear [name]"
    assert made.document.meta.title == ""
    today = flow._today
    assert plain_text(made.document.spans()) == f"Dear [name]\n\ufffc since {today} by a model\n"
    kept = {span.text: span.attributes for span in made.document.spans()}
    assert (kept["[name]"], kept["\n"]) == ({"bold": True}, {})
    assert made.document.rope.attributes_at(11) == {"header": 2}
    assert kept[" by a model"] == {"ai": "assist-1"}
    assert made.document.assists.record("assist-1").model == "small"
    assert made.images.original(name) == draft.images.original(name)
    assert made.editor.textCursor().selectedText() == "[name]"
    assert (made.comments.placed(), made.shared) == ((), None)


def test_a_name_that_is_taken_is_replaced_when_that_is_pressed(desk, qtbot):
    draft = desk.new()
    write(draft, "one")
    keep(desk, draft, "Letter")
    write(draft, " and two")
    dialog = keep(desk, draft, "letter")
    assert dialog.message.text() == "You have a template “Letter” already. Replace it, or choose another name."
    with qtbot.waitSignal(dialog.finished):
        QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    made = took(desk, choose(desk), "letter")
    assert made.document.text() == "one and two\n"
    flow = choose(desk)
    QTest.keyClick(flow.dialog.list, Qt.Key.Key_Return)
    desk.until(lambda: not isValid(flow))
    assert len(desk.application.documents.drafts) == 3


def test_own_templates_are_renamed_and_deleted_in_the_dialog_and_cowrites_are_not(desk, monkeypatch):
    gone: list[Path] = []
    monkeypatch.setattr(closed_files, "move_to_trash", lambda path: gone.append(path) or path.unlink())
    draft = desk.new()
    write(draft, "one")
    keep(desk, draft, "Letter")
    flow = choose(desk)
    dialog = flow.dialog
    assert not named(flow, "Delete").isEnabled()
    QTest.keyClick(dialog.list, Qt.Key.Key_Delete)
    QTest.keyClicks(dialog.search, "let")
    desk.until(lambda: dialog.page.text == "one\n")
    dialog.list.setFocus()
    QTest.keyClick(dialog.list, Qt.Key.Key_F2)
    (question,) = dialog.findChildren(LineDialog)
    question.line.setText("Memo")
    question.give.click()
    dialog.search.clear()
    desk.until(lambda: dialog.list.titles[-1] == "Memo")
    desk.until(lambda: dialog.list.template.title == "Memo" and named(flow, "Delete").isEnabled())
    dialog.activateWindow()
    desk.until(dialog.isActiveWindow)
    dialog.list.setFocus()
    QTest.keyClick(dialog.list, Qt.Key.Key_Delete)
    desk.until(lambda: dialog.list.titles[-1] == NONE_YET)
    assert dialog.message.text() == "“Memo” is in the trash of this computer."
    assert [path.name for path in gone] == ["Memo.cowrite"]


def test_a_template_that_cannot_be_read_is_named_and_left_as_it_is(desk):
    folder = desk.paths.document_templates
    folder.mkdir(parents=True)
    (folder / "Broken.cowrite").write_bytes(b"rubbish")
    (folder / "Note.md").write_text("# Note of {{today}}\n", "utf-8")
    desk.new()
    flow = choose(desk)
    QTest.keyClicks(flow.dialog.search, "broken")
    desk.until(lambda: any("Broken.cowrite” is not a cowrite document" in each for each in texts(flow.dialog)))
    assert not use(flow).isEnabled()
    QTest.keyClick(flow.dialog.search, Qt.Key.Key_Return)
    assert flow.dialog.isVisible()
    assert (folder / "Broken.cowrite").read_bytes() == b"rubbish"
    flow.dialog.search.clear()
    assert took(desk, flow, "note").title == f"Note of {flow._today}"


def test_a_document_that_somebody_has_put_into_the_folder_gives_its_text_and_its_decisions_in_words(tmp_path):
    document = MendedDocument.new(clock=lambda: 0, title="Not this")
    id = Decisions(document, chance=Random(1), clock=lambda: 0).add(Decision("", "Which herbs?"))
    with document.edit(Origin.LOCAL) as edit:
        edit.insert_spans(0, [Span("Kept\n"), Span(EMBED_CHARACTER, {}, {"decision": id})])
    path = tmp_path / "Plan.cowrite"
    DocumentFile.create(path, state=document.state()).close()
    content = read_template(DocumentTemplate(path, "Plan", is_own=True), "today")
    text = plain_text(content.filling.spans)
    assert text.startswith("Kept\n")
    assert "Which herbs?" in text
    assert all(span.embed is None for span in content.filling.spans)
    assert content.document.meta.title == ""


def test_a_file_whose_text_is_none_of_cowrites_is_named_in_one_sentence(tmp_path):
    path = tmp_path / "Plan.cowrite"
    DocumentFile.create(path, state=b"rubbish").close()
    with pytest.raises(
        CannotImport, match=r"Plan\.cowrite” could not be read: what is in it is not a cowrite document"
    ):
        read_template(DocumentTemplate(path, "Plan", is_own=True), "today")


def test_list_and_page_stand_below_each_other_where_they_have_no_room_beside(desk):
    desk.new()
    dialog = choose(desk).dialog
    for size in (10, 20):
        font = dialog.font()
        font.setPointSize(size)
        dialog.setFont(font)
        dialog.resize(940, 680)
        QApplication.sendPostedEvents()
        assert dialog.page.mapTo(dialog, dialog.page.rect().topLeft()).x() > dialog.list.geometry().right(), size
        dialog.resize(400, 620)
        assert dialog.width() == 400, size
        QApplication.sendPostedEvents()
        assert dialog.page.mapTo(dialog, dialog.page.rect().topLeft()).y() > dialog.list.geometry().bottom(), size
        assert min(dialog.page.width(), dialog.list.width()) > 300, size
