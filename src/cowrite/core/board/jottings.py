"""Jottings: notes as they come in from elsewhere, before they are on a board."""

from __future__ import annotations

from dataclasses import dataclass

from cowrite.core.board.items import Hand, Tie


@dataclass(frozen=True, slots=True)
class JottedLink:
    """A link from one jotting to another.

    Attributes:
        tie: what it says.
        number: of the jotting to which it leads.
    """

    tie: Tie
    number: int


@dataclass(frozen=True, slots=True)
class Jotting:
    """One idea as it was typed or read somewhere.

    Attributes:
        text: what it says; empty where it is only a picture.
        group: the title of its group, or empty; one that is not there yet is made.
        colour: one of `board.COLOURS`, or empty.
        author: who wrote it; empty for whoever sits here.
        stands_for: what is merged into it.
        is_late: whether it came when the writing of its session was over.
        frame: the title of the frame in which it lies, or empty.
        picture: the name of its image ("sha256:…"), or empty.
        number: by which links name it; 0 where none does.
        links: its links to others.
        hand: whether a person or the model wrote it.
        model_text: what the model wrote of it; empty for a person's, and where that is not known.
        group_model_text: what it wrote of the title of its group; empty for a person's.
    """

    text: str
    group: str = ""
    colour: str = ""
    author: str = ""
    stands_for: tuple[Jotting, ...] = ()
    is_late: bool = False
    frame: str = ""
    picture: str = ""
    number: int = 0
    links: tuple[JottedLink, ...] = ()
    hand: Hand = Hand.PERSON
    model_text: str = ""
    group_model_text: str = ""
