"""Rounds in which the application and its server are killed while people type.

A round starts a real server and one or two real applications (`python -m helpers.crashes`, see `Typist`), which type
numbered tokens, `<a17>`, through key events into one shared draft. At moments drawn from the round's seed some of the
processes get SIGKILL; they start again with the same files and the same port, and the typing goes on. Whoever types
tells on standard output what it has typed and what its window said was on the server, so that a round can count what
is lost, doubled or out of order. What must hold is in `Round._judge_*`.

Each life of an application types inside braces of its own, behind all that is there. A token that the server got
from a life before, and the file did not, so comes back without standing between the letters of a later one.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from cowrite.app.application import Application
from cowrite.app.draft import Draft
from cowrite.app.run import make_qt_application
from cowrite.bridge.saved_document import Safety
from cowrite.core.document import Document, Origin
from cowrite.core.richtext import Span, joined
from cowrite.logs import start_logging
from cowrite.paths import HOME_VARIABLE, Paths
from cowrite.storage.document_file import DocumentFile
from cowrite.storage.settings import Person, Settings, save_settings
from cowrite.sync import state_vector
from cowrite.sync.events import Synced
from cowrite.sync.link import Link
from cowrite.sync.status import Kind
from cowrite_server.database import open_database
from cowrite_server.invites import create_invite, ensure_room
from cowrite_server.protocol import Role
from helpers.sync_seat import Seat

SAFE_AFTER = 0.25  # seconds after which what was typed has to be in the file, whatever happens
PATIENCE = 40.0  # seconds until waiting for a process is given up
LOOK = 0.03  # seconds between two looks at what is waited for

ROOM = "crashes"
LETTERS = "ab"
RUBBED_OUT = "~"  # typed and taken back at once
PEOPLE = {"a": Person("Ada", "#c4314b"), "b": Person("Ben", "#2f5fd0")}

Tokens = dict[str, list[int]]

_TOKEN = re.compile(r"<([ab])(\d+)>")


def tokens_of(text: str) -> Tokens:
    """The numbers of each person's tokens, in the order of the text."""
    found: Tokens = {letter: [] for letter in LETTERS}
    for letter, number in _TOKEN.findall(text):
        found[letter].append(int(number))
    return found


# The process that types


