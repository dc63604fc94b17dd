"""Document templates: the dialog from which a document begins with one, and making one of a document.

Runs on the GUI thread; files are read and written on the thread for storage.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QWidget

from cowrite.app.draft.blanks import go_to_blank
from cowrite.app.export import frozen
from cowrite.app.template_content import TemplateContent, filled, kept, read_template
from cowrite.bridge.image_store import Absence
from cowrite.convert.normal import image_of
from cowrite.core.richtext import DELETION, INSERTION
from cowrite.gui.dialog_parts import ask_line
from cowrite.gui.templates.save_template_dialog import SaveTemplateDialog
from cowrite.gui.templates.templates_dialog import TemplatesDialog
from cowrite.gui.times import date
from cowrite.paths import resources
from cowrite.storage.content import Blob as StoredBlob
from cowrite.storage.document_templates import (
    DocumentTemplate,
    TemplateNameTaken,
    brought_templates,
    own_templates,
    rename_template,
    save_template,
    trash_template,
)
from cowrite.storage.errors import StorageError
from cowrite.storage.layout import SUFFIX
from cowrite.sync.blob import Blob

if TYPE_CHECKING:
    from cowrite.app.application import Application
    from cowrite.app.draft.draft import Draft

Result = TypeVar("Result")
Listed = tuple[tuple[DocumentTemplate, ...], str]
"""All templates, and why a person's own are not among them."""


