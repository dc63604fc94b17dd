"""Plans for boards: what several people do on one at the same time, and what the network does with it.

A plan is lines as `helpers.plan_files` has them. Each operation makes sense whatever the ones before it did: it picks
its notes by numbers into what its own replica has at that moment.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from itertools import count
from pathlib import Path
from random import Random

from cowrite.core.board.board import Board
from cowrite.core.board.items import Note, Place
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind
from cowrite.core.sessions.tally import tally
from cowrite.core.text.origin import Origin
from helpers.brainstorms import brainstorm_of
from helpers.closed_polls import closing_fields
from helpers.network import FakeNetwork
from helpers.plan_files import Op, save_plan, shrink

WORDS = "herbs bench pond hives 屋上 👩‍👩‍👧 שלום compost shed".split()
ACTS = {
    "write": 5,
    "group": 4,
    "put": 5,
    "merge": 4,
    "split": 3,
    "merge_groups": 2,
    "rename": 3,
    "retype": 4,
    "move": 4,
    "remove": 1,
    "undo": 3,
    "redo": 1,
    "poll": 1,
    "vote": 4,
    "close": 1,
    "network": 12,
    "cut": 1,
}


def make_plan(seed: int, steps: int = 60) -> list[Op]:
    """A plan of three people; the same for one seed."""
    chance = Random(seed)
    acts = chance.choices(list(ACTS), weights=list(ACTS.values()), k=steps)
    ops = [{"who": chance.randrange(3), "do": act, "pick": [chance.randrange(1000) for _ in range(4)]} for act in acts]
    return [{"seed": seed, "people": 3}, *ops]


class Person:
    """One replica with what stands on it."""

    def __init__(self, name: str, number: int, seed: int) -> None:
        clock = count(1000 * number).__next__
        self.name = name
        self.document = MendedDocument(client_id=number, clock=clock)
        self.brainstorm = brainstorm_of(self.document, name, chance=Random(f"{seed} {name}"), clock=clock)

    @property
    def board(self) -> Board:
        return self.brainstorm.board

    def some(self, picks: list[int]) -> list[str]:
        """Notes of the board by numbers, those that were merged too."""
        notes = self.brainstorm.visibility.notes(merged=True)
        return list(dict.fromkeys(notes[pick % len(notes)].id for pick in picks)) if notes else []

    def a_group(self, pick: int) -> str:
        groups = self.board.groups()
        return groups[pick % len(groups)].id if groups else ""


class BoardWorld:
    """Three replicas, their network, and what must not be lost."""

    def __init__(self, plan: list[Op]) -> None:
        seed = plan[0]["seed"]
        self.people = [Person(name, 1 + number, seed) for number, name in enumerate(("Ada", "Bo", "Cy"))]
        self.by_name = {person.name: person for person in self.people}
        self.people[0].document.apply_remote(MendedDocument.new(clock=lambda: 0).state())
        for person in self.people[1:]:
            person.document.apply_remote(self.people[0].document.state())
        self.network = FakeNetwork(seed, {each.name: each.document.apply_remote for each in self.people})
        for person in self.people:

            def sent(update: tuple[bytes, Origin], name: str = person.name) -> None:
                if update[1] is not Origin.REMOTE:
                    self.network.send(name, update[0])

            person.document.observe_updates(sent)
        self.may_be_gone: set[str] = set()
        self.written: set[str] = set()
        self.ballots: dict[str, list[Ballot]] = {}

    def perform(self, op: Op) -> None:
        """Does one operation, and checks what holds at any time on that replica."""
        person, picks = self.people[op["who"] % len(self.people)], op["pick"]
        getattr(self, f"_{op['do']}")(person, picks)
        self._check_sight(person)

    def finish(self) -> None:
        """Everything arrives; checks what holds then."""
        for _ in range(2):  # what came before what it builds on is taken in with the next exchange
            self.network.settle(self._lacking)
        first, *others = self.people
        for person in self.people:
            self._check_sight(person)
            there = {note.id for note in person.brainstorm.visibility.notes(merged=True)}
            lost = self.written - there - self.may_be_gone
            assert not lost, f"{person.name} has lost {sorted(lost)}"
        for other in others:
            for what in ("groups", "links", "frames"):
                assert getattr(first.board, what)() == getattr(other.board, what)(), f"{what} differ"
            assert first.brainstorm.visibility.notes(merged=True) == other.brainstorm.visibility.notes(merged=True), (
                "notes differ"
            )
            assert first.brainstorm.visibility.polls() == other.brainstorm.visibility.polls(), "polls differ"
            tallies = [[tally(poll) for poll in each.brainstorm.visibility.polls()] for each in (first, other)]
            assert tallies[0] == tallies[1], "tallies differ"

    def _lacking(self, source: str, target: str) -> bytes:
        vector = self.by_name[target].document.state_vector()
        return self.by_name[source].document.update_since(vector)

    def _check_sight(self, person: Person) -> None:
        """Each note that is there stands in one place: in a group or in none, for itself or below another one."""
        brainstorm = person.brainstorm
        shown = [note.id for group in brainstorm.board.groups() for note in brainstorm.visibility.members(group.id)]
        shown += [note.id for note in brainstorm.visibility.members("")]
        below = [note.id for id in shown for note in brainstorm.visibility.merged(id)]
        all_ids = Counter(note.id for note in brainstorm.visibility.notes(merged=True))
        assert Counter({*shown, *below}) == all_ids, f"{person.name} sees {sorted(all_ids - Counter([*shown, *below]))}"
        assert len(set(shown)) == len(shown), f"{person.name} sees a note in two places"

    # What people do

    def _write(self, person: Person, picks: list[int]) -> None:
        notes = [Note("", WORDS[pick % len(WORDS)], Place(pick, 0)) for pick in picks[: 1 + picks[0] % 3]]
        self.written |= set(person.brainstorm.write(notes))

    def _group(self, person: Person, picks: list[int]) -> None:
        person.board.group(person.some(picks[:3]), WORDS[picks[3] % len(WORDS)])

    def _put(self, person: Person, picks: list[int]) -> None:
        person.board.put_into(person.a_group(picks[3]) if picks[2] % 4 else "", person.some(picks[:2]))

    def _merge(self, person: Person, picks: list[int]) -> None:
        ids = person.some(picks[:3])
        if ids:
            person.board.merge_notes(ids[0], ids[1:])

    def _split(self, person: Person, picks: list[int]) -> None:
        person.board.change({id: {"merged_into": ""} for id in person.some(picks[:2])})

    def _merge_groups(self, person: Person, picks: list[int]) -> None:
        into, other = person.a_group(picks[0]), person.a_group(picks[1])
        if into:
            person.board.merge_groups(into, [other])

    def _rename(self, person: Person, picks: list[int]) -> None:
        person.brainstorm.change({person.a_group(picks[0]): {"title": f"{WORDS[picks[1] % len(WORDS)]} {picks[2]}"}})

    def _retype(self, person: Person, picks: list[int]) -> None:
        for id in person.some(picks[:1]):
            note = person.brainstorm.visibility.note(id)
            assert note is not None
            at = picks[1] % (len(note.text) + 1)
            person.brainstorm.change({id: {"text": f"{note.text[:at]}{WORDS[picks[2] % len(WORDS)]}{note.text[at:]}"}})

    def _move(self, person: Person, picks: list[int]) -> None:
        person.brainstorm.change({id: {"place": Place(picks[2], picks[3])} for id in person.some(picks[:2])})

    def _remove(self, person: Person, picks: list[int]) -> None:
        ids = person.some(picks[:1])
        self.may_be_gone |= set(ids)
        person.brainstorm.remove(ids)

    def _undo(self, person: Person, picks: list[int]) -> None:
        # Taking back the writing of notes takes them away, whatever others did with them meanwhile.
        before = {note.id for note in person.brainstorm.visibility.notes(merged=True)}
        person.brainstorm.undo()
        self.may_be_gone |= before - {note.id for note in person.brainstorm.visibility.notes(merged=True)}

    def _redo(self, person: Person, picks: list[int]) -> None:
        before = {note.id for note in person.brainstorm.visibility.notes(merged=True)}
        person.brainstorm.redo()
        self.may_be_gone |= before - {note.id for note in person.brainstorm.visibility.notes(merged=True)}

    def _poll(self, person: Person, picks: list[int]) -> None:
        options = tuple(Option(id, id) for id in person.some(picks[:3]))
        kind = list(PollKind)[picks[3] % len(PollKind)]
        self.ballots[person.brainstorm.polls.open(Poll("", kind, "?", options, criteria=("impact",)))] = []

    def _vote(self, person: Person, picks: list[int]) -> None:
        for poll in person.brainstorm.visibility.polls()[-1:]:
            ids = [option.id for option in poll.options]
            self.ballots[poll.id].append(
                Ballot(
                    dots={id: pick % 7 for id, pick in zip(ids, picks, strict=False)},
                    scores={"impact": {id: pick % 8 for id, pick in zip(ids, picks, strict=False)}},
                    ranking=tuple(ids[picks[0] % 3 :] + ids[: picks[0] % 3]),
                    position=["consent", "objection", "agree", "block", "disagree"][picks[1] % 5],
                    voter=person.name if picks[2] % 3 else "",
                )
            )

    def _close(self, person: Person, picks: list[int]) -> None:
        for poll in person.brainstorm.visibility.polls():
            if not poll.is_closed:
                # The server closes; two nodes may do it, each with the ballots in another order.
                ballots = list(self.ballots[poll.id])
                Random(picks[0]).shuffle(ballots)
                person.brainstorm.change({poll.id: closing_fields(ballots)})

    def _network(self, person: Person, picks: list[int]) -> None:
        self.network.run(1 + picks[0] % 6)

    def _cut(self, person: Person, picks: list[int]) -> None:
        if picks[0] % 2:
            self.network.partition_at_random()
        else:
            self.network.heal()


def run_plan(plan: list[Op]) -> None:
    """Carries a plan out; raises AssertionError where something does not hold."""
    world = BoardWorld(plan)
    for op in plan[1:]:
        world.perform(op)
    world.finish()


def check_plan(plan: list[Op]) -> None:
    """Carries a plan out; one that fails is made small, saved, and named in the failure."""
    try:
        run_plan(plan)
    except Exception as error:
        small = shrink(plan, _fails)
        folder = Path(os.environ.get("COWRITE_PLANS") or Path(tempfile.gettempdir()) / "cowrite-plans")
        path = folder / f"board-{plan[0]['seed']}.jsonl"
        save_plan(small, path)
        raise AssertionError(f"seed {plan[0]['seed']}: {error}; {len(small) - 1} operations in {path}") from error


def _fails(plan: list[Op]) -> bool:
    try:
        run_plan(plan)
    except Exception:  # noqa: BLE001, whatever goes wrong is what is looked for
        return True
    return False
