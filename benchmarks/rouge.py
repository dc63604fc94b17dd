"""ROUGE-L of a text against a reference (Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", 2004).

    P = LCS / words of the text,  R = LCS / words of the reference,  F = 2 · P · R / (P + R)

with the longest common subsequence of words, in small letters, anything but a-z and 0-9 between them: as the package
rouge-score computes it for one reference without a stemmer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence


def rouge_l(text: str, reference: str) -> float:
    """The F-measure, 0 to 1."""
    ours, theirs = _words(text), _words(reference)
    common = _common(ours, theirs)
    return 2 * common / (len(ours) + len(theirs)) if common else 0.0


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest common subsequence."""
    before = [0] * (len(other) + 1)
    for word in one:
        now = [0]
        for place, theirs in enumerate(other):
            now.append(before[place] + 1 if word == theirs else max(before[place + 1], now[-1]))
        before = now
    return before[-1]
