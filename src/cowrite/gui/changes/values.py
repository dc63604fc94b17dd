"""What the panel of suggested changes is told, as values. Runs on any thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

BREAK = "¶"
"""What stands for a line break in these texts."""


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """A suggested change.

    Attributes:
        id: its id.
        goes: the text that is to go, in one line; empty for none.
        comes: the text that is to come in, in one line; empty for none.
        name, colour: whose it says it is; the colour as the document stores it, both empty where nobody knows.
        source: on whose word that is, as "according to Ada"; empty where nothing else is known.
        when: how long ago, such as "5 minutes ago"; empty where nobody knows.
        moment: day and time.
        may_accept: whether the person may accept it.
        may_reject: whether the person may reject it, or take it back where it is theirs.
        is_mine: whether it is the person's own.
        is_move: whether what goes comes in another place.
    """

    id: str
    goes: str
    comes: str
    name: str
    colour: str
    source: str = ""
    when: str = ""
    moment: str = ""
    may_accept: bool = False
    may_reject: bool = False
    is_mine: bool = False
    is_move: bool = False

    @property
    def is_break(self) -> bool:
        """Whether it is about a single line break alone."""
        return self.goes + self.comes == BREAK

    @property
    def sentence(self) -> str:
        """What it would do, in words."""
        if self.is_break:
            return "Begin a new line" if self.comes else "Join two lines"
        if self.is_move:
            return f"Move “{self.goes}”"
        if self.goes and self.comes:
            return f"Replace “{self.goes}” with “{self.comes}”"
        return f"Delete “{self.goes}”" if self.goes else f"Add “{self.comes}”"


@dataclass(frozen=True, slots=True)
class ChangesShown:
    """All suggested changes. There can be thousands, of which few are in sight.

    Attributes:
        ids: theirs, in the order of the text.
        of: gives a change by its id.
        acceptable: those that the person may accept.
        rejectable: those that they may reject, or take back.
        may_begin: whether they can have what they write suggested.
    """

    ids: tuple[str, ...]
    of: Callable[[str], ChangeShown]
    acceptable: tuple[str, ...] = ()
    rejectable: tuple[str, ...] = ()
    may_begin: bool = True
