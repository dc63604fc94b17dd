"""Sits where the app sits: starts a real worker and speaks with it, line by line."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from cowrite.assist.engine.wire import completion_of, decode, encode, plain_generation, plain_scoring, scores_of
from cowrite.assist.requests import Completion, Generation, Scores, Scoring
from helpers.warm_python import WORKER, Forked

Message = dict[str, Any]


class WorkerSeat:
    """One worker process.

    Attributes:
        process: itself.
        hello: its first line.
    """

    def __init__(self, *arguments: str, environ: Mapping[str, str] | None = None) -> None:
        command, pipe = [sys.executable, "-m", "cowrite.worker", *arguments], subprocess.PIPE
        self.process: Forked | subprocess.Popen[bytes]
        if environ is None:
            self.process = Forked(command, stdin=pipe, stdout=pipe, stderr=pipe, loaded=WORKER)
        else:  # it begins with them
            environ = {**os.environ, **environ}
            self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environ)
        self._id = 0
        self._said: str | None = None
        self.hello = self.receive()

    def __enter__(self) -> WorkerSeat:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> str:
        """Ends it, if it has not ended.

        Returns:
            What it wrote to stderr.
        """
        if self._said is None:
            with suppress(BrokenPipeError):  # it has gone before what waited was written
                self.process.stdin.close()  # type: ignore[union-attr]
            self.process.wait()
            self._said = self.process.stderr.read().decode()  # type: ignore[union-attr]
            self.process.stdout.close()  # type: ignore[union-attr]
            self.process.stderr.close()  # type: ignore[union-attr]
        return self._said

    def send(self, kind: str, id: int = 0, **fields: Any) -> int:
        """Sends a message; with a number of its own where none is given."""
        if not id:
            self._id += 1
            id = self._id
        assert self.process.stdin is not None
        self.process.stdin.write(encode(kind, id, **fields))
        self.process.stdin.flush()
        return id

    def receive(self) -> Message:
        """The next message.

        Raises:
            EOFError: it has ended.
        """
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise EOFError
        return decode(line)

    def until(self, *kinds: str) -> Message:
        """The next message of some kinds; those before it are passed over."""
        while (message := self.receive())["type"] not in kinds:
            pass
        return message

    def is_silent_for(self, seconds: float) -> bool:
        """Whether it says nothing for so long; to be asked when all that it has said was read. Not on Windows."""
        output = self.process.stdout
        assert output is not None
        return not select.select([output], [], [], seconds)[0]

    def load(self, path: Path, name: str = "", **fields: Any) -> Message:
        """Loads a model, and gives back `loaded` or `failed`."""
        usual = {"context": 0, "threads": 0, "batch": 0}
        self.send("load", path=str(path), name=name, **(usual | fields))
        return self.until("loaded", "failed")

    def ask(self, generation: Generation) -> int:
        """Asks for a text."""
        return self.send("generate", generation=plain_generation(generation))

    def completion(self) -> Completion:
        """The next text that is done."""
        return completion_of(self.until("done")["completion"])

    def generate(self, generation: Generation) -> Completion:
        """Asks for a text, and waits for it."""
        self.ask(generation)
        return self.completion()

    def score(self, scoring: Scoring) -> Scores:
        """Asks for scores, and waits for them."""
        self.send("score", scoring=plain_scoring(scoring))
        return scores_of(self.until("scored")["scores"])

    def resident(self) -> int:
        """Bytes of memory that the process has at the moment (Linux)."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="utf-8").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


def script(path: Path, plain: Mapping[str, Any] | Sequence[Any]) -> Path:
    """A file for `--scripted`; a list stands for its rules."""
    import json

    path.write_text(json.dumps(plain if isinstance(plain, Mapping) else {"rules": plain}), encoding="utf-8")
    return path
