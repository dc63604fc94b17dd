"""Wording: help with putting a question so that it opens up.

Runs anywhere. It looks at the form of a question and nothing else; whoever asks decides.
"""

from __future__ import annotations

import re

OPENING = "How might we"
GAP = "…"
"""Stands where a word of the person's is missing."""

_BEGUN = re.compile(r"how\s+(might|can|could|do|should|would|will)\s+(we|i|one)\b\s*", re.IGNORECASE)
_WISH = re.compile(r"(we|i)\s+(need|want|have|would like|'d like)\s+to\s+|(we|i)\s+(should|must)\s+", re.IGNORECASE)
_CHOICE = re.compile(r"\b(or|either)\b", re.IGNORECASE)
_MEANS = re.compile(r"\bby\s+\w+ing\b|\busing\b", re.IGNORECASE)
_YES_NO = re.compile(r"(should|can|could|do|does|is|are|will|would|must)\s", re.IGNORECASE)


def as_how_might_we(question: str) -> str:
    """A question as “How might we …?”; where a word is missing it has GAP."""
    words = question.strip().rstrip("?.!").strip()
    begun = _BEGUN.match(words) or _WISH.match(words)
    if begun:
        words = words[begun.end() :]
    elif words and not words.startswith(GAP):
        words = f"{GAP} {words[0].lower() if not words[:2].isupper() else words[0]}{words[1:]}"
    return f"{OPENING} {words or GAP}?"


def advice(question: str) -> str:
    """What could make a question more open, in one sentence; nothing where there is nothing to say."""
    words = question.strip()
    if not words:
        return ""
    if GAP in words:
        return f"Put your own words in the place of “{GAP}”."
    if not words.endswith("?"):
        return "As a question it opens more: what do you want to be different?"
    if _YES_NO.match(words):
        return "People can answer this with yes or no; “How might we …?” asks for more."
    if _MEANS.search(words):
        return "This names the means already; ask for the end, and more answers fit."
    if _CHOICE.search(words):
        return "This offers a choice; ask for what both answers should reach."
    return ""
