"""SharedWords: what one footnote says, as Yjs merges it, so that what several have written in it is one note.

Pure. A note has a text of its own, whose state goes with its words in the embed. What nobody has written in yet begins
as the same text wherever somebody first does so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from operator import itemgetter
from typing import Any

from pycrdt import Doc, Text

from cowrite.core.crdt.structs import read_clocks
from cowrite.core.document import arrivals
from cowrite.core.document.body import Body
from cowrite.core.document.edit import Edit
from cowrite.core.errors import MalformedUpdate
from cowrite.core.text.footnotes import Rewording, Words, as_words
from cowrite.core.text.merging import common_beginning
from cowrite.core.text.richtext import Attributes, Span, joined, plain_text, utf16_length

_ROOT = "words"
_FIRST_CLIENT = 1
_COMPARED = 2_000_000
"""Pairs of words that are compared at most, which takes a fraction of a second."""
_WORDS = re.compile(r"\w+|\W")
_LETTERS = re.compile(r"\w|\W")


class SharedWords:
    """The words of one note, to write in and to merge; empty at first.

    Args:
        client: by which number what is written goes, above 1; nobody else has ever written in this note by it, nor this
            copy in another state.
    """

    def __init__(self, client: int) -> None:
        self._doc: Doc[Any] = Doc(client_id=client)
        self._body = Body(self._doc.get(_ROOT, type=Text), client)

    @classmethod
    def begun(cls, words: Words, client: int) -> SharedWords:
        """Those of a note in which nobody has written yet: the same state for the same words, in every copy and
        version. What it writes must never change, or two who begin apart would merge different texts as one."""
        doc: Doc[Any] = Doc(client_id=_FIRST_CLIENT)
        text = doc.get(_ROOT, type=Text)
        at = 0
        text += plain_text(words)
        for span in words:
            stop = at + len(span.text.encode())
            if span.attributes:
                text.format(at, stop, dict(sorted(span.attributes.items())))
            at = stop
        shared = cls(client)
        shared.take(bytes(doc.get_update()))
        return shared

    @property
    def words(self) -> Words:
        """What the note says."""
        return as_words(self._body.rope.spans())

    @property
    def state(self) -> bytes:
        """All of it, as an update in Yjs' encoding (v1)."""
        return bytes(self._doc.get_update())

    def take(self, state: bytes) -> None:
        """Merges another state of the same note.

        Raises:
            MalformedUpdate: the bytes are no update, or of something else than words.
        """
        arrivals.merge(arrivals.check(state), self._doc)
        list(self._body.read_anew())
        if self._body.has_strays:
            raise MalformedUpdate(len(state))

    def write(self, words: Words, parts: re.Pattern[str] = _WORDS) -> None:
        """Has the note say this; the letters that it said already stay the same ones.

        Args:
            words: what it is to say.
            parts: finds the parts of a text that stay or go as a whole.
        """
        old, new = plain_text(self._body.rope.spans()), plain_text(words)
        with self._doc.transaction():
            edit = Edit(self._body)
            for start, stop, text in reversed(list(_steps(old, new, parts))):
                at = utf16_length(old[:start])
                edit.delete(at, utf16_length(old[start:stop]))
                if text:
                    edit.insert(at, text)
            for at, units, looks in list(_looks(joined(self._body.rope.spans()), words)):
                edit.format(at, units, looks)

    def take_back(self, written: Rewording) -> None:
        """Takes back what somebody has made of the note, letter by letter: others may have written in the same words
        since."""
        self.write(merged(written.after, written.before, self.words, _LETTERS), _LETTERS)

    def is_all_of(self, other: SharedWords) -> bool:
        """Whether nothing is in another state of the same note, which holds all of this one, that is not in this."""
        return self._version() == other._version()

    def knows(self, state: bytes) -> bool:
        """Whether all of a state of the same note is in this one."""
        whole = SharedWords(2)
        whole.take(self.state)
        whole.take(state)
        return self.is_all_of(whole)

    def _version(self) -> tuple[Mapping[int, int], list[Span]]:
        return read_clocks(self._doc.get_state()), joined(self._body.rope.spans())


def merged(base: Words, mine: Words, theirs: Words, parts: re.Pattern[str] = _WORDS) -> Words:
    """What two made of a note; see `SharedWords.write`."""
    one, other = (SharedWords.begun(base, client) for client in (2, 3))
    one.write(mine, parts)
    other.write(theirs, parts)
    one.take(other.state)
    return one.words


def _steps(old: str, new: str, parts: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
    """What makes one text of another: the ends of each part that goes (code points), and what comes in there. Word by
    word none is taken apart that somebody else takes out."""
    before, after = parts.findall(old), parts.findall(new)
    head = common_beginning(before, after)
    tail = common_beginning(before[head:][::-1], after[head:][::-1])
    middle, fresh = before[head : len(before) - tail], after[head : len(after) - tail]
    codes: Sequence[tuple[str, int, int, int, int]] = [("replace", 0, len(middle), 0, len(fresh))]
    if len(middle) * len(fresh) <= _COMPARED:
        codes = SequenceMatcher(_parts_words, middle, fresh, autojunk=False).get_opcodes()
    at = len("".join(before[:head]))
    for kind, start, stop, begin, end in codes:
        gone, come = "".join(middle[start:stop]), "".join(fresh[begin:end])
        if kind != "equal":
            first = common_beginning(gone, come)
            last = common_beginning(gone[first:][::-1], come[first:][::-1])
            yield at + first, at + len(gone) - last, come[first : len(come) - last]
        at += len(gone)


def _parts_words(part: str) -> bool:
    """Whether this is no word: that two texts both have a blank somewhere says nothing."""
    return not part[0].isalnum()


def _looks(old: list[Span], new: Words) -> Iterator[tuple[int, int, Attributes]]:
    """Where the same letters are to look otherwise: place, units, and the attributes that come or, as None, go."""
    pairs = zip(_by_letter(old), _by_letter(new), strict=True)
    at = 0
    for (was, now), letters in groupby(((was, now, letter) for (letter, was), (_, now) in pairs), key=itemgetter(0, 1)):
        units = sum(utf16_length(letter) for _, _, letter in letters)
        if was != now:
            yield at, units, {**dict.fromkeys(was), **now}
        at += units


def _by_letter(spans: list[Span] | Words) -> Iterator[tuple[str, Attributes]]:
    return ((letter, span.attributes) for span in spans for letter in span.text)
