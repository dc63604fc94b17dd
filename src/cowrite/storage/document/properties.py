"""The properties of a document file, as a mapping from name to value.

Runs on the thread of its DocumentFile.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import AbstractContextManager

from cowrite.storage.document.database import all_properties, property_value, put_property
from cowrite.storage.layout import KEPT_BY_THE_FILE, Value, encoded

Access = Callable[[], AbstractContextManager[sqlite3.Connection]]
"""Opens a block in which the connection may be used; the block ends with a commit, or raises a StorageError."""


class Properties(MutableMapping[str, Value]):
    """Names (see `layout.Property`) to JSON values or bytes. Each change is on disk when it returns.

    `set_all` makes several changes at once, of which all or none survive a crash.
    """

    def __init__(self, reading: Access, writing: Access) -> None:
        self._reading, self._writing = reading, writing

    def __getitem__(self, name: str) -> Value:
        with self._reading() as connection:
            value = property_value(connection, name)
        if value is None:
            raise KeyError(name)
        return value

    def __setitem__(self, name: str, value: Value) -> None:
        self.set_all({name: value})

    def __delitem__(self, name: str) -> None:
        self[name]  # raises KeyError for a property that is not there
        with self._writing() as connection:
            put_property(connection, _free(name), None)

    def __iter__(self) -> Iterator[str]:
        with self._reading() as connection:
            return iter(all_properties(connection))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def set_all(self, values: Mapping[str, Value]) -> None:
        """Sets several properties in one transaction.

        Raises:
            ValueError: the file keeps one of them itself.
            TypeError: a value is neither bytes nor JSON.
            StorageError: none of them is set.
        """
        stored = {_free(name): encoded(value) for name, value in values.items()}
        with self._writing() as connection:
            for name, value in stored.items():
                put_property(connection, name, value)


def _free(name: str) -> str:
    if name in KEPT_BY_THE_FILE:
        raise ValueError(f"the file keeps the property {name} itself")
    return str(name)
