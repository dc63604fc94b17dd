"""Strays: what another program has put between the letters of the body though it is neither text nor an embed.

Pure. The library counts each as a place in the text and tells of none of them, so that every edit behind one would be
made beside where the person made it. A string as an embed it tells of as text, and counts it as one place.
"""

from __future__ import annotations

from bisect import bisect_right

from cowrite.core.crdt.anchor import BODY
from cowrite.core.crdt.structs import Content, Id, Struct, read_structs
from cowrite_server.document.ranges import Ranges, deletion

_STRAYS = (Content.JSON, Content.BINARY, Content.ANY, Content.DOC)


def without_strays(state: bytes) -> bytes:
    """An update that deletes all strays in the body.

    Args:
        state: the whole document, in Yjs' encoding (v1).

    Raises:
        MalformedUpdate: the bytes are no document.
    """
    structs = _Structs(state)
    found: Ranges = {}
    for struct in structs.all:
        if _is_stray(struct) and structs.root_of(struct) == BODY:
            found.setdefault(struct.client, []).append((struct.clock, struct.length))
    return deletion(found)


def _is_stray(struct: Struct) -> bool:
    return struct.content in _STRAYS or (struct.content is Content.EMBED and struct.embed.lstrip().startswith('"'))


class _Structs:
    """The structs of a document, found by their ids."""

    def __init__(self, state: bytes) -> None:
        self.all = list(read_structs(state))
        self._of: dict[int, list[Struct]] = {}
        self._roots: dict[Struct, str] = {}
        for struct in self.all:
            self._of.setdefault(struct.client, []).append(struct)

    def root_of(self, struct: Struct) -> str:
        """The root in whose text a struct lies; empty where it lies elsewhere. It lies where its neighbours lie."""
        way: list[Struct] = []
        found: Struct | None = struct
        while found is not None and found not in self._roots:
            way.append(found)
            beside = found.origin or found.right_origin
            if beside is None:
                self._roots[found] = "" if found.key else found.root
            else:
                found = self._holder(beside)
        root = "" if found is None else self._roots[found]
        self._roots |= dict.fromkeys(way, root)
        return root

    def _holder(self, id: Id) -> Struct | None:
        """The struct that holds a unit."""
        structs = self._of.get(id.client, [])
        at = bisect_right(structs, id.clock, key=lambda struct: struct.clock) - 1
        return structs[at] if at >= 0 else None
