"""What differs between a text and another version of it, word by word.

Runs anywhere. Positions are code points of the old text. The comparison is Myers' with the semantic clean-up of
diff-match-patch (N. Fraser, https://neil.fraser.name/writing/diff/), made over words in the place of characters: it
gathers changes into phrases that people can read, and ends after a given time with a coarser result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from diff_match_patch import diff_match_patch  # type: ignore[import-untyped]

from cowrite.assist.text.sentences import pieces

LIMIT = 0.5  # seconds for one comparison
PARTIAL_LIMIT = 0.03  # seconds while the text is being written, when one follows the other
_SURROGATES = 0xD800, 0xE000
_DELETE, _INSERT = -1, 1


@dataclass(frozen=True, slots=True)
class Rewording:
    """A stretch of the old text that is something else in the new one.

    Attributes:
        start, end: the stretch; code points of the old text. Equal where something is only put in.
        old: what stands there.
        new: what comes in its place; empty where it is only taken out.
    """

    start: int
    end: int
    old: str
    new: str


def difference(old: str, new: str) -> tuple[Rewording, ...]:
    """The replacements that make the old text the new one, in order, without overlaps; none where they are equal."""
    return _compare(pieces(old), pieces(new), is_partial=False)


def difference_by_line(old: str, new: str) -> tuple[Rewording, ...]:
    """The same where both have as many lines: no replacement reaches beyond one, so each stays what it is, a heading,
    an item or a cell. Else that of the whole texts."""
    before, now = old.split("\n"), new.split("\n")
    if len(before) != len(now):
        return difference(old, new)
    found: list[Rewording] = []
    start = 0
    for one, other in zip(before, now, strict=True):
        found += (replace(each, start=start + each.start, end=start + each.end) for each in difference(one, other))
        start += len(one) + 1
    return tuple(found)


def smallest_difference(old: str, new: str) -> tuple[Rewording, ...]:
    """The same with each change as small as can be, and not gathered into phrases."""
    return _compare(pieces(old), pieces(new), is_partial=False, is_gathered=False)


def partial_difference(old: str, begun: str) -> tuple[Rewording, ...]:
    """The same while the new text is still being written.

    What of the old text comes after that which the new one has reached is left alone, not taken out.
    """
    before, now = pieces(old), pieces(begun)
    # Where the new text has got to in the old one is not known. It will not be far ahead of the same number of words.
    reached = len(now) + len(now) // 3 + 12
    return _compare(before[:reached], now, is_partial=True)


def apply(old: str, replacements: Sequence[Rewording]) -> str:
    """The old text with the replacements made: all of a difference, or those that a person has accepted."""
    parts: list[str] = []
    behind = 0
    for replacement in replacements:
        parts += [old[behind : replacement.start], replacement.new]
        behind = replacement.end
    return "".join([*parts, old[behind:]])


def _compare(
    old: Sequence[str], new: Sequence[str], *, is_partial: bool, is_gathered: bool = True
) -> tuple[Rewording, ...]:
    alphabet = _Alphabet()
    comparison = diff_match_patch()
    comparison.Diff_Timeout = PARTIAL_LIMIT if is_partial else LIMIT
    steps = comparison.diff_main(alphabet.write(old), alphabet.write(new), False)
    if is_gathered:
        comparison.diff_cleanupSemantic(steps)
    if is_partial:
        while steps and steps[-1][0] == _DELETE:
            steps.pop()
        if len(steps) > 1 and steps[-1][0] == _INSERT and steps[-2][0] == _DELETE:
            # The end is being written in the place of something: of how much shows later.
            length = min(len(steps[-2][1]), len(steps[-1][1]))
            steps[-2] = (_DELETE, steps[-2][1][:length])
    return _replacements([(kind, alphabet.read(letters)) for kind, letters in steps])


def _replacements(steps: Sequence[tuple[int, str]]) -> tuple[Rewording, ...]:
    found: list[Rewording] = []
    at = 0
    taken = put = ""
    for kind, text in [*steps, (0, "")]:
        if kind == _DELETE:
            taken += text
        elif kind == _INSERT:
            put += text
        else:
            if taken or put:
                found.append(Rewording(at, at + len(taken), taken, put))
            at += len(taken) + len(text)
            taken = put = ""
    return tuple(found)


class _Alphabet:
    """Writes each distinct word as one character, so that a comparison of characters compares words."""

    def __init__(self) -> None:
        self._letters: dict[str, str] = {}
        self._words: dict[str, str] = {}

    def write(self, words: Sequence[str]) -> str:
        return "".join(self._letter(word) for word in words)

    def _letter(self, word: str) -> str:
        letter = self._letters.get(word)
        if letter is None:
            code = len(self._letters) + 1
            letter = chr(code if code < _SURROGATES[0] else code - _SURROGATES[0] + _SURROGATES[1])
            self._letters[word], self._words[letter] = letter, word
        return letter

    def read(self, letters: str) -> str:
        return "".join(self._words[letter] for letter in letters)
