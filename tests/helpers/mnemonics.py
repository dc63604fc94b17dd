"""The letters by which the entries of a menu are reached."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

MNEMONIC = re.compile("&([^&])")


def doubled(texts: Iterable[str]) -> list[str]:
    """Letters by which more than one entry would be reached: the key then only goes from one to the next."""
    letters = Counter(match[1].lower() for text in texts if (match := MNEMONIC.search(text)))
    return [letter for letter, count in letters.items() if count > 1]
