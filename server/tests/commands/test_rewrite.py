"""A room whose document has become slow begins anew, and nothing of it is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from unittest.mock import Mock

import pytest

from commands import command, run_meanwhile
from cowrite_server import audit
from cowrite_server.errors import NoSuchRoom, StoreFailed
from cowrite_server.store import rewriting
from cowrite_server.store.member_records import Arrival, Joined
from cowrite_server.store.records import ROOM_GONE, Moment, Snapshot, Update, hash_secret
from cowrite_server.store.sqlite.store import SqliteStore
from cowrite_server.store.store import Store
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Close, Role
from cowrite_server.wire.sealed import SealedItem
from house import MakeHouse
from sealed_seat import begin, note, notes, open_box, put
from slow_updates import entries_of_one_key
from stores import OpenStore, fill, picture
from sync_clients import Client
from team import own


async def test_a_document_that_may_grow_no_more_may_grow_once_it_was_rewritten(
    make_house: MakeHouse, caplog: pytest.LogCaptureFixture
) -> None:
    house = await make_house(document_seconds=0.01)
    secret = await house.secret()
    ann = await house.client(secret, client=Client(member="a" * 40, name="Ann"))
    await ann.write("words")
    await begin(ann)
    assert await put(ann, note("silent")) is None
    for number in range(60):
        await ann.send_update(entries_of_one_key(150, 150 * number))
        await ann.until_saved()
        if ann.refused:
            break
    assert ann.refused
    await command("rewrite", "room", "--data", house.folder)
    assert (await ann.until_closed()).code == Close.EPOCH_CHANGED
    ben = await house.client(secret, client=Client(member="a" * 40, name="Ann"))
    assert ben.text == "words"
    await ben.write(" more")
    await ben.until_saved()
    assert not ben.refused
    assert await open_box(ben) is None
    assert [each["text"] for each in notes(ben).values()] == ["silent"]
    caplog.clear()


async def test_what_a_room_was_is_kept_and_put_back(make_house: MakeHouse) -> None:
    house = await make_house()
    secret = await house.secret()
    ann = await house.client(secret, client=Client(member="a" * 40, name="Ann"))
    ben = await house.client(secret, client=Client(member="b" * 40, name="Ben"))
    picture = await ann.upload(b"picture")
    await ann.write("from Ann ")
    await ann.until_saved()
    await ben.until(lambda: ben.text)
    await ben.write("from Ben ")
    await ben.until_saved()
    assert ann.hello is not None
    epoch, place = ann.hello.epoch, ("--data", house.folder)
    printed = await command("rewrite", "room", *place)
    kept = next(word for word in printed.split() if word.startswith("room.before-")).rstrip(":")
    assert (await ben.until_closed()).code == Close.EPOCH_CHANGED
    last = json.loads(await command("history", kept, "--json", *place))["moments"][-1]["seq"]
    assert await command("history", kept, "--at", last, *place) == "from Ann from Ben \n"
    listed = await command("history", kept, *place)
    assert all(name in listed for name in ('"Ann"', '"Ben"'))
    told = "No members: this is what another room was, and people are in that one.\n"
    assert await command("members", kept, *place) == told

    later = await house.client(secret, client=Client(member="b" * 40, name="Ben"))
    [moment] = (await later.moments()).moments  # who wrote what is known, as one step
    assert len(moment.members) == 2
    state = await later.moment(moment.seq)
    assert [span.length for span in state.spans] == [9, 9]
    await later.want(picture)
    await later.until(lambda: picture in later.blobs)
    await later.write("since then")
    await later.until_saved()
    assert "Everything is sound: 2 rooms" in await command("verify", *place)

    assert "keeps what another one was" in (await run_meanwhile("rewrite", kept, *place)).errors
    await command("rewrite", "room", "--back", kept, *place)
    assert (await later.until_closed()).code == Close.EPOCH_CHANGED
    back = await house.enter(Client(member="a" * 40), secret, epoch=epoch)  # who had it then goes on with it
    await back.until_synced()
    assert back.text == "from Ann from Ben "
    assert [line.split()[-1] for line in (await command("rooms", *place)).splitlines()]
    assert "room-put-back" in await command("audit", "room", *place)
    assert "Everything is sound: 2 rooms" in await command("verify", *place)
    await command("forget", "room", "--yes", *place)
    assert await command("rooms", *place) == "No rooms yet.\n"
    assert "Everything is sound: 0 rooms" in await command("verify", *place)


async def test_what_was_done_is_not_called_failed_though_the_database_was_lost_when_it_said_so(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await make_house()
    ann = await house.client()
    await ann.write("words")
    await ann.until_saved()
    place = ("--data", house.folder)

    def lose_once(name: str) -> None:
        done = getattr(SqliteStore, name)

        async def do(*args: object) -> str:
            monkeypatch.setattr(SqliteStore, name, done)
            await done(*args)
            raise StoreFailed("the connection is lost")

        monkeypatch.setattr(SqliteStore, name, do)

    lose_once("begin_anew")
    printed = await command("rewrite", "room", *place)
    kept = next(word for word in printed.split() if word.startswith("room.before-")).rstrip(":")
    lose_once("put_back")
    since = (await command("rewrite", "room", "--back", kept, *place)).split()[-1].rstrip(".")
    listed = await command("rooms", *place)
    assert [line.split()[0] for line in listed.splitlines()] == ["room", since]


async def test_what_a_server_takes_before_it_knows_of_the_rewriting_is_not_called_saved(make_house: MakeHouse) -> None:
    house = await make_house(watch_seconds=60)
    secret = await house.secret()
    ann = await house.client(secret, client=Client(member="a" * 40, name="Ann"))
    other = await house.client(room="other")
    await ann.write("words")
    await ann.until_saved()
    await command("rewrite", "room", "--data", house.folder)
    await ann.write(" that come late")
    await other.write("in one commit with these")
    await other.until_saved()
    ben = await house.client(secret, client=Client(member="b" * 40, name="Ben"))  # by which the server looks around
    assert (await ann.until_closed()).code == Close.EPOCH_CHANGED
    assert (ben.text, ann.saved) == ("words", ann.sent - 1)


async def asides(store: Store, room: str) -> list[str]:
    """The names of the rooms that keep what a room was."""
    return [each.name for each in await store.list_rooms() if rewriting.is_aside(each.name, room)]


async def test_a_log_that_begins_anew_takes_its_people_along_or_nothing_is_done(
    store: Store, another: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, other = await fill(store, "plan"), await fill(store, "other")
    room, host = await store.find_room("plan"), await another()
    assert room is not None
    made = Snapshot(room.id, 1, 20, b"fresh"), Moment(room.id, 1, 1, 1, 20, b"parts")
    people = await store.list_members("plan"), await store.list_invites("plan")
    acts = await store.list_acts("plan", 9)
    assert await host.begin_anew(room, 8, *made, 20) == ""  # its log has nine entries
    with monkeypatch.context() as context:
        context.setattr(rewriting, "note", Mock(side_effect=StoreFailed("it is gone")))
        with pytest.raises(StoreFailed):
            await host.begin_anew(room, 9, *made, 20)
    assert await store.find_room("plan") == room
    assert [each.name for each in await store.list_rooms()] == ["other", "plan"]

    kept = await host.begin_anew(room, 9, *made, 20)
    with pytest.raises(rewriting.BegunAnew) as raised:  # by somebody else who had read what it was
        await host.begin_anew(room, 9, *made, 21)
    assert raised.value.kept == kept
    assert [await asides(store, name) for name in ("plan", "other")] == [[kept], []]
    new = await store.find_room("plan")
    assert new is not None
    assert new.id != number
    assert new.epoch != room.epoch
    assert await store.names([number, other, new.id]) == {number: kept, other: "other", new.id: "plan"}
    assert (await store.list_members("plan"), await store.list_invites("plan")) == people
    assert (await store.list_members(kept), await store.list_invites(kept)) == ([], [])
    assert (await store.list_acts("plan", 9))[1:] == acts
    assert [item.id for item in await store.sealed_by(new.id, f"member:{people[0][0].id}")] == ["note:1"]
    assert await store.claimed_boxes(new.id) == ["session:1"]
    assert await store.read_blob(new.id, picture(0, b"of both").hash) is not None
    assert [entry.seq for entry in (await store.read_room(number)).entries] == [5, 6, 7, 8, 9]
    # What a server has still on its way is not written, so nobody is told that it is saved.
    late = Update(number, 21, None, b"late", audit.history_restored(1), "plan")
    image, goes_on = replace(picture(number, b"late"), name="plan"), Update(new.id, 21, None, b"new", None, "plan")
    assert list(await store.commit([late, image, goes_on])) == [ROOM_GONE, ROOM_GONE, 2]
    assert list(await store.commit([late, Update(number, 22, None, b"by a guest", None, kept)])) == [ROOM_GONE, 10]
    assert await store.list_acts(kept, 9) == []
    assert await store.damage() == []

    author, item = f"member:{people[0][0].id}", SealedItem("poll:1", "note:1", {"text": "late"})
    for act in (
        store.seal(number, author, item),
        store.take_back(number, author, "poll:1", "note:1"),
        store.claim_box(number, "poll:1"),
    ):
        with pytest.raises(StoreFailed):
            await act

    # The host shows it to somebody.
    await store.add_invite(number, InviteWish(Role.VIEWER), hash_secret("shown"), 22)
    assert isinstance(await store.join(Arrival(kept, hash_secret("shown"), hash_secret(own("plan"))), 23), Joined)

    since = await host.put_back("plan", kept, 30)
    again = Update(number, 31, None, b"again", None, "plan")
    assert list(await store.commit([again, goes_on])) == [11, ROOM_GONE]
    assert await store.find_room("plan") == room
    [ada] = [member for member in await store.list_members("plan") if member.removed is None]
    assert ([ada], [each for each in await store.list_invites("plan") if each.withdrawn is None]) == people
    back = await store.join(Arrival("plan", None, hash_secret(own("plan"))), 31)
    assert isinstance(back, Joined)
    assert back.member.id == ada.id
    assert await store.join(Arrival("plan", hash_secret("shown"), hash_secret("stranger")), 31) is Close.WITHDRAWN
    assert await asides(store, "plan") == [since]
    with pytest.raises(NoSuchRoom):
        await host.put_back("plan", "other", 31)
    assert await store.damage() == []
    await host.forget_room("plan", 40)
    assert [each.name for each in await store.list_rooms()] == ["other"]
    assert await store.damage() == []
