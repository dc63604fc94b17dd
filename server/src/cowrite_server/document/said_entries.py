"""Said entries: what people say of themselves in a session, and who may.

The root `board` has an entry for each person who is done with a phase, has handed notes in, has opened a note, or says
whether a session was worth the time. It has the person's name, and its id ends with that. Others believe it, so whoever
may not edit writes their own alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from cowrite_server.document.entry_values import Content

ROOT = "board"

_BEFORE_NAME = {"done": 3, "wrote": 2, "seen": 2, "worth": 2}
"""By kinds, which begin an id, how many parts of it come before the name, which may have a colon itself."""

_LONGEST = 1000
"""UTF-16 units of an id and of a text in it at most: an entry says little."""


def are_own(before: Mapping[str, Content], after: Mapping[str, Content], name: str) -> bool:
    """Whether somebody has said something of themselves alone.

    Args:
        before: the entries that they touched, as they were; also what is in them and not read here counts.
        after: these as they are.
        name: what the person is called.
    """
    for id in before.keys() | after.keys():
        was, now = before.get(id), after.get(id)
        if not _is_of(id, name) or len(id) > _LONGEST:
            return False
        if not _is_said_by(now, name) or (id in before and not _is_said_by(was, name)):
            return False
    return True


def _is_of(id: str, name: str) -> bool:
    parts = _BEFORE_NAME.get(id.partition(":")[0])
    return parts is not None and id.split(":", parts)[parts:] == [name]


def _is_said_by(entry: Content | None, name: str) -> bool:
    if not isinstance(entry, dict) or entry.get("name") != name:
        return False
    return all(isinstance(each, bool) or (isinstance(each, str) and len(each) <= _LONGEST) for each in entry.values())
