"""A worker without a model: speaks the wire, writes what it is told, and dies or waits where it is told.

Run as a process: `python fake_worker.py OPTIONS`, where OPTIONS is the JSON of FakeWorker. On its stderr it says
nothing. As the real one it ends with its stdin.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from cowrite.assist.engine.wire import VERSION, decode, encode, generation_of, scoring_of
from cowrite.assist.requests import Completion, Ending, Model, Scores, Token, Usage

MODEL = Model(name="Fake", sha256="f" * 64, parameters=1, context=64, has_template=False)
USAGE = Usage(3, 0, 3, 3, 0.0, 0.0)


@dataclass(frozen=True)
class FakeWorker:
    """What one does.

    Attributes:
        words: the tokens that it writes for every generation.
        dies: where it ends by itself: "start", "load", "prefill" or "token" (after the first one); empty for nowhere.
        by: the signal by which.
        times: so many processes die, the next ones do not; they count in `state`.
        state: a file for counting.
        waits: where it waits until it is cancelled: "load", "prefill", "token", "calibrate"; empty for nowhere.
        deaf: does not hear when it is cancelled.
        refuses: the sentence with which it refuses to load anything; empty for not at all.
        chatter: bytes that it writes beside every generation, as messages that nobody waits for.
        rate: tokens a second that it measures.
    """

    words: tuple[str, ...] = ("once ", "upon ", "a time")
    dies: str = ""
    by: int = int(signal.SIGTERM)
    times: int = 1_000
    state: str = ""
    waits: str = ""
    deaf: bool = False
    refuses: str = ""
    chatter: int = 0
    rate: float = 100.0

    def command(self) -> list[str]:
        """Program and arguments of such a worker."""
        return [sys.executable, "-P", __file__, json.dumps(asdict(self))]


class _Cancelled(Exception):
    pass


class _Process:
    def __init__(self, options: FakeWorker) -> None:
        self._options = options
        self._work: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._cancelled: set[int] = set()
        self._changed = threading.Condition()
        self._out = threading.Lock()

    def run(self) -> None:
        threading.Thread(target=self._read, daemon=True).start()
        self._point("start", 0)
        self._say("hello", version=VERSION, engine="fake", pid=os.getpid())
        while True:
            message = self._work.get()
            try:
                getattr(self, f"_{message['type']}")(message["id"], message)
            except _Cancelled:
                self._say("failed", message["id"], code="cancelled", sentence="It was cancelled.")

    def _read(self) -> None:
        for line in sys.stdin.buffer:
            message = decode(line)
            if message["type"] == "ping":
                self._say("pong", message["id"])
            elif message["type"] == "cancel":
                with self._changed:
                    self._cancelled.add(message["id"])
                    self._changed.notify_all()
            else:
                self._work.put(message)
        os._exit(0)

    def _say(self, type: str, id: int = 0, **fields: Any) -> None:
        with self._out:
            sys.stdout.buffer.write(encode(type, id, **fields))
            sys.stdout.buffer.flush()

    def _point(self, name: str, id: int) -> None:
        if self._options.dies == name and self._may_die():
            os.kill(os.getpid(), self._options.by)
            threading.Event().wait()
        with self._changed:
            while self._options.waits == name:
                if id in self._cancelled and not self._options.deaf:
                    raise _Cancelled
                self._changed.wait()

    def _may_die(self) -> bool:
        if not self._options.state:
            return True
        with Path(self._options.state).open("a+") as file:
            file.seek(0)
            died = len(file.read())
            file.write("x")
        return died < self._options.times

    def _load(self, id: int, message: dict[str, Any]) -> None:
        self._say("loading", id, fraction=0.5)
        self._point("load", id)
        if self._options.refuses:
            self._say("failed", id, code="bad-file", sentence=self._options.refuses)
        else:
            known = {"name": message["name"], "sha256": message.get("sha256") or MODEL.sha256}
            model = {**asdict(MODEL), **known}
            self._say("loaded", id, model=model, threads=1, batch=1)

    _attach = _load

    def _unload(self, id: int, _message: dict[str, Any]) -> None:
        self._say("unloaded", id)

    def _calibrate(self, id: int, _message: dict[str, Any]) -> None:
        self._point("calibrate", id)
        self._say("calibrated", id, threads=2, batch=64, flash=False, rates={"generation": self._options.rate})

    def _generate(self, id: int, message: dict[str, Any]) -> None:
        generation_of(message["generation"])
        for _ in range(self._options.chatter // 1000):
            self._say("token", 0, text="x" * 1000, probability=None)
        self._say("prefill", id, done=1, total=3)
        tokens: list[Token] = []
        ending = Ending.STOP
        try:
            self._point("prefill", id)
            for word in self._options.words:
                tokens.append(Token(word, 0.5))
                self._say("token", id, text=word, probability=0.5)
                self._point("token", id)
        except _Cancelled:
            ending = Ending.CANCELLED
        text = "".join(token.text for token in tokens)
        self._say("done", id, completion=asdict(Completion(text, tuple(tokens), ending, None, USAGE)))

    def _score(self, id: int, message: dict[str, Any]) -> None:
        count = len(scoring_of(message["scoring"]).candidates)
        self._say("scored", id, scores=asdict(Scores((-1.0,) * count, (1,) * count, USAGE)))


if __name__ == "__main__":
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    options = json.loads(sys.argv[1])
    _Process(FakeWorker(**{**options, "words": tuple(options["words"])})).run()
