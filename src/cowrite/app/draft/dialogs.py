"""What a person is asked about one draft: names, places, and what there is to know.

Runs on the GUI thread.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6 import QtWidgets  # dialogs are named when they open: PySide makes a class when it is first named
from PySide6.QtCore import QSize, Qt

from cowrite import __version__
from cowrite.app.draft.draft import Draft
from cowrite.app.files.asking_place import ask_place, with_ending
from cowrite.app.files.export_file import CannotExport, write_export
from cowrite.app.files.export_kinds import EXPORTS
from cowrite.core.text.breaking import breakable
from cowrite.core.text.direction import from_left
from cowrite.core.text.first_words import shortened
from cowrite.gui.widgets.asking import ask_line, ask_whether, open_dialog, open_question
from cowrite.paths import Paths
from cowrite.storage.layout import SUFFIX
from cowrite.storage.names import safe_name

MARKDOWN = EXPORTS["markdown"][1]
_ICON = 48  # device-independent pixels of the side of the program’s
_UNWRITTEN = "unwritten"
_NO_PRINTER = (
    "This computer has no printer. Add one in the system’s settings, or write a PDF with File → Export and print that."
)
_WHAT_IS_LOST = (
    "If the file was deleted, closing without a copy loses the whole document; if it was moved, closing loses what was "
    "written since."
)


def ask_copy(draft: Draft, library: Path, open_path: Callable[[Path], object]) -> None:
    """Asks where a copy goes, and writes it; where the draft can only be read, the copy is opened to go on there.

    Args:
        draft: it.
        library: the folder that is offered where that of the draft cannot be written.
        open_path: opens a document.
    """
    is_protected = bool(draft.saved.protected)
    title = safe_name(draft.title)
    offered = library / f"{title}.cowrite" if is_protected else draft.path.with_name(f"{title} copy.cowrite")
    path = ask_place(draft.window, "Save a copy", offered, "Documents")
    if path is None:
        return

    def go_on() -> None:
        if is_protected:
            open_path(path)

    draft.save_copy(path, go_on)


def ask_unwritten(draft: Draft, close: Callable[[], None]) -> QtWidgets.QMessageBox:
    """Asks what happens to a draft that is to be closed and cannot be written.

    To keep it open is the default; where its file is gone, which may have been all there was, to save a copy is.

    Args:
        draft: the draft; it is open still.
        close: is called when it may be closed, be it without its last changes.
    """
    for earlier in draft.window.findChildren(QtWidgets.QMessageBox, _UNWRITTEN):
        earlier.close()
    box = QtWidgets.QMessageBox(draft.window)
    box.setObjectName(_UNWRITTEN)
    box.setIcon(QtWidgets.QMessageBox.Icon.Warning)
    box.setWindowTitle("Changes are not saved")
    box.setTextFormat(Qt.TextFormat.PlainText)
    if draft.has_file:
        box.setText(breakable(f"The last changes to “{shortened(draft.title)}” are not saved."))
        box.setInformativeText(draft.problem)
    else:
        box.setText(breakable(from_left(f"“{shortened(draft.title)}” has no file any more.")))
        box.setInformativeText(f"{draft.problem} {_WHAT_IS_LOST}")
    copy = box.addButton("Save a copy…", QtWidgets.QMessageBox.ButtonRole.ActionRole)
    what = "last changes" if draft.has_file else "document"
    lose = box.addButton(f"Close and lose the {what}", QtWidgets.QMessageBox.ButtonRole.DestructiveRole)
    keep = box.addButton("Keep open", QtWidgets.QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep if draft.has_file else copy)
    box.setEscapeButton(keep)
    copy.clicked.connect(lambda: _rescue(draft, close))
    lose.clicked.connect(close)
    open_question(box)
    return box


def _rescue(draft: Draft, then: Callable[[], None]) -> None:
    """Asks where a draft that cannot be written in its place goes, and writes it; then it may be closed."""
    offered = str(Path.home() / f"{safe_name(draft.title)} copy.cowrite")
    endings = {f"Documents (*{SUFFIX})": SUFFIX, f"Markdown (*{MARKDOWN})": MARKDOWN}
    chosen, kind = QtWidgets.QFileDialog.getSaveFileName(draft.window, "Save a copy", offered, ";;".join(endings))
    if not chosen:
        return
    path = with_ending(Path(chosen), endings.get(kind, SUFFIX))
    if path.suffix == MARKDOWN:
        if draft.exporting.write("markdown", path):
            then()
    else:
        _copy_all(draft, path, then)


def _copy_all(draft: Draft, path: Path, then: Callable[[], None]) -> None:
    """Writes a copy, and once more when something was written meanwhile."""
    state = draft.document.state()

    def copied() -> None:
        if draft.document.state() == state:
            then()
        else:
            _copy_all(draft, path, then)

    draft.save_copy(path, copied)


def ask_export(draft: Draft, kind: str) -> None:
    """Asks where an export goes, and writes it; `kind` is a key of EXPORTS."""
    name, ending = EXPORTS[kind]
    offered = draft.path.with_name(f"{safe_name(draft.title)}{ending}")
    path = ask_place(draft.window, f"Export as {name}", offered, name)
    if path is not None:
        draft.exporting.begin(kind, path)


def ask_image_copy(draft: Draft, name: str, told: str) -> None:
    """Asks where an image of a draft goes, and writes it there as it came in.

    Args:
        draft: it.
        name: of the image.
        told: what it shows in words; may be empty.
    """
    from cowrite.bridge.file.pictures import media_type

    image = draft.images.original(name)
    if image is None:
        draft.say("image", "information", "This image is not on this computer, so it cannot be saved from here.")
        return
    kind = media_type(image.data)  # not what whoever sent it says, which may be any words
    if kind is None:
        draft.say("image", "information", "This image cannot be read, so it cannot be saved.")
        return
    ending = kind.removeprefix("image/").replace("jpeg", "jpg")
    offered = draft.path.with_name(f"{safe_name(told or f'{draft.title} image')}.{ending}")
    path = ask_place(draft.window, "Save the image", offered, "Images")
    if path is None:
        return
    try:
        write_export(path, image.data)
    except CannotExport as error:
        draft.say("image", "problem", str(error))
    else:
        draft.say_written("image", f"The image is in “{path}”.", path)


def ask_print(draft: Draft) -> None:
    """Asks for a printer, and prints; says so where there is none."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    if sys.platform in ("win32", "darwin") and printer.outputFormat() != QPrinter.OutputFormat.NativeFormat:
        # The dialog is the system's there, and without a printer Qt shows nothing; elsewhere its own offers a PDF.
        draft.say("print", "information", _NO_PRINTER)
        return
    printer.setDocName(draft.title)
    dialog = QPrintDialog(printer, draft.window)
    dialog.accepted.connect(lambda: draft.exporting.print_on(printer))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.show()


