"""Parts: what an entry has several of, such as the options of a decision, each field of each under a name of its own.

Pure. Two people who add a part at the same time keep both, and two who change different fields of one keep both, where
a list as one value would be that of whoever wrote later. A field's name is KIND:ID:FIELD. A part is there while it has
a place in the order; like an entry it is only marked as removed. Parts that a file has from the time when they were
such a list are handed in; what has been set of them since stands under names like all others, and counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cowrite.core.entries.entries import Written
from cowrite.core.entries.fields import REMOVED, Fields, whole

ORDER = "order"
"""The field that says where a part stands among its like; of two with the same place the lesser id comes first."""
Parts = Mapping[str, Mapping[str, Any]]
"""For each id of a part its fields."""


def parts_in(fields: Fields, kind: str, listed: Parts) -> dict[str, dict[str, Any]]:
    """The parts of one kind in the fields of an entry, in their order.

    Args:
        fields: of the entry.
        kind: of the parts.
        listed: those that a file has from before, in their order.
    """
    here = {id: each for id, each in _stored(fields, kind, listed).items() if ORDER in each and not each.get(REMOVED)}
    return dict(sorted(here.items(), key=_place))


def changed(fields: Fields, kind: str, listed: Parts, wanted: Sequence[Parts]) -> dict[str, Any]:
    """What is to be set in an entry so that it has the parts that are wanted, and no others of their kind.

    Args:
        fields: of the entry; empty for a new one.
        kind, listed: see `parts_in`.
        wanted: one or several lists of parts, each in its order. What is empty or False need not be stored; a `Written`
            value is, so that several people type in one text from the first letter on.
    """
    stored = _stored(fields, kind, listed)
    found: dict[str, Any] = {}
    for list_ in wanted:
        last: tuple[int, str] | None = None
        for id, part in list_.items():
            known = stored.get(id, {})
            here = (whole(known, ORDER), id) if ORDER in known else None
            if here is None or (last is not None and here <= last):
                here = (0 if last is None else last[0] + 1, id)
            last = here
            now = {**part, ORDER: here[0], **({REMOVED: False} if known.get(REMOVED) else {})}
            found |= {
                f"{kind}:{id}:{name}": value
                for name, value in now.items()
                if (known.get(name) != value if name in known else bool(value) or _is_made_at_once(name, value))
            }
    kept = {id for list_ in wanted for id in list_}
    gone = [id for id, part in stored.items() if id not in kept and ORDER in part and not part.get(REMOVED)]
    return found | {f"{kind}:{id}:{REMOVED}": True for id in gone}


def _is_made_at_once(name: str, value: Any) -> bool:
    return name == ORDER or isinstance(value, Written)


def _stored(fields: Fields, kind: str, listed: Parts) -> dict[str, dict[str, Any]]:
    """All parts, removed ones too."""
    found = {id: {ORDER: at, **part} for at, (id, part) in enumerate(listed.items())}
    prefix = f"{kind}:"
    for name, value in fields.items():
        if name.startswith(prefix):
            id, _, field = name.removeprefix(prefix).partition(":")
            if field:
                found.setdefault(id, {})[field] = value
    return found


def _place(part: tuple[str, Mapping[str, Any]]) -> tuple[int, str]:
    return whole(part[1], ORDER), part[0]
