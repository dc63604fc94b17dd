"""How sure a model is of what it wrote, and which part of it is worth showing.

Runs anywhere. The measure: the joint probability of the words from the first one on, each word the product of its
tokens. It is the model's own estimate that all of them are what the person would write. The longest beginning that
keeps it above the threshold is shown; `benchmarks/suggestions.py` chose the threshold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cowrite.assist.requests import Token
from cowrite.assist.text.sentences import IDEOGRAPH

THRESHOLD = 0.35


def confident_part(tokens: Sequence[Token], threshold: float, begun: str = "") -> str:
    """The longest beginning, in whole words, whose joint probability is at least the threshold; empty for none.

    Args:
        tokens: with their probabilities.
        threshold: 0 to 1; 0 gives everything.
        begun: what the person has typed of it: the probability of these characters does not count.
    """
    text = ""
    joint = 1.0
    confident = ""
    begun = begun.lstrip()
    for number, token in enumerate(tokens):
        text += token.text
        if len(text.lstrip()) > len(begun):  # a token that is typed already is certain
            joint *= token.probability if token.probability is not None else 1.0
        if joint < threshold:
            break
        following = tokens[number + 1].text if number + 1 < len(tokens) else " "
        if _is_border(text, following):
            confident = text
    return confident


def _is_border(text: str, following: str) -> bool:
    """Whether a word ends between a text and what follows it."""
    if not text.strip():
        return False
    return not (following[:1].isalnum() or following[:1] in "'’-_") or bool(
        re.match(rf"[{IDEOGRAPH}]", following) or re.search(rf"[{IDEOGRAPH}]$", text)
    )
