"""Decisions in other formats: MADR, Word, PDF and tables. Nothing sealed and no nameless voter's name goes out.

Runs on the GUI thread.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtWidgets

from cowrite.app.files.asking_place import ask_place
from cowrite.app.files.export import export_lines
from cowrite.app.files.export_file import CannotExport, write_export
from cowrite.convert.decision_lines import log_lines
from cowrite.convert.decisions_csv import actions_csv, decisions_csv
from cowrite.convert.madr import file_names, to_log, to_madr
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.decisions.records import Record, records
from cowrite.storage.names import safe_name
from cowrite.storage.placing import move, sync_folder, write_in_place

if TYPE_CHECKING:
    from cowrite.app.bare_draft.bare_draft import BareDraft

ENDINGS = {
    "madr": ("Markdown", ".md"),
    "log": ("Markdown", ".md"),
    "docx": ("Word", ".docx"),
    "pdf": ("PDF", ".pdf"),
    "csv": ("Table", ".csv"),
    "actions": ("Table", ".csv"),
}
FOLDER = "decisions"


def ask_export(draft: BareDraft, brainstorm: Brainstorm, kind: str, ids: Collection[str] | None) -> None:
    """Asks where decisions go, and writes them.

    Args:
        draft: whose they are.
        brainstorm: what it holds.
        kind: a key of ENDINGS; "madr" of several decisions goes into a folder.
        ids: of the decisions that are meant; None for all.
    """
    found = records(brainstorm.decisions, brainstorm.visibility, ids)
    if not (brainstorm.decisions.actions.all() if kind == "actions" else found):
        what = "action" if kind == "actions" else "decision"
        draft.say("export", "information", f"There is no {what} in this document yet.")
        return
    if kind == "madr" and ids is None:
        folder = QtWidgets.QFileDialog.getExistingDirectory(draft.window, "Export decisions", str(draft.path.parent))
        if folder:
            draft.export(lambda: write_madr(found, Path(folder)))
        return
    name, ending = ENDINGS[kind]
    what = {"actions": "actions", "madr": "decision"}.get(kind, "decisions")
    offered = draft.path.with_name(f"{safe_name(f'{draft.title} {what}')}{ending}")
    path = ask_place(draft.window, f"Export {what} as {name}", offered, name)
    if path is not None:
        draft.export(
            lambda: export_records(
                found, brainstorm, kind, path, f"Decisions: {draft.title}", numbers_pages=draft.numbers_pages
            ),
        )


def export_records(
    found: list[Record], brainstorm: Brainstorm, kind: str, path: Path, title: str, *, numbers_pages: bool = True
) -> Path:
    """Writes decisions as one file, and gives its place; what was there is replaced in one step.

    Raises:
        CannotExport: nothing was written.
    """
    if kind in ("docx", "pdf"):
        export_lines(log_lines(found, title), lambda _name: None, kind, path, title, numbers_pages=numbers_pages)
        return path
    if kind == "madr":
        text = to_madr(found[0])
    elif kind == "log":
        text = to_log(found, title)
    elif kind == "csv":
        text = decisions_csv(found)
    else:
        names = {each.id: each.name for each in brainstorm.decisions.all()}
        text = actions_csv(brainstorm.decisions.actions.all(), names)
    # Programs for tables take a file for UTF-8 only where it says so.
    data = text.encode("utf-8-sig" if kind in ("csv", "actions") else "utf-8")
    return write_export(path, data)


def write_madr(found: list[Record], parent: Path) -> Path:
    """Writes a folder with one file for each decision into another folder, and gives its place: all of it or nothing.

    Raises:
        CannotExport: nothing was written.
    """
    names = file_names(found)
    files = {names[record.decision.id]: to_madr(record, names) for record in found}
    unfinished = parent / f".cowrite-{secrets.token_hex(8)}.tmp"
    try:
        return _write_folder(files, unfinished, _free(parent))
    except OSError as error:
        raise CannotExport(parent, error) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _write_folder(files: Mapping[str, str], unfinished: Path, finished: Path) -> Path:
    unfinished.mkdir()
    for name, text in files.items():
        write_in_place(unfinished / name, text.encode())
    move(unfinished, finished)  # which fails where the name was taken meanwhile and is not empty
    sync_folder(finished.parent)
    return finished


def _free(parent: Path) -> Path:
    number, path = 1, parent / FOLDER
    while path.exists():
        number += 1
        path = parent / f"{FOLDER} {number}"
    return path
