"""Random plans for sealed boxes through real sockets: people who write, change, take back, come, go and reveal."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from cowrite_server.wire.protocol import Role
from cowrite_server.wire.sealed import Count, SealedReason
from house import House, MakeHouse
from sealed_seat import begin, entry, listing, note, notes, open_box, put, take_back
from sync_clients import Client
from team import Team

NAMES = ("Ada", "Ben", "Cyd")
SESSIONS = ("session:1", "session:2")


class Plan:
    """What three people do in two sessions, and what the boxes and the board must hold after it."""

    def __init__(self, seed: int, house: House) -> None:
        self.chance = Random(seed)
        self.house = house
        self.team = Team(house)
        self.here: dict[str, Client] = {}
        self.sealed: dict[str, dict[tuple[str, str], str]] = {session: {} for session in SESSIONS}
        self.board: list[str] = []
        self.opened: set[str] = set()
        self.written = 0

    async def start(self) -> None:
        """All come, and the sessions begin."""
        for name in NAMES:
            await self._come(name)
        for number, session in enumerate(SESSIONS):
            await begin(self.here["Ada"], session=session, is_anonymous=bool(number))

    async def step(self) -> None:
        """Something happens."""
        acts = [self._put] * 6 + [
            self._take_back,
            self._take_back,
            self._cut,
            self._leave,
            self._restart,
            self._at_once,
        ]
        await self.chance.choice(acts)()

    async def open(self, session: str) -> None:
        """One or several reveal a session."""
        clients = [await self._somebody() for _ in range(self.chance.randrange(1, 4))]
        assert set(await asyncio.gather(*(open_box(client, session) for client in dict.fromkeys(clients)))) == {None}
        self.opened.add(session)
        self.board += self.sealed[session].values()
        self.sealed[session] = {}

    async def check(self) -> None:
        """Boxes and board are what they should be, for everybody."""
        for name in NAMES:
            client = await self._person(name)
            found = await listing(client)
            own = {
                (session, id): text
                for session in SESSIONS
                for (by, id), text in self.sealed[session].items()
                if by == name
            }
            assert {(item.box, item.id): item.fields["text"] for item in found.items} == own
            lies = {session: items for session, items in self.sealed.items() if items}
            assert found.counts == {
                session: Count(len(items), len({by for by, _ in items})) for session, items in lies.items()
            }
            await client.until(lambda client=client: len(notes(client)) >= len(self.board))
            assert sorted(each["text"] for each in notes(client).values()) == sorted(self.board)

    async def _come(self, name: str) -> None:
        self.here[name] = await self.team.join(name, Role.EDITOR)

    async def _person(self, name: str) -> Client:
        if name not in self.here or self.here[name].socket_is_gone:
            await self._come(name)
        return self.here[name]

    async def _somebody(self) -> Client:
        return await self._person(self.chance.choice(NAMES))

    async def _put(self) -> None:
        name, session = self.chance.choice(NAMES), self.chance.choice(SESSIONS)
        id, text = f"note:{self.chance.randrange(6)}", f"idea {self.written}"
        self.written += 1
        done = await put(await self._person(name), note(text, id, session))
        if session in self.opened:
            assert done is SealedReason.OPENED
        else:
            assert done is None
            self.sealed[session][name, id] = text

    async def _take_back(self) -> None:
        name, session = self.chance.choice(NAMES), self.chance.choice(SESSIONS)
        id = f"note:{self.chance.randrange(6)}"
        done = await take_back(await self._person(name), id, session)
        if session in self.opened:
            assert done is SealedReason.OPENED
        else:
            assert done is None
            self.sealed[session].pop((name, id), None)

    async def _cut(self) -> None:
        client = await self._somebody()
        client.cut()
        await client.until_closed()

    async def _leave(self) -> None:
        await (await self._somebody()).leave()

    async def _restart(self) -> None:
        await self.house.stop()
        for client in self.here.values():
            await client.until_closed()
        await self.house.start()

    async def _at_once(self) -> None:
        people = {name: await self._person(name) for name in NAMES}
        await asyncio.gather(*(self._put_of(client, name) for name, client in people.items()))

    async def _put_of(self, client: Client, name: str) -> None:
        session = SESSIONS[0]
        text = f"idea of {name} {self.written}"
        self.written += 1
        if await put(client, note(text, "note:shared", session)) is None:
            self.sealed[session][name, "note:shared"] = text


@pytest.mark.parametrize("seed", range(3))
async def test_boxes_and_board_hold_what_was_acknowledged(make_house: MakeHouse, seed: int) -> None:
    plan = Plan(seed, await make_house())
    await plan.start()
    for _ in range(25):
        await plan.step()
    await plan.check()
    await plan.open(SESSIONS[0])
    for _ in range(10):
        await plan.step()
    await plan.check()
    await plan.open(SESSIONS[1])
    for _ in range(5):
        await plan.step()
    await plan.check()
    client = await plan._person("Ben")
    assert all(entry(client, session)["is_revealed"] for session in SESSIONS)


@pytest.mark.parametrize("seed", range(4))
async def test_what_races_with_the_reveal_is_revealed_or_refused(make_house: MakeHouse, seed: int) -> None:
    chance = Random(seed)
    team = Team(await make_house())
    people = [await team.join(name) for name in NAMES]
    await begin(people[0])
    for person in people:
        await person.until(lambda person=person: entry(person, SESSIONS[0]))

    async def write(person: Client, number: int) -> str | None:
        text = f"{person.doc.client_id} {number}"
        for _ in range(chance.randrange(4)):
            await asyncio.sleep(0)
        return text if await put(person, note(text, f"note:{person.doc.client_id}x{number}")) is None else None

    acts = [write(person, number) for number in range(12) for person in people]
    acts.insert(chance.randrange(len(acts)), open_box(people[1]))  # type: ignore[arg-type]  # acts are of several kinds
    acknowledged = sorted(text for text in await asyncio.gather(*acts) if text)
    await people[2].until(lambda: entry(people[2], SESSIONS[0])["is_revealed"])
    assert sorted(each["text"] for each in notes(people[2]).values()) == acknowledged
