"""Editors of other makes for a shared room: Yjs on Node, y-py, and the server process that all of them meet on.

All of them hold the room's text as a Quill delta; `quill` makes two deltas comparable.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest
from websockets.sync.client import connect

from cowrite.core.text.richtext import EMBED_CHARACTER, Span, utf16_length
from helpers.warm_python import Forked
from node_packages import beside_packages

PATIENCE = 15.0  # seconds after which waiting for another program is given up
PEER = Path(__file__).parent / "node" / "yjs_peer.mjs"

SYNC, AWARENESS, QUERY_AWARENESS = 0, 1, 3
STEP_1, STEP_2, UPDATE = 0, 1, 2

Delta = list[dict[str, Any]]


def quill(delta: Iterable[Mapping[str, Any]]) -> Delta:
    """A delta in the one form that all equal deltas have.

    Neighbours with equal attributes are one piece, a null attribute is none, and a whole number is an int.
    """
    pieces: Delta = []
    for piece in delta:
        insert, attributes = _plain(piece["insert"]), _plain(piece.get("attributes") or {})
        last: dict[str, Any] = pieces[-1] if pieces else {"insert": None}
        if insert == "":
            continue
        if isinstance(insert, str) and isinstance(last["insert"], str) and last.get("attributes", {}) == attributes:
            last["insert"] += insert
        else:
            pieces.append({"insert": insert, "attributes": attributes} if attributes else {"insert": insert})
    return pieces


def quill_of(spans: Iterable[Span]) -> Delta:
    """A draft's rich text as a delta."""
    return quill({"insert": span.embed or span.text, "attributes": span.attributes} for span in spans)


def text_of(delta: Delta) -> str:
    """The characters of a delta; an embed is EMBED_CHARACTER."""
    return "".join(piece["insert"] if isinstance(piece["insert"], str) else EMBED_CHARACTER for piece in delta)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(held) for name, held in sorted(value.items()) if held is not None}
    return int(value) if isinstance(value, float) and value.is_integer() else value


