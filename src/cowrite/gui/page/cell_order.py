"""By what the words of a cell are sorted: a number by what it comes to, anything else as the person's language does.

Runs on the GUI thread.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cmp_to_key
from math import isfinite
from typing import Any

from PySide6.QtCore import QCollator, QLocale, Qt


def cell_order(locale: QLocale) -> Callable[[str], Any]:
    """Gives of words what compares as they do: numbers before all others, `Item 9` before `Item 10`.

    Args:
        locale: writes numbers as the person does, and has the order of their alphabet.
    """
    has_alphabet = locale.language() != QLocale.Language.C  # whose order is that of the numbers of characters
    collator = QCollator(locale if has_alphabet else QLocale(QLocale.Language.English))
    collator.setNumericMode(True)
    collator.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    as_text = cmp_to_key(collator.compare)

    def key(words: str) -> tuple[Any, ...]:
        number = _number(words, locale)
        return (1, as_text(words)) if number is None else (0, number)

    return key


def _number(words: str, locale: QLocale) -> float | None:
    """The number that words are, also with a sign of a currency or of per cent; None for words that are none."""
    bare = "".join(each for each in words if each != "%" and unicodedata.category(each) != "Sc").strip()
    bare = bare.replace("\N{MINUS SIGN}", "-")
    for each in (locale, QLocale.c()):
        number, is_one = each.toDouble(bare)
        if is_one and isfinite(number):
            return number
    return None
