"""Who is who in a document's history: the server's numbers of members as people with names and colours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cowrite.gui.history.moment_words import NOBODY, Author
from cowrite.gui.swatches import PEOPLE


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a room's people.

    Attributes:
        names: what members are called, by their numbers.
        colours: the colours of those who are here now, by their names, as documents store colours.
        others: what those are called who have no number.
    """

    names: Mapping[int, str] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    others: str = "Somebody"


def authors(members: Iterable[int | None], known: Known) -> dict[int | None, Author]:
    """Gives each member a name and, as far as the palette goes, a colour of their own.

    Args:
        members: their numbers; None stands for those who came without an invite.
        known: what is known of them.
    """
    numbers = sorted({member for member in members if member is not None})
    names = {number: known.names.get(number) or f"Member {number}" for number in numbers}
    found: dict[int, str] = {}
    for number, name in names.items():  # of two who chose the same colour, the first keeps it here
        if name in known.colours and known.colours[name] not in found.values():
            found[number] = known.colours[name]
    palette = [swatch.light for swatch in PEOPLE]
    for number in numbers:
        if number not in found:
            turned = palette[number % len(palette) :] + palette[: number % len(palette)]
            free = (colour for colour in turned if colour not in found.values())
            found[number] = next(free, turned[0])
    people: dict[int | None, Author] = {number: Author(number, names[number], found[number]) for number in numbers}
    return {**people, None: Author(None, known.others, NOBODY)}
