"""SuggestedChange: what a person would put into the draft or take out of it, until somebody decides."""

from __future__ import annotations

from dataclasses import dataclass

from cowrite.core.entries.authors import Author
from cowrite.core.suggestions.stretches import Stretch
from cowrite.core.text.richtext import Utf16


@dataclass(frozen=True, slots=True)
class SuggestedChange:
    """A change that is open.

    Attributes:
        id: "change:" and a random part, or what another program calls it.
        author: who suggests it; without name and id where nothing says it.
        created: milliseconds since 1970; 0 where nothing says it.
        stretches: all its parts, in the order of the text; at least one.
    """

    id: str
    author: Author
    created: int
    stretches: tuple[Stretch, ...]

    @property
    def start(self) -> Utf16:
        """Where it begins."""
        return self.stretches[0].start

    @property
    def comes(self) -> str:
        """The text that is to come in."""
        return "".join(stretch.text for stretch in self.stretches if stretch.comes)

    @property
    def goes(self) -> str:
        """The text that is to go."""
        return "".join(stretch.text for stretch in self.stretches if not stretch.comes)

    @property
    def is_move(self) -> bool:
        """Whether what goes comes in another place, and not written anew where it stands."""
        ends = {end for each in self.stretches if not each.comes for end in (each.start, each.stop)}
        touches = any(each.start in ends or each.stop in ends for each in self.stretches if each.comes)
        return bool(ends) and not touches and self.goes == self.comes
