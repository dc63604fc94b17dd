"""Who has brought what: the server names for each unit of a document the member whose update it was."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Doc, Map

from cowrite_server.connections import history_requests
from cowrite_server.history.history import History
from cowrite_server.rooms.compaction import Compactor
from cowrite_server.settings.settings import Settings
from cowrite_server.store.member_records import Arrival
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.records import Update, hash_secret
from cowrite_server.wire.history import CLIENTS_AT_ONCE, Brought, HistoryReason, brought_get_message
from cowrite_server.wire.members import InviteWish, remove_member_message
from cowrite_server.wire.protocol import Close, Role
from stores import opened
from team import Team, number_of, own
from writers import Writers


def bringer(found: tuple[Brought, ...], client: int, clock: int = 0) -> str | None:
    """What whoever has brought a unit is called."""
    [name] = [
        each.name
        for each in found
        for whose, first, length in each.units
        if whose == client and first <= clock < first + length
    ]
    return name


def claim(doc: Doc[Any], author: str) -> None:
    """Writes a comment, whoever it says has made it."""
    doc.get("comments", type=Map)["thread:1"] = Map({"author": author, "text": "I agree."})


async def test_the_server_names_who_has_brought_a_comment_whatever_that_says(team: Team) -> None:
    ada, ben = await team.join("Ada", Role.EDITOR), await team.join("Ben", Role.EDITOR)
    claim(ada.doc, "Ben")
    await ada.push()
    await ada.until_saved()
    found = await ben.brought(ada.doc.client_id, 1)
    assert bringer(found, ada.doc.client_id) == "Ada"
    assert found == await ada.brought(ada.doc.client_id)
    assert await ben.brought(1) == await ben.brought() == ()


async def test_what_somebody_writes_under_anothers_client_id_is_theirs_all_the_same(team: Team) -> None:
    ada, ben = await team.join("Ada", Role.EDITOR), await team.join("Ben", Role.EDITOR)
    await ben.write("Mine. ")
    await ada.until(lambda: ada.text == "Mine. ")
    forged: Doc[Any] = Doc(client_id=ben.doc.client_id)
    forged.apply_update(ada.doc.get_update())
    before = forged.get_state()
    claim(forged, "Ben")
    await ada.send_update(forged.get_update(before))
    await ada.until_saved()
    found = await ben.brought(ben.doc.client_id)
    assert bringer(found, ben.doc.client_id, 0) == "Ben"
    assert bringer(found, ben.doc.client_id, len("Mine. ")) == "Ada"


async def test_who_was_removed_is_named_still(team: Team) -> None:
    ada, ben = await team.join("Ada", Role.OWNER), await team.join("Ben", Role.COMMENTER)
    claim(ben.doc, "Ben")
    await ben.push()
    await ben.until_saved()
    assert await ada.request(remove_member_message, number_of(ben)) is None
    assert bringer(await ada.brought(ben.doc.client_id), ben.doc.client_id) == "Ben"
    viewer = await team.join("Vic", Role.VIEWER)  # whom the list of members tells nothing of Ben
    assert (await viewer.moments()).names == {number_of(ben): "Ben"}


async def test_a_history_that_went_on_names_the_same_as_one_that_is_read_anew_or_was_compacted(tmp_path) -> None:
    for seed in range(5):
        writers = Writers(seed)
        writers.write(40)
        now = writers.entries[-1].time
        async with opened(sqlite_address(tmp_path / str(seed)), serving=True) as store:
            room = await store.ensure_room("room", 0)
            await store.add_invite(room.id, InviteWish(Role.EDITOR), hash_secret("invite"), 0)
            for name in ("Ada", "Ben"):
                await store.join(Arrival("room", hash_secret("invite"), hash_secret(own(name)), name), 0)
            going_on, clients = History(store), {each.client_id for each in writers.docs}
            for entry in writers.entries:
                await store.commit([Update(room.id, entry.time, entry.member, entry.data)])
                if entry.seq % 7 == 0:
                    assert await going_on.brought(room, clients) == await History(store).brought(room, clients)
            found = await going_on.brought(room, clients)
            moments = (await going_on.moments(room)).moments
            assert moments == (await History(store).moments(room)).moments
            assert (
                await Compactor(store, Settings(store="", history_fine_days=0), lambda now=now: now).compact(room) > 0
            )
            assert {each.name for each in found} <= {"Ada", "Ben", None}
            assert await History(store).brought(room, clients) == found
            assert (await going_on.moments(room)).moments == moments


async def test_of_more_runs_than_anybody_takes_in_nothing_is_said(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_requests, "_RUNS_AT_MOST", 1)
    ada, ben = await team.join("Ada"), await team.join("Ben")
    await ada.write("one")
    await ada.until_saved()
    assert len(await ben.brought(ada.doc.client_id, ben.doc.client_id)) == 1
    await ben.write("two")
    await ben.until_saved()
    assert len(await ben.brought(ben.doc.client_id)) == 1
    asked = (ada.doc.client_id, ben.doc.client_id)
    assert await ben.request(brought_get_message, asked) is HistoryReason.TOO_LARGE


async def test_who_asks_about_too_many_clients_at_once_is_put_out(team: Team) -> None:
    ada = await team.join("Ada")
    await ada.send(brought_get_message(1, range(CLIENTS_AT_ONCE + 1)))
    assert (await ada.until_closed()).code == Close.MALFORMED
