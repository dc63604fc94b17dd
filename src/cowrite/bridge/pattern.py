"""Pattern: a regular expression, and where it is found in a text.

Runs on the thread that calls it, which never waits long: PCRE2, by way of Qt, bounds how large a pattern becomes and
how many steps are tried from each letter on, and between two places the time is looked at. Each line is searched by
itself.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QRegularExpression, QRegularExpressionMatchIterator

from cowrite.core.text.richtext import SOFT_BREAK, utf16_length
from cowrite.core.text.search import within_letters
from cowrite.core.writing.replacing import Found, Range
from cowrite.errors import CowriteError

PATIENCE = 1.0  # seconds of work in which all places are to be found
_STEPS = 2**27  # to be gone in a line, were each of its characters as hard as can be: about half a second
_COUNTS_ALL = 2**13  # units from which on the steps of single characters are counted too, which takes longer
_SIGNS = re.compile(r"[\\^$.|?*+()\[\]{}]")
_REASONS = {
    "missing closing parenthesis": r"A ( is not closed; \( is the sign itself",
    "unmatched closing parenthesis": r"A ) closes nothing; \) is the sign itself",
    "missing terminating ] for character class": r"A [ is not closed; \[ is the sign itself",
    "quantifier does not follow a repeatable item": r"Nothing is there to be repeated; \* is the sign itself",
    r"\ at end of pattern": r"Nothing follows the \ ; \\ is the sign itself",
}
"""What PCRE2 says of what is often met while somebody still types, in plainer words."""


class PatternError(CowriteError):
    """A pattern of which no places can be told."""


class BadPattern(PatternError):
    """It is no regular expression.

    Attributes:
        reason: why not.
        at: behind which of its UTF-16 units that shows.
    """

    def __init__(self, reason: str, at: int) -> None:
        super().__init__(f"{_REASONS.get(reason) or reason[:1].upper() + reason[1:]}.")
        self.reason = reason
        self.at = at


class SlowPattern(PatternError):
    """To find all its places takes too long."""

    def __init__(self) -> None:
        super().__init__("This takes too long; say more exactly what to find.")


def as_pattern(words: str) -> str:
    """The pattern that finds just these words."""
    return _SIGNS.sub(r"\\\g<0>", words)


class Pattern:
    """Made for one look through a document, in several texts.

    Args:
        pattern: the regular expression, as Perl has it; `^` and `$` are the ends of lines, also within a paragraph,
            where `\n` is the soft break between them.
        match_case: whether capitals matter.
        whole_words: whether letters before or behind rule a place out.
        clock: seconds that this thread has worked; those in which others had the processor make no pattern a slow one.

    Raises:
        BadPattern: it is none.
    """

    def __init__(
        self,
        pattern: str,
        *,
        match_case: bool = False,
        whole_words: bool = False,
        clock: Callable[[], float] = time.thread_time,
    ) -> None:
        self._options = QRegularExpression.PatternOption.MultilineOption
        self._options |= QRegularExpression.PatternOption.UseUnicodePropertiesOption
        if not match_case:
            self._options |= QRegularExpression.PatternOption.CaseInsensitiveOption
        alone = QRegularExpression(pattern, self._options)
        if not alone.isValid():
            raise BadPattern(alone.errorString(), alone.patternErrorOffset())
        self._groups = range(alone.captureCount() + 1)
        self._pattern = rf"(?<![\w\p{{M}}])(?:{pattern})(?![\w\p{{M}}])" if whole_words else pattern
        self._engines: dict[int, QRegularExpression] = {}  # by how long the lines are for which it is, in bits
        self._clock = clock
        self._end = clock() + PATIENCE

    def find_all(self, text: str) -> list[Found]:
        """Where it is found in a text: in order, without overlaps, and with no part of a letter or sign.

        Raises:
            BadPattern: it is none where whole words are looked for.
            SlowPattern: there are more places, or it takes longer to find them, than somebody waits for.
        """
        found: list[Found] = []
        at = 0
        for line in text.removesuffix("\n").split("\n") if text else ():
            is_plain = line.isascii()
            units = len(line) if is_plain else utf16_length(line)
            matches = self._engine(units).globalMatch(line.replace(SOFT_BREAK, "\n"))
            if matches.hasNext():
                within = set() if is_plain else within_letters(line)
                for ends in self._in_line(matches, units):
                    if within.isdisjoint(end for each in ends for end in each):
                        place, *groups = ((at + start, at + stop) for start, stop in ends)
                        found.append(Found(place, tuple(None if each[0] < at else each for each in groups)))
            elif not matches.isValid():
                raise SlowPattern
            self._watch()
            at += units + 1
        return found

    def _in_line(self, matches: QRegularExpressionMatchIterator, units: int) -> Iterator[list[Range]]:
        """All that is found in a line of so many units, with its groups, which begin at -1 if they are nowhere."""
        is_at_end = False
        while matches.isValid() and matches.hasNext():
            match = matches.next()
            is_at_end = match.capturedStart() == units
            yield [(match.capturedStart(group), match.capturedEnd(group)) for group in self._groups]
            self._watch()
        if not matches.isValid() and not is_at_end:  # behind nothing at the end Qt looks once more, outside of the line
            raise SlowPattern

    def _watch(self) -> None:
        if self._clock() > self._end:
            raise SlowPattern

    def _engine(self, units: int) -> QRegularExpression:
        """The pattern with bounds for lines of so many units: from each of them on it is tried."""
        bits = units.bit_length()
        if bits not in self._engines:
            bounds = f"(*ANY)(*LIMIT_MATCH={_STEPS >> bits})" + ("(*NO_JIT)" if units >= _COUNTS_ALL else "")
            engine = QRegularExpression(bounds + self._pattern, self._options)
            if not engine.isValid():
                raise BadPattern(engine.errorString(), engine.patternErrorOffset())
            engine.optimize()
            self._engines[bits] = engine
        return self._engines[bits]
