"""The director of the demonstration: starts the server and the two people, tells them what to do, and compares."""

from __future__ import annotations

import importlib.util
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cowrite.demo.network import Cable
from cowrite.models.shelf import in_use
from cowrite.models.store import ModelStore
from cowrite.models.stored_model import StoredModel
from cowrite.own_process import own_process
from cowrite.paths import HOME_VARIABLE, Paths, resources
from cowrite.sync.link import Link

PATIENCE = 60.0  # seconds for which one waits for a window to get one thing done
ROOM = "demo"
ADA, BEN = ("Ada", "#c4314b"), ("Ben", "#2f5fd0")

DRAFT = """# A garden for the courtyard
We have one sunny wall, two rainwater barrels and about forty square metres. **The question for tonight**: what do we \
plant first?
## What we agreed on
- Herbs along the wall, where the *stones* keep warm
Tomatoes in the raised beds
Nothing that needs water every day

"""
NOTES = """## Open questions
[] Who waters in August?
Can we use the cellar for tools?

> Plant what you want to eat, and a little of what the bees want.

This is how it could look:"""
SUGGEST_SECONDS, REWRITE_SECONDS = 45.0, 45.0
"""The most that the model may take for each, its loading among it; less than PATIENCE."""
LONG_WINDED = (
    "It is important to note that the barrels are able to hold four hundred litres of water at any given time."
)
BEGUN = "If you have any questions, please do not "
OFFLINE_BEN = "Ben wrote this on a train without network."
ONLINE_ADA = "Ada went on writing meanwhile."


class DemoFailed(Exception):
    """The demonstration did not show what it should; the sentence says where."""


class Player:
    """One person in a process of their own.

    Args:
        who: name and colour.
        home: the folder below which their files are.
        link: what they join, or None to begin a document.
        model: the file of the language model that they use; None for none.
    """

    def __init__(self, who: tuple[str, str], home: Path, link: str | None, model: Path | None = None) -> None:
        self.name = who[0]
        environment = {**os.environ, HOME_VARIABLE: str(home)}
        if not has_display(os.environ):
            environment["QT_QPA_PLATFORM"] = "offscreen"
            environment.setdefault("QT_LOGGING_RULES", "default.warning=false")  # of each window it says what it lacks
        command = own_process("cowrite.demo.person", *who, str(model or ""), *([link] if link else []))
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, name=f"answers of {self.name}", daemon=True).start()
        self._pending = ["start"]

    def order(self, do: str, **details: Any) -> None:
        """Gives an order without waiting for it."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"do": do, **details}) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise DemoFailed(f"{self.name}'s window ended before it was told to {do}.") from error
        self._pending.append(f"{do} {next(iter(details.values()), '')}".strip())

    def finish(self) -> dict[str, Any]:
        """Waits until all orders are done, for each as long as PATIENCE; returns the last answer."""
        answer: dict[str, Any] = {}
        while self._pending:
            try:
                answer = json.loads(self._answers.get(timeout=PATIENCE))
            except queue.Empty:
                raise DemoFailed(f"{self.name}'s window did not get done in time: {self._pending[0]}.") from None
            except ValueError:
                raise DemoFailed(f"{self.name}'s window ended by itself.") from None
            if "error" in answer:
                raise DemoFailed(str(answer["error"]))
            self._pending.pop(0)
        return answer

    def do(self, do: str, **details: Any) -> dict[str, Any]:
        """Gives an order and waits for it and all before."""
        self.order(do, **details)
        return self.finish()

    def end(self) -> None:
        """Ends the process, gently where it listens."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(8)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(line)
        self._answers.put("")


