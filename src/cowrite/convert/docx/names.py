"""The names of elements and attributes of a Word file, with their namespaces."""

from __future__ import annotations

from functools import cache

from docx.oxml import ns

LONGEST_NUMBER = 9
"""Digits of a number in a file; longer ones are none."""


@cache
def qn(name: str) -> str:
    """The name of an element or attribute as lxml has it, from one such as "w:p": python-docx works it out each time.

    Args:
        name: one that stands in cowrite's code, so that there are few.
    """
    return str(ns.qn(name))


def number_in(stated: str) -> int | None:
    """The number that a file states in ASCII digits; None for anything else, and for a longer one than LONGEST_NUMBER
    digits, which Python may refuse to read."""
    return int(stated) if stated.isascii() and stated.isdecimal() and len(stated) <= LONGEST_NUMBER else None
