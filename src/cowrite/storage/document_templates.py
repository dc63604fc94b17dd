"""Document templates as files: texts with which a new document can begin. Not those of sessions.

Those that cowrite brings are Markdown files in `resources/document-templates`, where a README says what there is to
know about them; a person's own are documents and Markdown files in a folder of theirs, called by their names.

Runs on any thread but the window's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from cowrite.storage.document.content import StoredBlob
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.errors import AlreadyThere, StorageError, failures_of
from cowrite.storage.layout import SUFFIX
from cowrite.storage.library.closed_files import rename_closed, trash_closed
from cowrite.storage.library.library import is_damaged_copy
from cowrite.storage.library.trash import move_to_trash
from cowrite.storage.names import is_same_name, safe_name
from cowrite.storage.placing import is_file, move, temporary_beside

MARKDOWN = ".md"
LIST = "templates.toml"
"""The file that names cowrite's own, in their order."""


class DocumentTemplate(NamedTuple):
    """A template.

    Attributes:
        path: its file.
        title: what it is called.
        description: what it is for; empty for a person's own.
        is_own: whether it is a person's own.
    """

    path: Path
    title: str
    description: str = ""
    is_own: bool = False


class TemplateNameTaken(StorageError):
    """The person has another template of this name; it is left as it is.

    Attributes:
        title: the name.
    """

    def __init__(self, path: Path, title: str) -> None:
        super().__init__(path, f"You have a template “{title}” already. Choose another name.")
        self.title = title


def brought_templates(folder: Path) -> tuple[DocumentTemplate, ...]:
    """Those that cowrite brings, in their order.

    Args:
        folder: where they are.

    Raises:
        OSError, ValueError: the installation is damaged.
    """
    listed = tomllib.loads((folder / LIST).read_text("utf-8"))["templates"]
    return tuple(DocumentTemplate(folder / each["file"], each["title"], each["description"]) for each in listed)


def own_templates(folder: Path) -> tuple[DocumentTemplate, ...]:
    """A person's own, by their names.

    Args:
        folder: where they are; it need not be there.

    Raises:
        StorageError: the folder cannot be read.
    """
    if not folder.is_dir():
        return ()
    with failures_of(folder):
        paths = [
            path
            for path in folder.iterdir()
            if path.suffix.lower() in (SUFFIX, MARKDOWN)
            and not path.name.startswith(".")
            and not is_damaged_copy(path)
            and is_file(path)
        ]
    paths.sort(key=lambda path: (path.stem.casefold(), path.name))
    return tuple(DocumentTemplate(path, path.stem, is_own=True) for path in paths)


def template_called(folder: Path, title: str) -> DocumentTemplate | None:
    """The person's own template whose file has the name that goes with a title; None where there is none.

    Raises:
        StorageError: the folder cannot be read.
    """
    stem = safe_name(title)
    return next((each for each in own_templates(folder) if is_same_name(each.title, stem)), None)


def save_template(
    folder: Path, title: str, state: bytes, images: Iterable[StoredBlob], *, replaces: bool = False
) -> DocumentTemplate:
    """Writes a document that is a template, in one step.

    Args:
        folder: where the person's own are; it is made where it is not there.
        title: what it is to be called.
        state: the document as one update.
        images: those that it shows.
        replaces: whether it takes the place of a document that is a template of this name.

    Raises:
        TemplateNameTaken: there is one, and it is not to be replaced, or is no document.
        StoreLocked: the one that it is to replace is open.
        StorageError: it could not be written.
    """
    with failures_of(folder):
        folder.mkdir(parents=True, exist_ok=True)
    there = template_called(folder, title)
    if there is not None and not (replaces and there.path.suffix.lower() == SUFFIX):
        raise TemplateNameTaken(there.path, there.title)
    path = there.path if there is not None else folder / f"{safe_name(title)}{SUFFIX}"
    with (
        failures_of(path),
        temporary_beside(path) as temporary,
        DocumentFile.create(temporary, title=path.stem, state=state) as file,
    ):
        for image in images:
            file.put_blob(image.data, image.media_type)
        file.save_copy(path)
    return DocumentTemplate(path, path.stem, is_own=True)


def rename_template(template: DocumentTemplate, title: str) -> DocumentTemplate:
    """Calls one of a person's own by another name, and gives it.

    Raises:
        TemplateNameTaken: another one is called so.
        StoreLocked: it is open.
        StorageError: it could not be renamed.
    """
    there = template_called(template.path.parent, title)
    if there is not None and there.path != template.path:
        raise TemplateNameTaken(there.path, there.title)
    if template.path.suffix.lower() == SUFFIX:
        path = rename_closed(template.path, title)
    else:
        path = template.path.with_name(f"{safe_name(title)}{template.path.suffix}")
        with failures_of(template.path):
            if path.exists() and not path.samefile(template.path):
                raise AlreadyThere(path)
            move(template.path, path)
    return template._replace(path=path, title=path.stem)


def trash_template(template: DocumentTemplate) -> None:
    """Moves one of a person's own to the system's trash.

    Raises:
        StoreLocked: it is open.
        StorageError: it could not be done; it is where it was.
    """
    if template.path.suffix.lower() == SUFFIX:
        trash_closed(template.path)
    else:
        move_to_trash(template.path)
