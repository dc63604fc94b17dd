"""RedisBus: nodes tell each other what happens by the publish and subscribe of Redis.

See https://redis.io/docs/latest/develop/pubsub/. Redis keeps none of it, and forgets who listens when it restarts or
a connection is lost. Each node says once a second that it is there. It hears that itself, which proves the whole way,
and counts another as gone that it has not heard for some seconds.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from cowrite_server.background import Background
from cowrite_server.bus.bus import BusFigures, Hear, Listener
from cowrite_server.wrong_use import BadBusAddress

_logger = logging.getLogger(__name__)

_PREFIX = "cowrite:"
_NODES = f"{_PREFIX}nodes"
_NODE_BYTES = 8
_HERE, _GOODBYE = b"\x01", b"\x00"

_BEAT_SECONDS = 1.0
_SILENCE_SECONDS = 5.0
_PAUSE_SECONDS = 0.25
"""Between two attempts to connect."""

_WAITING_BYTES = 16 * 1024 * 1024
"""What waits for Redis beyond this is thrown away."""


class RedisBus:
    """A bus through one Redis; see `bus.bus.Bus` for what its methods do."""

    joins = True

    def __init__(self, address: str) -> None:
        """A bus that has not started.

        Args:
            address: `redis://…`, see https://redis.readthedocs.io/en/stable/connections.html.

        Raises:
            BadBusAddress: it is no such address.
        """
        try:
            # The library would connect again by itself and say nothing of what was missed.
            self._redis = Redis.from_url(
                address,
                protocol=2,
                retry=Retry(NoBackoff(), 0),
                socket_connect_timeout=_SILENCE_SECONDS,
                socket_timeout=_SILENCE_SECONDS,
            )
            # Nothing else looks at the options behind a question mark before it is too late to say so.
            self._redis.connection_pool.make_connection()  # type: ignore[no-untyped-call]  # the library types it not
        except (ValueError, TypeError, AttributeError, RedisError) as error:
            raise BadBusAddress("it must look like redis://HOST:PORT, with options that Redis takes") from error
        self._redis.connection_pool.connection_kwargs["decode_responses"] = False  # nodes speak in bytes
        self._node = secrets.token_bytes(_NODE_BYTES)
        self._hearers: dict[str, Hear] = {}
        self._left: set[str] = set()
        self._confirmed: dict[str, asyncio.Future[None]] = {}
        self._subscribing = asyncio.Lock()
        self._pubsub: PubSub | None = None
        self._waiting: list[tuple[str, bytes]] = []
        self._waiting_bytes = 0
        self._wake = asyncio.Event()
        self._others: dict[bytes, float] = {}
        self._background = Background()
        self._lost = False
        self._failing = False
        self._listens = False
        self._connections = self._received = self._sent = 0

    @property
    def figures(self) -> BusFigures:
        connected = self._listens and not self._lost
        return BusFigures(connected, max(self._connections - 1, 0), self._received, self._sent)

    def start(self, listener: Listener) -> None:
        self._listener = listener
        self._background.keep(self._listen, "listening to the bus")
        self._background.keep(self._speak, "speaking on the bus")
        self._background.keep(self._beat, "saying on the bus that this node is there")

    def tell(self, channel: str, message: bytes) -> None:
        self._say(_PREFIX + channel, message)

    async def follow(self, channel: str, hear: Hear) -> None:
        name = _PREFIX + channel
        self._hearers[name] = hear
        if self._pubsub is None:
            return
        confirmed = self._confirmed.setdefault(name, asyncio.get_running_loop().create_future())
        with suppress(RedisError, OSError, TimeoutError):
            async with self._subscribing:
                with _writing():
                    await self._pubsub.subscribe(name)
            await asyncio.wait_for(asyncio.shield(confirmed), _SILENCE_SECONDS)

    def leave(self, channel: str) -> None:
        name = _PREFIX + channel
        self._hearers.pop(name, None)
        self._left.add(name)

    async def close(self) -> None:
        await self._background.end()
        self._say(_NODES, _GOODBYE)
        with suppress(RedisError, OSError, TimeoutError):
            if not self._failing:
                await self._publish()
        with suppress(RedisError, OSError), _writing():
            await self._redis.aclose()

    # Speaking

    def _say(self, name: str, message: bytes) -> None:
        if self._waiting_bytes > _WAITING_BYTES:
            self._lost = True
            return
        self._waiting.append((name, self._node + message))
        self._waiting_bytes += len(message)
        self._wake.set()

    async def _beat(self) -> None:
        while True:
            self._say(_NODES, _HERE)
            long_ago = asyncio.get_running_loop().time() - _SILENCE_SECONDS
            for node in [node for node, heard in self._others.items() if heard < long_ago]:
                self._forget(node)
            await self._unsubscribe()
            await asyncio.sleep(_BEAT_SECONDS)

    async def _speak(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._publish()
            except (RedisError, OSError) as error:
                self._lost = True
                self._failed(error)
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            if self._lost:
                self._lost = False
                self._connected()

    async def _publish(self) -> None:
        waiting, self._waiting, self._waiting_bytes = self._waiting, [], 0
        async with self._redis.pipeline(transaction=False) as pipeline:
            for name, message in waiting:
                pipeline.publish(name, message)
            with _writing():
                await pipeline.execute()
        self._sent += sum([name != _NODES for name, _ in waiting])

    # Listening

    async def _unsubscribe(self) -> None:
        async with self._subscribing:
            left, self._left = self._left - self._hearers.keys(), set()
            if left and self._pubsub is not None:
                with suppress(RedisError, OSError), _writing():
                    await self._pubsub.unsubscribe(*left)

    async def _listen(self) -> None:
        while True:
            pubsub = self._redis.pubsub()
            try:
                with _writing():
                    await pubsub.connect()  # type: ignore[no-untyped-call]  # the library types it not
                self._pubsub = pubsub
                # The last to be confirmed is the channel of the nodes: then all others are.
                with _writing():
                    await pubsub.subscribe(*self._hearers, _NODES)
                async with asyncio.timeout(_SILENCE_SECONDS) as silence:
                    async for message in _heard(pubsub):
                        silence.reschedule(asyncio.get_running_loop().time() + _SILENCE_SECONDS)
                        self._take(message["type"], message["channel"].decode(), message["data"])
            except (RedisError, OSError, TimeoutError) as error:
                self._failed(error)
                await asyncio.sleep(_PAUSE_SECONDS)
            finally:
                self._listens = False
                self._pubsub = None
                for confirmed in self._confirmed.values():
                    if not confirmed.done():
                        confirmed.set_result(None)  # what they miss is made up for when the bus is back
                self._confirmed.clear()
                with suppress(RedisError, OSError), _writing():
                    await pubsub.aclose()  # type: ignore[no-untyped-call]  # the library types it not

    def _take(self, kind: str, name: str, data: bytes) -> None:
        if kind == "subscribe":
            confirmed = self._confirmed.pop(name, None)
            if confirmed is not None and not confirmed.done():
                confirmed.set_result(None)
            if name == _NODES:
                self._listens = True
                self._connections += 1
                self._connected()
        elif kind == "message":
            node, message = data[:_NODE_BYTES], data[_NODE_BYTES:]
            if node == self._node:
                return
            if name == _NODES and message == _GOODBYE:
                self._forget(node)
                return
            new = node not in self._others
            self._others[node] = asyncio.get_running_loop().time()
            if new:
                self._listener.resumed()  # perhaps it was taken for gone, and its clients with it
            self._received += name != _NODES
            hear = self._hearers.get(name)
            if hear is not None:
                hear(node, message)

    def _connected(self) -> None:
        if self._failing:
            self._failing = False
            _logger.warning("The bus can be reached again.")
        self._listener.resumed()

    def _failed(self, error: Exception) -> None:
        if not self._failing:
            self._failing = True
            silent = isinstance(error, TimeoutError)
            reason = str(error).rstrip(".") or ("it does not answer" if silent else type(error).__name__)
            _logger.error("The bus cannot be reached: %s. What is written on other nodes comes late.", reason)

    def _forget(self, node: bytes) -> None:
        if self._others.pop(node, None) is not None:
            self._listener.gone(node)


async def _heard(pubsub: PubSub) -> AsyncIterator[dict[str, Any]]:
    """What comes; where the connection breaks off, the library makes it anew once, and writes to it."""
    with _writing():
        async for message in pubsub.listen():
            yield message


@contextmanager
def _writing() -> Iterator[None]:
    """Makes a ConnectionError of what the library fails with where the connection has just gone.

    WORKAROUND: redis 8.1 writes on without a look whether its writer is there, and uvloop takes that for a mistake.
    """
    try:
        yield
    except (AttributeError, RuntimeError, TypeError) as error:  # of asyncio's transports the last one, from 3.12 on
        raise ConnectionError("the connection has gone") from error
