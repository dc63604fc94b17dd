"""Hosting documents from this computer, with the real server in the test's loop."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from cowrite.invite import Invite
from cowrite.sync.host import CannotHost, Host, HostSettings
from cowrite.sync.link import Link
from cowrite.sync.status import Kind
from cowrite_server.people.members import Members
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.members import Invited, InviteWish
from cowrite_server.wire.protocol import Role
from helpers.processes import free_port
from helpers.sync_seat import Seat

ANY_PORT = HostSettings(port=0)


def two_hosts() -> tuple[str, ...]:
    return ("127.0.0.1", "localhost")


@pytest.fixture
async def at() -> AsyncIterator[AsyncExitStack]:
    """Hosts and seats entered here are left in the reverse order."""
    async with AsyncExitStack() as stack:
        yield stack


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "hosted"


async def hosting(
    at: AsyncExitStack, folder: Path, settings: HostSettings, hosts: Callable[[], tuple[str, ...]] = two_hosts
) -> Host:
    host = await Host.start(folder, settings, hosts=hosts)
    at.push_async_callback(host.close)
    return host


@contextmanager
def taken_port() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.create_server(("", 0)) as other:
        yield other.getsockname()[1]


async def test_a_teammate_opens_a_document_by_a_link(at: AsyncExitStack, folder: Path) -> None:
    host = await hosting(at, folder, ANY_PORT)
    invitation = await host.invitation("plan", Role.EDITOR)
    own = await at.enter_async_context(Seat(await host.own_link("plan")))
    own.write("Hello")
    for link in invitation.links:
        mate = await at.enter_async_context(Seat(link, name="Bo"))
        await mate.until(lambda mate=mate: mate.text == "Hello")


async def test_a_link_leads_to_each_address_of_this_computer(at: AsyncExitStack, folder: Path) -> None:
    host = await hosting(at, folder, ANY_PORT, hosts=lambda: ("192.168.1.20", "adas-laptop.local", "fd00::2"))
    invitation = await host.invitation("plan", Role.VIEWER)
    assert [link.host for link in invitation.links] == ["192.168.1.20", "adas-laptop.local", "fd00::2"]
    assert {(link.port, link.room) for link in invitation.links} == {(host.settings.port, "plan")}
    assert len({link.secret for link in invitation.links}) == 1


async def test_editors_and_viewers_get_different_links(at: AsyncExitStack, folder: Path) -> None:
    host = await hosting(at, folder, ANY_PORT)
    for role in Role:
        invitation = await host.invitation("plan", role)
        seat = await at.enter_async_context(Seat(invitation.links[0]))
        await seat.until(lambda seat=seat, role=role: seat.peer.role is role)


async def test_a_link_is_known_by_its_own_number_though_another_is_made_meanwhile(
    at: AsyncExitStack, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = await hosting(at, folder, ANY_PORT)
    await host.invitation("plan", Role.OWNER)
    invite = Members.invite

    async def with_another_behind(members: Members, *wish: Any) -> Invited:
        made = await invite(members, *wish)
        await invite(members, "plan", InviteWish(Role.VIEWER))  # as an owner does who is connected
        return made

    with monkeypatch.context() as patched:
        patched.setattr(Members, "invite", with_another_behind)
        invitation = await host.invitation("plan", Role.EDITOR)
    by_role = {each.role: each.id for each in host.settings.invites}
    assert by_role == {Role.OWNER: 1, Role.EDITOR: 2}
    assert await host.invitation("plan", Role.EDITOR) == invitation


async def test_links_given_out_work_after_a_restart_of_the_app(folder: Path) -> None:
    host = await Host.start(folder, HostSettings(port=free_port()), hosts=two_hosts)
    invitation = await host.invitation("plan", Role.EDITOR)
    async with Seat(invitation.links[0]) as mate:
        mate.write("Hello")
        await mate.until_saved()
        stored = host.settings
        await host.close()
        again = await Host.start(folder, stored, hosts=two_hosts)
        assert again.notice is None
        assert await again.invitation("plan", Role.EDITOR) == invitation
        assert again.settings == stored
        mate.transport.retry_now()
        mate.write(" again")
        await mate.until_saved()
    await again.close()


async def test_a_taken_port_is_replaced_by_a_free_one_and_the_person_told(at: AsyncExitStack, folder: Path) -> None:
    given_out = Invite("plan", Role.EDITOR, 1, "secret")
    with taken_port() as port:
        host = await hosting(at, folder, HostSettings(port, (given_out,)))
        assert host.settings.port != port
        assert host.notice is not None
        assert f"Port {port} of this computer is taken" in host.notice
        assert str(host.settings.port) in host.notice
        seat = await at.enter_async_context(Seat(await host.own_link("plan")))
        await seat.until_saved()


async def test_nobody_is_told_of_a_taken_port_to_which_no_link_leads(at: AsyncExitStack, folder: Path) -> None:
    with taken_port() as port:
        host = await hosting(at, folder, HostSettings(port=port))
        assert host.settings.port != port
        assert host.notice is None


async def test_withdrawn_links_are_void_and_new_ones_are_made(at: AsyncExitStack, folder: Path) -> None:
    host = await hosting(at, folder, ANY_PORT)
    before = await host.invitation("plan", Role.EDITOR)
    mate = await at.enter_async_context(Seat(before.links[0]))
    await mate.until_saved()
    await host.withdraw("plan")
    await mate.until(lambda: mate.status.kind is Kind.WITHDRAWN)
    assert host.settings.invites == ()
    after = await host.invitation("plan", Role.EDITOR)
    assert after.links[0].secret != before.links[0].secret
    newcomer = await at.enter_async_context(Seat(after.links[0]))
    await newcomer.until_saved()


async def test_stored_invites_of_a_folder_that_was_deleted_are_made_anew(at: AsyncExitStack, folder: Path) -> None:
    first = await Host.start(folder, HostSettings(port=free_port()), hosts=two_hosts)
    before = await first.invitation("plan", Role.EDITOR)
    await first.close()
    host = await hosting(at, folder.with_name("another folder"), first.settings)
    after = await host.invitation("plan", Role.EDITOR)
    assert after.links[0].secret != before.links[0].secret


async def test_a_folder_that_is_in_use_is_said_in_a_sentence(at: AsyncExitStack, folder: Path) -> None:
    await hosting(at, folder, ANY_PORT)
    with pytest.raises(CannotHost, match=r"cannot be shared from this computer. The data folder .* is in use"):
        await Host.start(folder, ANY_PORT)


async def test_whoever_has_an_older_cowrite_than_before_is_told_to_update_cowrite_itself(folder: Path) -> None:
    async with AsyncExitStack() as at:
        await hosting(at, folder, ANY_PORT)
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(CannotHost, match=r"A newer cowrite has shared documents from here.* Update cowrite\."):
        await Host.start(folder, ANY_PORT)


async def test_secrets_do_not_show_in_a_repr(at: AsyncExitStack, folder: Path) -> None:
    host = await hosting(at, folder, ANY_PORT)
    link: Link = (await host.invitation("plan", Role.EDITOR)).links[0]
    assert link.secret
    assert link.secret not in repr(host.settings)
