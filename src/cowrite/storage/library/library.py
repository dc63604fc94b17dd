"""The documents of a folder: listing, finding, renaming, duplicating, deleting.

Every method may take as long as a disk does and runs on any thread but the window's. A document that is open can be
listed, found and duplicated; to rename or delete it, its DocumentFile is closed first.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from cowrite.clock import milliseconds_now
from cowrite.core.text.first_words import heading_of
from cowrite.storage.document.reading import DocumentReader, glance
from cowrite.storage.errors import LibraryClosed, StorageError, failures_of
from cowrite.storage.layout import SUFFIX, Property
from cowrite.storage.library.closed_files import move_closed, rename_closed, trash_closed
from cowrite.storage.library.drives import Drives
from cowrite.storage.library.search_index import Indexed, SearchIndex, folded_text
from cowrite.storage.names import UNTITLED, free_path, is_untitled, safe_name
from cowrite.storage.placing import COMPANIONS, companion, has_other_names, is_file, is_same_file

SNIPPET = 160  # characters
PORTION = 200_000  # characters that come into the index at once: what is saved meanwhile waits for these alone

_log = logging.getLogger(__name__)

_DAMAGED = re.compile(r"\.damaged-\d{8}-\d{6}(-\d+)?\.cowrite$")


class Entry(NamedTuple):
    """A document in a list.

    Attributes:
        path: its file.
        title: its title; the file's name where it has none.
        modified: time of its last edit, seconds since 1970.
        size: bytes on disk.
        snippet: about SNIPPET characters of its text, from what follows the title, or around what was searched for.
        is_shared: whether it is on a server.
    """

    path: Path
    title: str
    modified: float
    size: int
    snippet: str
    is_shared: bool = False


class Library:
    """A folder of documents and the index over it."""

    def __init__(self, folder: Path, index: Path, *, clock: Callable[[], int] = milliseconds_now) -> None:
        """The library in `folder`, which need not exist yet.

        Args:
            index: file for the search index.
            clock: milliseconds since 1970.
        """
        self.folder = folder.absolute()
        self._index = SearchIndex(index)
        self._clock = clock
        self._drives = Drives()

    def documents(self) -> tuple[Entry, ...]:
        """All documents in the folder and its subfolders, the one edited last first.

        Raises:
            StorageError: the folder cannot be read.
        """
        paths = self._paths()
        known = self._refreshed(paths)
        entries = [_entry(known[path], _snippet(_body(known[path]))) for path in paths if path in known]
        return tuple(sorted(entries, key=lambda entry: (-entry.modified, entry.title)))

    def recent(self, paths: Iterable[Path]) -> tuple[Entry, ...]:
        """Those of `paths` that are still there, in the same order; they may lie anywhere, but on a drive that does not
        answer.

        Raises:
            StorageError: the folder cannot be read.
        """
        there = self._there(path.absolute() for path in paths)
        known = self._looked_at(there)
        return tuple(_entry(known[path], _snippet(_body(known[path]))) for path in there if path in known)

    def search(self, query: str) -> tuple[Entry, ...]:
        """Documents, also outside the folder, in whose title or words every word of `query` occurs; best first.

        Raises:
            StorageError: the folder or the index cannot be read.
        """
        self._refreshed(self._paths())
        found = self._index.search(query)
        there = set(self._there(document.path for document in found))
        found = [document for document in found if document.path in there]
        if not found and not self._index.all():  # it was found to be broken just now, and made anew
            self._refreshed(self._paths())
            found = self._index.search(query)
        words = folded_text(query).split()
        return tuple(_entry(document, _snippet_around(_body(document), words)) for document in found)

    def find(self, ids: Collection[str], elsewhere: Iterable[Path] = ()) -> Path | None:
        """The file of a document that has one of some identities; None where there is none.

        Args:
            ids: the identities.
            elsewhere: files that are looked at first; they may lie anywhere.

        Raises:
            StorageError: the folder cannot be read.
        """
        for path in chain(self._there(elsewhere), self._paths()):
            document_id = (glance(path) or {}).get(Property.DOCUMENT_ID)
            if isinstance(document_id, str) and document_id in ids:
                return path
        return None

    def identities(self, elsewhere: Iterable[Path]) -> set[str]:
        """The identities of all documents of the folder, and of those in other files.

        Raises:
            StorageError: the folder cannot be read.
        """
        found = (
            (glance(path) or {}).get(Property.DOCUMENT_ID) for path in chain(self._there(elsewhere), self._paths())
        )
        return {each for each in found if isinstance(each, str)}

    def note(self, path: Path, title: str, text: str, is_shared: bool = False) -> None:
        """Tells the index what a document holds now, and whether it is on a server, while it is open or right after it
        was saved.

        The file's own properties TITLE, TEXT and LINK are what the index is rebuilt from; the caller sets them too.

        Raises:
            StorageError: the index is as it was.
        """
        path = path.absolute()
        self._index.put([Indexed(path, title, text, self._clock(), _stamp(path), is_shared)])

    def new_path(self, title: str = UNTITLED) -> Path:
        """A path for a new document that no file has: "Untitled", "Untitled 2", or a name made from the title.

        Raises:
            LibraryClosed: nothing can be put into the folder.
            StorageError: the folder cannot be made or read.
        """
        with failures_of(self.folder):
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                if os.access(self.folder, os.W_OK | os.X_OK):
                    return free_path(self.folder, title)
            except PermissionError as error:
                raise LibraryClosed(self.folder) from error
        raise LibraryClosed(self.folder)

    def rename(self, path: Path, title: str) -> Path:
        """Gives a closed document a title and its file the name that goes with it, and returns the new path.

        The title inside the shared text is the caller's to change.

        Raises:
            AlreadyThere: another file has that name.
            StoreLocked: the document is open.
            StorageError: it could not be renamed.
        """
        path = path.absolute()
        target = rename_closed(path, title, self._clock)
        self._tell_index(gone=[path])
        self._looked_at([target])
        return target

    def name_by_title(self, path: Path, title: str) -> Path:
        """Calls the file of a document that was just closed by its title, as `new_path` would, and returns the path
        that it has now. It keeps a name that a person gave it, and any in another place than the folder itself.

        Raises:
            StorageError: it is called as it was.
        """
        if not is_untitled(path.stem) or is_untitled(safe_name(title)):
            return path
        if not self._there([self.folder / path.name]) or not is_same_file(self.folder, path.parent):
            return path
        with failures_of(path):
            if has_other_names(path) or any(companion(path, ending).exists() for ending in COMPANIONS):
                return path  # what a full disk has left beside it goes by its name
            target = free_path(path.parent, title)
        move_closed(path, target, self._clock)
        self._tell_index(gone=[path])
        return target

    def duplicate(self, path: Path) -> Path:
        """Makes a document of its own with the same content, "Title copy", beside this one, and returns its path.

        Raises:
            NotThere, NotADocument, StorageError: none was made.
        """
        path = path.absolute()
        with DocumentReader(path) as reader, failures_of(path):
            title = f"{reader.properties.get(Property.TITLE) or path.stem} copy"
            target = free_path(path.parent, title)
            reader.save_copy(target, title=title)
        self._looked_at([target])
        return target

    def delete(self, path: Path) -> None:
        """Moves a closed document to the system's trash, with everything in one file.

        Raises:
            NotThere: there is no such file.
            NotADocument: it is a folder, or what else is no file.
            StoreLocked: it is open.
            CannotTrash: the system has no trash for it; it is where it was.
        """
        path = path.absolute()
        trash_closed(path, self._clock)
        self._tell_index(gone=[path])

    def _there(self, paths: Iterable[Path]) -> list[Path]:
        """Those of some files that are there, in the same order; none of a drive that does not answer."""
        wanted = list(paths)
        found = self._drives.are_there(wanted)
        return [path for path in wanted if found.get(path)]

    def _paths(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        with failures_of(self.folder):
            return [
                path
                for path in self.folder.rglob(f"*{SUFFIX}")
                if not is_damaged_copy(path)
                and not any(part.startswith(".") for part in path.relative_to(self.folder).parts)
                and is_file(path)
            ]

    def _refreshed(self, paths: Collection[Path]) -> dict[Path, Indexed]:
        """What is known after looking into every document of the folder that is new or has changed; of those elsewhere
        the index forgets what is not there any more."""
        known, here = self._looked_at(paths), set(paths)
        elsewhere = self._drives.are_there(path for path in known if path not in here)
        if gone := [path for path, is_there in elsewhere.items() if not is_there]:
            self._tell_index(gone=gone)
        return known

    def _looked_at(self, paths: Iterable[Path]) -> dict[Path, Indexed]:
        """What is known after looking into those of some documents that are new or have changed."""
        before = self._known()
        known = dict(before)
        changed: list[Indexed] = []
        size = 0  # characters of what the index does not know yet
        for path in paths:
            stamp = _stamp(path)
            if path in known and known[path].stamp == stamp:
                continue
            looked = _looked_into(path, stamp, known.get(path))
            if looked != known.get(path):
                known[path] = looked
                changed.append(looked)
                size += len(looked.text)
            if size >= PORTION:
                self._tell_index(changed, before)
                changed, size = [], 0
        self._tell_index(changed, before)
        return known

    def _known(self) -> dict[Path, Indexed]:
        """What the index knows; nothing where it cannot be read, so that all documents are looked into."""
        try:
            return self._index.all()
        except StorageError as error:
            _log.warning("the search index cannot be read: %s", error)
            return {}

    def _tell_index(
        self,
        changed: Sequence[Indexed] = (),
        before: Mapping[Path, Indexed] = MappingProxyType({}),
        gone: Sequence[Path] = (),
    ) -> None:
        """Has the index know what has changed since what was known before. Where it cannot be written, as on a full
        disk, it learns that later: people list and delete documents there all the same."""
        try:
            if gone:
                self._index.remove(gone)
            if changed:
                self._index.put(changed, before)
        except StorageError as error:
            _log.warning("the search index is behind: %s", error)


def is_damaged_copy(path: Path) -> bool:
    """Whether a file is what a damaged document was before it was repaired."""
    return _DAMAGED.search(path.name) is not None


def _looked_into(path: Path, stamp: str, known: Indexed | None) -> Indexed:
    """What is in a document; of one that cannot be read now, maybe for a moment, what was known before, if anything,
    without a stamp, so that it is looked into again."""
    properties = glance(path)
    if properties is None:
        stamp, properties = "", {}
        if known is not None:
            return known._replace(stamp=stamp)
    title = properties.get(Property.TITLE)
    text = properties.get(Property.TEXT)
    modified = properties.get(Property.MODIFIED)
    if not isinstance(modified, int):
        with suppress(OSError):
            modified = path.stat().st_mtime_ns // 1_000_000
    return Indexed(
        path,
        title if isinstance(title, str) and title.strip() else path.stem,
        text if isinstance(text, str) else "",
        modified if isinstance(modified, int) else 0,
        stamp,
        bool(properties.get(Property.LINK)),
    )


def _stamp(path: Path) -> str:
    try:
        facts = path.stat()
    except OSError:
        return ""
    return f"{facts.st_mtime_ns} {facts.st_size} {facts.st_ino}"


def _entry(document: Indexed, snippet: str) -> Entry:
    size = 0
    with suppress(OSError):
        size = document.path.stat().st_size
    return Entry(document.path, document.title, document.modified / 1000, size, snippet, document.is_shared)


def snippet_of(title: str, text: str) -> str:
    """About SNIPPET characters of a text, from what follows the title."""
    return _snippet(_without_title(title, text))


def _body(document: Indexed) -> str:
    return _without_title(document.title, document.text)


def _without_title(title: str, text: str) -> str:
    """The text without what says the title again: a first line, or its beginning where it is longer than a title."""
    first, _, rest = text.lstrip().partition("\n")
    if heading_of(first) != title:
        return text
    behind = " ".join(first.split())[len(title) :]
    return f"…{behind.lstrip()}\n{rest}" if behind else rest


def _snippet(text: str) -> str:
    words = " ".join(text[: 4 * SNIPPET].split())
    return words if len(words) <= SNIPPET else words[:SNIPPET].rstrip() + "…"


def _snippet_around(text: str, words: Iterable[str]) -> str:
    """A snippet in which the first of some words (see `folded_text`) is that occurs in the text."""
    line = " ".join(text.split())
    folded = folded_text(line)
    places = [place for place in (folded.find(word) for word in words) if place >= 0]
    if not places:
        return _snippet(line)
    first = _unfolded(line, min(places))
    if first < SNIPPET // 2:
        return _snippet(line)
    before = line.find(" ", first - SNIPPET // 2, first)  # in some languages no space is near
    return "…" + _snippet(line[before + 1 if before >= 0 else first - SNIPPET // 4 :].lstrip("…"))


def _unfolded(line: str, place: int) -> int:
    """Where in a line the character is that came to stand at a place when the line was folded."""
    low, high = 0, len(line)
    while high - low > 1:
        middle = (low + high) // 2
        length = len(folded_text(line[low:middle]))
        if length <= place:
            low, place = middle, place - length
        else:
            high = middle
    return low
