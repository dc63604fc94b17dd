"""What those below editor may do, by their roles."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Doc, Map, Text

from cowrite_server.document.entry_values import contents_of
from cowrite_server.document.permissions import Gate
from cowrite_server.document.presence import Presence
from cowrite_server.document.replica import Replica
from cowrite_server.document.updates import EMPTY_UPDATE
from cowrite_server.rooms.intake import Intake
from cowrite_server.wire.protocol import Reason, Refused, Role, Sync
from house import House
from sync_clients import Client, until
from table import (
    EDITOR,
    MARK,
    OTHER,
    SUGGESTIONS,
    Sender,
    Table,
    begin,
    body,
    change_of,
    characters,
    elsewhere,
    plain,
    root,
)
from team import Team


@pytest.mark.parametrize("role", [Role.OWNER, Role.EDITOR])
async def test_who_may_edit_is_not_judged(house: House, role: Role) -> None:
    ann, ben = await house.client(await house.secret(role)), await house.stock()
    await ann.write("plain text")
    await ben.until(lambda: ben.text == "plain text")
    room = next(iter(house.server._attendance._connections)).room
    assert room._gate._fork is None


@pytest.mark.parametrize("name", SUGGESTIONS)
def test_a_suggester_may_write(name: str) -> None:
    table = Table()
    before = plain(table.reader)
    sue = table.copy()
    table.offer(Role.SUGGESTER, change_of(sue, SUGGESTIONS[name]))
    assert plain(table.reader) == before
    assert characters(table.reader) == characters(sue)
    assert elsewhere(table.reader, "comments") == elsewhere(sue, "comments")


def test_a_suggester_may_take_back_and_change_what_it_suggested() -> None:
    table = Table()
    sue, before = table.copy(), characters(table.reader)
    for change in (
        lambda doc: body(doc).insert(5, " big", MARK),
        lambda doc: body(doc).format(5, 9, {"bold": True}),
        lambda doc: body(doc).format(5, 9, {"bold": None}),
        lambda doc: body(doc).insert(7, "ee", MARK),
        lambda doc: body(doc).__delitem__(slice(6, 8)),
        lambda doc: body(doc).__delitem__(slice(5, 9)),
        lambda doc: body(doc).format(0, 5, {"deletion": "s2"}),
        lambda doc: body(doc).format(0, 5, {"deletion": None}),
    ):
        table.offer(Role.SUGGESTER, change_of(sue, change))
        assert characters(table.reader) == characters(sue)
    assert characters(table.reader) == before


def test_one_takes_back_a_letter_and_strikes_out_what_stands_beside_others_struck_text() -> None:
    table = Table()
    sue, cy = table.copy(), table.copy(OTHER)
    table.offer(Role.SUGGESTER, change_of(sue, lambda doc: body(doc).insert(0, "x", MARK)))
    cy.apply_update(table.replica.whole())
    table.person = "cy"
    table.offer(Role.SUGGESTER, change_of(cy, lambda doc: body(doc).format(1, 7, {"deletion": "s2"})))
    table.person = "writer"
    sue.apply_update(table.replica.whole())
    update = change_of(
        sue, lambda doc: (body(doc).format(4, 12, {"deletion": "s1"}), body(doc).__delitem__(slice(0, 1)))
    )
    table.offer(Role.SUGGESTER, update)
    assert characters(table.reader) == characters(sue)


async def test_after_a_restart_the_server_knows_who_had_suggested_what(house: House) -> None:
    ann = await house.client()
    await ann.write("Hello")
    sue = await house.client(await house.secret(Role.SUGGESTER))
    sue.body.insert(5, " big", MARK)
    await sue.push()
    await sue.until_saved()
    await ann.until(lambda: ann.text == "Hello big")
    ann.body.format(5, 9, {"insertion": None})
    await ann.push()
    await ann.until_saved()
    await house.stop()
    await house.start()
    room = await house.client()
    assert room.text == "Hello big"
    pens = next(iter(house.server._attendance._connections)).room._gate._pens
    assert {ann.doc.client_id, sue.doc.client_id} <= pens.keys()
    assert pens[ann.doc.client_id] != pens[sue.doc.client_id]


@pytest.mark.parametrize("role", [Role.SUGGESTER, Role.COMMENTER])
def test_who_may_comment_writes_comments_and_answers_them(role: Role) -> None:
    table = Table()
    cleo = table.copy()
    table.offer(role, change_of(cleo, lambda doc: root(doc, "comments").update({"c2": Map({"text": "No"})})))
    table.offer(role, change_of(cleo, lambda doc: root(doc, "comments")["c1"].update({"resolved": True})))
    assert root(table.reader, "comments").to_py() == root(cleo, "comments").to_py()


def test_the_first_comment_makes_its_root() -> None:
    table = Table()
    del table.editor
    table.editor = Doc(client_id=EDITOR)
    table.editor["body"] = Text("Hello")
    table.replica, table.reader = Replica([table.editor.get_update()]), Doc()
    table.reader.apply_update(table.editor.get_update())
    cleo = table.copy()
    table.offer(Role.COMMENTER, change_of(cleo, lambda doc: root(doc, "comments").update({"c1": "Well"})))
    table.offer(Role.COMMENTER, change_of(cleo, lambda doc: root(doc, "comments").update({"c1": "Well!"})))
    assert root(table.reader, "comments")["c1"] == "Well!"


def test_what_the_document_has_already_is_accepted_and_adds_nothing() -> None:
    table = Table()
    table.edit(lambda doc: body(doc).__delitem__(slice(0, 6)))
    for role in (Role.SUGGESTER, Role.COMMENTER, Role.VIEWER):
        assert table.offer(role, table.copy().get_update()) == EMPTY_UPDATE


# Over sockets


async def test_a_suggester_and_a_commenter_work_beside_an_editor(house: House) -> None:
    ann = await house.client()
    await ann.write("Hello world")
    sue = await house.client(await house.secret(Role.SUGGESTER))
    cleo = await house.client(await house.secret(Role.COMMENTER))
    assert sue.hello is not None
    assert sue.hello.role is Role.SUGGESTER
    sue.body.insert(5, " big", MARK)
    await sue.push()
    root(cleo.doc, "comments")["c1"] = "Why?"
    await cleo.push()
    await ann.until(lambda: ann.text == "Hello big world" and root(ann.doc, "comments").get("c1") == "Why?")
    await sue.until_saved()
    await cleo.until_saved()
    assert not sue.refused
    assert not cleo.refused
    await house.stop()
    await house.start()
    late = await house.client()
    assert late.body.diff()[1] == (" big", MARK)


def author_of(client: Client, id: str) -> object:
    entry = contents_of(root(client.doc, "suggestions")).get(id)
    return entry["author"] if isinstance(entry, dict) else None


async def test_everybody_sees_who_suggests_a_change_under_the_name_that_the_server_knows(team: Team) -> None:
    ann, sue = await team.join("Ann"), await team.join("Sue", Role.SUGGESTER)
    await ann.write("Hello world")
    await sue.until(lambda: sue.text == "Hello world")
    begin(sue.doc, "change:1", author="Ann")
    sue.body.insert(5, " big", {"insertion": "change:1"})
    await sue.push()
    for each in (ann, sue):
        await each.until(lambda each=each: author_of(each, "change:1") == "Sue")
    await sue.until_saved()
    sue.body.insert(9, "ger", {"insertion": "change:1"})
    await sue.push()
    await ann.until(lambda: ann.text == "Hello bigger world")
    await sue.until_saved()
    root(sue.doc, "suggestions")["change:1"]["state"] = "rejected"
    del sue.body[5:12]
    await sue.push()
    await ann.until(lambda: ann.text == "Hello world")
    assert not sue.refused
    await ann.show({"user": {"name": "Ann"}})
    begin(ann.doc, "change:2", author="Ann")
    await ann.push()
    await sue.until(lambda: author_of(sue, "change:2") == "Ann")
    root(sue.doc, "suggestions")["change:2"]["state"] = "rejected"
    await sue.push()
    await sue.until(lambda: sue.refused)
    assert sue.refused == [Refused(sue.sent, Reason.ONLY_SUGGESTING)]


async def test_after_a_restart_one_withdraws_what_one_has_suggested_before(team: Team) -> None:
    sue = await team.join("Sue", Role.SUGGESTER)
    begin(sue.doc, "change:1", author="Sue")
    sue.body.insert(0, "Hello", {"insertion": "change:1"})
    await sue.push()
    await sue.until_saved()
    await sue.leave()
    await team.house.stop()
    await team.house.start()
    again = await team.join("Sue", Role.SUGGESTER)
    await again.until(lambda: again.text == "Hello")
    root(again.doc, "suggestions")["change:1"]["state"] = "rejected"
    del again.body[0:5]
    await again.push()
    await again.until_saved()
    assert not again.refused


async def test_a_suggestion_may_stand_in_what_an_editor_has_just_written(house: House) -> None:
    ann = await house.client()
    await ann.write("Hello")
    sue = await house.client(await house.secret(Role.SUGGESTER))
    for text in (" wide", " world"):
        sue.body.insert(0, "x", MARK)
        await sue.push()
        await ann.until(lambda: ann.text.startswith("x"))
        await ann.write(text)
        await sue.until(lambda text=text: sue.text.endswith(text))
        sue.body.insert(len(sue.text) - 2, "y", MARK)
        await sue.push()
    await ann.until(lambda: ann.text == "xxHello wiyde woryld")
    assert not sue.refused


REFUSALS = {
    Role.SUGGESTER: Reason.ONLY_SUGGESTING,
    Role.COMMENTER: Reason.ONLY_COMMENTING,
    Role.VIEWER: Reason.READ_ONLY,
}


@pytest.mark.parametrize("kind", [Sync.UPDATE, Sync.STEP_2])
@pytest.mark.parametrize("role", REFUSALS)
async def test_a_refusal_says_what_one_may_and_reaches_nobody_else(house: House, role: Role, kind: Sync) -> None:
    ann = await house.client()
    await ann.write("Hello world")
    low = await house.client(await house.secret(role))
    stock = await house.stock(await house.secret(role))
    for client in (low, stock):
        client.doc.get("body", type=Text).insert(0, "not allowed ")
        update = client.doc.get_update()
        await client.send_update(update, kind)
    await low.until(lambda: low.refused)
    assert low.refused == [Refused(low.sent, REFUSALS[role])]
    await low.until_saved()
    await ann.write("!")
    late = await house.client()
    assert late.text == ann.text == "Hello world!"
    assert stock.closed is None
    assert not ann.updates


async def test_much_that_a_viewer_writes_is_refused_unread(house: House) -> None:
    viewer = await house.client(await house.secret(Role.VIEWER))
    await viewer.send_update(b"\x01" + b"\xff" * 300_000)  # which would else be malformed
    await viewer.until(lambda: viewer.refused)
    assert viewer.refused == [Refused(viewer.sent, Reason.READ_ONLY)]


async def test_an_allowed_update_behind_a_refused_one_is_kept(house: House) -> None:
    ann = await house.client()
    await ann.write("Hello")
    sue = await house.client(await house.secret(Role.SUGGESTER))
    await sue.until_saved()
    base = ann.doc.get_update()
    bad, good = Doc(client_id=101), Doc(client_id=102)
    for doc in (bad, good):
        doc.apply_update(base)
    await sue.send_update(change_of(bad, lambda doc: body(doc).insert(0, "bad ")))
    await sue.send_update(change_of(good, lambda doc: body(doc).insert(0, "good ", MARK)))
    await ann.until(lambda: ann.text == "good Hello")
    await sue.until_saved()
    assert sue.refused == [Refused(sue.sent - 1, Reason.ONLY_SUGGESTING)]


async def test_the_fork_goes_with_the_last_who_needs_it(house: House) -> None:
    ann = await house.client()
    await ann.write("Hello")
    sue = await house.client(await house.secret(Role.SUGGESTER))
    sue.body.insert(0, "x", MARK)
    await sue.push()
    await sue.until_saved()
    room = next(iter(house.server._attendance._connections)).room
    assert room._gate._fork is not None
    await sue.leave()
    await until(lambda: room._gate._fork is None)


async def test_a_viewer_is_seen(house: House) -> None:
    ann, vi = await house.client(), await house.client(await house.secret(Role.VIEWER))
    await vi.show({"user": {"name": "Vi"}})
    await ann.until(lambda: vi.doc.client_id in ann.present)


def test_while_a_part_waits_the_fork_stays_until_something_else_waits() -> None:
    doc: Doc[Text] = Doc(client_id=1)
    updates: list[bytes] = []
    subscription = doc.observe(lambda event: updates.append(event.update))
    for word in ("a", "lost", "c", "d"):
        doc.get("body", type=Text).insert(0, word)
    doc.unobserve(subscription)
    first, lost, third, fourth = updates
    gate = Gate(Presence())
    intake = Intake("room", Replica([first, third]), gate)
    commenter, editor, other = Sender(Role.COMMENTER), Sender(Role.EDITOR), Sender(Role.EDITOR)

    def take(client: Sender, update: bytes) -> None:
        intake.accept({client: [(1, update)]}, saved=True)

    def comment(number: int) -> bytes:
        comments: Doc[Any] = Doc(client_id=100 + number)
        comments.get("comments", type=Map)[str(number)] = "Why?"
        return comments.get_update()

    take(commenter, comment(1))
    fork = gate._fork
    assert fork is not None
    note: Doc[Any] = Doc(client_id=77)
    note.get("board", type=Map)["note"] = "beside it"
    take(other, note.get_update())
    take(commenter, comment(2))
    assert gate._fork is fork
    take(editor, fourth)
    assert gate._fork is None
    take(commenter, comment(3))
    take(editor, lost)
    assert gate._fork is None
    assert not intake.replica.waits


def test_of_what_comes_at_once_only_what_is_taken_counts() -> None:
    table = Table()
    refused: list[int] = []
    intake = Intake("room", Replica([]), Gate(Presence()))
    commenter, editor = Sender(Role.COMMENTER), Sender(Role.EDITOR)
    # Heard here, in place of a message to a socket.
    commenter.settled = lambda number, *_reason: refused.append(number)  # type: ignore[method-assign]
    comment: Doc[Any] = Doc(client_id=7)
    comment.get("comments", type=Map)["one"] = "Why?"
    word: Doc[Any] = Doc(client_id=8)
    word.get("body", type=Text).insert(0, "no")
    turn = {
        commenter: [(1, comment.get_update()), (2, word.get_update())],
        editor: [(1, EMPTY_UPDATE), (2, table.reader.get_update())],
    }
    intake.accept(turn, saved=True)
    assert refused == [2]
    assert intake.added == 2
