"""Speller: knows the words of languages, and proposes others for one that it does not know.

Used from the GUI thread. The words are loaded on a thread of their own, and a person's own are kept on the storage
thread.
"""

from __future__ import annotations

import gzip
import json
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, Signal

from cowrite.bridge.deliveries import Deliveries
from cowrite.core.writing.spelling import misspelt, plain
from cowrite.storage.own_words import add_word, load_words

if TYPE_CHECKING:
    from spellchecker import SpellChecker

LANGUAGES = {
    "de": "Deutsch",
    "en": "English",
    "eu": "Euskara",
    "fr": "Français",
    "it": "Italiano",
    "lv": "Latviešu",
    "nl": "Nederlands",
    "pt": "Português",
    "ru": "Русский",
}
"""Languages whose words are there, by their codes, as they call themselves. Of Spanish only those are that head
the articles of a dictionary: two words in five would be marked."""
BY_TEXT = "text"
"""In the place of a language: the one that a text shows."""
MOST = 5  # proposals for a word


class Speller(QObject):
    """The words of each language that is asked about, and those that a person has added.

    Args:
        own_words: the file of the person's own.
        keep: has work done on the storage thread, and again where it fails.
        say: is told that the person's own words cannot be read.
        parent: Qt parent.
    """

    changed = Signal()
    """Other words are known now."""

    def __init__(
        self,
        own_words: Path,
        keep: Callable[[Callable[[], None]], object],
        say: Callable[[Exception], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._own_words = own_words
        self._keep = keep
        self._say = say
        self._checkers: dict[str, SpellChecker | None] = {}  # none while it is loaded
        self._own: frozenset[str] = frozenset()
        self._unkept: deque[str] = deque()  # own words that are not in their file
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spelling")
        self._deliveries = Deliveries(self)

    def forget(self) -> None:
        """Forgets all languages: others are chosen. One that is asked about again is loaded again."""
        self._checkers.clear()
        self.changed.emit()

    def misspelt(self, line: str, language: str) -> list[tuple[int, int]]:
        """Ranges (code points) of a line's words that a language, by its code, does not have; none while its words are
        loaded, which this begins."""
        checker = self._checker(language)
        if checker is None:
            return []
        words = checker.word_frequency.dictionary
        return list(misspelt(line, language, lambda word: word in self._own or word in words))

    def proposals(self, word: str, language: str) -> list[str]:
        """Words of a language that differ from a word in one letter, the most used first; its capital is kept."""
        checker = self._checker(language)
        if checker is None:
            return []
        found = checker.candidates(plain(word)) or set()
        often = checker.word_frequency.dictionary
        best = sorted(found - {plain(word)}, key=lambda each: (-often.get(each, 0), each))[:MOST]
        return [each.capitalize() if word[0].isupper() else each for each in best]

    def learn(self, word: str) -> None:
        """Takes a word for right from now on, in small letters or as it is."""
        self._own |= {plain(word)}
        self._unkept.append(word)
        self._keep(self._store)
        self.changed.emit()

    def _store(self) -> None:
        """Runs on the storage thread."""
        while self._unkept:
            add_word(self._own_words, self._unkept[0])
            self._unkept.popleft()

    def close(self) -> None:
        """Waits for what is loaded."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _checker(self, language: str) -> SpellChecker | None:
        if language not in self._checkers:
            self._checkers[language] = None
            self._deliveries.run(self._executor, lambda: load_words(self._own_words), self._take_own, self._say)
            self._deliveries.run(self._executor, lambda: load(language), lambda checker: self._take(language, checker))
        return self._checkers[language]

    def _take(self, language: str, checker: SpellChecker) -> None:
        if language in self._checkers:
            self._checkers[language] = checker
            self.changed.emit()

    def _take_own(self, own: frozenset[str]) -> None:
        self._own |= set(map(plain, own))


def system_language() -> str:
    """The code of the system's language; BY_TEXT where it names none, and empty where no words of it are here."""
    system = QLocale.system()
    if system.language() == QLocale.Language.C:  # LANG=C, as in containers and on many servers
        return BY_TEXT
    code = system.name()[:2]
    return code if code in LANGUAGES else ""


def load(language: str) -> SpellChecker:
    """The words of a language, by its code.

    As `SpellChecker(language)`, which reads all of them in one call: meanwhile no other thread has its turn.
    """
    from spellchecker import SpellChecker

    checker = SpellChecker(language=None, distance=1)
    words = checker.word_frequency.dictionary
    packed = files("spellchecker").joinpath("resources", f"{language}.json.gz").read_bytes()
    for line in gzip.decompress(packed).decode().splitlines():
        word, colon, often = line.rstrip(",").rpartition(": ")
        if colon:
            words[json.loads(word)] = int(often)
    checker.word_frequency.load_words(())  # counts letters, of which proposals are made
    return checker
