"""Random plans of writing, losing connections and revealing."""

from __future__ import annotations

from random import Random

import pytest

from cowrite_server.wire.sealed import SealedReason
from helpers.sealed_server import Person, session, settle
from helpers.seeds import seeds


def words(message: bytes) -> set[str]:
    return {word for word in message.decode("utf-8", "replace").replace('"', " ").split() if word.startswith("idea-")}


class Plan:
    """Three people who write, change, take back, lose the network and are killed; then all is revealed."""

    def __init__(self, seed: int, people: list[Person]) -> None:
        self.chance = Random(seed)
        self.people = people
        self.id = session(people[0], is_anonymous=bool(seed % 2))
        settle(people)
        self.mine: dict[str, dict[str, str]] = {person.name: {} for person in people}
        self.taken_back: set[str] = set()
        self.written = 0
        self.is_wanted = False

    def step(self) -> None:
        person = self.chance.choice(self.people)
        mine = self.mine[person.name]
        act = self.chance.choice(
            ["write"] * 4 + ["change", "change", "take back", "cut", "connect", "kill", "settle", "fail"]
        )
        if act == "write" or (act in ("change", "take back") and not mine):
            self._put(person, f"note:{person.name}{len(mine)}x{self.written}")
        elif act == "change":
            self._put(person, self.chance.choice(list(mine)))
        elif act == "take back":
            id = self.chance.choice(list(mine))
            self.taken_back.add(mine.pop(id))
            person.box.take_back([id])
        elif act == "cut" and person.is_online:
            person.disconnect()
        elif act == "connect" and not person.is_online:
            person.connect()
        elif act == "kill":
            person.kill()
        elif act == "settle":
            settle(self.people)
        elif act == "fail" and person.server is not None:
            person.server.refusals.append(self.chance.choice([SealedReason.BUSY, SealedReason.UNREADABLE]))
        if self.chance.random() < 0.5:
            person.send(self.chance.randrange(1, 4))

    def _put(self, person: Person, id: str) -> None:
        if person.sessions.get(self.id).is_revealed:
            return  # then it is written on the board
        text = f"idea-{person.name}-{self.written}"
        self.written += 1
        person.box.put([person.note(text, self.id, id)])
        self.mine[person.name][id] = text


@pytest.mark.parametrize("seed", seeds(8))
def test_whatever_happens_all_that_was_written_is_there_once(person, server, seed):
    people = [person(name) for name in ("Ada", "Ben", "Cyd")]
    plan = Plan(seed, people)
    for _ in range(40):
        plan.step()
    for each in people:  # nobody was told what somebody else wrote
        for message in each.heard:
            assert all(word.startswith(f"idea-{each.name}-") for word in words(message))
    plan.chance.choice(people).box.reveal(plan.id)
    for _ in range(20):
        plan.step()
    server.refusals.clear()
    for each in people:
        if each.is_online:
            each.disconnect()
        each.connect()
    settle(people)
    people[0].box.reveal(plan.id)  # who wanted it may have been killed
    settle(people)
    found = people[0].texts()
    assert all(each.texts() == found for each in people)
    assert len(set(found)) == len(found)
    wanted = {text for mine in plan.mine.values() for text in mine.values()}
    assert wanted <= set(found)
    assert all(not each.box.notes(plan.id) for each in people)
    assert all(each.box.problem(plan.id) == "" or "revealed" in each.box.problem(plan.id) for each in people)
