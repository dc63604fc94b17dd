"""People in one room of a house, and how they see each other."""

from __future__ import annotations

from collections.abc import Callable

from pycrdt import Doc, Text

from cowrite_server.wire.members import (
    MemberList,
    MemberSummary,
    members_get_message,
)
from cowrite_server.wire.protocol import Close, Role
from house import House
from sync_clients import Client


def own(name: str) -> str:
    """A secret of somebody's own."""
    return name.ljust(32, "-")


class Team:
    """People in one room, each with a secret of their own."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._secrets: dict[Role, str] = {}

    async def secret(self, role: Role) -> str:
        """The secret of the invite for a role."""
        if role not in self._secrets:
            self._secrets[role] = await self.house.secret(role)
        return self._secrets[role]

    async def join(self, name: str, role: Role = Role.EDITOR, doc: Doc[Text] | None = None) -> Client:
        """Somebody who comes with a name."""
        return await self.house.client(await self.secret(role), client=Client(doc, member=own(name), name=name))


def number_of(client: Client) -> int:
    assert client.hello is not None
    assert client.hello.member is not None
    return client.hello.member


async def members(client: Client) -> dict[int, MemberSummary]:
    found = await client.request(members_get_message)
    assert isinstance(found, MemberList), found
    return {member.id: member for member in found.members}


async def closed_with(
    house: House, client: Client, secret: str | None = None, *, room: str = "room", epoch: str | None = None
) -> int:
    """The close code with which somebody is answered, before anything of a document was sent."""
    await client.open(house.server.url, room, secret, epoch)
    closed = await client.until_closed()
    await client.leave()
    assert closed.reason == Close(closed.code).sentence
    assert client.messages == []
    return closed.code


async def shown(client: Client, of: Client) -> Callable[[], object]:
    """The name under which a client sees another one."""

    def name() -> object:
        entry = client.present.get(of.doc.client_id)
        return None if entry is None or entry.state is None else entry.state["user"]["name"]

    return name
