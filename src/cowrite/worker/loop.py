"""Takes requests in, has the engine work on one after the other, and sends what comes of them.

The reader thread sees every line at once: it answers pings, and lets a cancelled request end. The worker's thread
does all else.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from cowrite.assist.engine import wire
from cowrite.assist.engine.wire import FailureCode, MalformedLine
from cowrite.assist.requests import Encoding, Generation, Model, Scoring, Token
from cowrite.worker.held_file import HeldFile
from cowrite.worker.work import Cancellation, Cancelled, Endpoint, Engine, Failure, Loading, LocalEngine, Settings

log = logging.getLogger(__name__)

_REQUESTS = frozenset({"load", "attach", "generate", "score", "encode", "calibrate", "unload"})


class _Gone(Exception):
    """The app is at its end."""


class _Sender:
    """Writes lines; both threads send."""

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        self._lock = threading.Lock()

    def send(self, type: str, id: int = 0, **fields: Any) -> None:
        """Sends one message.

        Raises:
            _Gone: nobody reads any more.
        """
        line = memoryview(wire.encode(type, id, **fields))
        try:
            with self._lock:
                while line:
                    line = line[self._sink.write(line) :]
        except OSError as error:
            raise _Gone("the app does not read any more") from error


class _Report:
    """Sends how far one request is."""

    def __init__(self, sender: _Sender, id: int, is_shown: bool) -> None:
        self._sender = sender
        self._id = id
        self._is_shown = is_shown

    def loading(self, fraction: float) -> None:
        self._sender.send("loading", self._id, fraction=fraction)

    def prefill(self, done: int, total: int) -> None:
        self._sender.send("prefill", self._id, done=done, total=total)

    def token(self, token: Token) -> None:
        if self._is_shown:
            self._sender.send("token", self._id, text=token.text, probability=token.probability)


class Loop:
    """The worker between its two streams.

    Args:
        source: the lines to the worker.
        sink: where its answers go.
        engine: holds the model.
    """

    def __init__(
        self,
        source: BinaryIO,
        sink: BinaryIO,
        engine: LocalEngine,
    ) -> None:
        self._source = source
        self._sender = _Sender(sink)
        self._local = engine
        self._engine: Engine = engine
        self._held: HeldFile | None = None
        self._waiting: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()  # over the three below
        self._current = 0
        self._cancelled: set[int] = set()
        self._known: set[int] = set()
        self._cancellation = Cancellation()
        self._status = 0

    def run(self) -> None:
        """Works until the end of the source."""
        self._sender.send("hello", version=wire.VERSION, engine=self._engine.name, pid=os.getpid())
        threading.Thread(target=self._read, name="reader", daemon=True).start()
        while (message := self._waiting.get()) is not None:
            try:
                self._take_up(message)
            except (_Gone, MalformedLine) as error:
                log.error("The worker ends: %s", error)
                os._exit(1)
        os._exit(self._status)  # not by returning: the reader is about to leave too, and the first decides

    def _read(self) -> None:
        try:
            while line := self._source.readline(wire.MAX_LINE + 1):
                if len(line) > wire.MAX_LINE:
                    raise MalformedLine(f"longer than {wire.MAX_LINE} bytes")
                self._sort(wire.decode(line))
        except (_Gone, MalformedLine, OSError) as error:
            log.error("The worker ends: %s", type(error).__name__)  # a line's words are nobody's business
            self._status = 1
        self._cancellation.set()
        self._waiting.put(None)
        os._exit(self._status)

    def _sort(self, message: dict[str, Any]) -> None:
        kind, id = message["type"], message["id"]
        if kind == "ping":
            self._sender.send("pong", id)
        elif kind == "cancel":
            with self._lock:
                if id == self._current:
                    self._cancellation.set()
                elif id in self._known:
                    self._cancelled.add(id)
        elif kind == "typing":
            self._local.give_way()
        elif kind == "gate":
            self._engine.gate(message, self._cancellation)
        elif kind in _REQUESTS:
            with self._lock:
                self._known.add(id)
            self._waiting.put(message)
        else:
            raise MalformedLine("an unknown type")

    def _take_up(self, message: dict[str, Any]) -> None:
        id = message["id"]
        with self._lock:
            self._known.discard(id)
            self._cancellation.clear()
            if id in self._cancelled:
                self._cancelled.discard(id)
                self._cancellation.set()
            self._current = id
        try:
            self._answer(message)
        except Cancelled:
            self._fail(id, FailureCode.CANCELLED, "It was cancelled.")
        except Failure as failure:
            self._fail(id, failure.code, str(failure))
        except (_Gone, MalformedLine):
            raise
        except Exception as error:  # noqa: BLE001 - one request fails, the worker goes on
            # Where, but not with which words: they may hold the document's.
            place = traceback.extract_tb(error.__traceback__)[-1]
            log.error("A request failed: %s in %s, line %s", type(error).__name__, place.filename, place.lineno)
            self._fail(id, FailureCode.INTERNAL, f"The assistant failed within itself ({type(error).__name__}).")
        finally:
            with self._lock:
                self._current = 0

    def _fail(self, id: int, code: FailureCode, sentence: str) -> None:
        self._sender.send("failed", id, code=code, sentence=sentence)

    def _answer(self, message: dict[str, Any]) -> None:
        id, send, cancellation = message["id"], self._sender.send, self._cancellation
        report = _Report(self._sender, id, message.get("generation", {}).get("is_shown", False))
        request = _request_of(message)
        if isinstance(request, Loading):
            if self._engine is not self._local:
                self._engine.unload()
                self._engine = self._local
            self._held = HeldFile(request)
            loaded = self._engine.load(request, cancellation, report)
            self._require_unwritten()
            send("loaded", id, model=asdict(loaded.model), threads=loaded.threads, batch=loaded.batch)
        elif isinstance(request, Endpoint):
            engine, model = _attach(request, cancellation)
            self._engine.unload()
            self._engine, self._held = engine, None
            send("loaded", id, model=asdict(model), threads=0, batch=0)
        elif isinstance(request, Generation):
            completion = self._engine.generate(request, cancellation, report)
            self._require_unwritten()
            send("done", id, completion=asdict(completion))
        elif isinstance(request, Scoring):
            scores = self._engine.score(request, cancellation, report)
            self._require_unwritten()
            send("scored", id, scores=asdict(scores))
        elif isinstance(request, Encoding):
            vectors = self._local.encode(request, cancellation, report)
            send("encoded", id, vectors=wire.plain_vectors(vectors))
        elif message["type"] == "calibrate":
            send("calibrated", id, **asdict(self._engine.calibrate(cancellation)))
        else:
            self._engine.unload()
            if self._local is not self._engine:
                self._local.unload()
            send("unloaded", id)

    def _require_unwritten(self) -> None:
        """Unloads a model of which something else has come into memory meanwhile.

        Raises:
            Failure: that is so.
        """
        try:
            if self._held is not None:
                self._held.require_unwritten()
        except Failure:
            self._engine.unload()
            raise


def _attach(endpoint: Endpoint, cancellation: Cancellation) -> tuple[Engine, Model]:
    from cowrite.worker.endpoint import EndpointEngine  # few have one

    return EndpointEngine.attached(endpoint, cancellation)


def _request_of(message: dict[str, Any]) -> Loading | Endpoint | Generation | Scoring | Encoding | None:
    """What a message asks for; None where it has no content."""
    kind = message["type"]
    try:
        if kind == "load":
            settings = Settings(message["context"], message["threads"], message["batch"], message.get("flash") or False)
            known = message.get("sha256", ""), message.get("modified", 0)
            return Loading(Path(message["path"]), message["name"], settings, *known)
        if kind == "attach":
            return Endpoint(message["url"], message["key"], message["name"])
        if kind == "generate":
            return wire.generation_of(message["generation"])
        if kind == "encode":
            return wire.encoding_of(message["encoding"])
        return wire.scoring_of(message["scoring"]) if kind == "score" else None
    except (KeyError, TypeError, ValueError) as error:
        raise MalformedLine(f"a {kind} without what belongs to it") from error
