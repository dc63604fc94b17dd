"""Rounds in which the application and its server are killed while people type.

A round starts a real server and one or two real applications (`helpers.processes`), in each of which a Typist types
numbered tokens, `<a17>`, through key events into one shared draft. At moments drawn from the round's seed some of the
processes get SIGKILL; they start again with the same files and the same port, and the typing goes on. Whoever types
tells on standard output what it has typed and what its window said was on the server, so that a round can count what
is lost, doubled or out of order. What must hold is in `Round._judge_*`.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from cowrite.sync.link import Link
from cowrite_server.people.invites import make_invite
from cowrite_server.store.opening import open_store, sqlite_address
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Role
from helpers.crash_outcome import Outcome
from helpers.processes import PATIENCE, AppProcess, GaveUp, ServerProcess, free_port
from helpers.states import state_in_file, state_on_server, text_of
from helpers.tokens import LETTERS, RUBBED_OUT, Tokens, tokens_of

SAFE_AFTER = 0.2  # seconds after which what was typed is safe from kill -9, whatever the disk and others are at
ROOM = "crashes"


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
        secret, self._secret_to_read = asyncio.run(_invite(self._folder / "server", Role.EDITOR, Role.VIEWER))
        self._link = Link("127.0.0.1", self._port, ROOM, secret)

    def _set_up(self) -> None:
        self._server.start()
        self._server.wait_until_listening()
        for letter in self._letters:
            self._start(letter, "join" if self._lives["a"] else "new")
            opened = self._lives[letter][0].wait_for("opened")
            self._paths[letter] = Path(opened["path"])
            self._lives[letter][0].wait_for("saved", partial(_has_tokens, letter))

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
            time.sleep(0.03)
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


async def _invite(folder: Path, *roles: Role) -> list[str]:
    store = await open_store(sqlite_address(folder))
    try:
        return [(await make_invite(store, ROOM, InviteWish(role), time.time_ns() // 1_000_000))[1] for role in roles]
    finally:
        await store.close()


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


def _has_tokens(letter: str, told: dict[str, Any]) -> bool:
    return bool(told["tokens"][letter])


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