class Typist:
    """Types tokens into the application's draft, and reports as JSON lines with monotonic times.

    Args:
        application: the running application.
        life: what this life of the process is to do: its letter, the number of its first token, and more.
    """

    def __init__(self, application: Application, life: dict[str, Any]) -> None:
        self._application = application
        self._letter: str = life["letter"]
        self._number: int = life["number"]
        self._chance = Random(life["seed"])
        self._hurries: bool = life["hurries"]  # faster than anybody types: so files and logs come to be tidied up
        self._keys: deque[Callable[[], None]] = deque()
        self._orders: deque[str] = deque()
        self._typing = False
        self._settling = False
        self._last_saved: Tokens = {}
        self._draft = self._opened(life)
        self._editor = self._draft.editor
        self._draft.window.activateWindow()
        self._editor.setFocus()
        report("opened", path=str(self._draft.path), tokens=tokens_of(self._draft.document.text()))
        if life["how"] == "new":
            flow = application.share(self._draft)
            flow.dialog.server_requested.emit(life["link"])
            flow.dialog.close()
        if self._draft.shared is None:
            report("wrong", sentence="The document is not shared any more.")
        else:
            self._draft.shared.status_changed.connect(lambda _status: self._look())
        self._waits_for_server = life["how"] == "new" or self._chance.random() < 0.6
        self._began = False
        self._timer = QTimer(application)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turn)
        self._timer.start(0)
        threading.Thread(target=self._listen, name="orders", daemon=True).start()

    def stop(self) -> None:
        """Takes its hands off the keys."""
        self._timer.stop()

    def _opened(self, life: dict[str, Any]) -> Draft:
        """Opens what this life works on, as the person does."""
        match life["how"]:
            case "new":
                self._application.new_document()
            case "join":
                self._application.start([life["link"]])
            case "path":
                self._application.start([life["path"]])
            case _:
                self._application.start([])
        if "path" not in life:
            return self._application.drafts[-1]
        for draft in self._application.drafts:
            if draft.path == Path(life["path"]):
                return draft
        report("wrong", sentence=f"The document was not opened again by {life['how']}.")
        draft = self._application.open_path(Path(life["path"]))
        assert draft is not None
        return draft

    def _listen(self) -> None:
        for line in sys.stdin:
            self._orders.append(line.strip())
        self._orders.append("quit")

    def _turn(self) -> None:
        """One look around, and the next keys."""
        self._look()
        while self._orders:
            self._obey(self._orders.popleft())
        pause = 1 if self._hurries else self._chance.randrange(4, 18)
        if self._began and self._draft.saved.on_disk.safety is Safety.SAVED:
            self._typing = True
        if not self._began and (self._kind() is Kind.SAVED or not self._waits_for_server):
            self._begin()
        elif self._typing and not self._keys:
            if self._settling:
                self._tell_state_when_settled()
                pause = round(LOOK * 1000)
            elif self._chance.random() < (0.01 if self._hurries else 0.06):
                pause = self._chance.randrange(60, 400)
            else:
                self._plan()
        for _ in range(min(self._chance.choice((1, 1, 2, 3)) + 5 * self._hurries, len(self._keys))):
            self._keys.popleft()()
        self._timer.start(pause)

    def _begin(self) -> None:
        """Braces behind everything that is there, and the caret between them."""
        self._began = True
        self._press(QKeySequence.StandardKey.MoveToEndOfDocument)
        QTest.keyClick(self._editor, Qt.Key.Key_Return)
        QTest.keyClicks(self._editor, "{}")
        QTest.keyClick(self._editor, Qt.Key.Key_Left)

    def _plan(self) -> None:
        """The keys of the next token, and now and then of something beside it."""
        number = self._number
        self._number += 1
        for character in f"<{self._letter}{number}>":
            self._keys.append(lambda character=character: QTest.keyClicks(self._editor, character))
        self._keys.append(lambda: report("typed", number=number))
        match self._chance.randrange(12):
            case 0:
                self._keys.append(lambda: QTest.keyClick(self._editor, Qt.Key.Key_Return))
            case 1:
                self._keys.append(lambda: self._press(QKeySequence.StandardKey.Bold))
            case 2:
                self._keys.append(lambda: QTest.keyClicks(self._editor, RUBBED_OUT))
                self._keys.append(lambda: QTest.keyClick(self._editor, Qt.Key.Key_Backspace))
            case _:
                pass

    def _press(self, keys: QKeySequence.StandardKey) -> None:
        QTest.keySequence(self._editor, QKeySequence(keys))

    def _kind(self) -> Kind | None:
        return self._draft.shared.status.kind if self._draft.shared is not None else None

    def _look(self) -> None:
        """Reports what the window says to be on the server's disk."""
        if self._kind() is Kind.SAVED:
            tokens = tokens_of(self._draft.document.text())
            if tokens != self._last_saved:
                self._last_saved = tokens
                report("saved", tokens=tokens)

    def _obey(self, order: str) -> None:
        match order:
            case "settle":
                self._settling = True
            case _:
                self._application.quit()

    def _tell_state_when_settled(self) -> None:
        if self._kind() is Kind.SAVED and self._draft.saved.on_disk.safety is Safety.SAVED:
            report("settled", state=state_of(self._draft.document), shown=self._editor.toPlainText())


def report(what: str, **details: Any) -> None:
    """Says something on standard output."""
    print(json.dumps({"what": what, "at": time.monotonic(), **details}), flush=True)


def state_of(document: Document) -> dict[str, Any]:
    """All that two equal copies of a document have in common, as JSON has it."""
    clocks = {str(client): clock for client, clock in sorted(state_vector.clocks(document.state_vector()).items())}
    state = {"spans": [_plain(span) for span in joined(document.spans())], "clocks": clocks}
    return json.loads(json.dumps(state))


