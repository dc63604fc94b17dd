"""Footnotes: what a note says is the embed that stands in the text as its reference, a Delta in the key `footnote`.

So a note goes wherever its reference goes: it is deleted, moved, copied, suggested, brought back and handed on like any
character, and nobody can change one who may not write there. Who changes a note puts another embed in its place, which
says that it is the same note in other words (`Identity`): of two who do so at the same moment both embeds stand there,
and are joined (`core.mending.joined_footnotes`). A note has no number of its own: it is counted in the order of the
text.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from itertools import dropwhile, groupby
from operator import itemgetter
from typing import Any, NamedTuple

from cowrite.core.text.merging import merged
from cowrite.core.text.richtext import (
    EMBED_CHARACTER,
    INLINE_ATTRIBUTES,
    NO_ATTRIBUTES,
    RECORDS,
    SOFT_BREAK,
    Span,
    joined,
    joined_with,
    lines_of,
    normal_attributes,
    plain_text,
    utf16_length,
)

EMBED = "footnote"
"""The key of the embed; its value is the note as a list of Quill's inserts, behind which its Identity may stand."""

LARGEST_STATE = 256 * 1024
"""Bytes; what is larger is no note, and of two who write in it at the same moment both stay."""

_LOOKS = INLINE_ATTRIBUTES - RECORDS

Words = tuple[Span, ...]
"""What a note says: one line, in which soft breaks part paragraphs."""

Letter = tuple[str, tuple[tuple[str, Any], ...]]
"""One letter of a note with its looks, by name."""


class Identity(NamedTuple):
    """Which note an embed is, in the words that somebody has given it.

    Attributes:
        id: of the note. It is that of the unit which stood for it before anybody wrote in it, so that two who do so
            first, and know nothing of each other, mean the same one.
        state: its words, as Yjs merges them (`core.footnotes.shared_words`).
    """

    id: str
    state: bytes


class Rewording(NamedTuple):
    """What this person has made of a note.

    Attributes:
        id: of the note.
        before: what it said.
        after: what it says.
        state: that of the words after it, see `Identity`.
    """

    id: str
    before: Words
    after: Words
    state: bytes

    def is_before(self, other: Rewording) -> bool:
        """Whether another one goes on from what this has made."""
        return (self.id, self.after) == (other.id, other.before)


def is_footnote(embed: Mapping[str, Any] | None) -> bool:
    """Whether an embed is a footnote."""
    return embed is not None and EMBED in embed


def footnote_of(embed: Mapping[str, Any] | None) -> Words | None:
    """What a footnote says; None for any other embed. Anybody who may write can put anything there: what is no text is
    read as if it were not there."""
    if embed is None or EMBED not in embed:
        return None
    value = embed[EMBED]
    return as_words(_spans(value if isinstance(value, list) else [{"insert": value}]))


def identity_of(embed: Mapping[str, Any] | None) -> Identity | None:
    """Which footnote this is; None for any other embed, and for one in which nobody has written yet."""
    value = None if embed is None else embed.get(EMBED)
    last = value[-1] if isinstance(value, list) and value else None
    if not isinstance(last, Mapping) or not isinstance(id := last.get("id"), str):
        return None
    state = last.get("state")
    if not isinstance(state, str) or len(state) > LARGEST_STATE * 4 // 3 + 4:
        return None
    try:
        return Identity(id, b64decode(state, validate=True))
    except ValueError:
        return None


def embed_of(words: Iterable[Span], identity: Identity | None = None) -> dict[str, Any]:
    """The embed of a footnote that says this.

    Args:
        words: what it says.
        identity: which one it is, with the state of these words; None for one of its own.
    """
    said: list[dict[str, Any]] = [
        {"insert": span.text, "attributes": dict(span.attributes)} if span.attributes else {"insert": span.text}
        for span in as_words(words)
    ]
    if identity is not None and len(identity.state) <= LARGEST_STATE:
        said.append({"id": identity.id, "state": b64encode(identity.state).decode()})
    return {EMBED: said}


def on_its_own(span: Span) -> Span:
    """A span as it is copied: a footnote is another one then, which says the same."""
    if identity_of(span.embed) is None:
        return span
    return Span(span.text, span.attributes, embed_of(footnote_of(span.embed) or ()))


def as_words(spans: Iterable[Span]) -> Words:
    """Rich text as a note can hold it: letters with their looks, in paragraphs without blanks around them."""
    kept = []
    for span in spans:
        if span.embed is None:
            text = span.text.replace(SOFT_BREAK, "\n").replace(EMBED_CHARACTER, "")
            looks = normal_attributes(span.attributes).items()
            # No look is a list or an object; and letters with one could not be compared.
            kept.append(Span(text, {name: value for name, value in looks if name in _LOOKS and _is_plain(value)}))
    parts = (_stripped(line.spans) for line in lines_of(kept))
    return tuple(joined_with(Span(SOFT_BREAK), (part for part in parts if part)))


def text_of(embed: Mapping[str, Any] | None) -> str:
    """The letters of a footnote, with a blank for each break; empty for any other embed."""
    return plain_text(footnote_of(embed) or ()).replace(SOFT_BREAK, " ")


def merged_words(base: Words, mine: Words, theirs: Words) -> Words:
    """What two people made of a note, letter by letter; see `core.text.merging`."""
    return words_of(merged(letters_of(base), letters_of(mine), letters_of(theirs)))


def letters_of(words: Words) -> list[Letter]:
    """A note letter by letter."""
    looks = ((span.text, tuple(sorted(span.attributes.items()))) for span in words)
    return [(letter, look) for text, look in looks for letter in text]


def words_of(letters: Iterable[Letter]) -> Words:
    """The note that has these letters."""
    alike = groupby(letters, key=itemgetter(1))
    return tuple(joined(Span("".join(letter for letter, _ in part), dict(looks)) for looks, part in alike))


def footnotes_in(spans: Iterable[Span]) -> Iterator[tuple[int, Words]]:
    """The notes of rich text in their order, each with the place of its reference (UTF-16 units)."""
    at = 0
    for span in spans:
        if (words := footnote_of(span.embed)) is not None:
            yield at, words
        at += utf16_length(span.text)


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float)


def _spans(inserts: list[Any]) -> Iterator[Span]:
    for each in inserts:
        if isinstance(each, Mapping) and isinstance(text := each.get("insert"), str):
            looks = each.get("attributes")
            yield Span(text, looks if isinstance(looks, Mapping) else NO_ATTRIBUTES)


def _stripped(line: Words) -> Words:
    spans = list(dropwhile(lambda span: not span.text.strip(), line))
    while spans and not spans[-1].text.strip():
        spans.pop()
    if spans:
        spans[0] = Span(spans[0].text.lstrip(), spans[0].attributes)
        spans[-1] = Span(spans[-1].text.rstrip(), spans[-1].attributes)
    return tuple(spans)
