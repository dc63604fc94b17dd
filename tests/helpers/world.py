"""World: all people of a random plan, and the network between them.

What must hold is in `Player.check`, `World.perform` and `World.finish`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import pycrdt

from cowrite.core.crdt.anchor import Anchor, Stick
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import TABLE, Span, joined, utf16_length
from helpers.plan_files import Op
from helpers.plans import author
from helpers.player import Player

STEP = 10  # milliseconds between two operations
PAUSE = 1000  # milliseconds of quiet that end an undo step
ROUNDS = 10  # in which everybody tells everybody what they lack; what is put right meanwhile is told in the next


class World:
    """All people of a plan, and the network between them. At the end of its `with` block their editors are gone."""

    def __init__(self, plan: list[Op]) -> None:
        begin = plan[0]
        self.now = 0
        self.parcels: list[tuple[int, int, bytes]] = []
        self.islands = [0] * begin["people"]
        self.anchors: list[tuple[str, Anchor]] = []
        self.disturbed: set[str] = set()
        # Where another program writes cells of its own into a table that is undone and done again, the last cells of
        # that row come back as lines.
        foreign = [op["attributes"] for op in plan if op["do"] == "foreign"]
        self.keeps_cells = not any(TABLE in attributes for attributes in foreign)
        self.players = []
        for who in range(begin["people"]):
            document = MendedDocument(client_id=who + 1, clock=lambda: self.now)
            if who == 0 and begin["maker"]:
                with document.edit(Origin.IMPORT) as edit:
                    edit.insert(0, "\n")
            self.players.append(Player(who, document))
        if begin["maker"]:
            self._carry(self.players[0].document.state(), 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for player in self.players:
            player.close()

    def perform(self, op: Op) -> None:
        """Does one operation; what must hold after each is checked."""
        self.now += PAUSE if op["do"] == "pause" else STEP
        if op["do"] in ("begin", "pause"):
            return
        act = getattr(self, "do_" + op["do"], None)
        if act is not None:
            act(op)
            return
        player = self.players[op["who"] % len(self.players)]
        if op["do"] == "decide":
            for each in self.players:  # what was suggested may be text like all other now, and undo takes it away
                each.has_only_suggested = False
        with self._watched(player):
            player.perform(op)
        self._collect(player)

    def finish(self) -> None:
        """Repairs what was lost; then all are equal, and stay so when each has taken back all their own."""
        self.heal()
        self.converge()
        if len(self.players) == 1:
            self._check_undo_alone()
        for player in self.players:
            before = {character for character in player.tokens() if author(character) != player.who}
            for _ in range(200):
                if not player.document.can_undo():
                    break
                with self._watched(player):
                    player.undo()
            assert not player.document.can_undo(), "undo does not end"
            assert before <= player.tokens(), f"undoing everything removed {before - player.tokens()}"
            self._collect(player)
        self.converge()
        for player in self.players:
            player.editor.grab()
            player.editor.selectAll()
            player.editor.createMimeDataFromSelection()

    def converge(self) -> None:
        """Exchanges state vectors until nobody lacks anything; all must be equal then."""
        self.parcels.clear()
        for _ in range(ROUNDS):
            before = [player.document.state() for player in self.players]
            for one, other in itertools.permutations(self.players, 2):
                self._deliver(other, one.document.update_since(other.document.state_vector()))
            if before == [player.document.state() for player in self.players]:
                break
        else:
            raise AssertionError(f"after {ROUNDS} rounds there is still something new")
        first = self.players[0]
        for other in self.players[1:]:
            ours, theirs = joined(first.document.spans()), joined(other.document.spans())
            assert ours == theirs, f"replicas 0 and {other.who} differ: {ours} and {theirs}"
            assert _same_vector(first.document, other.document)

    def _check_undo_alone(self) -> None:
        """With nobody else there, undoing everything and doing it again ends where it began."""
        player = self.players[0]
        steps = 0
        while player.document.can_redo() and steps < 200:
            player.editor.redo_own()
            steps += 1
        end = self._ended(player)
        while player.document.can_undo() and steps < 200:
            player.editor.undo_own()
            player.check()
            steps += 1
        while player.document.can_redo() and steps < 400:
            player.editor.redo_own()
            player.check()
            steps += 1
        again = self._ended(player)
        assert end == again, f"undo and redo of everything changed {end} to {again}"

    def _ended(self, player: Player) -> list[Span]:
        spans = joined(player.document.spans())
        if self.keeps_cells:
            return spans
        return joined(
            Span(span.text, {name: span.attributes[name] for name in span.attributes if name != TABLE}, span.embed)
            for span in spans
        )

    # The network

    def do_partition(self, op: Op) -> None:
        self.islands = (op["islands"] * 5)[: len(self.players)]

    def do_heal(self, op: Op) -> None:
        self.heal()

    def heal(self) -> None:
        """Joins all islands."""
        self.islands = [0] * len(self.players)

    def do_deliver(self, op: Op) -> None:
        self._move(op["n"], keep=False, arrive=True)

    def do_duplicate(self, op: Op) -> None:
        self._move(op["n"], keep=True, arrive=True)

    def do_drop(self, op: Op) -> None:
        self._move(op["n"], keep=False, arrive=False)

    def do_sync(self, op: Op) -> None:
        count = len(self.players)
        source, target = self.players[op["from"] % count], self.players[op["who"] % count]
        self._deliver(target, source.document.update_since(target.document.state_vector()))

    def do_rain(self, op: Op) -> None:
        """All that is on its way to a person arrives at once, as one update: they were asleep."""
        who = op["who"] % len(self.players)
        arriving = [p for p in self.parcels if p[1] == who and self.islands[p[0]] == self.islands[who]]
        if arriving:
            self.parcels = [parcel for parcel in self.parcels if parcel not in arriving]
            self._deliver(self.players[who], pycrdt.merge_updates(*(update for _, _, update in arriving)))

    def do_foreign(self, op: Op) -> None:
        """Another program writes something that no editor of ours would."""
        player = self.players[op["who"] % len(self.players)]
        other: pycrdt.Doc[Any] = pycrdt.Doc(client_id=op["client"])
        body = other.get("body", type=pycrdt.Text)
        other.apply_update(player.document.state())
        before = other.get_state()
        rope = player.document.rope
        boundaries = [0, *itertools.accumulate(utf16_length(character) for character in rope.text())]
        at = rope.octet_of(boundaries[op["at"] * len(boundaries) // 1000])
        end = rope.octet_of(boundaries[min(len(boundaries) - 1, op["at"] * len(boundaries) // 1000 + 3)])
        match op["kind"]:
            case "insert":
                body.insert(at, op["text"], op["attributes"])
            case "embed":
                body.insert_embed(at, {"video": op["text"]}, op["attributes"])
            case "format" if end > at:
                body.format(at, end, op["attributes"])
            case "delete" if end > at:
                self.disturbed |= player.tokens()
                del body[at:end]
        update = other.get_update(before)
        self._deliver(player, update)
        self._carry(update, player.who)

    def do_reopen(self, op: Op) -> None:
        """A person closes the document and opens it again from what was saved."""
        player = self.players[op["who"] % len(self.players)]
        document = MendedDocument(client_id=op["client"], clock=lambda: self.now)
        document.apply_update(player.document.state(), Origin.STORAGE)
        document.steps.forget()
        player.close()
        player.open(document)
        player.check()

    def do_anchor(self, op: Op) -> None:
        """Remembers where a caret stands, by the token before it."""
        player = self.players[op["who"] % len(self.players)]
        at = 0
        candidates = []
        for character in player.document.text():
            at += utf16_length(character)
            if author(character) is not None and character not in self.disturbed:
                candidates.append((character, at))
        if candidates:
            character, at = candidates[player.place(op["at"]) % len(candidates)]
            self.anchors.append((character, Anchor.from_json(player.document.anchor(at, Stick.LEFT).to_json())))

    def _move(self, number: int, *, keep: bool, arrive: bool) -> None:
        movable = [i for i, parcel in enumerate(self.parcels) if self.islands[parcel[0]] == self.islands[parcel[1]]]
        if not movable:
            return
        chosen = movable[number % len(movable)]
        _, target, update = self.parcels[chosen]
        if not keep:
            del self.parcels[chosen]
        if arrive:
            self._deliver(self.players[target], update)

    def _deliver(self, player: Player, update: bytes) -> None:
        anchor, head = player.editor.caret()
        before = _token_before(player, head)
        with self._watched(player):
            player.document.apply_remote(update)
        if anchor == head and before is not None:
            self._check_caret(player, before)

    def _check_caret(self, player: Player, before: str) -> None:
        """The caret stays behind the token that stood before it; what came in at the caret is behind it."""
        text, at = player.document.text(), player.editor.caret()[1]
        if text.count(before) == 1 and before not in self.disturbed:
            wanted = utf16_length(text[: text.index(before) + 1])
            assert at == wanted, f"the caret of {player.who} moved from “{before}” at {wanted} to {at}"

    def _collect(self, player: Player) -> None:
        for update in player.outbox:
            self._carry(update, player.who)
        player.outbox.clear()

    def _carry(self, update: bytes, source: int) -> None:
        self.parcels += [(source, target, update) for target in range(len(self.players)) if target != source]

    @contextmanager
    def _watched(self, player: Player) -> Iterator[None]:
        tokens = player.tokens()
        yield
        player.check()
        self.disturbed |= tokens - player.tokens()
        text = player.document.text() if self.anchors else ""
        for character, anchor in self.anchors:
            if character in text and character not in self.disturbed:
                wanted = utf16_length(text[: text.index(character) + 1])
                found = player.document.resolve(anchor)
                assert found == wanted, f"the anchor behind “{character}” is at {found} and not at {wanted}"


def _token_before(player: Player, at: int) -> str | None:
    """The token that stands before a position; None where there is none."""
    before = player.document.rope.text(0, at)[-1:] if at <= player.document.length else ""
    return before if before and author(before) is not None else None


def _same_vector(one: Document, other: Document) -> bool:
    return one.update_since(other.state_vector())[:1] == b"\x00" == other.update_since(one.state_vector())[:1]
