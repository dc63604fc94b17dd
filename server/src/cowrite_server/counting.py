"""Counting: a number with its noun, as people read it. For server and app."""

from __future__ import annotations


def counted(number: float, one: str, many: str = "") -> str:
    """A number with its noun: "1 note", "2 notes", "1,000 people".

    Args:
        number: how many; of a fraction, six digits are told.
        one: what one of them is called, with a verb where that depends on the number: "note is".
        many: what more of them are called, or none; the plural in "s" when left out.
    """
    return f"{number:{',' if isinstance(number, int) else 'g'}} {one if number == 1 else many or f'{one}s'}"