def show_preview(draft: Draft) -> None:
    """Shows the pages before they are printed."""
    draft.exporting.preview(lambda: ask_print(draft))


def ask_rename(draft: Draft) -> None:
    """Asks for another title."""
    ask_line(draft.window, "Rename", "Title of the document", draft.title, "&Rename", draft.rename)


def ask_stop_sharing(
    draft: Draft, *, is_hosted: bool, then: Callable[[], object], before: QtWidgets.QWidget | None = None
) -> None:
    """Asks whether a draft is not to be shared any more; `then` is called if so.

    Args:
        draft: it.
        is_hosted: whether this computer hosts it, and not a server to which a link leads.
        then: ends it.
        before: the dialog in which the person wants it; None where they do in the window.
    """
    if is_hosted:
        title, question, keep = "Stop sharing", f"Stop sharing “{shortened(draft.title)}”?", "Keep sharing"
        words = "All its links become void, and nobody else can come in. Everybody keeps their copy."
    else:
        title, question, keep = "Leave", f"Leave “{shortened(draft.title)}”?", "Stay"
        words = (
            "It stays where it is shared, and the others go on with it. You keep a copy of your own. This computer "
            "forgets the link, so you need one to come in again."
        )
    ask_whether(before or draft.window, title, question, words, title, then, keep, loses=True)


def show_about(draft: Draft, paths: Paths, library: Path) -> None:
    """Shows version, licence and where the files are."""
    box = QtWidgets.QMessageBox(draft.window)
    box.setWindowTitle("About cowrite")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setIconPixmap(QtWidgets.QApplication.windowIcon().pixmap(QSize(_ICON, _ICON), draft.window.devicePixelRatio()))
    box.setText(f"cowrite {__version__}")
    box.setInformativeText(
        f"Write together.\n\nYour documents: {library}\nLog: {paths.log}\n\n"
        "Apache License 2.0. Icons: Lucide (ISC). Qt and PySide6: LGPL 3."
    )
    open_question(box)


def ask_command(draft: Draft) -> None:
    """Asks which of all commands is meant, and does it."""
    from cowrite.gui.commands.command_finder import CommandFinder, commands_of

    actions = draft.window.actions_
    dialog = CommandFinder(commands_of(actions), draft.window)
    dialog.chosen.connect(lambda id: actions[id].trigger())
    open_dialog(dialog)


def show_shortcuts(draft: Draft, take: Callable[[Mapping[str, str]], None]) -> None:
    """Shows all keyboard shortcuts, those of the view that is shown in front; `take` is given other keys that the
    person chooses for commands."""
    from cowrite.gui.commands.shortcuts_dialog import ShortcutsDialog

    view = draft.window.views.current
    dialog = ShortcutsDialog(draft.window.actions_, view.keys() if view is not None else (), draft.window)
    dialog.chosen.connect(take)
    open_dialog(dialog)
