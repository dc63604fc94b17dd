"""Revealing: the one update that puts what lay in a sealed box into the document.

Notes of a session come onto the board in an order drawn by lot, laid out anew, all at one time; in an anonymous session
under new ids and without anything that their authors' computers knew of them but what they say. Ballots of a poll come
into its entry in an order that depends on what they say. The update is by a client that nobody ever was. Of a session
that was revealed without the box, what is on the board already stays as it is.

A server that was moved, with new links, knows authors as other members: what they have sealed once more counts once.

Called by the server and, for a document without one, by the app. Runs on whatever thread calls it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from random import Random
from typing import Any

import pycrdt

from cowrite_server.document.entry_values import exact, values_of
from cowrite_server.document.updates import EMPTY_UPDATE, clocks, guarded

_BOARD = "board"
_CLIENTS = 2**32
_WIDTH, _HEIGHT, _GAP = 180, 120, 20
"""Of a note on the board, in its units, and of the space around it; as `core.board.board.Place` has them."""

_HANDS = ("person", "model", "adopted")
_LARGEST = 10**15
_LINES = ("colour", "lens", "phase", "image")
"""Fields of a note that are one line of text."""

_LINE_UNITS = 200


@dataclass(frozen=True, slots=True)
class Contribution:
    """A note or a ballot from a box.

    Attributes:
        author: tells its author from the others in the box; goes nowhere.
        name: what the others call the author; empty where nobody can say.
        id: what its author's computer called it.
        fields: what it says, as anybody may have written it.
    """

    author: str
    name: str
    id: str
    fields: Mapping[str, Any]


def has_box(document: bytes, box: str) -> bool:
    """Whether a document has the session or poll to which a box belongs.

    Args:
        document: the document as one update.
        box: the box's id.

    Raises:
        BrokenUpdate: the library cannot read it.
    """
    with guarded():
        return isinstance(_board(_load(document)).get(box), pycrdt.Map)


def revealing(document: bytes, box: str, contributions: Iterable[Contribution], now: int, chance: Random) -> bytes:
    """The update that puts what lay in a box into the document; empty where there is nothing to do.

    Args:
        document: the document as one update.
        box: id of a session or poll; without an entry in the document there is nothing to do.
        contributions: what lay in the box; of what counts once, the last.
        now: milliseconds since 1970.
        chance: draws ids, the order and the client's number; must not be foreseeable where it matters.

    Raises:
        BrokenUpdate: the library cannot do it.
    """
    with guarded():
        known = clocks(_load(document).get_state())
        client = chance.randrange(1, _CLIENTS)
        while client in known:
            client = chance.randrange(1, _CLIENTS)
        doc = _load(document, client)
        board = _board(doc)
        entry = board.get(box)
        if not isinstance(entry, pycrdt.Map):
            return EMPTY_UPDATE
        made: list[bytes] = []
        subscription = doc.observe(lambda event: made.append(event.update))
        with doc.transaction():
            if box.startswith("poll:"):
                _close(entry, list(contributions))
            else:
                _reveal(board, box, list(contributions), now, chance)
        doc.unobserve(subscription)
        return made[0] if made else EMPTY_UPDATE


def _reveal(board: pycrdt.Map[Any], session: str, contributions: list[Contribution], now: int, chance: Random) -> None:
    entry = board[session]
    is_anonymous = entry.get("is_anonymous") is True
    contributions = list({(each.id, _said(each.fields)): each for each in contributions}.values())
    if entry.get("is_revealed") is True:
        contributions = _new(board, session, contributions)
    taken = set(board.keys())
    ids: dict[tuple[str, str], str] = {}
    for each in contributions:
        id = f"note:{chance.randrange(2**64):016x}" if is_anonymous else each.id
        while id in taken:  # another note, which it must not replace
            id = f"note:{chance.randrange(2**64):016x}"
        taken.add(id)
        ids[each.author, each.id] = id
    chance.shuffle(contributions)
    notes = [_note(each, session, ids, now, is_anonymous=is_anonymous) for each in contributions]
    _lay_out([note for _, note in notes], list(_present(board)))
    for id, note in notes:
        board[id] = pycrdt.Map({**note, "text": pycrdt.Text(note["text"])})
    if entry.get("is_revealed") is not True:
        entry["is_revealed"] = True


def _new(board: pycrdt.Map[Any], session: str, contributions: list[Contribution]) -> list[Contribution]:
    """What is not on the board yet: a copy that was not shared was revealed with what lay on its computer
    alone, or the box is that of a backup from before the session was revealed: some of it may be there as well."""
    there = {_said(fields) for _, fields in _notes(board) if fields.get("session") == session}
    return [each for each in contributions if _said(each.fields) not in there]


def _said(fields: Mapping[str, Any]) -> tuple[str, str]:
    """What a note says: its text and its image."""
    return _text(fields.get("text")), _text(fields.get("image"))


def _note(
    of: Contribution, session: str, ids: Mapping[tuple[str, str], str], now: int, *, is_anonymous: bool
) -> tuple[str, dict[str, Any]]:
    """Id and fields of a note's entry, as `core.board.board.fields_of` has them; what makes no sense is left out."""
    fields = of.fields
    hand = fields.get("hand")
    note: dict[str, Any] = {
        "text": _text(fields.get("text")),
        "hand": hand if hand in _HANDS else _HANDS[0],
        "x": _number(fields.get("x")),
        "y": _number(fields.get("y")),
        "width": _WIDTH,
        "height": _HEIGHT,
    }
    # A record of the assistant's use names its user; by the hash of the answer in it the answer leads there as well.
    for name in _LINES if is_anonymous else (*_LINES, "assist"):
        value = _text(fields.get(name))
        if value and len(value) <= _LINE_UNITS:
            note[name] = value
    # What of the model's text its author has put other words in the place of, they alone may have seen: where that
    # stands in a draft or a record, it leads to them. What is left of it in the note leads to nobody to whom the note
    # does not, and by it one sees which words are the author's own.
    if model_text := _text(fields.get("model_words" if is_anonymous else "model_text")):
        note["model_text"] = model_text
    if fields.get("is_late") is True:
        note["is_late"] = True
    sources = fields.get("builds_on")
    if isinstance(sources, list):
        found = [ids.get((of.author, each), each) for each in sources if isinstance(each, str)]
        note["builds_on"] = [each for each in found if len(each) <= _LINE_UNITS]
    if of.name and not is_anonymous and note["hand"] != "model":
        note["author"] = of.name
    return ids[of.author, of.id], {**note, "session": session, "created": now}


