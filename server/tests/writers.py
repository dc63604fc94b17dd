"""Several people who write into one document at random, as entries of a log, the same way for one seed."""

from __future__ import annotations

import random
from typing import Any

from pycrdt import Doc, Map, Text

from cowrite_server.store.records import Entry

ALPHABET = "ab cdé\n漢🙂"
LOOKS: list[dict[str, Any]] = [{"bold": True}, {"bold": None}, {"color": "#c00"}, {"header": 2}, {"italic": True}]

Body = list[tuple[Any, dict[str, Any]]]


def body_of(doc: Doc[Any]) -> Body:
    """Text and looks of a document, in the coarsest runs."""
    runs: Body = []
    for value, looks in doc.get("body", type=Text).diff():
        kept = {key: it for key, it in (looks or {}).items() if it is not None}
        if runs and isinstance(value, str) and isinstance(runs[-1][0], str) and runs[-1][1] == kept:
            runs[-1] = (runs[-1][0] + value, kept)
        else:
            runs.append((value, kept))
    return runs


def document_of(*updates: bytes) -> Doc[Any]:
    """A document made of updates."""
    doc: Doc[Any] = Doc()
    doc.get("body", type=Text)
    doc.get("meta", type=Map)
    for update in updates:
        doc.apply_update(update)
    return doc


class Writers:
    """Three people, each with a document of their own, which they bring together now and then."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.entries: list[Entry] = []
        self.saved: list[Body] = []
        """The document after each entry, as a server without history would have it."""
        self._time = 1_000_000
        self._server = document_of()
        self.docs = [document_of() for _ in range(3)]

    def write(self, steps: int) -> None:
        """Makes entries."""
        for _ in range(steps):
            member = self.chance.randrange(len(self.docs))
            doc = self.docs[member]
            if self.chance.random() < 0.6:
                doc.apply_update(self._server.get_update(doc.get_state()))
            before = doc.get_state()
            for _ in range(self.chance.choice((1, 1, 1, 5))):
                edit(self.chance, doc)
            self._log(doc.get_update(before), member)

    def _log(self, update: bytes, member: int) -> None:
        self._time += self.chance.choice((50, 500, 4_000, 30_000, 400_000))
        self.entries.append(Entry(len(self.entries) + 1, self._time, member or None, update))
        self._server.apply_update(update)
        self.saved.append(body_of(self._server))


def edit(chance: random.Random, doc: Doc[Any]) -> None:
    """One edit at random: text, an embed, a deletion, looks, or the title."""
    body = doc.get("body", type=Text)
    # pycrdt counts bytes, an embed as one.
    cells = [len(char.encode()) for value, _ in body.diff() for char in (value if isinstance(value, str) else "\0")]
    places = [sum(cells[:index]) for index in range(len(cells) + 1)]
    begin, end = sorted(chance.choices(places, k=2))
    kind = chance.random()
    if kind < 0.5 or begin == end:
        text = "".join(chance.choices(ALPHABET, k=chance.randint(1, 8)))
        body.insert(begin, text, chance.choice([None, *LOOKS[::2]]))
    elif kind < 0.55:
        body.insert_embed(begin, {"divider": True})
    elif kind < 0.75:
        del body[begin : min(end, places[min(places.index(begin) + 6, len(cells))])]
    elif kind < 0.95:
        body.format(begin, end, chance.choice(LOOKS))
    else:
        doc.get("meta", type=Map)["title"] = chance.choice("xyz")
