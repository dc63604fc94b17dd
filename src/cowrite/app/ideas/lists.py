"""Lists of ideas that come in and go out.

Runs on the GUI thread. Loaded when somebody takes a list in or out, or looks at the ideas.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtWidgets  # dialogs are named when they open: PySide makes a class when it is first named

from cowrite.app.files.asking_place import ask_place
from cowrite.app.files.export_file import write_export
from cowrite.app.files.imports import content_of
from cowrite.convert.errors import UnknownEncoding
from cowrite.convert.notes.board_list import listed
from cowrite.convert.notes.csv import from_csv, to_csv
from cowrite.convert.notes.list import ListedNote, NotNotes, from_list, from_markdown_or_list, to_markdown_list
from cowrite.convert.notes.list_file import list_text
from cowrite.core.brainstorm.ideas import Ideas
from cowrite.errors import CowriteError
from cowrite.storage.names import safe_name
from cowrite_server.counting import counted

if TYPE_CHECKING:
    from cowrite.app.draft.draft import Draft

LARGEST = 8 * 1024 * 1024  # bytes of a list that is read
KINDS = {"csv": "Table", "md": "Markdown list"}
OPEN_FILTER = "Lists and tables (*.md *.markdown *.csv *.tsv *.txt);;All files (*)"
_TABLES = (".csv", ".tsv")


def pasted(text: str) -> list[ListedNote]:
    """What somebody pasted: rows of a table, where the first names its columns; else Markdown, else lines.

    Raises:
        NotNotes: it is too much, or nothing.
    """
    if "\t" in text.split("\n", 1)[0]:
        try:
            return from_csv(text)
        except NotNotes:
            pass  # tabs in a list of words
    return from_markdown_or_list(text)


def read(path: Path, encoding: str = "") -> tuple[list[ListedNote], str]:
    """Reads a list, a table or Markdown.

    Args:
        path: the file.
        encoding: that of a file that does not say it, as the person chose.

    Returns:
        The notes, and the encoding for which the file was taken where nothing in it says that; else nothing.

    Raises:
        CannotImport: the system refuses to read it, or it is too large.
        ConvertError: it cannot be read as notes.
    """
    content = content_of(path, LARGEST, "it is larger than 8 MiB, which is too large for a list of ideas")
    text, taken_for = list_text(content, path, encoding)
    if path.suffix.lower() in _TABLES:
        return from_csv(text), taken_for
    return (from_list(text) if path.suffix.lower() == ".txt" else from_markdown_or_list(text)), taken_for


def ask_import(draft: Draft) -> None:
    """Asks for a list, and puts it on the board."""
    path, _ = QtWidgets.QFileDialog.getOpenFileName(
        draft.window, "Import into the board", str(draft.path.parent), OPEN_FILTER
    )
    if path:
        import_list(draft, Path(path))


def import_list(draft: Draft, path: Path, encoding: str = "") -> bool:
    """Puts the list in a file on the board, as one act, and shows it; says whether it could.

    Args:
        draft: has the board.
        path: the file.
        encoding: that of a file that does not say it, as the person chose.
    """
    rights = draft.connection.rights
    if not rights.may_edit:  # whoever only suggests writes on the page alone
        draft.say("import_ideas", "information", f"{rights.refusal}.")
        return False
    try:
        notes, taken_for = read(path, encoding)
        ids = Ideas(draft.brainstorming.brainstorm).take_in(notes)
    except UnknownEncoding as error:
        from cowrite.app.files.encoding_flow import ask_encoding

        ask_encoding(error, draft.window, lambda path, encoding: import_list(draft, path, encoding))
        return False
    except NotNotes as error:
        draft.say("import_ideas", "problem", f"“{path.name}”: {error}")
        return False
    except CowriteError as error:
        draft.say("import_ideas", "problem", str(error))
        return False
    came = f"{counted(len(ids), 'note')} came from “{path.name}”"
    read_as = f", which is not in UTF-8 and was read as {taken_for}" if taken_for else ""
    draft.say("import_ideas", "success", f"{came}{read_as}.")
    draft.brainstorming.show("ideas")
    draft.brainstorming.view("ideas").go_to(ids[0])
    return True


def ask_export(draft: Draft, kind: str) -> None:
    """Asks where the ideas go as a list, and writes it; `kind` is a key of KINDS."""
    if not listed(draft.brainstorming.brainstorm):
        draft.say("export", "information", "There are no ideas in this document yet.")
        return
    offered = draft.path.with_name(f"{safe_name(draft.title)} ideas.{kind}")
    path = ask_place(draft.window, "Export the ideas", offered, KINDS[kind])
    if path is not None:
        export_list(draft, kind, path)


def export_list(draft: Draft, kind: str, path: Path) -> bool:
    """Writes the ideas that everybody has as a list; says whether it could."""
    notes = listed(draft.brainstorming.brainstorm)
    # The mark tells programs for tables that it is UTF-8.
    content = to_csv(notes).encode("utf-8-sig") if kind == "csv" else to_markdown_list(notes).encode()
    return draft.export(lambda: write_export(path, content), "The ideas are written to “{}”.".format)
