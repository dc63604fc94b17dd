"""What the library remembers about each document, so that listing and searching open none of them.

An SQLite file that can be deleted at any time: the library fills it again. Each call opens and closes it, so it may be
used from any thread, and by several windows at once.

Matching: every word of the query must occur somewhere in title or text, also inside a word, whatever the case, the
accents, the kind of quotation marks and of i, and however far Arabic letters are drawn out. FTS5's trigrams find words
of three characters and more; shorter ones, and builds of SQLite without FTS5, are served by LIKE, with the same result.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from threading import Lock
from typing import NamedTuple, TypeVar

from cowrite.storage.errors import failures_of, sqlite_code
from cowrite.storage.placing import COMPANIONS, companion

T = TypeVar("T")

_log = logging.getLogger(__name__)

_VERSION = 4
_LOCK_WAIT = 5  # seconds
_TRIGRAM = 3  # characters
_ALIKE = str.maketrans("’‘“”„ı", '\'\'"""i', "\u0640")
"""Quotation marks as on a keyboard; one i, for only the language says which is meant; no sign that draws Arabic out."""
_BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})  # ERROR: a table is gone
_DOCUMENTS = (
    "CREATE TABLE documents"
    "(id INTEGER PRIMARY KEY, path BLOB UNIQUE, title TEXT, text TEXT, modified INTEGER, stamp TEXT, shared INTEGER)"
)
_FAST = "CREATE VIRTUAL TABLE words USING fts5(folded, tokenize = 'trigram')"
_PLAIN = "CREATE TABLE words(folded TEXT)"


class Indexed(NamedTuple):
    """What is known about one document.

    Attributes:
        path: its file.
        title: its title.
        text: its plain text.
        modified: time of its last edit, milliseconds since 1970.
        stamp: something that is another one when the file has changed since.
        is_shared: whether it is on a server.
    """

    path: Path
    title: str
    text: str
    modified: int
    stamp: str
    is_shared: bool = False


