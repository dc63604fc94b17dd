"""What the person here has taken out of suggested changes, as it is kept for the next time."""

from __future__ import annotations

import json

import pytest

from cowrite.core.crdt.anchor import Anchor, Stick
from cowrite.core.crdt.structs import Id
from cowrite.core.marks.verdict import REJECTED
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.suggestions import taken_out
from cowrite.core.suggestions.taken_out import Gone, TakenOut, from_json, to_json
from cowrite.core.text.richtext import EMBED_CHARACTER, Span
from cowrite.core.writing import lines
from helpers.copies import meet
from helpers.drafts import draft
from helpers.suggesting import changes_of, marked, write

DIVIDER = Span(EMBED_CHARACTER, {}, {"divider": True})
WORDS = TakenOut(REJECTED, 2, [Gone(Anchor(Id(7, 9), Stick.RIGHT), [Span("wo\U0001f33f", {"bold": True}), DIVIDER])])


def test_it_is_read_as_it_was_written_and_what_makes_no_sense_is_left_out() -> None:
    kept = json.loads(json.dumps(to_json({"change:1": WORDS})))
    assert from_json(kept) == {"change:1": WORDS}
    ends = Anchor(Id(7, 3), Stick.RIGHT), Anchor(Id(7, 5), Stick.LEFT)
    units = (Id(7, 9), 3), (Id(8, 0), 2)
    part = WORDS.gone[0]
    undone = WORDS._replace(gone=[part, part._replace(spared=ends), part._replace(units=units)])
    assert from_json(json.loads(json.dumps(to_json({"change:1": undone})))) == {"change:1": undone}
    newer = WORDS._replace(decided=1_790_000_000_000)
    assert from_json(json.loads(json.dumps(to_json({"change:1": newer})))) == {"change:1": newer}
    of_today = {"spared", "units", "decided"}  # an older cowrite did not keep these
    before = {name: each for name, each in kept["change:1"].items() if name not in of_today}
    assert from_json({"change:1": before}) == {"change:1": WORDS}
    broken = ({}, [], {**kept["change:1"], "gone": [[{}, []]]}, {**kept["change:1"], "gone": [[None]]})
    assert from_json({str(number): each for number, each in enumerate(broken)}) == {}


def test_the_newest_is_kept_where_it_is_much(monkeypatch) -> None:
    monkeypatch.setattr(taken_out, "MOST_KEPT", 3)
    decided = {f"change:{number}": WORDS for number in range(5)}
    assert list(to_json(decided)) == ["change:2", "change:3", "change:4"]
    monkeypatch.setattr(taken_out, "MOST_UNITS", 10)
    assert list(to_json(decided)) == ["change:3", "change:4"]


@pytest.mark.parametrize("clients", [(10, 20), (20, 10)])
@pytest.mark.parametrize("who", ["Ada", "Bo"])
def test_words_that_one_accepts_and_another_rejects_are_there_also_where_either_has_started_cowrite_anew(clients, who):
    document = draft("one two three.")
    ada, bo = (MendedDocument(client_id=client, clock=lambda: 0) for client in clients)
    changes = changes_of(document)
    lines.delete(document, 4, 8)
    write(document, 13, "two ")
    for each in (ada, bo):
        each.apply_remote(document.state())
    adas, bos = changes_of(ada, "Ada", suggests=False), changes_of(bo, suggests=False)
    adas.accept([each.id for each in changes.all()])
    bos.reject([each.id for each in changes.all()])
    began, left = (ada, adas) if who == "Ada" else (bo, bos)
    anew = MendedDocument(client_id=30, clock=lambda: 0)
    anew.apply_remote(began.state())
    changes_of(anew, who, suggests=False).decided.recall(json.loads(json.dumps(left.decided.kept)))
    other = bo if who == "Ada" else ada
    for _ in range(2):
        meet(anew, other)
    assert marked(anew) == marked(other)
    assert marked(anew) in ("one two three.", "one threetwo .")
