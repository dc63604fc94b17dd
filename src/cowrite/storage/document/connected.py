"""The connection that writes a document: with its write-ahead log, and where the files of both are.

Runs on the caller's thread.
"""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, Self

from cowrite.storage.document import database
from cowrite.storage.document.imprint import Imprint
from cowrite.storage.document.write_ahead_log import WriteAheadLog
from cowrite.storage.placing import Whereabouts


class Connected(NamedTuple):
    """A connection to a document's file.

    Attributes:
        connection: it.
        wal: its log.
        whereabouts: where its files are.
        imprint: what its file is like.
    """

    connection: sqlite3.Connection
    wal: WriteAheadLog
    whereabouts: Whereabouts
    imprint: Imprint

    @classmethod
    def to(cls, path: Path) -> Self:
        """Connects to the file at a path.

        Raises:
            OSError, sqlite3.Error: it cannot be written.
        """
        with ExitStack() as stack:
            connection = database.connect_to_write(path)
            stack.callback(connection.close)
            wal = WriteAheadLog(connection, path)
            connected = cls(connection, wal, Whereabouts(path, has_wal=wal.is_there), Imprint(connection, path))
            stack.pop_all()  # it stays open
        return connected