class SearchIndex:
    """The index file."""

    def __init__(self, path: Path) -> None:
        """An index in the file `path`, which is made at the first use."""
        self._path = path
        self._turn = Lock()  # SQLite lets whoever waits try again now and then, while others come first

    def put(self, documents: Iterable[Indexed], before: Mapping[Path, Indexed] | None = None) -> None:
        """Adds documents, or replaces what is known about them.

        Args:
            documents: what they say.
            before: what was known when they were looked into: one of which something else is known by now, as from who
                writes in it, stays as that is. None where it is replaced, whatever is known.

        Raises:
            StorageError: the index is as it was.
        """
        put = list(documents)

        def work(connection: sqlite3.Connection) -> None:
            for document in put:
                if before is None or _is_as_before(connection, document.path, before.get(document.path)):
                    _put(connection, document)

        self._run(work)

    def remove(self, paths: Iterable[Path]) -> None:
        """Forgets documents.

        Raises:
            StorageError: the index is as it was.
        """
        gone = [os.fsencode(path) for path in paths]

        def work(connection: sqlite3.Connection) -> None:
            for key in gone:
                _remove(connection, key)

        self._run(work)

    def all(self) -> dict[Path, Indexed]:
        """All that is known.

        Raises:
            StorageError: the index cannot be read.
        """
        return {document.path: document for document in self._run(lambda connection: _select(connection, "", []))}

    def search(self, query: str) -> list[Indexed]:
        """Documents with every word of the query: those with all of them in the title first, then by last edit.

        Raises:
            StorageError: the index cannot be read.
        """
        words = folded_text(query).split()
        if not words:
            return []

        def work(connection: sqlite3.Connection) -> list[Indexed]:
            conditions, values = _conditions(words, fast=_is_fast(connection))
            chosen = f"WHERE id IN (SELECT rowid FROM words WHERE {conditions}) ORDER BY modified DESC, path"
            return _select(connection, chosen, values)

        return sorted(self._run(work), key=lambda document: not _has_all(folded_text(document.title), words))

    def _run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Does work in one transaction; a broken index is deleted, and the work done in a new one."""
        with self._turn, failures_of(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                return _done(self._path, work)
            except UnicodeDecodeError as error:  # see `errors.failures_of`
                _log.info("the search index is broken: %s", error)
            except sqlite3.DatabaseError as error:
                if sqlite_code(error) not in _BROKEN:
                    raise
                _log.info("the search index is broken: %s", error)
            for file in (self._path, *(companion(self._path, ending) for ending in COMPANIONS)):
                file.unlink(missing_ok=True)
            return _done(self._path, work)


def _done(path: Path, work: Callable[[sqlite3.Connection], T]) -> T:
    with closing(_opened(path)) as connection:  # which rolls back what is not committed
        connection.execute("BEGIN IMMEDIATE")
        result = work(connection)
        connection.execute("COMMIT")
    return result


def _is_as_before(connection: sqlite3.Connection, path: Path, before: Indexed | None) -> bool:
    query = "SELECT modified, stamp FROM documents WHERE path = ?"
    found = connection.execute(query, (os.fsencode(path),)).fetchone()
    return found is None or (before is not None and found == (before.modified, before.stamp))


def _put(connection: sqlite3.Connection, document: Indexed) -> None:
    key = os.fsencode(document.path)  # a name may be no text
    title, text = _text(document.title), _text(document.text)
    there = connection.execute(
        "UPDATE documents SET modified = ?, stamp = ?, shared = ? WHERE path = ? AND title = ? AND text = ?",
        (document.modified, document.stamp, document.is_shared, key, title, text),
    )
    if there.rowcount:  # its words are in the index, and taking them in is most of the work
        return
    _remove(connection, key)
    cursor = connection.execute(
        "INSERT INTO documents(path, title, text, modified, stamp, shared) VALUES (?, ?, ?, ?, ?, ?)",
        (key, title, text, document.modified, document.stamp, document.is_shared),
    )
    folded = folded_text(f"{title}\n{text}")
    connection.execute("INSERT INTO words(rowid, folded) VALUES (?, ?)", (cursor.lastrowid, folded))


def _select(connection: sqlite3.Connection, chosen: str, values: list[str]) -> list[Indexed]:
    rows = connection.execute(f"SELECT path, title, text, modified, stamp, shared FROM documents {chosen}", values)
    return [Indexed(Path(os.fsdecode(path)), *facts)._replace(is_shared=bool(shared)) for path, *facts, shared in rows]


def folded_text(text: str) -> str:
    """Text as it is compared: without case, accents and what draws Arabic out, with quotes and i of a keyboard."""
    return "".join(map(_folded_line, text.splitlines(keepends=True)))  # accents are in few lines of a long text


def _folded_line(line: str) -> str:
    if line.isascii():
        return line.lower()
    decomposed = unicodedata.normalize("NFKD", line.casefold()).translate(_ALIKE)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _has_all(text: str, words: Iterable[str]) -> bool:
    return all(word in text for word in words)


def _conditions(words: Iterable[str], *, fast: bool) -> tuple[str, list[str]]:
    conditions: list[str] = []
    values: list[str] = []
    for word in words:
        if fast and len(word) >= _TRIGRAM:
            conditions.append("words MATCH ?")
            values.append('"' + word.replace('"', '""') + '"')
        else:
            conditions.append("folded LIKE ? ESCAPE '\\'")
            values.append("%" + word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%")
    return " AND ".join(conditions), values


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=_LOCK_WAIT)
    try:
        connection.execute("PRAGMA synchronous = OFF")  # what a power loss takes is made again
        if connection.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            _lay_out(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _lay_out(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("PRAGMA user_version").fetchone()[0] != _VERSION:  # another window may have been faster
        for table in ("words", "documents"):
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        connection.execute(_DOCUMENTS)
        try:
            connection.execute(_FAST)
        except sqlite3.OperationalError:  # a build without FTS5, or older than its trigrams
            connection.execute(_PLAIN)
        connection.execute(f"PRAGMA user_version = {_VERSION}")
    connection.execute("COMMIT")


def _is_fast(connection: sqlite3.Connection) -> bool:
    (sql,) = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'words'").fetchone()
    return "VIRTUAL" in sql


def _text(text: str) -> str:
    """What SQLite takes of a text: a title may be the name of a file, which may be in another encoding."""
    return text.encode(errors="replace").decode()


def _remove(connection: sqlite3.Connection, key: bytes) -> None:
    with suppress(TypeError):  # unknown: nothing to remove
        (identity,) = connection.execute("SELECT id FROM documents WHERE path = ?", (key,)).fetchone()
        connection.execute("DELETE FROM words WHERE rowid = ?", (identity,))
        connection.execute("DELETE FROM documents WHERE id = ?", (identity,))