def _plain(span: Span) -> list[Any]:
    return [span.text, dict(sorted(span.attributes.items())), dict(span.embed) if span.embed else None]


def text_of(state: dict[str, Any]) -> str:
    """The text of what `state_of` gave."""
    return "".join(span[0] for span in state["spans"])


def type_tokens(life: dict[str, Any]) -> int:
    """Runs the application with a Typist until it is told to end."""
    paths = Paths.of(os.environ)
    paths.make()
    if not paths.settings.exists():
        save_settings(paths.settings, Settings(person=PEOPLE[life["letter"]]))
    handler = start_logging(paths.log)
    try:
        app = make_qt_application()
        typist = Typist(Application(app, paths), life)
        status = app.exec()
        typist.stop()
        return status
    finally:
        handler.close()


# Processes, as the round sees them


class GaveUp(Exception):
    """A process did not do what was waited for."""


def free_port() -> int:
    """A port that nothing uses, outside the range from which the system gives ports to outgoing connections."""
    while True:
        port = Random().randrange(20_000, 32_000)
        with closing(socket.socket()) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


class ServerProcess:
    """A server on a fixed folder and port.

    Args:
        data: its folder.
        port: its port.
        log: takes what it says on standard error.
    """

    def __init__(self, data: Path, port: int, log: Path) -> None:
        self._command = [sys.executable, "-m", "cowrite_server", "serve", "--data", str(data), "--port", str(port)]
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        """Starts it without waiting."""
        with self._log.open("ab") as errors:
            self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=errors)

    def wait_until_listening(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], PATIENCE)
        if not ready or b"listening" not in self._process.stdout.readline():
            raise GaveUp(f"The server did not start; see {self._log}.")

    def kill(self) -> None:
        """Ends it as a power failure would."""
        process, self._process = self._process, None
        if process is not None:
            assert process.stdout is not None
            process.kill()
            process.wait()
            process.stdout.close()


