"""What becomes of sealed notes and ballots when a server refuses, fails or has no boxes."""

from __future__ import annotations

from threading import Event

import pytest
from pycrdt import Doc, Map

from cowrite.bridge.shared import kept_box, kept_store
from cowrite.core.sessions.polls import Ballot
from cowrite.core.sessions.sealing import Contributions
from cowrite.storage import sealed_items
from cowrite.storage.errors import StorageFailed
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.sealed import SealedReason
from helpers.sealed_server import poll, session, settle


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
    assert ada.box.problem(id).count(".") == 1
    assert [each.text for each in ada.box.notes(id)] == ["one", "two"]
    assert server.counts()[id] == (1, 1)
    ada.box.put([ada.note("shorter", id, note.id)])
    settle([ada])
    assert ada.box.problem(id) == ""
    assert server.counts()[id] == (2, 1)


def test_what_the_document_does_not_take_stays_here_and_is_put_into_it_by_itself(person, qtbot, monkeypatch, caplog):
    monkeypatch.setattr(kept_box, "TRY_AGAIN", 10)
    revealing, failures = kept_box.revealing, [BrokenUpdate("the test says so")] * 2

    def reveal_in_the_end(*contributions: object) -> bytes:
        if failures:
            raise failures.pop()
        return revealing(*contributions)

    monkeypatch.setattr(kept_box, "revealing", reveal_in_the_end)
    ada = person(alone=True)
    id = session(ada)
    ada.box.put([ada.note("one", id)])
    ada.box.reveal(id)
    assert "could not be put into the document" in ada.box.problem(id)
    assert [note.text for note in ada.box.notes(id)] == ["one"]
    qtbot.waitUntil(lambda: ada.texts() == ["one"])
    assert ada.box.problem(id) == ""
    assert len(caplog.records) == 2
    caplog.clear()


def test_what_was_refused_in_another_role_goes_to_the_server_when_one_has_the_role(person, server):
    ada = person("Ada")
    id = session(ada)
    server.refusals += [SealedReason.READ_ONLY, SealedReason.READ_ONLY]
    ada.box.put([ada.note("one", id)])
    settle([ada])
    ada.box.reveal(id)
    settle([ada])
    assert ada.box.problem(id) != ""
    ada.shared.show_role()
    settle([ada])
    assert ada.box.problem(id) == ""
    assert server.counts()[id] == (1, 1)


def test_what_the_server_could_not_do_by_itself(person, server, qtbot, monkeypatch):
    monkeypatch.setattr("cowrite.bridge.shared.sealed_delivery.RETRY_DELAY", 10)
    ada = person("Ada")
    id = session(ada)
    server.refusals += [SealedReason.UNREADABLE, SealedReason.BUSY]
    ada.box.put([ada.note("one", id)])

    def arrived() -> bool:
        settle([ada])
        return server.counts().get(id) == (1, 1)

    qtbot.waitUntil(arrived)
    assert ada.box.problem(id) == ""


def test_what_the_server_could_not_do_is_not_asked_again_at_once(person, server):
    ada = person("Ada")
    id = session(ada)
    server.refusals += [SealedReason.UNREADABLE] * 50
    ada.box.put([ada.note("one", id), ada.note("two", id)])
    settle([ada])
    assert len(server.refusals) == 48
    assert "try again in a while" in ada.box.problem(id)


def test_a_reveal_waits_for_what_the_server_could_not_take_yet(person, server, qtbot, monkeypatch):
    monkeypatch.setattr("cowrite.bridge.shared.sealed_delivery.RETRY_DELAY", 10)
    ada = person("Ada")
    id = session(ada)
    server.refusals += [SealedReason.BUSY]
    ada.box.put([ada.note("one", id)])
    ada.box.reveal(id)

    def arrived() -> bool:
        settle([ada])
        return ada.texts() == ["one"]

    qtbot.waitUntil(arrived)
    assert not ada.board.notes()[0].is_late


def test_a_refused_reveal_is_said_and_not_tried_again(person, server):
    ada = person("Ada")
    id = session(ada)
    server.refusals.append(SealedReason.READ_ONLY)
    ada.box.reveal(id)
    settle([ada])
    assert "Only owners and editors" in ada.box.problem(id)
    assert not ada.sessions.get(id).is_revealed
    ada.box.reveal(id)
    settle([ada])
    assert ada.sessions.get(id).is_revealed
    assert ada.box.problem(id) == ""


def test_a_server_without_boxes_leaves_all_on_this_computer(person, server):
    server.seals = False
    ada, ben = person("Ada"), person("Ben")
    id = session(ada)
    settle([ada, ben])
    ada.box.put([ada.note("one", id)])
    ben.box.put([ben.note("two", id)])
    settle([ada, ben])
    assert "keeps nothing sealed" in ada.box.problem(id)
    assert ben.box.contributions(id) == Contributions(1, 1)
    ada.box.reveal(id)
    settle([ada, ben])
    assert ada.texts() == ben.texts() == ["one", "two"]
    assert "could not count" in ada.box.no_polls()


def test_without_boxes_whoever_may_not_write_is_told_that_theirs_stay_here_before_and_after_the_reveal(person, server):
    server.seals = False
    ada, ben = person("Ada"), person("Ben")
    ben.may_write = False
    id = session(ada)
    settle([ada, ben])
    ben.box.put([ben.note("two", id)])
    settle([ada, ben])
    assert "stays on this computer; ask somebody" in ben.box.problem(id)
    ada.box.reveal(id)
    settle([ada, ben])
    assert "stays on this computer; ask somebody" in ben.box.problem(id)
    assert [note.text for note in ben.box.notes(id)] == ["two"]


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
    assert ada.box.problem(id) == ""