class OpenServer:
    """`cowrite-server serve --open` in a process of its own, for as long as the context lasts."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "cowrite_server", "serve", "--open", "--data", str(folder), "--port", "0"]
        self._process = Forked(command, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        line = self._process.stdout.readline().decode()
        assert line, "the server did not start"
        self.url = f"ws://127.0.0.1:{int(line.rsplit(':', 1)[1])}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        _end(self._process)


class YjsPeer:
    """An editor on Yjs and y-websocket, in a Node process.

    Args:
        url: the server's address.
        room: the document.
        name: what its person is called.
        color: of its person's caret.
    """

    def __init__(self, url: str, room: str, name: str = "Quill", color: str = "#2f5fd0") -> None:
        self.delta: Delta = []
        self.present: list[dict[str, Any]] = []
        self._process = subprocess.Popen(
            ["node", str(beside_packages(PEER)), url, room, name, color],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._told: queue.Queue[str] = queue.Queue()
        self._reading = threading.Thread(target=self._read, name="what the Yjs peer tells", daemon=True)
        self._reading.start()
        self._orders = self._done = 0
        self._synced = False
        try:
            self._wait(lambda: self._synced)
        except BaseException:
            self.close()
            raise

    def apply(self, delta: Delta) -> None:
        """Makes a change as Quill's binding does, with `ytext.applyDelta`."""
        self._order(delta=delta)
        self.finish()

    def start_typing(self, text: str, at: int) -> None:
        """Types character by character, from a position (UTF-16 units) on; goes on by itself."""
        self._order(typed=text, at=at)

    def finish(self) -> None:
        """Waits until it has done everything that it was told."""
        self._wait(lambda: self._done == self._orders)

    @property
    def is_typing(self) -> bool:
        """Whether it has not done yet what it was told."""
        return self._done < self._orders

    def select(self, anchor: int, head: int) -> None:
        """Shows the others a selection (UTF-16 units)."""
        self._order(cursor=[anchor, head])
        self.finish()

    def sees(self, name: str) -> dict[str, Any] | None:
        """What it knows of a person: `state`, and `anchor` and `head` as Yjs finds them in the text."""
        return next((each for each in self.present if each["state"].get("user", {}).get("name") == name), None)

    def take_in(self) -> None:
        """Takes over what it has told."""
        while True:
            try:
                self._take(self._told.get_nowait())
            except queue.Empty:
                return

    def close(self) -> None:
        """Leaves the room."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._reading.join(PATIENCE)
        _end(self._process)

    def _order(self, **what: Any) -> None:
        assert self._process.stdin is not None
        self._orders += 1
        self._process.stdin.write(json.dumps({"number": self._orders, **what}) + "\n")
        self._process.stdin.flush()

    def _wait(self, holds: Any) -> None:
        until = time.monotonic() + PATIENCE
        while not holds():
            self._take(self._told.get(timeout=max(0.0, until - time.monotonic())))

    def _take(self, line: str) -> None:
        assert line, "the Yjs peer ended by itself"
        told = json.loads(line)
        self.delta = told.get("delta", self.delta)
        self.present = told.get("present", self.present)
        self._synced = told.get("synced", self._synced)
        self._done = told.get("done", self._done)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._told.put(line)
        self._told.put("")


class YpyPeer:
    """An editor on y-py, which is an older yrs; it speaks to the room from the thread that made it.

    Args:
        url: the server's address.
        room: the document.
    """

    def __init__(self, url: str, room: str) -> None:
        if sys.version_info >= (3, 13):
            pytest.skip("y-py exists for Python 3.11 and 3.12 only")
        import y_py

        self._y: Any = y_py
        self._doc = self._y.YDoc(offset_kind="utf16")
        self._body = self._doc.get_text("body")
        self._leaving = ExitStack()
        self._socket = self._leaving.enter_context(connect(f"{url}/{room}", proxy=None))
        self._synced = False
        self._send(STEP_1, self._y.encode_state_vector(self._doc))
        until = time.monotonic() + PATIENCE
        while not self._synced:
            self._receive(self._socket.recv(timeout=until - time.monotonic()))

    @property
    def delta(self) -> Delta:
        """What it holds. y-py has no `toDelta`; but it tells a fresh copy what has come in."""
        copy = self._y.YDoc()
        body = copy.get_text("body")
        heard: list[Delta] = []
        body.observe(lambda event: heard.append(event.delta))
        self._y.apply_update(copy, self._y.encode_state_as_update(self._doc))
        return [piece for delta in heard for piece in delta]

    def apply(self, delta: Delta) -> None:
        """Makes a change; positions in it are UTF-16 units."""
        before = self._y.encode_state_vector(self._doc)
        at = 0
        with self._doc.begin_transaction() as transaction:
            for step in delta:
                insert, attributes = step.get("insert"), step.get("attributes", {})
                if isinstance(insert, str):
                    self._body.insert(transaction, at, insert, attributes)
                    at += utf16_length(insert)
                elif insert is not None:
                    self._body.insert_embed(transaction, at, insert, attributes)
                    at += 1
                elif "delete" in step:
                    self._body.delete_range(transaction, at, step["delete"])
                else:
                    if attributes:
                        self._body.format(transaction, at, step["retain"], attributes)
                    at += step["retain"]
        self._send(UPDATE, self._y.encode_state_as_update(self._doc, before))

    def type_behind(self, mark: str, text: str) -> None:
        """Types behind a text that is there once."""
        self.apply([{"retain": utf16_length(self.text.partition(mark)[0] + mark)}, {"insert": text}])

    @property
    def text(self) -> str:
        """Its characters; an embed is EMBED_CHARACTER."""
        return text_of(self.delta)

    def take_in(self) -> None:
        """Takes over what the server has sent."""
        while True:
            try:
                self._receive(self._socket.recv(timeout=0))
            except TimeoutError:
                return

    def close(self) -> None:
        """Leaves the room."""
        self._leaving.close()

    def _send(self, kind: int, content: bytes) -> None:
        self._socket.send(_var_uint(SYNC) + _var_uint(kind) + _var_uint(len(content)) + content)

    def _receive(self, message: str | bytes) -> None:
        assert isinstance(message, bytes)
        kind, rest = _read_var_uint(message)
        if kind != SYNC:
            return  # presence, and what only cowrite understands
        step, rest = _read_var_uint(rest)
        size, rest = _read_var_uint(rest)
        content = rest[:size]
        if step == STEP_1:
            self._send(STEP_2, self._y.encode_state_as_update(self._doc, content))
        else:
            self._y.apply_update(self._doc, content)
            self._synced = self._synced or step == STEP_2


def _var_uint(number: int) -> bytes:
    octets = bytearray()
    while number > 0x7F:
        octets.append(number & 0x7F | 0x80)
        number >>= 7
    octets.append(number)
    return bytes(octets)


def _read_var_uint(content: bytes) -> tuple[int, bytes]:
    number = shift = 0
    for place, octet in enumerate(content):
        number |= (octet & 0x7F) << shift
        shift += 7
        if octet < 0x80:
            return number, content[place + 1 :]
    raise ValueError("the message ends within a number")


def _end(process: subprocess.Popen[str] | Forked) -> None:
    """Waits until a process that was told to end has ended, and lets go of its pipes."""
    try:
        process.wait(8)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
