"""The sealed box on this computer: nothing that was written is lost, and nothing comes twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from cowrite.bridge.storage_thread import StorageThread
from cowrite.core.polls import Ballot, Option, Poll, PollKind
from cowrite.core.sealing import Contributions
from cowrite.core.sessions import Phase, Session
from cowrite_server.sealed_protocol import SealedReason
from helpers.sealed_server import Person, SealedServer, settle


@pytest.fixture
def storage(qapp) -> Iterator[StorageThread]:
    storage = StorageThread()
    yield storage
    storage.close()


@pytest.fixture
def server() -> SealedServer:
    return SealedServer()


@pytest.fixture
def person(tmp_path: Path, storage: StorageThread, server: SealedServer) -> Iterator[Callable[..., Person]]:
    people: list[Person] = []

    def person(name: str = "Ada", *, alone: bool = False) -> Person:
        people.append(Person(name, tmp_path, storage, None if alone else server))
        if not alone:
            people[-1].connect()
            settle(people)
        return people[-1]

    yield person
    settle([each for each in people if each.server is not None])
    for each in people:
        each.box.end()


def session(person: Person, **fields: object) -> str:
    return person.sessions.begin(Session("", "What now?", phase=Phase.WRITE, **fields))


def poll(person: Person, **fields: object) -> str:
    return person.polls.open(Poll("", PollKind.DOTS, "Which?", (Option("note:1", "one"),), **fields))


# Alone


def test_without_a_server_notes_are_revealed_from_here(person):
    ada = person(alone=True)
    id = session(ada)
    ada.box.put([ada.note(text, id) for text in ("one", "two", "three")])
    assert [note.text for note in ada.box.notes(id)] == ["one", "two", "three"]
    assert all(note.is_sealed for note in ada.box.notes(id))
    assert ada.box.contributions(id) == Contributions(3, 1)
    assert ada.box.problem() == ""
    assert ada.texts() == []
    ada.box.reveal(id)
    assert ada.texts() == ["one", "three", "two"]
    assert {note.author for note in ada.board.notes()} == {"Ada"}
    assert ada.sessions.get(id).is_revealed
    assert ada.box.notes(id) == []
    assert ada.box.contributions(id) == Contributions()
    while ada.board.can_undo():
        ada.board.undo()
    assert ada.texts() == ["one", "three", "two"]


def test_what_was_revealed_here_is_by_a_client_of_its_own(person):
    ada = person(alone=True)
    id = session(ada, is_anonymous=True)
    notes = [ada.note(text, id) for text in ("one", "two")]
    ada.box.put(notes)
    before = ada.document.state_vector()
    ada.box.reveal(id)
    update = ada.document.update_since(before)
    assert ada.document.client_id.to_bytes(8, "little").rstrip(b"\0") not in update
    assert not {note.id for note in notes} & {note.id for note in ada.board.notes()}
    assert {note.author for note in ada.board.notes()} == {""}


def test_what_is_kept_here_is_there_after_kill_9(person):
    ada = person(alone=True)
    id, asked = session(ada), poll(ada)
    (first, _) = notes = [ada.note(text, id) for text in ("one", "two")]
    ada.box.put(notes)
    ada.box.put([ada.note("uno", id, first.id)])
    ada.box.take_back([notes[1].id])
    ada.box.put_ballot(asked, Ballot(dots={"note:1": 2}))
    ada.kill()
    assert [(note.id, note.text) for note in ada.box.notes(id)] == [(first.id, "uno")]
    assert ada.box.ballot(asked) == Ballot(dots={"note:1": 2})


def test_without_a_server_a_poll_is_closed_from_here(person):
    ada = person(alone=True)
    asked = poll(ada)
    ada.box.put_ballot(asked, Ballot(dots={"note:1": 1}))
    ada.box.put_ballot(asked, Ballot(dots={"note:1": 2}, voter="Ben"))
    assert ada.box.voters(asked) == 1
    ada.box.close(asked)
    assert ada.polls.get(asked).ballots == (Ballot(dots={"note:1": 2}, voter="Ada"),)
    assert ada.box.ballot(asked) is None
    assert ada.box.voters(asked) == 0


def test_a_box_that_belongs_to_nothing_is_not_opened(person):
    ada = person(alone=True)
    ada.box.put([ada.note("one", "session:9")])
    ada.box.reveal("session:9")
    assert "does not know this session" in ada.box.problem()
    assert [note.text for note in ada.box.notes("session:9")] == ["one"]


# With a server


def test_what_is_written_goes_to_the_server_and_comes_to_all_with_the_reveal(person, server):
    ada, ben = person("Ada"), person("Ben")
    told: list[frozenset[str]] = []
    ben.box.observe(told.append)
    id = session(ada)
    ada.box.put([ada.note(f"ada {number}", id) for number in range(30)])
    settle([ada, ben])
    ben.box.put([ben.note("ben", id)])
    settle([ada, ben])
    assert server.counts()[id] == (31, 2)
    assert ada.box.contributions(id) == ben.box.contributions(id) == Contributions(31, 2)
    assert any(id in ids for ids in told)
    assert ada.box.problem() == ""
    assert ada.texts() == []
    ben.box.reveal(id)
    settle([ada, ben])
    assert ada.texts() == ben.texts() == sorted(["ben", *(f"ada {number}" for number in range(30))])
    assert {note.author for note in ada.board.notes()} == {"Ada", "Ben"}
    assert not ada.box.notes(id)
    ada.storage.run_quickly_now(lambda: None)
    assert not ada.file.exists()


def test_offline_what_is_written_waits_and_is_said_to(person, server):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada)
    settle([ada, ben])
    ada.disconnect()
    ada.box.put([ada.note("one", id)])
    assert "on this computer alone" in ada.box.problem()
    assert ada.box.contributions(id) == Contributions(1, 1)
    ada.kill()
    assert "on this computer alone" in ada.box.problem()
    ada.connect()
    settle([ada, ben])
    assert ada.box.problem() == ""
    assert ben.box.contributions(id) == Contributions(1, 1)


def test_a_reveal_that_is_wanted_offline_happens_with_the_connection_and_behind_what_waits(person):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada)
    settle([ada, ben])
    ada.disconnect()
    ada.box.put([ada.note(f"{number}", id) for number in range(20)])
    ada.box.reveal(id)
    assert ada.texts() == []
    assert "offline" in ada.box.problem()
    ada.connect()
    settle([ada, ben])
    assert len(ben.texts()) == 20
    assert not any(note.is_late for note in ben.board.notes())
    assert ada.box.problem() == ""


def test_what_was_kept_of_a_document_that_was_nobody_s_goes_to_the_server_when_it_is_shared(person, server):
    ada = person("Ada", alone=True)
    id = session(ada)
    ada.box.put([ada.note("one", id)])
    ada.server = server
    server.people.append(ada)
    ada.box.use(ada.shared)
    assert "on this computer alone" in ada.box.problem()
    ada.connect()
    settle([ada])
    assert server.counts()[id] == (1, 1)


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_a_note_that_comes_too_late_goes_onto_the_board_and_is_marked(person, is_anonymous):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada, is_anonymous=is_anonymous)
    settle([ada, ben])
    ada.box.put([ada.note("in time", id)])
    settle([ada, ben])
    ada.disconnect()
    ada.box.put([ada.note("late", id)])
    ben.box.reveal(id)
    settle([ben])
    ada.connect()
    settle([ada, ben])
    assert ada.texts() == ben.texts() == ["in time", "late"]
    assert [note.text for note in ben.board.notes() if note.is_late] == ["late"]
    assert {note.author for note in ben.board.notes()} == ({""} if is_anonymous else {"Ada"})


def test_a_late_note_of_somebody_who_may_not_write_on_the_board_stays_with_them(person):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada)
    settle([ada, ben])
    ben.disconnect()
    ben.may_write = False
    ben.box.put([ben.note("late", id)])
    ada.box.reveal(id)
    settle([ada])
    ben.connect()
    settle([ada, ben])
    assert ada.texts() == []
    assert [note.text for note in ben.box.notes(id)] == ["late"]
    assert "revealed before yours" in ben.box.problem()


def test_an_acknowledgement_that_was_lost_brings_no_note_twice(person):
    ada, ben = person("Ada"), person("Ben")
    id = session(ada, is_anonymous=True)
    settle([ada, ben])
    ada.box.put([ada.note("one", id)])
    assert ada.send()
    ada.kill()  # before it took in that the server has it
    ben.box.reveal(id)
    settle([ben])
    ada.connect()
    settle([ada, ben])
    assert ada.texts() == ben.texts() == ["one"]
    assert ada.box.notes(id) == []


def test_what_was_taken_back_offline_does_not_come_back(person, server):
    ada = person("Ada")
    id = session(ada)
    note = ada.note("one", id)
    ada.box.put([note])
    settle([ada])
    ada.disconnect()
    ada.box.take_back([note.id])
    ada.kill()
    ada.connect()
    settle([ada])
    assert server.counts()[id] == (0, 0)
    assert ada.box.notes(id) == []


def test_what_the_server_has_of_this_person_comes_back_where_this_computer_lost_it(person):
    ada = person("Ada")
    id = session(ada)
    ada.box.put([ada.note("one", id)])
    settle([ada])
    ada.kill()
    ada.file.unlink()
    ada.kill()
    assert ada.box.notes(id) == []
    ada.connect()
    settle([ada])
    assert [note.text for note in ada.box.notes(id)] == ["one"]


@pytest.mark.parametrize(
    "reason", [SealedReason.TOO_LARGE, SealedReason.TOO_MANY, SealedReason.READ_ONLY, SealedReason.UNKNOWN]
)
def test_what_the_server_refuses_stays_here_and_is_said_in_one_sentence(person, server, reason):
    ada = person("Ada")
    id = session(ada)
    note = ada.note("one", id)
    server.refusals.append(reason)
    ada.box.put([note, ada.note("two", id)])
    settle([ada])
    assert ada.box.problem().count(".") == 1
    assert [each.text for each in ada.box.notes(id)] == ["one", "two"]
    assert server.counts()[id] == (1, 1)
    ada.box.put([ada.note("shorter", id, note.id)])
    settle([ada])
    assert ada.box.problem() == ""
    assert server.counts()[id] == (2, 1)


def test_what_the_server_could_not_do_is_tried_again(person, server, qtbot, monkeypatch):
    monkeypatch.setattr("cowrite.bridge.sealed_delivery.RETRY_DELAY", 10)
    ada = person("Ada")
    id = session(ada)
    server.refusals += [SealedReason.UNREADABLE, SealedReason.BUSY]
    ada.box.put([ada.note("one", id)])

    def arrived() -> bool:
        settle([ada])
        return server.counts().get(id) == (1, 1)

    qtbot.waitUntil(arrived)
    assert ada.box.problem() == ""


def test_a_refused_reveal_is_said_and_not_tried_again(person, server):
    ada = person("Ada")
    id = session(ada)
    server.refusals.append(SealedReason.READ_ONLY)
    ada.box.reveal(id)
    settle([ada])
    assert "Only owners and editors" in ada.box.problem()
    assert not ada.sessions.get(id).is_revealed
    ada.box.reveal(id)
    settle([ada])
    assert ada.sessions.get(id).is_revealed
    assert ada.box.problem() == ""


def test_a_server_without_boxes_leaves_all_on_this_computer(person, server):
    server.seals = False
    ada, ben = person("Ada"), person("Ben")
    id = session(ada)
    settle([ada, ben])
    ada.box.put([ada.note("one", id)])
    ben.box.put([ben.note("two", id)])
    settle([ada, ben])
    assert "keeps nothing sealed" in ada.box.problem()
    assert ben.box.contributions(id) == Contributions(1, 1)
    ada.box.reveal(id)
    settle([ada, ben])
    assert ada.texts() == ben.texts() == ["one", "two"]


def test_ballots_lie_at_the_server_until_the_poll_is_closed(person):
    ada, ben = person("Ada"), person("Ben")
    asked = poll(ada)
    settle([ada, ben])
    ada.box.put_ballot(asked, Ballot(dots={"note:1": 2}))
    ben.box.put_ballot(asked, Ballot(dots={"note:1": 1}, voter="Ben"))
    settle([ada, ben])
    assert ada.box.voters(asked) == ben.box.voters(asked) == 2
    assert ada.box.ballot(asked) == Ballot(dots={"note:1": 2})
    assert ben.box.ballot(asked) == Ballot(dots={"note:1": 1})
    ben.box.close(asked)
    settle([ada, ben])
    closed = ada.polls.get(asked)
    assert {(ballot.voter, ballot.dots["note:1"]) for ballot in closed.ballots} == {("Ada", 2), ("Ben", 1)}
    assert ada.box.ballot(asked) is None
    assert ada.box.problem() == ""


def test_a_ballot_that_comes_too_late_is_said_not_to_count(person):
    ada, ben = person("Ada"), person("Ben")
    asked = poll(ada)
    settle([ada, ben])
    ada.disconnect()
    ada.box.put_ballot(asked, Ballot(dots={"note:1": 2}))
    ben.box.close(asked)
    settle([ben])
    ada.connect()
    settle([ada, ben])
    assert ada.polls.get(asked).ballots == ()
    assert "does not count" in ada.box.problem()


def test_a_disk_that_cannot_be_written_is_named(person, qtbot, caplog):
    ada = person("Ada", alone=True)
    id = session(ada)
    ada.file.mkdir()
    (ada.file / "in the way").touch()
    ada.box.put([ada.note("one", id)])
    qtbot.waitUntil(lambda: ada.file.name in ada.box.problem())
    (ada.file / "in the way").unlink()
    ada.file.rmdir()
    qtbot.waitUntil(lambda: ada.box.problem() == "")
    assert "one" in ada.file.read_text()


# Random plans


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
        act = self.chance.choice(["write"] * 4 + ["change", "change", "take back", "cut", "connect", "kill", "settle"])
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
        if self.chance.random() < 0.5:
            person.send(self.chance.randrange(1, 4))

    def _put(self, person: Person, id: str) -> None:
        if person.sessions.get(self.id).is_revealed:
            return  # then it is written on the board
        text = f"idea-{person.name}-{self.written}"
        self.written += 1
        person.box.put([person.note(text, self.id, id)])
        self.mine[person.name][id] = text


@pytest.mark.parametrize("seed", range(40))
def test_whatever_happens_all_that_was_written_is_there_once(person, seed):
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
    for each in people:
        if not each.is_online:
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
    assert all(each.box.problem() == "" or "revealed" in each.box.problem() for each in people)
