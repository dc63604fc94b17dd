"""Mentions: people who are named in what is said, as plain text: a sign and somebody's whole name.

Runs on any thread. No field says who is mentioned: whoever reads the text finds it by the names that they know, so a
program that knows nothing of mentions writes and shows them as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from cowrite.core.text.richtext import Utf16, utf16_length

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]")
"""Thai and its neighbours, Japanese and Chinese."""
_PARTICLES = (
    "이 가 은 는 을 를 의 에 에게 에게서 께 께서 께선 과 와 도 만 로 으로 한테 한테서 보다 처럼 같이 까지 "
    "부터 마저 조차 이랑 랑 하고 이나 나 라고 이라고 라는 이라는 들 네 야 이야 입니다 이에요 예요 이세요 세요"
)
_TITLES = re.compile(
    unicodedata.normalize("NFKD", f"(?:님|씨)(?:{_PARTICLES.replace(' ', '|')}){{0,3}}") + "(?![\u1100-\u11ff])"
)
"""What Korean sets right behind a name, as a word ends: a title, and the particles behind that."""
SIGN = "@"
LONGEST = 100
"""Characters of a name that can be mentioned; a longer one is somebody's joke."""

_SIGNS = "@＠"
_UNSEEN = frozenset("\u200c\u200d\ufe0e\ufe0f")
"""What joins letters and chooses between looks of a sign: the same name has it or not."""


class Mention(NamedTuple):
    """Where somebody is mentioned, the sign included.

    Attributes:
        start, stop: in the text (UTF-16 units).
        is_own: whether it is the person who reads.
    """

    start: Utf16
    stop: Utf16
    is_own: bool


class Names:
    """The names that are known when a text is read or written.

    Two spellings are one name where they differ in capitals, in width, or in how Unicode writes their letters, which
    is how a server tells the names of a room apart.

    Args:
        others: of other people, in the order in which they are offered.
        own: of the person who reads; empty where they have none.
    """

    def __init__(self, others: Iterable[str] = (), own: str = "") -> None:
        self._own = _key(own)
        self._others: dict[str, str] = {}
        for name in others:
            self._others.setdefault(_key(name), " ".join(name.split()))
        for key in ("", self._own):
            self._others.pop(key, None)
        self._keys = {*self._others, self._own} - {""}
        self._lengths = sorted({len(key) for key in self._keys}, reverse=True)
        self._found: dict[str, tuple[Mention, ...]] = {}  # comments are read again whenever one of them changes

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Who is mentioned in a text; of several names that fit at a place, the longest one is."""
        if not self._keys or not may_mention(text):
            return ()
        if text not in self._found:
            self._found[text] = tuple(self._mentions(_Folded(text)))
        return self._found[text]

    def offered(self, typed: str) -> list[str]:
        """The names that somebody may be writing: those that begin so, then those of which a later word does.

        Args:
            typed: what stands behind the sign. A whole name with a blank behind it needs nothing more.
        """
        folded = _fold(typed[: LONGEST + 1])
        if len(typed) > LONGEST or (folded.endswith(" ") and folded.strip() in self._keys):
            return []
        bare = _bare(folded)
        keys = {key: _bare(key) if bare == folded else key for key in self._others}  # who types no accents need not
        first = [key for key, begins in keys.items() if begins.startswith(folded)]
        later = [key for key, begins in keys.items() if f" {folded}" in begins and key not in first]
        return [self._others[key] for key in (*first, *later)]

    # Inside

    def _mentions(self, text: _Folded) -> Iterator[Mention]:
        behind = 0
        for at in text.signs():
            name = text.named(at + 1, self._keys, self._lengths) if at >= behind else ""
            if name:
                behind = at + 1 + len(name)
                yield Mention(text.place(at), text.place(behind), name == self._own)


def may_mention(text: str) -> bool:
    """Whether somebody can be mentioned in a text at all."""
    return any(sign in text for sign in _SIGNS)


def begun(text: str) -> int | None:
    """Where the mention begins that may be being written at the end of a text (code points); None for none.

    Args:
        text: a line up to where one writes.
    """
    at = max(text.rfind(sign) for sign in _SIGNS)
    while at > 0 and _is_joined(text[at - 1]):  # an address
        at = max(text.rfind(sign, 0, at) for sign in _SIGNS)
    return at if at >= 0 else None


class _Folded:
    """A text as its names are compared, which knows what of it comes from where."""

    def __init__(self, text: str) -> None:
        parts = list(_parts(text))
        self._text = "".join(fold for _, fold in parts)
        ends = accumulate((len(fold) for _, fold in parts), initial=0)
        places = accumulate((utf16_length(part) for part, _ in parts), initial=0)
        self._places: dict[int, int] = {}
        for end, place in zip(ends, places, strict=True):
            self._places.setdefault(end, place)

    def place(self, at: int) -> Utf16:
        """The place in the text where a part begins or ends."""
        return Utf16(self._places[at])

    def signs(self) -> list[int]:
        """Where signs stand that begin a word."""
        text = self._text
        return [at for at, letter in enumerate(text) if letter == SIGN and not (at and _is_joined(text[at - 1]))]

    def named(self, at: int, names: set[str], lengths: list[int]) -> str:
        """The longest of some names that stands whole at a place; empty for none."""
        for length in lengths:
            name, stop = self._text[at : at + length], at + length
            if name in names and stop in self._places and not self._goes_on(at, stop):
                return name
        return ""

    def _goes_on(self, begin: int, at: int) -> bool:
        """Whether a name that begins there is part of a longer word here.

        Where no spaces are set between words nobody can tell, and a title or a particle mostly follows. But one letter
        alone is a family's, before some other given name.
        """
        text = self._text
        if at >= len(text) or not (_is_letter(text[at - 1]) and _is_letter(text[at])) or _TITLES.match(text, at):
            return False
        if _UNSPACED.match(text[at - 1]):
            return at - begin < 2
        return not _UNSPACED.match(text[at])


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """A text letter by letter, each with its accents, as it stands and as it is compared."""
    part, fold = "", ""
    for character in text:
        own = _folded_character(character)
        if part and own and not unicodedata.combining(own[0]):
            yield part, _ordered(fold)
            part, fold = "", ""
        part, fold = part + character, fold + own
    if part:
        yield part, _ordered(fold)


def _ordered(fold: str) -> str:
    """A letter with its accents in the order in which they are compared."""
    return fold if fold.isascii() else unicodedata.normalize("NFKD", fold)


def _folded_character(character: str) -> str:
    if character in _UNSEEN:
        return ""
    if character.isascii():
        return character.lower()
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())


def _fold(text: str) -> str:
    return "".join(fold for _, fold in _parts(text))


def _key(name: str) -> str:
    """What is the same for all spellings of a name; empty for what cannot be mentioned."""
    return " ".join(_fold(name).split()) if len(name) <= LONGEST else ""


def _bare(folded: str) -> str:
    """Letters as one types them on a keyboard that has none with accents."""
    return folded if folded.isascii() else "".join(each for each in folded if not unicodedata.combining(each))


def _is_joined(character: str) -> bool:
    """Whether a sign right behind a character is within a word, as in an address. Where no spaces are set between words
    it begins another one."""
    return _is_letter(character) and not _UNSPACED.match(character)


def _is_letter(character: str) -> bool:
    """Whether a character can be within a word."""
    return character.isalnum() or character == "_" or unicodedata.category(character).startswith("M")
