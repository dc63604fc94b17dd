"""Moving: all that a store keeps, row by row and table by table, on its way into another store. Without I/O.

The tables are the same in every database, but for what one keeps for itself alone. Between them rows go as plain
values: whole numbers, text, bytes and truths, each or nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from enum import Enum, auto
from typing import NamedTuple, Protocol

Row = tuple[int | str | bytes | bool | None, ...]
Batch = Sequence[Row]

BATCH_ROWS, BATCH_BYTES = 1000, 4 * 1024 * 1024
"""A batch ends with the row by which it comes to so many rows or so many bytes."""


class Kind(Enum):
    """What a column holds."""

    NUMBER = auto()
    TEXT = auto()
    BYTES = auto()
    TRUTH = auto()
    JSON = auto()
    """Text with a JSON value in it."""


class Table(NamedTuple):
    """A table that is moved.

    Attributes:
        name: its name.
        key: the columns of its key, in whose order its rows go.
        columns: what each column holds, by their names; the values of a row are in this order.
    """

    name: str
    key: tuple[str, ...]
    columns: dict[str, Kind]


def _table(
    name: str, key: str, *, numbers: str = "", text: str = "", data: str = "", truths: str = "", json: str = ""
) -> Table:
    kinds = {Kind.NUMBER: numbers, Kind.TEXT: text, Kind.BYTES: data, Kind.TRUTH: truths, Kind.JSON: json}
    return Table(
        name, tuple(key.split()), {column: kind for kind, columns in kinds.items() for column in columns.split()}
    )


TABLES = (
    _table("rooms", "id", numbers="id created blob_bytes", text="name epoch"),
    _table("forgotten", "room", numbers="room time", text="name epoch"),
    _table("invites", "id", numbers="id room created creator expires uses used withdrawn", text="role", data="secret"),
    _table(
        "members",
        "id",
        numbers="id room invite joined seen decided removed",
        text="role chosen name",
        data="secret",
        truths="own",
    ),
    _table("audit", "id", numbers="id room time actor", text="kind", json="details"),
    _table("snapshots", "room", numbers="room seq time", data="data"),
    _table("moments", "room last", numbers="room first last begun ended", data="data"),
    _table("versions", "room seq", numbers="room seq member time", text="name"),
    _table("updates", "room seq", numbers="room seq time member", data="data", truths="begins"),
    _table("blobs", "hash", text="media_type", data="hash data"),
    _table("room_blobs", "room hash", numbers="room", data="hash"),
    _table("sealed", "room box author item", numbers="room", text="box author item", data="data"),
    _table("opened", "room box", numbers="room", text="box", data="data"),
)
"""In an order in which rows refer to earlier ones only, but for invites to the members who made them."""


class Giving(Protocol):
    """A store as it is at one moment, for as long as this is open; nobody else writes to it meanwhile."""

    def batches(self, table: Table) -> AsyncIterator[Batch]:
        """All rows of a table in the order of its key; text and bytes in that of their bytes.

        Raises:
            StoreFailed: they could not be read.
        """


class Taking(Giving, Protocol):
    """A store that is empty before this is opened, and holds all that was taken, or nothing, when it is closed."""

    async def take(self, table: Table, batches: AsyncIterator[Batch]) -> None:
        """Takes rows of a table.

        Raises:
            StoreFailed: they could not be written.
        """


class Moving(Protocol):
    """The part of a store by which all of it goes into another one."""

    def giving(self, without: Collection[int] = ()) -> AbstractAsyncContextManager[Giving]:
        """Opens it to be read as a whole.

        Args:
            without: keys of rooms of which nothing is read, nor of the blobs that only they have.

        Raises:
            StoreFailed: it could not be, or somebody writes to it.
        """

    def taking(self) -> AbstractAsyncContextManager[Taking]:
        """Opens it to be filled. What was taken is kept when this ends well, all of it at once; else nothing is.

        Raises:
            NotEmpty: there is something in it already.
            StoreFailed: it could not be opened or written.
        """


class Tally:
    """Counts rows and sums them up, as they pass."""

    def __init__(self) -> None:
        """None yet."""
        self.rows = 0
        self._sum = hashlib.sha256()

    @property
    def digest(self) -> str:
        """The same for the same rows in the same order, and for no others."""
        return self._sum.hexdigest()

    def add(self, batch: Batch) -> None:
        """Takes rows into account."""
        for row in batch:
            for value in row:
                shown = value if isinstance(value, bytes) else repr(value).encode(errors="surrogatepass")
                self._sum.update(b"%s%d:" % (type(value).__name__.encode(), len(shown)))
                self._sum.update(shown)
        self.rows += len(batch)


def kept(table: Table, without: Collection[int]) -> str:
    """The SQL condition for the rows of a table that are not of some rooms alone.

    Args:
        table: the table.
        without: keys of the rooms.
    """
    if not without:
        return "TRUE"
    keys = f"({', '.join(map(str, without))})"
    if table.name == "blobs":
        holders = "SELECT hash FROM room_blobs WHERE room"
        return f"(hash NOT IN ({holders} IN {keys}) OR hash IN ({holders} NOT IN {keys}))"
    return f"id NOT IN {keys}" if table.name == "rooms" else f"(room IS NULL OR room NOT IN {keys})"


def size_of(row: Row) -> int:
    """About how many bytes a row takes."""
    return sum([len(value) if isinstance(value, bytes | str) else 8 for value in row])
