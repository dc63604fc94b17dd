"""Quotes that stand word for word in a text, and where.

Runs anywhere. Positions are code points. A quote counts as found where it is the same after all white space has been
made single spaces, and curly quotation marks straight; nothing else is forgiven. Footnotes and pictures, each of which
is one character of a draft, are no words: models leave them out.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left

from cowrite.assist.text.sentences import IDEOGRAPH, words
from cowrite.core.text.quote import Quote
from cowrite.core.text.richtext import EMBED_CHARACTER

MIN_WORDS = 2  # a quote of one word proves nothing
_ALIKE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " "})


def find_quote(source: str, claimed: str, near: int = 0) -> Quote | None:
    """Where the words that somebody claims to quote stand in a source.

    Args:
        source: the text that is quoted.
        claimed: the words; white space around them and quotation marks about them do not count.
        near: of several places the first one from here on is taken, else the first of all; code points.

    Returns:
        The words as they stand in the source, or None where they do not.
    """
    wanted = _plain(_unquoted(claimed)).split()
    if not wanted:
        return None
    # Both in the same form, so that one pattern finds what differs in white space only. The length is kept.
    joined = r"\s+".join(re.escape(word) for word in wanted)
    pattern = re.compile(rf"(?<![^\W{IDEOGRAPH}]){joined}(?![^\W{IDEOGRAPH}])")
    kept = [at for at, letter in enumerate(source) if letter != EMBED_CHARACTER] if EMBED_CHARACTER in source else None
    plain = _plain(source)
    match = pattern.search(plain, near if kept is None else bisect_left(kept, near)) or pattern.search(plain)
    if match is None:
        return None
    start, end = match.span() if kept is None else (kept[match.start()], kept[match.end() - 1] + 1)
    return Quote(source[start:end], start, end)


def verified(source: str, claims: list[str]) -> tuple[Quote, ...]:
    """Those of the claimed quotes that stand in the source and have some words, each place once, in their order."""
    found: list[Quote] = []
    for claim in claims:
        quote = find_quote(source, claim)
        if quote is not None and len(words(quote.text)) >= MIN_WORDS and quote not in found:
            found.append(quote)
    return tuple(found)


def _plain(text: str) -> str:
    return text.translate(_ALIKE).replace(EMBED_CHARACTER, "")


def _unquoted(text: str) -> str:
    text = text.strip()
    while len(text) > 1 and unicodedata.category(text[0]) in ("Pi", "Po") and text[0] in "\"“”'‘«»„":
        text = text[1:].lstrip()
    while len(text) > 1 and text[-1] in "\"“”'’«»":
        text = text[:-1].rstrip()
    return text
