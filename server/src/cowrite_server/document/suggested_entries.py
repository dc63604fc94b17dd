"""Suggested entries: what a suggester may do with what the document says of suggested changes.

The root `suggestions` has an entry for each change, with whose it is and how it was decided, and one for each text of
the assistant that is suggested, with which model wrote it. Others believe them, so nobody may write them for others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from cowrite_server.document.entry_values import Content, exact, whole_number
from cowrite_server.document.structs import Id

ROOT = "suggestions"

ASSIST = "assist:"
"""How the ids of records of the assistant's text begin. They come along with text that is copied from elsewhere."""

_DECIDED = frozenset({"state", "decided_by", "decided"})
"""Fields that change when somebody withdraws a change."""

_ENDED = _DECIDED | {"restored"}
"""Fields that say of a change that it is over, also since a moment of the history was restored without it."""

_NAMES = ("author", "decided_by")
"""Fields that say what the person is called who writes them."""

_WRITERS = "writers"
"""A field with the client ids by which the history has brought back what comes in with a change, behind the first."""

_KNOWING, _BY = "knowing", "by"
"""A field with what somebody knew who decided, and what they are called in it."""
_BACK, _ANEW = "back:", "anew:"
"""How the names of fields begin that end with a client id and say which text of that one has come back. Those who may
edit delete or strike what such a field names."""

Entries = Mapping[str, Content]


def are_own(before: Entries, after: Entries, writers: Collection[int], is_foreign: Callable[[int], bool]) -> bool:
    """Whether somebody has written nothing for others.

    An entry that names a client id is that one's: nobody else begins it, and of one that is there its decision alone
    may become another one, and not where it is somebody else's. Entries of programs that name none are everybody's.
    What is known of the assistant's text stays as it is, and so does what the history says it has brought back. Which
    text has come back nobody says of what others have written, nor of any but what they suggest anew.

    Args:
        before: the entries as they were.
        after: the entries as they are.
        writers: client ids of the sender that have written more.
        is_foreign: whether a client id is known to be somebody else's than the sender's.
    """
    if any(id.startswith(ASSIST) or client_of(before[id]) is not None for id in before.keys() - after.keys()):
        return False
    for id, is_new, now in _changed(before, after):
        said = _differing({} if is_new else before[id], now)
        if _WRITERS in said or _has_come_back(said, writers):
            return False
        owner = None if is_new else client_of(before[id])
        if id.startswith(ASSIST):
            if not is_new or not isinstance(now, dict):
                return False
        elif owner is None:
            if (client := client_of(now)) is not None and client not in writers:
                return False
        elif _differing(before[id], now) - _DECIDED or is_foreign(owner):
            return False
    return True


def back(client: int, units: Sequence[tuple[Id, int]]) -> tuple[str, dict[str, Any]]:
    """What says by which ids text goes that the server has written again, with its id.

    Args:
        client: by which it was written, in a row from its first unit on.
        units: by which ids it went, the first one and the number of each part.
    """
    said: list[list[int]] = []
    clock = 0
    for first, length in units:
        said.append([*first, client, clock, length])
        clock += length
    return back_id(client), {f"{_BACK}{client}": said}


def back_id(client: int) -> str:
    """The id of the entry which says what the server has written again by a client id; see `back`."""
    return f"{_BACK}{client}"


def as_open(fields: dict[str, Any], *, is_own: bool, anew: int | None) -> dict[str, Any]:
    """What an entry says of a change as long as nobody has decided on it.

    Args:
        fields: what it says.
        is_own: whether all that comes in with it was written by the clients that it names.
        anew: the client by which that is written anew, or some of it; None for none. Who has suggested the change can
            then withdraw what any of them wrote, but does not go on with it.
    """
    left = _ENDED if is_own and anew is None else _ENDED | {"client"}
    writers = {} if anew is None else {_WRITERS: [*writers_of(fields), anew]}
    return {name: value for name, value in fields.items() if name not in left} | writers


def brought_back(entries: Entries, is_own: Callable[[int], bool]) -> dict[int, set[str]]:
    """The changes of somebody that the history has brought back, by the clients by which it has written them again.

    Args:
        entries: those of the document.
        is_own: whether a client id is known to be that person's.
    """
    found: dict[int, set[str]] = {}
    for id, entry in entries.items():
        if isinstance(entry, dict) and _WRITERS in entry:
            writers = writers_of(entry)
            if any(map(is_own, writers)):
                for client in writers:
                    found.setdefault(client, set()).add(id)
    return found


def begun_by(entries: Entries, name: str) -> set[int]:
    """The client ids by which somebody of a name has begun changes; the server has seen to it that it was theirs.

    Args:
        entries: those of the document.
        name: what the person is called.
    """
    named = (entry for entry in entries.values() if isinstance(entry, dict) and entry.get("author") == name)
    return {client for entry in named if (client := client_of(entry)) is not None}


def misnamed(before: Entries, after: Entries, name: str) -> dict[tuple[str, str], Any]:
    """The names in entries of changes that somebody has written, and that are not what they are called.

    Args:
        before: the entries as they were.
        after: the entries as they are; see `are_own`.
        name: what the person is called.

    Returns:
        By the entry's id and the field what it should hold.
    """
    found: dict[tuple[str, str], Any] = {}
    for id, is_new, now in _changed(before, after):
        if not isinstance(now, dict) or id.startswith(ASSIST):
            continue
        written = _differing({} if is_new else before[id], now)
        names = written.intersection(_NAMES) | ({"author"} if is_new else set())
        found |= {(id, field): name for field in names if now.get(field) != name}
        knowing = now.get(_KNOWING) if _KNOWING in written else None
        if isinstance(knowing, dict) and knowing.get(_BY, name) != name:
            found[id, _KNOWING] = {**knowing, _BY: name}
    return found


def _has_come_back(fields: Collection[str], writers: Collection[int]) -> bool:
    """Whether somebody who has written some fields says of text that it has come back, and not of theirs alone."""
    own = {f"{_ANEW}{client}" for client in writers}
    return any(name.startswith((_BACK, _ANEW)) and name not in own for name in fields)


def _changed(before: Entries, after: Entries) -> Iterator[tuple[str, bool, Content]]:
    """Id of each entry that is new or says something else, whether it is new, and what it is now."""
    for id, now in after.items():
        if id not in before:
            yield id, True, now
        elif _differing(before[id], now):
            yield id, False, now


def _differing(was: Content, now: Content) -> set[str]:
    """The names of fields with another value; one that is no field's where the entry is another kind of thing."""
    if not isinstance(was, dict) or not isinstance(now, dict):
        return set() if was == now else {""}
    both = was.keys() & now.keys()
    return (was.keys() ^ now.keys()) | {name for name in both if exact(was[name]) != exact(now[name])}


def client_of(entry: Content) -> int | None:
    """The client id that an entry names, or None."""
    return whole_number(entry.get("client")) if isinstance(entry, dict) else None


def writers_of(entry: dict[str, Any]) -> tuple[int, ...]:
    """The client ids that an entry names: that which began the change, or those by which it was written again."""
    restored = entry.get(_WRITERS)
    values = [entry.get("client"), *(restored if isinstance(restored, list) else ())]
    return tuple(client for value in values if (client := whole_number(value)) is not None)
