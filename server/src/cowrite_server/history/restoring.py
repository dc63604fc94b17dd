"""Compares two states of a document: who wrote what is there, and the edit that leads back.

What is compared are the units themselves, not their looks: pycrdt tells what changes in a body when one state is
brought to the other. Runs on whatever thread calls it. Knows the roots that make up a draft, `body` and `meta`; all
others (what people said about it) stay out of a restoring. Only a suggested change that is not there as it was comes
back as another one, with an entry of its own, and one that was not there yet counts as decided: copies that know of the
suggestion or of the decision on it would take its marks away again, or lay them anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from secrets import token_hex
from typing import Any

import pycrdt

from cowrite_server.document.entry_values import values_of
from cowrite_server.document.ranges import deletion, joined
from cowrite_server.document.suggested_entries import ROOT as SUGGESTIONS
from cowrite_server.document.suggested_entries import as_open, writers_of
from cowrite_server.document.updates import EMPTY_UPDATE, clocks, guarded
from cowrite_server.history.moments import Part
from cowrite_server.wire.history import Span

_BODY, _META = "body", "meta"
_RESTORED = "restored"
"""The value of `meta` that another one takes the place of with each restoring: with it undo begins anew for everybody,
else whoever had deleted what comes back could bring it back once more. So it does in entries of changes that end."""
_INSERTION = "insertion"
_SUGGESTED = (_INSERTION, "deletion")
"""The attributes whose value is the id of a suggested change."""

_EMBED = b"\x00"
"""What stands for an embed among the text's bytes: pycrdt counts it as one."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of the body with one look.

    Attributes:
        at: where it begins, in bytes.
        value: its text, or the embed.
        attributes: how it looks.
    """

    at: int
    value: Any
    attributes: Mapping[str, Any]

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return len(self.value.encode()) if isinstance(self.value, str) else 1


def who_wrote(document: bytes, parts: Mapping[int | None, Part]) -> list[Span]:
    """Who wrote which part of a body.

    Args:
        document: the document as one update.
        parts: what each member has done until then.

    Raises:
        BrokenUpdate: the library cannot read it.
    """
    with guarded():
        pieces = _pieces(_load(document))
        shadow = b"".join(piece.value.encode() if isinstance(piece.value, str) else _EMBED for piece in pieces)
        owned: list[tuple[int, int, int | None]] = []
        for member, part in parts.items():
            at = 0
            # What vanishes with everything that a member has written is what it wrote.
            for step in _delta(_load(document), deletion(joined(part.inserted))):
                if "delete" in step:
                    owned.append((at, at + step["delete"], member))
                    at += step["delete"]
                else:
                    at += step.get("retain", 0)
        spans: list[Span] = []
        at = 0
        for begin, end, member in sorted(owned, key=lambda run: run[0]):
            _add_span(spans, shadow[at:begin], None)
            _add_span(spans, shadow[begin:end], member)
            at = end
        _add_span(spans, shadow[at:], None)
        return spans


def restoring(now: bytes, then: bytes) -> bytes:
    """The edit that makes a document what it was, as an update by a client of its own; empty if nothing differs.

    What was deleted since is written anew, what was written since is deleted, and looks are set back. An edit that
    somebody makes meanwhile is merged with it like with any other.

    Args:
        now: the document, as one update.
        then: the document as it was, as one update.

    Raises:
        BrokenUpdate: the library cannot do it.
    """
    with guarded():
        old = _load(then)
        pieces = _pieces(old)
        meta = {key: it for key, it in values_of(old.get(_META, type=pycrdt.Map)).items() if key != _RESTORED}
        delta = _delta(old, now)
        doc = _load(now)
        entries = doc.get(SUGGESTIONS, type=pycrdt.Map)
        present = _pieces(doc)
        there, gone = _suggested(present), _suggested(_gone(delta, pieces))
        opened = _opened(_suggested(pieces), there, gone, entries)
        pieces = [_renamed(piece, opened) for piece in pieces]
        incoming, by = _incoming(pieces), cache(lambda writers: _incoming(_by(writers, then, pieces)))
        made: list[bytes] = []
        subscription = doc.observe(lambda event: made.append(event.update))
        with doc.transaction():
            if present != pieces:  # or the same was written anew, by an earlier restoring for instance
                for was, id in opened.items():
                    if id not in entries and isinstance(entry := entries.get(was), pycrdt.Map):
                        fields = values_of(entry)
                        is_there = all(name != _INSERTION for name, _ in gone.get(was, ()))
                        is_own = by(writers_of(fields))[id] == incoming[id]
                        anew = None if is_there or not is_own else doc.client_id
                        entries[id] = pycrdt.Map(as_open(fields, is_own=is_own, anew=anew))
                for id in there.keys() - _suggested(pieces).keys():
                    _end(id, entries)
                _edit_back(doc.get(_BODY, type=pycrdt.Text), delta, pieces)
                _set_looks(doc.get(_BODY, type=pycrdt.Text), _pieces(doc), pieces)
                doc.get(_META, type=pycrdt.Map)[_RESTORED] = token_hex(8)
            _set_values(doc.get(_META, type=pycrdt.Map), meta)
        doc.unobserve(subscription)
        return made[0] if made else EMPTY_UPDATE


def text_of(document: bytes) -> str:
    """The text of a document's body, without looks; U+FFFC stands for an embed.

    Raises:
        BrokenUpdate: the library cannot read it.
    """
    with guarded():
        return "".join(
            piece.value if isinstance(piece.value, str) else "\N{OBJECT REPLACEMENT CHARACTER}"
            for piece in _pieces(_load(document))
        )


def _load(document: bytes) -> pycrdt.Doc[Any]:
    doc: pycrdt.Doc[Any] = pycrdt.Doc(allow_multithreading=True)
    doc.get(_BODY, type=pycrdt.Text)
    doc.get(_META, type=pycrdt.Map)
    doc.apply_update(document)
    return doc


def _delta(doc: pycrdt.Doc[Any], update: bytes) -> list[dict[str, Any]]:
    """What an update changes in a document's body, in bytes."""
    body = doc.get(_BODY, type=pycrdt.Text)
    steps: list[dict[str, Any]] = []
    subscription = body.observe(lambda event: steps.extend(event.delta))
    doc.apply_update(update)
    body.unobserve(subscription)
    return steps


