"""TemplateFlow: the dialog from which a document begins with a document template.

Runs on the GUI thread; files are read on the thread for storage.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QSizeF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QWidget

from cowrite.bridge.file.image_store import Absence
from cowrite.clock import milliseconds_now
from cowrite.errors import CowriteError
from cowrite.gui.look.times import date
from cowrite.gui.page.blanks import go_to_blank
from cowrite.gui.templates.templates_dialog import TemplatesDialog
from cowrite.gui.widgets.asking import ask_line
from cowrite.paths import resources
from cowrite.storage.document_templates import (
    DocumentTemplate,
    brought_templates,
    own_templates,
    rename_template,
    trash_template,
)
from cowrite.storage.errors import StorageError
from cowrite.sync.blob import Blob

if TYPE_CHECKING:
    from cowrite.app.choices import Choices
    from cowrite.app.documents.open_documents import OpenDocuments
    from cowrite.app.templates.content import TemplateContent
    from cowrite.bridge.file.storage_thread import StorageThread

Result = TypeVar("Result")
Listed = tuple[tuple[DocumentTemplate, ...], str]
"""All templates, and why a person's own are not among them."""


class PassedOver(CowriteError):
    """The person looks at another template now, or at none."""


class TemplateFlow(QObject):
    """Asks for a template and starts a document with its text; goes with its dialog.

    Args:
        documents: starts the document.
        choices: how pages look.
        storage: reads files.
        folder: where the person's own templates are.
        parent: the window in front.

    Attributes:
        dialog: the dialog.
    """

    def __init__(
        self, documents: OpenDocuments, choices: Choices, storage: StorageThread, folder: Path, parent: QWidget
    ) -> None:
        super().__init__(documents)
        self._documents = documents
        self._storage = storage
        self._folder = folder
        self._today = date(milliseconds_now())
        self._is_over = False
        self._looks = 0
        self._contents: dict[DocumentTemplate, TemplateContent] = {}
        self._images = _Images()
        self.dialog = dialog = TemplatesDialog(choices.theme, self._images, parent)
        dialog.looked_at.connect(self._look_at)
        dialog.use_wanted.connect(self._use)
        dialog.edit_wanted.connect(self._edit)
        dialog.rename_wanted.connect(self._ask_rename)
        dialog.trash_wanted.connect(self._trash)
        dialog.folder_wanted.connect(self._show_folder)
        dialog.activated.connect(self._list)
        dialog.finished.connect(self.end)
        dialog.destroyed.connect(self.end)  # with its window
        choices.theme_changed.connect(dialog.show_theme)
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
        self._looks += 1
        look = self._looks

        def check() -> None:
            if self._is_over or look != self._looks:
                raise PassedOver

        def work() -> TemplateContent:
            from cowrite.app.templates.content import read_template  # what reads Markdown takes its time to load

            return read_template(template, today, check)

        def show(content: TemplateContent) -> None:
            if self.dialog.list.template == template:
                self._contents = {template: content}
                self._images.content = content
                content.document.move_here()
                self.dialog.show_page(content.document)

        def failed(error: Exception) -> None:
            if self.dialog.list.template == template and not isinstance(error, PassedOver):
                self.dialog.show_unreadable(str(error))

        self._run(work, show, failed, on=self._storage.run_long)

    def _use(self, template: DocumentTemplate) -> None:
        content = self._contents[template]
        self.dialog.accept()
        draft = self._documents.new(template.title)
        if draft is not None:
            draft.fill(content.filling)
            if not go_to_blank(draft.editor, 0):
                draft.editor.set_caret(0)

    def _edit(self, template: DocumentTemplate) -> None:
        self.dialog.accept()
        self._documents.open(template.path)

    def _ask_rename(self, template: DocumentTemplate) -> None:
        def rename(title: str) -> None:
            if self._documents.close(template.path):
                self._run(lambda: rename_template(template, title.strip()), self._list)

        ask_line(self.dialog, "Rename", "Name of the template", template.title, "&Rename", rename)

    def _trash(self, template: DocumentTemplate) -> None:
        def gone(_none: None) -> None:
            self.dialog.message.show_sentence(f"“{template.title}” is in the trash of this computer.", "success")
            self._list()

        if self._documents.close(template.path):
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
        *,
        on: Callable[..., None] | None = None,
    ) -> None:
        """Does work on the thread for storage, or on another one; nobody hears of it once the dialog is closed."""

        def told(error: Exception) -> None:
            if not self._is_over:
                (failed or (lambda error: self._say(str(error))))(error)

        def done(result: Result) -> None:
            if not self._is_over:
                then(result)

        (on or self._storage.run)(work, done, told)

    def _say(self, sentence: str) -> None:
        self.dialog.message.show_sentence(sentence, "problem")

    def end(self) -> None:
        """Nobody hears any more of what was begun."""
        self._is_over = True
        self.deleteLater()


class _Images:
    """The images in the template that is shown."""

    content: TemplateContent | None = None

    def image(self, name: str) -> QImage | None:
        return self.content.pictures.get(name) if self.content is not None else None

    def size(self, name: str) -> QSizeF | None:
        image = self.image(name)
        return None if image is None else QSizeF(image.deviceIndependentSize())

    def absence(self, name: str) -> Absence:
        is_here = self.content is not None and name in self.content.pictures
        return Absence.UNREADABLE if is_here else Absence.MISSING

    def original(self, name: str) -> Blob | None:
        return self.content.file(name) if self.content is not None else None