class AppProcess:
    """One life of an application that types.

    Args:
        home: the folder below which its files are.
        log: takes what it says on standard error.
        life: what it is to do, see `Typist`.
    """

    def __init__(self, home: Path, log: Path, life: dict[str, Any]) -> None:
        self.reports: list[dict[str, Any]] = []
        self.life = life
        self.killed_at: float | None = None
        environment = {**os.environ, HOME_VARIABLE: str(home), "QT_QPA_PLATFORM": "offscreen"}
        environment["PYTHONPATH"] = os.pathsep.join(
            [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
        )
        command = [sys.executable, "-m", "helpers.crashes", json.dumps(life)]
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
            )
        self._changed = threading.Condition()
        self._has_ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def told(self, what: str) -> list[dict[str, Any]]:
        """Its reports of one kind."""
        return [each for each in list(self.reports) if each["what"] == what]

    @property
    def next_number(self) -> int:
        """The first token that it has not reported as typed; it may have been typed all the same."""
        return max((told["number"] + 1 for told in self.told("typed")), default=self.life["number"])

    def order(self, order: str) -> None:
        """Tells it to do something."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{order}\n".encode())
        self._process.stdin.flush()

    def wait_for(self, what: str, is_enough: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """Waits for a report."""

        def found() -> dict[str, Any] | None:
            return next((each for each in reversed(self.told(what)) if is_enough(each)), None)

        with self._changed:
            self._changed.wait_for(lambda: found() is not None or self._has_ended, PATIENCE)
        answer = found()
        if answer is None:
            raise GaveUp(f"The application of {self.life['letter']} never told that it had {what}.")
        return answer

    def wait_for_next(self, what: str, patience: float) -> None:
        """Waits until it reports something of this kind once more, or until patience, in seconds, is over."""
        before = len(self.told(what))
        with self._changed:
            self._changed.wait_for(lambda: len(self.told(what)) > before or self._has_ended, patience)

    def kill(self) -> None:
        """Ends it as a power failure would, unless it has ended by itself."""
        if self.killed_at is None:
            self.killed_at = time.monotonic()
            self._process.kill()
            if self._process.wait() != -signal.SIGKILL:
                self.reports.append({"what": "wrong", "sentence": f"It ended with status {self._process.returncode}."})
            self._reader.join()
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.close()
            self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._changed:
                if line.endswith(b"\n"):  # the last one may have been cut off
                    self.reports.append(json.loads(line))
                self._changed.notify_all()
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()


class _Copy:
    """A document for a Seat that only reads."""

    def __init__(self) -> None:
        self.document = Document(clock=lambda: 0)
        self.client = self.document.client_id
        self.state_vector = self.document.state_vector
        self.update_since = self.document.update_since
        self.apply_remote = self.document.apply_remote

    @property
    def text(self) -> str:
        return self.document.text()


def state_on_server(link: Link) -> dict[str, Any]:
    """The state of the document that a newcomer gets."""

    async def read() -> dict[str, Any]:
        copy = _Copy()
        async with Seat(link, copy, name="Reader") as seat:
            await seat.until(lambda: any(isinstance(event, Synced) for event in seat.events))
        return state_of(copy.document)

    return asyncio.run(read())


def state_in_file(path: Path) -> dict[str, Any]:
    """The state of the document in a file that nobody has open."""
    document = Document(clock=lambda: 0)
    with DocumentFile.open(path) as file:
        for update in file.load().state:
            document.apply_update(update, Origin.STORAGE)
    return state_of(document)


# The round


@dataclass
class Outcome:
    """What came out of a round.

    Attributes:
        seed: the round's.
        people: how many applications there were.
        kills: how often each of "a", "b" and "server" was killed.
        typed: how many tokens were reported as typed.
        acknowledged: how many of them a window had shown as saved on the server when that server was killed.
        unsafe: how many went with their application because they had just been typed; that is allowed.
        relayed: how many tokens of somebody else a window showed beside "Saved on the server" while their writer still
            waited, and a killed server did not have; that is allowed, they are their writer's to wait for.
        doubled: how many tokens there are more than once.
        lost: how many are missing that must be there.
        wrong: sentences on what must not be; empty when all is well.
        seconds: how long the round took.
        folder: what is left of it, where something is wrong.
    """

    seed: int
    people: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    typed: int = 0
    acknowledged: int = 0
    unsafe: int = 0
    relayed: int = 0
    doubled: int = 0
    lost: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0
    folder: Path | None = None

    def __str__(self) -> str:
        kills = ", ".join(f"{who} {count}" for who, count in sorted(self.kills.items()))
        line = (
            f"seed {self.seed}: {self.people} typing, kills: {kills}; {self.typed} tokens, {self.acknowledged} "
            f"acknowledged at a kill, {self.unsafe} just typed, {self.relayed} only relayed, {self.lost} lost, "
            f"{self.doubled} doubled, {self.seconds:.1f} s"
        )
        return "\n".join([line, *(f"  {each}" for each in self.wrong), *([f"  {self.folder}"] if self.folder else [])])


@dataclass(frozen=True)
class _KilledServer:
    """What a server left when it was killed.

    Attributes:
        data: a copy of its folder.
        promised: own tokens that somebody's window had shown as saved on it.
        shown: all tokens that stood beside those words.
    """

    data: Path
    promised: dict[str, set[int]]
    shown: dict[str, set[int]]


class Round:
    """One round.

    Args:
        seed: decides who is there, who is killed when, and what is typed.
        folder: for all files of the round.
        stops: how often somebody is killed; None for what the seed says.
        people: how many type; None for what the seed says.
    """

    def __init__(self, seed: int, folder: Path, *, stops: int | None = None, people: int | None = None) -> None:
        self._chance = Random(seed)
        self._folder = folder
        count = self._chance.choice((1, 2, 2))
        self._letters = LETTERS[: people or count]
        count = self._chance.randrange(2, 5)
        self._stops = stops or count
        self.outcome = Outcome(seed, len(self._letters))
        self._port = free_port()
        self._server = ServerProcess(folder / "server", self._port, folder / "server.log")
        self._lives: dict[str, list[AppProcess]] = {letter: [] for letter in self._letters}
        self._paths: dict[str, Path] = {}
        self._killed_servers: list[_KilledServer] = []
        self._last_on_server: dict[str, Any] = {}
        self._left: dict[str, Any] = {}

    def run(self) -> None:
        """Plays the round and judges it."""
        try:
            self._make_room()
            self._set_up()
            for _ in range(self._stops):
                self._wait_for_a_moment()
                self._kill_some()
            states = self._settle()
            self._kill(*self._letters, "server")
            self._judge(states)
        except GaveUp as error:
            self.outcome.wrong.append(str(error))
        finally:
            for lives in self._lives.values():
                if lives:
                    lives[-1].kill()
            self._server.kill()
            self._judge_logs()
        self._left["lives"] = {
            letter: [{"life": life.life, "killed": life.killed_at, "reports": life.reports} for life in lives]
            for letter, lives in self._lives.items()
        }

    def left_over(self) -> dict[str, Any]:
        """All that was reported, for whoever looks for the fault."""
        return self._left

    # Playing

    def _make_room(self) -> None:
        with closing(open_database(self._folder / "server")) as connection:
            now = time.time_ns() // 1_000_000
            room = ensure_room(connection, ROOM, now)
            secrets = [create_invite(connection, room, role, now)[1] for role in (Role.EDITOR, Role.VIEWER)]
        self._link = Link("127.0.0.1", self._port, ROOM, secrets[0])
        self._secret_to_read = secrets[1]

    def _set_up(self) -> None:
        self._server.start()
        self._server.wait_until_listening()
        for letter in self._letters:
            self._start(letter, "join" if self._lives["a"] else "new")
            opened = self._lives[letter][0].wait_for("opened")
            self._paths[letter] = Path(opened["path"])
            self._lives[letter][0].wait_for("saved", lambda told, letter=letter: bool(told["tokens"][letter]))

    def _start(self, letter: str, how: str) -> None:
        life: dict[str, Any] = {
            "letter": letter,
            "number": max((each.next_number + 1 for each in self._lives[letter]), default=0),
            "seed": self._chance.randrange(1 << 30),
            "hurries": self._chance.random() < 0.2,
            "how": how,
            "link": str(self._link),
        }
        if letter in self._paths:
            life["path"] = str(self._paths[letter])
        log = self._folder / f"{letter}.log"
        self._lives[letter].append(AppProcess(self._folder / f"home-{letter}", log, life))

    def _wait_for_a_moment(self) -> None:
        """Lets them type; often until just something was typed, or called saved."""
        time.sleep(self._chance.uniform(0.05, 1.6))
        what = self._chance.choice(("saved", "saved", "typed", None, None))
        letter = self._chance.choice(self._letters)
        if what is not None:
            self._lives[letter][-1].wait_for_next(what, patience=1.0)

    def _kill_some(self) -> None:
        chance = self._chance
        everybody = [*self._letters, "server"]
        victims = chance.choice(
            (everybody, ["server"], [chance.choice(self._letters)], ["server", chance.choice(self._letters)])
        )
        victims = chance.sample(victims, len(victims))
        gap = chance.choice((0.0, chance.uniform(0.0, 0.2)))
        for number, victim in enumerate(victims):
            if number:
                time.sleep(gap)
            self._kill(victim)
        for victim in chance.sample(victims, len(victims)):
            time.sleep(chance.choice((0.0, chance.uniform(0.0, 1.0))))
            if victim == "server":
                self._server.start()
            else:
                self._start(victim, chance.choice(("session", "path")))
        if chance.random() < 0.75:  # else the next kill may meet a process that is still starting
            if "server" in victims:
                self._server.wait_until_listening()
            for victim in set(victims) & set(self._letters):
                self._lives[victim][-1].wait_for("opened")

    def _kill(self, *victims: str) -> None:
        for victim in victims:
            self.outcome.kills[victim] += 1
            if victim == "server":
                self._server.kill()
                self._keep_what_the_server_left()
            else:
                self._lives[victim][-1].kill()

    def _keep_what_the_server_left(self) -> None:
        copy = self._folder / f"server-{len(self._killed_servers)}"
        shutil.copytree(self._folder / "server", copy)
        # Until the server starts again nobody can be told that anything is saved there.
        promised: dict[str, set[int]] = {letter: set() for letter in LETTERS}
        shown: dict[str, set[int]] = {letter: set() for letter in LETTERS}
        for letter, lives in self._lives.items():
            for told in (told for life in lives for told in life.told("saved")):
                promised[letter].update(told["tokens"][letter])
                for other in LETTERS:
                    shown[other].update(told["tokens"][other])
        self._killed_servers.append(_KilledServer(copy, promised, shown))

    def _settle(self) -> dict[str, dict[str, Any]]:
        """Everybody stops typing; waits until all windows are saved and show the same."""
        lives = {letter: self._lives[letter][-1] for letter in self._letters}
        for life in lives.values():
            life.wait_for("opened")
            life.order("settle")
        end = time.monotonic() + PATIENCE
        while True:
            told = {letter: life.wait_for("settled") for letter, life in lives.items()}
            states = {letter: each["state"] for letter, each in told.items()}
            is_equal = all(state == states["a"] for state in states.values())
            if is_equal or time.monotonic() > end:
                break
            time.sleep(LOOK)
        self._left["states"] = states
        if not is_equal:
            self._say("The windows never became equal.")
        for letter, each in told.items():
            if each["shown"] != text_of(each["state"]).removesuffix("\n"):
                self._say(f"The window of {letter} shows something else than its document holds.")
        return states

    # Judging

    def _say(self, sentence: str) -> None:
        self.outcome.wrong.append(sentence)

    def _judge(self, states: dict[str, dict[str, Any]]) -> None:
        self._judge_reopenings()
        for number, left in enumerate(self._killed_servers):
            self._judge_killed_server(number, left)
        final = states["a"]
        everywhere = {"the server at the end": self._last_on_server}
        for letter in self._letters:
            everywhere[f"the file of {letter}"] = state_in_file(self._paths[letter])
        self._left["everywhere"] = everywhere
        for where, state in everywhere.items():
            if state != final:
                self._say(f"What {where} holds differs from what the windows showed.")
        self._judge_final(text_of(final))

    def _judge_reopenings(self) -> None:
        """What is SAFE_AFTER old, or was there once when the file was opened, is there whenever it is opened."""
        for letter, lives in self._lives.items():
            wanted: dict[int, float] = {}
            for life in lives:
                for told in life.told("wrong"):
                    self._say(f"{letter}: {told['sentence']}")
                for opened in life.told("opened"):
                    here = opened["tokens"]
                    self._missing(f"the reopened file of {letter}", letter, wanted, here[letter])
                    self._doubled(f"the reopened file of {letter}", here)
                    wanted |= dict.fromkeys(here[letter], opened["at"])
                end = life.killed_at or time.monotonic()
                wanted |= {told["number"]: told["at"] for told in life.told("typed") if told["at"] < end - SAFE_AFTER}

    def _missing(self, where: str, letter: str, wanted: dict[int, float] | set[int], here: Iterable[int]) -> None:
        lost = sorted(set(wanted) - set(here))
        if lost:
            self.outcome.lost += len(lost)
            ages = ""
            if isinstance(wanted, dict):
                killed = [life.killed_at for life in self._lives[letter] if life.killed_at]
                ages = ", typed so many seconds before the next kill: " + ", ".join(
                    f"{min(kill for kill in killed if kill >= wanted[number]) - wanted[number]:.3f}"
                    for number in lost[:8]
                )
            self._say(f"Lost in {where}: {_named(letter, lost)}{ages}.")

    def _doubled(self, where: str, here: Tokens) -> None:
        for letter, numbers in here.items():
            doubled = [number for number, count in Counter(numbers).items() if count > 1]
            if doubled:
                self.outcome.doubled += len(doubled)
                self._say(f"Doubled in {where}: {_named(letter, doubled)}.")

    def _judge_killed_server(self, number: int, left: _KilledServer) -> None:
        """What a window has called saved is there when the server starts again and no application comes back."""
        server = ServerProcess(left.data, port := free_port(), self._folder / f"server-{number}.log")
        try:
            server.start()
            server.wait_until_listening()
            state = state_on_server(Link("127.0.0.1", port, ROOM, self._secret_to_read))
        finally:
            server.kill()
        self._last_on_server = state
        here = tokens_of(text_of(state))
        where = f"the server after kill {number + 1}"
        self._doubled(where, here)
        for letter in self._letters:
            self._missing(where, letter, left.promised[letter], here[letter])
            self.outcome.acknowledged += len(left.promised[letter])
            self.outcome.relayed += len(left.shown[letter] - left.promised[letter] - set(here[letter]))

    def _judge_final(self, text: str) -> None:
        here = tokens_of(text)
        self._doubled("the draft at the end", here)
        for letter, lives in self._lives.items():
            numbers = here[letter]
            if numbers != sorted(numbers):
                late = [number for before, number in pairwise(numbers) if number < before]
                self._say(f"Out of order in the draft at the end: {_named(letter, late)}.")
            typed = {told["number"] for life in lives for told in life.told("typed")}
            self.outcome.typed += len(typed)
            # The key press can be on its way to the file while the report of it is not on its way to us.
            known = typed | {life.next_number for life in lives}
            if unknown := set(numbers) - known:
                self._say(f"Nobody has typed {_named(letter, sorted(unknown))}.")
            must = {
                told["number"]
                for life in lives
                for told in life.told("typed")
                if told["at"] < (life.killed_at or 0) - SAFE_AFTER or life is lives[-1]
            }
            must |= {each for life in lives for told in life.told("opened") for each in told["tokens"][letter]}
            must |= self._killed_servers[-1].promised[letter]
            self._missing("the draft at the end", letter, must, numbers)
            self.outcome.unsafe += len(typed - must - set(numbers))
        rubbed = text.count(RUBBED_OUT)
        if rubbed > sum(len(lives) - 1 for lives in self._lives.values()):
            self._say(f"{rubbed} characters that were taken back are there again.")

    def _judge_logs(self) -> None:
        for log in sorted([*self._folder.glob("*.log"), *self._folder.glob("home-*/log/*")]):
            bad = [
                line
                for line in log.read_text("utf-8", "replace").splitlines()
                if re.search(r"Traceback|CRITICAL|\bERROR\b|panicked", line)
            ]
            if bad:
                self._say(f"{log.name} says: {bad[0]}")


def _named(letter: str, numbers: Iterable[int]) -> str:
    names = [f"<{letter}{number}>" for number in numbers]
    return " ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")


@contextmanager
def _folder_of(seed: int) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=f"cowrite-crashes-{seed}-"))
    try:
        yield folder
    finally:
        if not (folder / "round.json").exists():
            shutil.rmtree(folder)


def play(seed: int, *, stops: int | None = None, people: int | None = None) -> Outcome:
    """Plays the round of a seed; its folder stays where something is wrong, with all reports in `round.json`."""
    began = time.monotonic()
    with _folder_of(seed) as folder:
        played = Round(seed, folder, stops=stops, people=people)
        played.run()
        outcome = played.outcome
        outcome.seconds = time.monotonic() - began
        if outcome.wrong:
            outcome.folder = folder
            (folder / "round.json").write_text(json.dumps(played.left_over(), indent=1), "utf-8")
    return outcome


if __name__ == "__main__":
    sys.exit(type_tokens(json.loads(sys.argv[1])))