def _pieces(doc: pycrdt.Doc[Any]) -> list[_Piece]:
    pieces: list[_Piece] = []
    at = 0
    for value, attributes in doc.get(_BODY, type=pycrdt.Text).diff():
        looks = {key: it for key, it in (attributes or {}).items() if it is not None}
        piece = _Piece(at, value, looks)
        at += piece.size
        if pieces and isinstance(value, str) and isinstance(pieces[-1].value, str) and pieces[-1].attributes == looks:
            piece = _Piece(pieces[-1].at, pieces.pop().value + value, looks)
        pieces.append(piece)
    return pieces


def _suggested(pieces: Iterable[_Piece]) -> dict[str, list[tuple[str, Any]]]:
    """The suggested changes of which there is something, by their ids: the attribute and the value of each part."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for piece in pieces:
        for name in _SUGGESTED:
            if isinstance(id := piece.attributes.get(name), str):
                found.setdefault(id, []).append((name, piece.value))
    return found


def _gone(delta: list[dict[str, Any]], pieces: list[_Piece]) -> Iterator[_Piece]:
    """What of the old body is not in the present one, so that it has to be written anew."""
    at = 0
    for step in delta:
        if "delete" in step:
            yield from _within(pieces, at, at + step["delete"])
        at += step.get("delete", step.get("retain", 0))


def _opened(
    wanted: Mapping[str, Any], present: Mapping[str, Any], anew: Collection[str], entries: pycrdt.Map[Any]
) -> dict[str, str]:
    """By which ids changes come back of which not all is there as it was: by that of an earlier restoring of which it
    is, or a new one. Those of programs that make no entry keep theirs.

    Args:
        wanted: the changes as they were.
        present: those of now.
        anew: ids of those of which some text is written anew.
        entries: what is known of them.
    """
    found = {}
    for id, parts in wanted.items():
        name, number = id, 0
        while name in entries and (present.get(name) != parts or name in anew):
            number += 1
            name = f"{id}~{number}"
        if name != id:
            found[id] = name
    return found


def _by(writers: tuple[int, ...], document: bytes, pieces: list[_Piece]) -> list[_Piece]:
    """What some clients wrote of a body.

    Args:
        writers: their ids.
        document: the document as one update.
        pieces: its body.
    """
    doc = _load(document)
    counts = clocks(doc.get_state())
    written = {client: [(0, counts[client])] for client in writers if client in counts}
    own: list[_Piece] = []
    at = 0
    for step in _delta(doc, deletion(written)) if written else ():
        own += _within(pieces, at, at + step["delete"]) if "delete" in step else []
        at += step.get("delete", step.get("retain", 0))
    return own


def _incoming(pieces: Iterable[_Piece]) -> Counter[str]:
    """How much comes in with each suggested change, in bytes, by their ids."""
    sizes = Counter[str]()
    for piece in pieces:
        if isinstance(id := piece.attributes.get(_INSERTION), str):
            sizes[id] += piece.size
    return sizes


def _end(id: str, entries: pycrdt.Map[Any]) -> None:
    """Has a change be one on which somebody has decided: the copy that suggested it would lay its marks again."""
    if isinstance(entry := entries.get(id), pycrdt.Map):
        entry[_RESTORED] = token_hex(8)


def _renamed(piece: _Piece, opened: Mapping[str, str]) -> _Piece:
    ids = {name: piece.attributes[name] for name in _SUGGESTED if isinstance(piece.attributes.get(name), str)}
    renamed = {name: opened.get(id, id) for name, id in ids.items()}
    return replace(piece, attributes={**piece.attributes, **renamed}) if renamed != ids else piece


def _edit_back(body: pycrdt.Text, delta: list[dict[str, Any]], pieces: list[_Piece]) -> None:
    """Plays backwards what led from the old body to the present one."""
    # An insert takes on the looks to its left unless it is told otherwise.
    plain = dict.fromkeys({key for piece in pieces for key in piece.attributes} | _keys(delta))
    at = old = 0
    for step in delta:
        if "insert" in step:
            size = len(step["insert"].encode()) if isinstance(step["insert"], str) else 1
            del body[at : at + size]
        elif "delete" in step:
            for piece in _within(pieces, old, old + step["delete"]):
                if isinstance(piece.value, str):
                    body.insert(at, piece.value, {**plain, **piece.attributes})
                else:
                    body.insert_embed(at, piece.value, {**plain, **piece.attributes})
                at += piece.size
            old += step["delete"]
        else:
            at += step["retain"]
            old += step["retain"]


def _set_looks(body: pycrdt.Text, present: list[_Piece], wanted: list[_Piece]) -> None:
    for piece in wanted:
        for part in _within(present, piece.at, piece.at + piece.size):
            changed: dict[str, Any] = {
                key: piece.attributes.get(key)
                for key in {**piece.attributes, **part.attributes}
                if piece.attributes.get(key) != part.attributes.get(key)
            }
            if changed:
                body.format(part.at, part.at + part.size, changed)


def _set_values(present: pycrdt.Map[Any], wanted: Mapping[str, Any]) -> None:
    values = values_of(present)
    for key in values.keys() - wanted.keys() - {_RESTORED}:
        del present[key]
    for key, value in wanted.items():
        if values.get(key) != value:
            present[key] = value


def _within(pieces: list[_Piece], begin: int, end: int) -> Iterator[_Piece]:
    """What lies between two places, cut to fit."""
    for piece in pieces[_index(pieces, begin) :]:
        if piece.at >= end:
            return
        first, last = max(begin, piece.at), min(end, piece.at + piece.size)
        if isinstance(piece.value, str):
            text = piece.value.encode()[first - piece.at : last - piece.at].decode()
            yield _Piece(first, text, piece.attributes)
        elif first < last:
            yield piece


def _index(pieces: list[_Piece], at: int) -> int:
    """The piece in which a place lies."""
    low, high = 0, len(pieces)
    while low < high:
        middle = (low + high) // 2
        if pieces[middle].at + pieces[middle].size <= at:
            low = middle + 1
        else:
            high = middle
    return low


def _keys(delta: list[dict[str, Any]]) -> set[str]:
    return {key for step in delta for key in (step.get("attributes") or {})}


def _add_span(spans: list[Span], text: bytes, member: int | None) -> None:
    length = len(text.decode().encode("utf-16-le")) // 2
    if not length:
        return
    if spans and spans[-1].member == member:
        spans[-1] = Span(spans[-1].length + length, member)
    else:
        spans.append(Span(length, member))
