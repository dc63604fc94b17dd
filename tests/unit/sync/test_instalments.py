"""What has more parts than the server takes at once goes to it in instalments."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pytest

from cowrite.core.document.instalments import instalments
from cowrite.sync.delivery import FIRST_WAIT, LONGEST_WAIT
from cowrite.sync.events import UpdateRefused
from cowrite.sync.status import Kind
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.members import role_message
from cowrite_server.wire.protocol import Message, Reason, Role
from helpers.sync_fakes import Desk, FakeServer, TextDocument, connected, count_parts

PARTS = 20
TEXT = "one two three four five six seven eight nine ten " * 40


def desk_with(server: FakeServer, document: TextDocument | None = None) -> Desk:
    desk = connected(server, document, cut=partial(instalments, most=PARTS))
    desk.save()
    return desk


def sprinkle(desk: Desk) -> None:
    """The person replaces a letter at very many places, in one change."""
    desk.events += desk.peer.local_update(desk.document.sprinkle("<>", 5))
    desk.exchange()


def largest(desk: Desk) -> int:
    """The parts of the largest update that the server has heard since it was asked last."""
    readers = [Reader(message) for message in desk.server.heard]
    updates = [reader for reader in readers if reader.var_uint() == Message.SYNC and reader.var_uint()]
    desk.server.heard.clear()
    return max((count_parts(reader.var_bytes()) for reader in updates), default=0)


def test_a_change_of_very_many_parts_is_saved_in_instalments_and_nobody_is_told_of_a_refusal() -> None:
    desk = desk_with(FakeServer(TEXT))
    desk.server.most_parts = PARTS
    sprinkle(desk)
    assert desk.peer.status.kind is Kind.WAITING
    desk.save()
    assert desk.server.document.text == desk.document.text != TEXT
    assert (desk.peer.status.kind, desk.peer.waiting) == (Kind.SAVED, 0)
    assert not [event for event in desk.events if isinstance(event, UpdateRefused)]


def test_a_server_that_has_refused_one_change_is_not_sent_another_whole() -> None:
    desk = desk_with(FakeServer(TEXT))
    desk.server.most_parts = PARTS
    sprinkle(desk)
    assert largest(desk) > PARTS
    desk.write("!")
    sprinkle(desk)
    desk.write("?")
    desk.exchange()
    desk.save()
    assert largest(desk) <= PARTS
    assert desk.server.document.text == desk.document.text
    assert desk.peer.status.kind is Kind.SAVED


def test_what_was_written_meanwhile_is_saved_with_it() -> None:
    desk = desk_with(FakeServer(TEXT))
    desk.server.most_parts = PARTS
    desk.events += desk.peer.local_update(desk.document.sprinkle("<>", 5))
    change, *_ = desk.peer.data_to_send()
    desk.write("on it")
    (behind,) = desk.peer.data_to_send()
    for message in (change, behind):
        desk.deliver(desk.server.receive(message))
    desk.write("!")
    desk.exchange()
    desk.save()
    assert desk.server.document.text == desk.document.text
    assert (desk.peer.status.kind, desk.peer.waiting) == (Kind.SAVED, 0)


def test_a_document_of_very_many_parts_is_put_into_a_room_and_what_was_lost_on_the_way_follows() -> None:
    document = TextDocument(TEXT)
    document.sprinkle("<>", 5)
    server = FakeServer()
    server.most_parts = PARTS
    desk = Desk(server, document, cut=partial(instalments, most=PARTS))
    desk.peer.connected()
    desk.deliver(server.open())
    for message in desk.peer.data_to_send():
        desk.deliver(server.receive(message))
    instalments_sent = desk.peer.data_to_send()
    for message in instalments_sent[:3]:
        desk.deliver(server.receive(message))
    desk.save()
    assert desk.peer.waiting
    desk.lose_connection()
    desk.connect()
    desk.save()
    assert server.document.text == document.text
    assert (desk.peer.status.kind, desk.peer.waiting) == (Kind.SAVED, 0)


@pytest.mark.parametrize("role", [Role.SUGGESTER, Role.COMMENTER])
def test_what_those_write_who_may_not_edit_is_not_cut(role: Role) -> None:
    desk = desk_with(FakeServer(TEXT, role=role))
    desk.server.most_parts = PARTS
    sprinkle(desk)
    assert UpdateRefused(Reason.TOO_LARGE, "update_seconds") in desk.events
    assert desk.server.document.text == TEXT


def test_whoever_may_only_suggest_from_now_on_sends_no_instalments_any_more() -> None:
    desk = desk_with(FakeServer(TEXT))
    desk.server.most_parts = PARTS
    sprinkle(desk)
    desk.save()
    desk.deliver([role_message(Role.SUGGESTER)])
    desk.server.heard.clear()
    sprinkle(desk)
    assert largest(desk) > PARTS


def test_of_a_change_that_is_too_much_in_instalments_too_nothing_is_deleted_on_the_server() -> None:
    desk = desk_with(FakeServer(TEXT))
    desk.server.most_parts = 2
    sprinkle(desk)
    desk.save()
    assert desk.peer.status.kind is Kind.REFUSED
    assert desk.server.document.text == TEXT
    assert desk.events.count(UpdateRefused(Reason.TOO_LARGE, "update_seconds")) == 1
    desk.server.most_parts = PARTS
    desk.pass_(FIRST_WAIT)
    desk.save()
    assert desk.server.document.text == desk.document.text
    assert (desk.peer.status.kind, desk.peer.waiting) == (Kind.SAVED, 0)


def test_what_a_full_document_does_not_take_is_cut_once_for_all_tries_until_it_is_another() -> None:
    cut: list[bytes] = []

    def noted(update: bytes) -> Sequence[bytes]:
        cut.append(update)
        return instalments(update, PARTS)

    desk = connected(FakeServer(TEXT), cut=noted)
    desk.save()
    desk.server.most_parts = 2
    sprinkle(desk)
    desk.save()
    for _ in range(3):
        desk.pass_(LONGEST_WAIT)
        desk.save()
    assert len(cut) == 1
    desk.write("!")
    desk.server.most_parts = PARTS
    desk.pass_(LONGEST_WAIT)
    desk.save()
    assert desk.server.document.text == desk.document.text
    assert len(cut) == 2