class TemplateFlow(QObject):
    """Asks for a template and starts a document with its text; goes with its dialog.

    Args:
        application: starts the document.
        parent: the window in front.

    Attributes:
        dialog: the dialog.
    """

    def __init__(self, application: Application, parent: QWidget) -> None:
        super().__init__(application)
        self._application = application
        self._folder = application.paths.document_templates
        self._today = date(time.time_ns() // 1_000_000)
        self._is_over = False
        self._contents: dict[DocumentTemplate, TemplateContent] = {}
        self._images = _Images()
        self.dialog = dialog = TemplatesDialog(application.choices.theme, self._images, parent)
        dialog.looked_at.connect(self._look_at)
        dialog.use_wanted.connect(self._use)
        dialog.edit_wanted.connect(self._edit)
        dialog.rename_wanted.connect(self._ask_rename)
        dialog.trash_wanted.connect(self._trash)
        dialog.folder_wanted.connect(self._show_folder)
        dialog.activated.connect(self._list)
        dialog.finished.connect(self._end)
        dialog.destroyed.connect(self._end)  # with its window
        application.choices.theme_changed.connect(dialog.show_theme)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._list()
        dialog.open()

    def _list(self, marked: DocumentTemplate | None = None) -> None:
        folder = self._folder

        def work() -> Listed:
            brought = brought_templates(resources() / "document-templates")
            try:
                return (*brought, *own_templates(folder)), ""
            except StorageError as error:
                return brought, str(error)

        def show(listed: Listed) -> None:
            templates, problem = listed
            self.dialog.show_templates(templates, marked)
            if problem:
                self._say(problem)

        self._run(work, show)

    def _look_at(self, template: DocumentTemplate) -> None:
        today = self._today

        def show(content: TemplateContent) -> None:
            if self.dialog.list.template == template:
                self._contents = {template: content}
                self._images.content = content
                self.dialog.show_page(filled(content.filling))

        def failed(error: Exception) -> None:
            if self.dialog.list.template == template:
                self.dialog.show_unreadable(str(error))

        self._run(lambda: read_template(template, today), show, failed)

    def _use(self, template: DocumentTemplate) -> None:
        content = self._contents[template]
        self.dialog.accept()
        draft = self._application.new_document(template.title)
        if draft is not None:
            draft.fill(content.filling)
            if not go_to_blank(draft, 0):
                draft.editor.set_caret(0)

    def _edit(self, template: DocumentTemplate) -> None:
        self.dialog.accept()
        self._application.open_path(template.path)

    def _ask_rename(self, template: DocumentTemplate) -> None:
        def rename(title: str) -> None:
            if title.strip() and self._application.close_draft(template.path):
                self._run(lambda: rename_template(template, title.strip()), self._list)

        ask_line(self.dialog, "Rename", "Name of the template", template.title, rename)

    def _trash(self, template: DocumentTemplate) -> None:
        def gone(_none: None) -> None:
            self.dialog.message.show_sentence(f"“{template.title}” is in the trash of this computer.", "success")
            self._list()

        if self._application.close_draft(template.path):
            self._run(lambda: trash_template(template), gone)

    def _show_folder(self) -> None:
        def make() -> None:
            self._folder.mkdir(parents=True, exist_ok=True)

        self._run(make, lambda _none: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder))))

    def _run(
        self,
        work: Callable[[], Result],
        then: Callable[[Result], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        """Does work on the thread for storage; nobody hears of it once the dialog is closed."""

        def told(error: Exception) -> None:
            if not self._is_over:
                (failed or (lambda error: self._say(str(error))))(error)

        def done(result: Result) -> None:
            if not self._is_over:
                then(result)

        self._application.storage.run(work, done, told)

    def _say(self, sentence: str) -> None:
        self.dialog.message.show_sentence(sentence, "problem")

    def _end(self) -> None:
        self._is_over = True
        self.deleteLater()


class _Images:
    """The images in the template that is shown."""

    content: TemplateContent | None = None

    def image(self, name: str) -> QImage | None:
        return self.content.pictures.get(name) if self.content is not None else None

    def absence(self, name: str) -> Absence:
        is_here = self.content is not None and name in self.content.pictures
        return Absence.UNREADABLE if is_here else Absence.MISSING

    def original(self, name: str) -> Blob | None:
        return self.content.file(name) if self.content is not None else None


def ask_save_template(draft: Draft, folder: Path) -> SaveTemplateDialog:
    """Asks what a template of a draft is to be called, and writes it.

    Args:
        draft: it.
        folder: where the person's own templates are.
    """
    draft.editor.pasting.finish()
    has_suggested = any(not span.attributes.keys().isdisjoint((INSERTION, DELETION)) for span in draft.document.spans())
    dialog = SaveTemplateDialog(draft.window.theme, draft.title, has_suggested=has_suggested, parent=draft.window)
    is_open = True

    def ended(_how: object) -> None:
        nonlocal is_open
        is_open = False

    def save(name: str, replaces: bool) -> None:
        def failed(error: Exception) -> None:
            if not is_open:
                draft.say("template", "problem", str(error))
            elif isinstance(error, TemplateNameTaken):
                dialog.show_taken(error.title, can_replace=error.path.suffix.lower() == SUFFIX)
            else:
                dialog.show_problem(str(error))

        def saved(told: str) -> None:
            if is_open:
                dialog.accept()
            draft.say("template", "information", told)

        _save(draft, folder, name, saved, failed, replaces=replaces)

    dialog.save_wanted.connect(save)
    dialog.finished.connect(ended)
    dialog.destroyed.connect(ended)  # with its window
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


def _save(
    draft: Draft,
    folder: Path,
    name: str,
    then: Callable[[str], None],
    failed: Callable[[Exception], None],
    *,
    replaces: bool,
) -> None:
    """Writes a template; tells how it went.

    Args:
        draft: of which it is made, as it is now.
        folder: where to.
        name: what it is to be called.
        then: is called with what is to be said.
        failed: is called with the error instead.
        replaces: whether it takes the place of one of this name.
    """
    held = frozen(draft.document, draft.images.original, draft.decisions.card)
    records = draft.document.assists.of(held.spans)
    names = dict.fromkeys(image for span in held.spans if (image := image_of(span)))
    files = {image: file for image in names if (file := draft.images.original(image)) is not None}

    def work() -> str:
        state, images = kept(held.spans, held.cards.get, records)
        blobs = [StoredBlob(image, files[image].media_type, files[image].data) for image in images if image in files]
        template = save_template(folder, name, state, blobs, replaces=replaces)
        told = f"“{template.title}” is a template now; File → New from a template… lists it."
        lacking = len(images) - len(blobs)
        if lacking:
            what = "a picture" if lacking == 1 else f"{lacking} pictures"
            told = f"{told} It is without {what} that could not be read."
        return told

    draft.storage.run(work, then, failed)