def _close(poll: pycrdt.Map[Any], contributions: list[Contribution]) -> None:
    is_anonymous = poll.get("is_anonymous") is True
    contributions = list(
        {_text(each.fields.get("id")) or place: each for place, each in enumerate(contributions)}.values()
    )
    ballots = [_ballot(each.fields, "" if is_anonymous else each.name) for each in contributions]
    if poll.get("is_closed") is True:
        held = poll.get("ballots")
        there = [each for each in held if isinstance(each, dict)] if isinstance(held, list) else []
        new = _not_cast(ballots, there)
        if not new:
            return
        ballots = [*new, *there]
    poll["is_closed"] = True
    poll["ballots"] = sorted(ballots, key=exact)


def _not_cast(ballots: list[dict[str, Any]], there: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Ballots that a closed poll does not have yet: a copy that was not shared was closed with what lay on its computer
    alone, or the box is that of a backup from before the poll was closed.

    Nobody votes twice who is named. Of those who are not, as many as say the same count once.
    """
    voted = {each["voter"] for each in there if isinstance(each.get("voter"), str)}
    left, new = list(there), []
    for each in ballots:
        if each.get("voter") in voted:
            continue
        if each in left:
            left.remove(each)
        else:
            new.append(each)
    return new


def _ballot(fields: Mapping[str, Any], voter: str) -> dict[str, Any]:
    """A ballot, as `core.sessions.polls.Ballot.to_json` has it; what makes no sense is left out."""
    scores = fields.get("scores")
    ranking = fields.get("ranking")
    ballot: dict[str, Any] = {
        "dots": _counts(fields.get("dots")),
        "scores": {name: _counts(each) for name, each in scores.items()} if isinstance(scores, dict) else {},
        "ranking": [each for each in ranking if isinstance(each, str)] if isinstance(ranking, list) else [],
        "position": _text(fields.get("position")),
        "reason": _text(fields.get("reason")),
        "voter": voter,
    }
    return {name: value for name, value in ballot.items() if value}


def _lay_out(notes: Sequence[dict[str, Any]], present: Sequence[Mapping[str, Any]]) -> None:
    """Lays notes beside each other, in their order: in the frame that their author put them into, or below everything.

    People who write at the same time and do not see each other put their notes into the same places.

    Args:
        notes: they get their places.
        present: what is on the board.
    """
    places = [place for place in map(_place, present) if place is not None]
    frames = [_place(each) for each in present if "title" in each and "width" in each]
    rest = list(notes)
    for frame in frames:
        if frame is None:
            continue
        x, y, width, height = frame
        within = [note for note in rest if x <= note["x"] + _WIDTH / 2 <= x + width and y <= note["y"] <= y + height]
        rest = [note for note in rest if not any(note is each for each in within)]
        held = [at[1] + at[3] for at in places if at != frame and x <= at[0] < x + width and y <= at[1] < y + height]
        top = max([y + 2 * _GAP, *(bottom + _GAP for bottom in held)])
        _fill(within, x + _GAP, top, max(1, int((width - _GAP) // (_WIDTH + _GAP))))
    left = min((at[0] for at in places), default=0)
    top = max((at[1] + at[3] + 2 * _GAP for at in places), default=0)
    _fill(rest, left, top, max(4, ceil(sqrt(2 * len(rest)))))


def _fill(notes: Sequence[dict[str, Any]], left: float, top: float, columns: int) -> None:
    for number, note in enumerate(notes):
        row, column = divmod(number, columns)
        note["x"], note["y"] = left + column * (_WIDTH + _GAP), top + row * (_HEIGHT + _GAP)


def _present(board: pycrdt.Map[Any]) -> Iterable[Mapping[str, Any]]:
    return (fields for _, fields in _notes(board, "frame:") if not fields.get("removed"))


def _notes(board: pycrdt.Map[Any], *more: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """Ids and fields of notes, also of those that were taken away, and of what else has an id that begins so."""
    for id in board.keys():  # noqa: SIM118 - iterating gives the keys' own type
        entry = board.get(id) if id.startswith(("note:", *more)) else None
        if isinstance(entry, pycrdt.Map):
            yield id, values_of(entry)


def _place(fields: Mapping[str, Any]) -> tuple[float, float, float, float] | None:
    if not all(isinstance(fields.get(name), (int, float)) for name in ("x", "y")):
        return None
    width, height = _number(fields.get("width")) or _WIDTH, _number(fields.get("height")) or _HEIGHT
    return _number(fields["x"]), _number(fields["y"]), width, height


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> float:
    fits = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _LARGEST
    return value if fits else 0


def _counts(value: Any) -> dict[str, int]:
    return {name: int(_number(each)) for name, each in value.items()} if isinstance(value, dict) else {}


def _load(document: bytes, client: int | None = None) -> pycrdt.Doc[Any]:
    doc: pycrdt.Doc[Any] = (
        pycrdt.Doc(allow_multithreading=True)
        if client is None
        else pycrdt.Doc(client_id=client, allow_multithreading=True)
    )
    _board(doc)
    doc.apply_update(document)
    return doc


def _board(doc: pycrdt.Doc[Any]) -> pycrdt.Map[Any]:
    board: pycrdt.Map[Any] = doc.get(_BOARD, type=pycrdt.Map)
    return board
