"""Merging: two versions of a short text into one, letter by letter, while one of them is still being typed.

Runs anywhere. What either side put in stays, and what either side took out goes.
"""

from __future__ import annotations

from difflib import SequenceMatcher


def merged_text(base: str, mine: str, theirs: str) -> str:
    """What two people made of a text.

    Args:
        base: the text that both began with.
        mine, theirs: what each made of it. Where both put something in at one place, theirs comes first; where it is
            the same, it comes once.
    """
    my_letters, my_gone = _changes(base, mine)
    their_letters, their_gone = _changes(base, theirs)
    pieces = []
    for at in range(len(base) + 1):
        pieces.append(their_letters.get(at, ""))
        if my_letters.get(at, "") != their_letters.get(at, ""):
            pieces.append(my_letters.get(at, ""))
        if at < len(base) and at not in my_gone and at not in their_gone:
            pieces.append(base[at])
    return "".join(pieces)


def _changes(base: str, made: str) -> tuple[dict[int, str], set[int]]:
    """What was put in, by the place in `base` before which it stands, and which of its letters went."""
    letters: dict[int, str] = {}
    gone: set[int] = set()
    for kind, start, stop, begin, end in SequenceMatcher(None, base, made, autojunk=False).get_opcodes():
        if kind != "equal":
            gone |= set(range(start, stop))
            letters[start] = made[begin:end]
    return letters, gone