class ServerProcess:
    """A sync server in a process of its own.

    Args:
        folder: its data folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        command = own_process("cowrite_server", "serve", "--data", str(folder), "--port", "0")
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        if not line:
            raise DemoFailed("The server did not start.")
        self.port = int(line.rsplit(":", 1)[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.terminate()
        try:
            self._process.wait(8)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def invite(self, role: str) -> Link:
        """An invite, made as an administrator makes it."""
        asked = ["invite", ROOM, "--role", role, "--data", str(self._folder), "--url", f"ws://127.0.0.1:{self.port}"]
        made = subprocess.run(own_process("cowrite_server", *asked), capture_output=True, encoding="utf-8", check=False)
        if made.returncode:
            raise DemoFailed(f"The server made no invite: {made.stderr.strip()}")
        return Link.parse(made.stdout.strip().splitlines()[-1])


@dataclass(frozen=True, slots=True)
class Show:
    """A demonstration.

    Attributes:
        play: plays it. Takes where pictures and files go, and a folder of its own; gives what is to be reported.
        claims: the names of what the report has to say is true.
        differs: what is wrong where it does not.
        said: what is printed when all is well, with the report's names in braces.
    """

    play: Callable[[Path, Path], dict[str, Any]]
    claims: tuple[str, ...]
    differs: str
    said: str

    def run(self, out: Path) -> int:
        """Plays it and writes report.json; 0 when everything is as it should be, 1 otherwise.

        Args:
            out: the folder; it is made where there is none.
        """
        started = time.monotonic()
        report: dict[str, Any] = dict.fromkeys(self.claims, False)
        written = out / "report.json"
        try:
            out.mkdir(parents=True, exist_ok=True)
            written.touch()
        except OSError as error:
            reason = error.strerror or str(error)
            print(f"cowrite demo: “{out}” cannot be written to: {reason}; name another folder.", file=sys.stderr)
            return 1
        try:
            with tempfile.TemporaryDirectory(prefix="cowrite-demo-", ignore_cleanup_errors=True) as folder:
                report |= self.play(out, Path(folder))
            failure = "" if all(report[claim] for claim in self.claims) else self.differs
        except (DemoFailed, OSError) as error:
            failure = str(error)
        report["seconds"] = round(time.monotonic() - started, 2)
        if failure:
            report["failure"] = failure
        written.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        if failure:
            print(f"cowrite demo: {failure}", file=sys.stderr)
            return 1
        print(f"{self.said.format_map(report)} in {report['seconds']} s; see {out}.")
        return 0


def demo(out: Path) -> int:
    """Plays the demonstration of a draft: first.png, second.png, draft.md and report.json. See `Show.run`."""
    claims = ("converged", "offline_edits_kept")
    said = "Two windows wrote {characters} characters"
    return Show(_play, claims, "The two windows differ.", said).run(out)


def _play(out: Path, folder: Path) -> dict[str, Any]:
    with ServerProcess(folder / "server") as server:
        link = server.invite("editor")
        cable = Cable(server.port)
        first = second = None
        try:
            paths = Paths.of(os.environ)
            model = installed_model(paths)
            _lend_calibrations(paths, folder / "ada")
            first = Player(ADA, folder / "ada", None, model.path if isinstance(model, StoredModel) else None)
            first.do("type", text=DRAFT)
            first.do("share", link=str(link))
            through_cable = Link(link.host, cable.port, link.room, link.secret)
            second = Player(BEN, folder / "ben", str(through_cable))
            second.do("wait_text", texts=["water every day"])
            return _write_together(out, first, second, cable, model)
        finally:
            for player in (first, second):
                if player is not None:
                    player.end()
            cable.close()


def _lend_calibrations(paths: Paths, home: Path) -> None:
    """Has the application of another home run each model as it runs best on this computer, where that was measured."""
    lent = Paths.of({HOME_VARIABLE: str(home)}).calibrations
    with suppress(OSError):  # they would be measured anew
        lent.parent.mkdir(parents=True)
        shutil.copyfile(paths.calibrations, lent)


def installed_model(paths: Paths) -> StoredModel | str:
    """The smallest model on this computer that can be used, or why there is none, in one sentence."""
    if importlib.util.find_spec("llama_cpp") is None:
        return "The assistant's engine is not installed; `cowrite doctor` says how to get it."
    smallest = in_use(ModelStore(paths.models).models(), "")
    return smallest or "No language model is on this computer; `cowrite models pull` fetches one."


def _ask_model(first: Player, model: StoredModel) -> dict[str, Any]:
    """Ada accepts a continuation and a rewriting from her model."""
    first.do("caret_to_end")
    first.do("type", text=f"\n{LONG_WINDED}\n{BEGUN}")
    continuation = first.do("suggest", seconds=SUGGEST_SECONDS).get("accepted", "")
    rewriting = first.do("rewrite", text=LONG_WINDED, seconds=REWRITE_SECONDS).get("accepted", "")
    return {
        "model": model.title,
        "continuation": {"of": BEGUN, "accepted": continuation},
        "rewrite": {"of": LONG_WINDED, "accepted": rewriting},
    }


def _write_together(out: Path, first: Player, second: Player, cable: Cable, model: StoredModel | str) -> dict[str, Any]:
    _type_at_once(first, second)
    offline = _write_apart(first, second, cable)
    assistant: dict[str, Any] = (
        _ask_model(first, model) if isinstance(model, StoredModel) else {"model": "", "why": model}
    )
    wanted = [OFFLINE_BEN, ONLINE_ADA]
    for player in (first, second):
        player.order("wait_text", texts=wanted)
        player.order("wait_status", sentences=["Saved on the server"])
        player.order("wait_people", others=1)
        player.order("wait_images")
        player.order("wait_saved")
    _finish(first, second)
    states = [player.do("state") for player in (first, second)]
    first.order("grab", file=str(out / "first.png"))
    first.order("export", kind="markdown", file=str(out / "draft.md"))
    second.order("grab", file=str(out / "second.png"))
    _finish(first, second)
    texts = [str(state["shown"]) for state in states]
    if isinstance(model, StoredModel):
        assistant["ai_spans"] = {first.name: states[0]["ai"], second.name: states[1]["ai"]}
    return {
        "assistant": assistant,
        "converged": states[0]["spans"] == states[1]["spans"] and texts[0] == texts[1],
        "characters": len(texts[0]),
        "offline_edits_kept": all(text.count(part) == 1 for text in texts for part in wanted),
        "offline_status": offline,
        "status": [state["status"] for state in states],
        "processes": 3,
    }


def _type_at_once(first: Player, second: Player) -> None:
    """Both type, each at a place of their own."""
    second.do("caret_to_end")
    first.do("caret_behind", text="what do we plant first?")
    second.order("type", text=NOTES)
    first.order("type", text="\nWe decide by **agreement**, and write down who sees it differently.")
    _finish(first, second)
    first.do("wait_text", texts=NOTES.splitlines()[-1:])
    first.do("caret_to_end")
    first.order("type", text="\n")
    first.order("paste_image", file=str(resources() / "samples" / "courtyard.png"))
    first.do("wait_status", sentences=["Saved on the server"])


def _write_apart(first: Player, second: Player, cable: Cable) -> str:
    """Ben's network goes, both go on writing, and it comes back; gives what his status bar said meanwhile."""
    cable.pull()
    second.do("wait_status", sentences=["Offline"])
    second.do("caret_behind", text="where the stones keep warm")
    second.order("type", text="\n" + OFFLINE_BEN)
    first.do("caret_behind", text="Tomatoes in the raised beds")
    first.order("type", text=", on the south side. " + ONLINE_ADA)
    _finish(first, second)
    offline: str = second.do("wait_status", sentences=["Offline, "])["status"]
    before = second.do("state")["shown"]
    if ONLINE_ADA in before:
        raise DemoFailed("Ben's network was cut, and yet Ada's words arrived.")
    cable.plug()
    return offline


def _finish(*players: Player) -> None:
    for player in players:
        player.finish()


def has_display(environ: Mapping[str, str]) -> bool:
    """Whether windows can be shown: always but on a Linux without X or Wayland."""
    return sys.platform != "linux" or any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
