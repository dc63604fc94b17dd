"""Depth: how deep shared types of a document may lie within one another, such as a map in a map.

Runs on the document's thread. Without a limit the library deletes what is in a type recursively, and ends the process
where that is too deep: see `cowrite_server.document.nesting`. What a document of cowrite holds is two levels deep.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pycrdt import Doc, get_update

from cowrite.core.errors import MalformedUpdate

if TYPE_CHECKING:
    from cowrite_server.document.census import Counted

_MOST = 400
"""Levels of types that a document may have: a multiple of what servers let in, and a fifth of what ends the process on
the smallest stacks in use (512 kB)."""


_LARGE = 64 * 1024
"""Bytes of an update that is read only where the number of its types says too little."""


class Depth:
    """The depth of one document, as far as it has to be known.

    What lies in a root, as nearly all does, or in what came with it says itself how deep it lies. Of the rest it is
    taken that each lies in the deepest that was there; only where that is too deep is the whole document read.
    """

    def __init__(self) -> None:
        self._at_most = 0
        self._lacking: list[bytes] = []  # what may wait for what it lies in, which then is deeper than it seems

    def note(self, counted: Counted, doc: Doc[Any]) -> None:
        """Takes note of an update that is about to be taken in.

        Args:
            counted: in Yjs' encoding (v1), with bounds that were looked at.
            doc: into which it is to go.

        Raises:
            MalformedUpdate: types would be nested too deeply, or nobody can tell.
        """
        from cowrite_server.document.nesting import Levels, levels_in, types_within  # not needed before somebody shares
        from cowrite_server.document.updates import merge
        from cowrite_server.errors import BrokenUpdate

        update, lacking = counted.update, self._lacking
        try:
            types = types_within(counted, _MOST)
            if not types:
                return
            if len(update) > _LARGE and self._at_most + types < _MOST:
                levels = Levels(types + 1, lacks=True)  # of one of them, and of what lies in it
            else:
                levels = levels_in(update, _MOST)
            at_most = max(self._at_most, levels.deepest)
            if levels.lacks:
                at_most = self._at_most + levels.deepest
                vector = doc.get_state()
                lacking = [each for each in lacking if not get_update(each, vector).startswith(b"\0")]
                lacking.append(update)
            if at_most > _MOST:
                at_most = levels_in(merge([doc.get_update(), update, *lacking]), _MOST).deepest
        except BrokenUpdate as error:
            raise MalformedUpdate(len(update)) from error
        if at_most > _MOST:
            raise MalformedUpdate(len(update))
        self._at_most, self._lacking = at_most, lacking
