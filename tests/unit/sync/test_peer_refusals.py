"""A SyncPeer that is refused: what it tells, and whether it comes back."""

from __future__ import annotations

import pytest

from cowrite.sync.delivery import FIRST_WAIT, LONGEST_WAIT
from cowrite.sync.events import UpdateRefused
from cowrite.sync.status import Kind
from cowrite_server.wire.protocol import Limits, Reason, Refused, Role, Sync, refused_message, sync_message
from helpers.sync_fakes import Desk, FakeServer, connected, sync_kinds


class TestRefusals:
    def test_a_viewer_sends_no_changes(self) -> None:
        desk = connected(FakeServer("Hello", role=Role.VIEWER))
        desk.write("!")
        desk.exchange()
        assert desk.document.text == "Hello!"
        assert desk.server.document.text == "Hello"
        assert sync_kinds(desk.server.heard) == [Sync.STEP_1]
        assert desk.sentence == "You may read this document but not change it"

    @pytest.mark.parametrize(
        ("role", "sentence"),
        [
            (Role.COMMENTER, "You may comment on this document but not change it"),
            (Role.SUGGESTER, "You may suggest changes to this document but not make them"),
        ],
    )
    def test_what_is_more_than_a_comment_the_server_refuses(self, role: Role, sentence: str) -> None:
        desk = connected(FakeServer("Hello", role=role))
        desk.server.refuse = role.refusal
        desk.write("!")
        desk.exchange()
        assert desk.document.text == "Hello!"
        assert desk.server.document.text == "Hello"
        assert desk.sentence == sentence

    def test_a_viewer_that_changes_nothing_is_in_step(self) -> None:
        desk = connected(FakeServer("Hello", role=Role.VIEWER))
        assert desk.peer.status.kind is Kind.SAVED

    def test_a_refused_change_is_reported_and_keeps_waiting(self) -> None:
        desk = connected(FakeServer())
        desk.save()
        record = desk.peer.record
        desk.server.refuse = Reason.MALFORMED
        desk.write("x")
        desk.exchange()
        desk.save()
        assert UpdateRefused(Reason.MALFORMED, None) in desk.events
        assert (desk.peer.status.kind, desk.peer.waiting) == (Kind.REFUSED, 1)
        assert desk.peer.record.state_vector == record.state_vector

    def test_a_reason_of_a_later_version_keeps_the_connection_and_says_what_to_do(self) -> None:
        desk = connected(FakeServer())
        desk.write("mine")
        desk.peer.data_to_send()
        desk.deliver([refused_message(Refused(1, Reason.MALFORMED)).replace(b"malformed", b"too-rude!")])
        assert UpdateRefused(Reason.UNKNOWN, None) in desk.events
        assert desk.peer.status.kind is Kind.REFUSED
        assert "this version of cowrite does not know" in desk.peer.status.advice
        assert desk.peer.status.refusal_advice.endswith("and update cowrite.")

    def test_what_builds_on_a_refused_change_is_held_back_and_all_goes_with_the_next_handshake(self) -> None:
        desk = connected(FakeServer())
        desk.save()
        desk.server.refuse = Reason.MALFORMED
        desk.write("a")
        desk.exchange()
        desk.server.refuse = None
        desk.write("b")
        desk.exchange()
        desk.save()
        assert (desk.server.document.text, desk.peer.waiting) == ("", 2)
        desk.lose_connection()
        desk.connect()
        desk.save()
        assert desk.server.document.text == "ab"
        assert desk.sentence == "Saved on the server"

    def test_a_change_larger_than_the_servers_limit_is_not_sent_and_the_limit_named(self) -> None:
        desk = connected(FakeServer(limits=Limits(message_bytes=100)))
        desk.write("x" * 200)
        desk.exchange()
        assert UpdateRefused(Reason.TOO_LARGE, "message_bytes") in desk.events
        assert desk.server.document.text == ""
        assert desk.sentence == "A change is larger than the server accepts at once (100 bytes)"

    @pytest.mark.parametrize("role", [Role.EDITOR, Role.SUGGESTER])
    @pytest.mark.parametrize("limit", ["document_bytes", "message_bytes"])
    def test_whoever_deletes_what_was_too_large_has_all_saved_again(self, role: Role, limit: str) -> None:
        limits = Limits(message_bytes=100) if limit == "message_bytes" else Limits()
        desk = Desk(FakeServer("Hello", role=role, limits=limits))
        desk.server.space = 100
        desk.connect()
        desk.write("x" * 200)
        desk.exchange()
        desk.erase(5, 205)
        desk.write(" there")
        desk.exchange()
        assert (desk.server.document.text, desk.peer.status.limit) == ("Hello", limit)
        desk.pass_(FIRST_WAIT)
        desk.save()
        assert desk.server.document.text == "Hello there"
        assert desk.sentence == "Saved on the server"
        desk.write("!")
        desk.exchange()
        desk.save()
        assert (desk.server.document.text, desk.sentence) == ("Hello there!", "Saved on the server")

    @pytest.mark.parametrize("limit", ["document_bytes", "message_bytes"])
    def test_what_is_deleted_elsewhere_goes_out_while_something_is_too_large(self, limit: str) -> None:
        limits = Limits(message_bytes=100) if limit == "message_bytes" else Limits()
        desk = Desk(FakeServer("Hello", limits=limits))
        desk.server.space = 100
        desk.connect()
        desk.write("x" * 200)
        desk.exchange()
        desk.erase(100, 110)
        desk.erase(0, 4)
        desk.pass_(FIRST_WAIT)
        desk.save()
        assert desk.server.document.text == "o"
        assert (desk.peer.status.limit, desk.peer.waiting) == (limit, 3)
        desk.server.space = None
        if limit == "document_bytes":
            desk.pass_(LONGEST_WAIT)
            desk.save()
            assert desk.server.document.text == desk.document.text == "o" + "x" * 190
            assert desk.sentence == "Saved on the server"

    def test_what_is_too_large_is_tried_ever_less_often_and_told_once(self) -> None:
        desk = Desk(FakeServer())
        desk.server.space = 100
        desk.connect()
        desk.write("x" * 200)
        desk.exchange()
        tries = []
        for second in range(200):
            heard = len(desk.server.heard)
            desk.pass_(1.0)
            tries += [second + 1] * (Sync.STEP_2 in sync_kinds(desk.server.heard[heard:]))
        assert tries == [4, 12, 28, 60, 124, 188]
        assert desk.events.count(UpdateRefused(Reason.TOO_LARGE, "document_bytes")) == 1
        assert (desk.peer.status.kind, desk.peer.waiting) == (Kind.REFUSED, 1)

    def test_what_others_write_meanwhile_takes_no_space_from_what_by_itself(self) -> None:
        desk = Desk(FakeServer())
        desk.server.space = 100
        desk.connect()
        desk.write("x" * 200)
        desk.exchange()
        desk.deliver([sync_message(Sync.UPDATE, desk.server.document.write("y" * 200))])
        at = desk.document.text.index("x")
        desk.erase(at, at + 200)
        desk.pass_(FIRST_WAIT)
        desk.save()
        assert desk.sentence == "Saved on the server"

    def test_changes_that_are_too_large_only_together_travel_one_by_one(self) -> None:
        desk = connected(FakeServer(limits=Limits(message_bytes=100)), merge=True)
        desk.write("x" * 60)
        desk.write("y" * 60)
        desk.exchange()
        assert desk.server.document.text == "x" * 60 + "y" * 60
