"""PageComments: the comments that go along with the words of a page, when these are copied, pasted or moved.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cowrite.core.writing.places import Place
from cowrite.gui.page.clipboard import Commented


class PageComments:
    """What one page asks and tells of comments; there are none until somebody says so.

    Attributes:
        commented: gives the passages between two positions of the draft on which comments stand.
        brought: is told with which such passages something was pasted, and between which positions it stands now.
        standing: gives where the comments between two positions of the draft stand, by their ids.
        moved: is told where such comments stand now, whose text was put elsewhere as it is.
    """

    def __init__(self) -> None:
        self.commented: Callable[[int, int], Sequence[Commented]] = lambda _start, _stop: ()
        self.brought: Callable[[Sequence[Commented], int, int], None] = lambda _found, _start, _stop: None
        self.standing: Callable[[int, int], Mapping[str, Place]] = lambda _start, _stop: {}
        self.moved: Callable[[Mapping[str, Place]], None] = lambda _places: None
