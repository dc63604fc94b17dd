"""Authors: who said or suggested something, and when, as fields of an entry say it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from cowrite.core.entries.fields import Fields, text, whole
from cowrite.core.text.richtext import MOST_EXACT
from cowrite_server.wire.names import FILLERS, clean_name

MOST_NAME = 1_000
"""Characters of a name; what a peer has written beyond them is cut off."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Author:
    """Who said something.

    Attributes:
        name: what they called themselves then.
        colour: theirs, as `#rrggbb`; empty where none is known.
        id: by which their own program knows them again, whatever they are called.
    """

    name: str
    colour: str = ""
    id: str = ""


class Authorship(NamedTuple):
    """Who said something, and when.

    Attributes:
        author: who; without name and id where nothing says it.
        created: milliseconds since 1970; 0 where nothing says it.
    """

    author: Author
    created: int


def author_fields(author: Author, now: int) -> dict[str, Any]:
    """The fields that say who made an entry, and when (milliseconds since 1970)."""
    return {"author": author.name, "colour": author.colour, "person": author.id, "created": now}


def author_of(fields: Fields) -> Author:
    """Who made an entry."""
    colour = text(fields, "colour")
    return Author(
        shown_name(text(fields, "author")), colour if _COLOUR.fullmatch(colour) else "", text(fields, "person")
    )


def authorship_of(fields: Fields) -> Authorship:
    """Who made an entry, and when."""
    return Authorship(author_of(fields), moment_of(fields))


def moment_of(fields: Fields) -> int:
    """When an entry was made, milliseconds since 1970; 0 where nothing says it."""
    return min(max(0, whole(fields, "created")), MOST_EXACT)


def shown_name(name: str) -> str:
    """A name or title without what turns the words beside it or breaks their line, as a server would have it."""
    name = name[:MOST_NAME]
    if name.isprintable() and name.strip() == name and FILLERS.isdisjoint(name):  # as nearly all are
        return name
    return clean_name(name, MOST_NAME) or ""
