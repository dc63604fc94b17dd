"""Two real Yjs clients on Node, unchanged, and what makes their documents comparable with ours."""

from __future__ import annotations

import asyncio
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import Any

from node_packages import beside_packages
from sync_clients import PATIENCE, Client, until

Delta = list[dict[str, Any]]


def stock_script() -> Path:
    """The program that holds two stock clients, where Node finds their packages."""
    return beside_packages(Path(__file__).parent / "node" / "stock_clients.mjs")


class StockPair:
    """Two stock providers in one Node process, `left` and `right`."""

    def __init__(self) -> None:
        self.delta: dict[str, Delta] = {"left": [], "right": []}
        self.synced = {"left": False, "right": False}
        self.status: dict[str, list[str]] = {"left": [], "right": []}
        self.present: dict[str, dict[int, Any]] = {"left": {}, "right": {}}
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()

    async def open(self, script: Path, url: str, room: str, secret: str) -> None:
        """Starts the process; both providers connect."""
        self._process = await asyncio.create_subprocess_exec(
            "node", str(script), url, room, secret, stdin=PIPE, stdout=PIPE
        )
        self._reading = asyncio.create_task(self._read())
        await self.until(lambda: all(self.synced.values()))

    async def close(self) -> None:
        """Ends both providers."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._reading is not None
        self._process.stdin.close()
        await self._reading
        assert await self._process.wait() == 0

    async def do(self, name: str, **what: object) -> None:
        """Has a provider edit, show a state, connect or disconnect."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"name": name, **what}).encode() + b"\n")
        await self._process.stdin.drain()

    async def until(self, condition: Callable[[], object]) -> None:
        """Waits until a condition holds; looks again after everything that a provider tells."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(condition)

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            told = json.loads(line)
            name = told["name"]
            if "delta" in told:
                self.delta[name] = told["delta"]
            if "synced" in told:
                self.synced[name] = told["synced"]
            if "status" in told:
                self.status[name].append(told["status"])
            if "present" in told:
                self.present[name] = dict(told["present"])
            async with self._news:
                self._news.notify_all()


def delta_of(client: Client) -> Delta:
    """The document of one of our clients as Yjs writes it."""
    return [
        {"insert": insert, "attributes": attributes} if attributes else {"insert": insert}
        for insert, attributes in client.body.diff()
    ]


async def converge(pair: StockPair, *clients: Client) -> Delta:
    """Waits until all have the same document; gives it."""

    def converged() -> bool:
        left, right = pair.delta.values()
        return left == right and all(same(delta_of(client), left) for client in clients)

    await until(converged)
    return pair.delta["left"]


def same(ours: Delta, theirs: Delta) -> bool:
    """Whether two deltas are equal; adjacent pieces with equal attributes may be cut differently."""
    return flat(ours) == flat(theirs)


def flat(delta: Delta) -> list[tuple[object, object]]:
    """A delta character by character."""
    pieces = []
    for piece in delta:
        content = piece["insert"]
        attributes = piece.get("attributes") or {}
        pieces += [(part, attributes) for part in (content if isinstance(content, str) else [content])]
    return pieces