@pytest.mark.parametrize("others", [[], ["Ben"]])
def test_a_ballot_that_comes_too_late_is_said_not_to_count_whatever_others_said(person, others):
    ada, ben = person("Ada"), person("Ben")
    asked = poll(ada)
    settle([ada, ben])
    ada.disconnect()
    ada.box.put_ballot(asked, Ballot(dots={"note:1": 2}))
    if others:
        ben.box.put_ballot(asked, Ballot(dots={"note:1": 2}))
        settle([ben])
    ben.box.close(asked)
    settle([ben])
    ada.connect()
    settle([ada, ben])
    assert [ballot.voter for ballot in ada.polls.get(asked).ballots] == others
    assert "does not count" in ada.box.problem(asked)


def test_whose_changed_ballot_comes_too_late_is_told_that_the_earlier_one_counts(person, server):
    ada, ben = person("Ada"), person("Ben")
    asked = poll(ada)
    ada.box.put_ballot(asked, Ballot(dots={"note:1": 1}))
    settle([ada, ben])
    ada.disconnect()
    ada.box.put_ballot(asked, Ballot(dots={"note:1": 2}))
    ben.box.close(asked)
    settle([ben])
    ada.connect()
    settle([ada, ben])
    assert [ballot.dots for ballot in ada.polls.get(asked).ballots] == [{"note:1": 1}]
    assert ada.box.problem(asked).endswith("so it counts as it was before.")


@pytest.mark.parametrize("alone", [True, False])
def test_what_another_program_writes_into_a_poll_as_ballots_is_in_nobodys_way(person, server, alone):
    ada = person("Ada", alone=alone)
    asked = poll(ada)
    settle([ada] if not alone else [])
    if not alone:
        ada.disconnect()
    ada.box.put_ballot(asked, Ballot(dots={"note:1": 2}))
    foreign: Doc[Map] = Doc()
    foreign.apply_update(ada.document.state())
    before = foreign.get_state()
    entry = foreign.get("board", type=Map)[asked]
    entry["ballots"] = [{"dots": b"two"}]
    entry["is_closed"] = True
    ada.document.apply_remote(foreign.get_update(before))
    if not alone:
        ada.connect()
    settle([] if alone else [ada])
    assert ada.box.ballot(asked) is None
    assert "does not count" in ada.box.problem(asked)


def test_a_disk_that_cannot_be_written_is_named(person, qtbot, caplog):
    ada = person("Ada", alone=True)
    id = session(ada)
    ada.file.mkdir()
    (ada.file / "in the way").touch()
    ada.box.put([ada.note("one", id)])
    qtbot.waitUntil(lambda: ada.file.name in ada.box.problem(id))
    (ada.file / "in the way").unlink()
    ada.file.rmdir()
    qtbot.waitUntil(lambda: ada.box.problem(id) == "")
    assert "one" in ada.file.read_text()


def test_where_what_was_sealed_here_cannot_be_read_it_is_said_where_its_file_is(person, tmp_path, caplog):
    (tmp_path / "Ada.json").write_text("{")
    ada = person("Ada")
    (aside,) = tmp_path.glob("Ada.json.broken-*")
    assert str(aside) in ada.box.problem("session:1")
    caplog.clear()


def test_what_a_file_holds_that_could_not_be_read_is_there_still_when_it_can(person, qtbot, monkeypatch):
    def refuse(path):
        raise StorageFailed(path, "too many files are open")

    ada = person("Ada", alone=True)
    id = session(ada)
    ada.box.put([ada.note("one", id)])
    monkeypatch.setattr(kept_store, "RETRY_DELAY", 1)
    with monkeypatch.context() as patch:
        patch.setattr(sealed_items, "read_object", refuse)
        ada.kill()
        assert "too many files are open" in ada.box.problem(id)
        ada.box.put([ada.note("two", id)])
        ada.storage.finish()
        assert "too many files are open" in ada.box.problem(id)
        can_write = Event()
        ada.storage.run(lambda: can_write.wait(10))
    qtbot.waitUntil(lambda: {note.text for note in ada.box.notes(id)} == {"one", "two"})
    assert "too many files are open" in ada.box.problem(id), "the second one is not on the disk yet"
    can_write.set()
    qtbot.waitUntil(lambda: ada.box.problem(id) == "")
    ada.kill()
    assert {note.text for note in ada.box.notes(id)} == {"one", "two"}


def test_a_file_that_cannot_be_read_to_the_end_is_kept_aside(person, monkeypatch):
    def refuse(path):
        raise StorageFailed(path, "too many files are open")

    ada = person("Ada", alone=True)
    id = session(ada)
    ada.box.put([ada.note("one", id)])
    with monkeypatch.context() as patch:
        patch.setattr(sealed_items, "read_object", refuse)
        ada.kill()
        ada.box.put([ada.note("two", id)])
        ada.box.end()
    ada._sit_down()
    assert [note.text for note in ada.box.notes(id)] == ["two"]
    (aside,) = ada.file.parent.glob(f"{ada.file.name}.broken-*")
    assert "one" in aside.read_text()
