"""The command `cowrite models`: what there is, fetching, adding, checking, measuring and removing; no Qt."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TextIO

from cowrite.commands.terminal import TerminalLine
from cowrite.errors import CowriteError
from cowrite.models.calibrations import Calibrations, Circumstances
from cowrite.models.catalogue import catalogue, embedders, entry_of
from cowrite.models.errors import ModelError, in_bytes
from cowrite.models.hashing import SHORT
from cowrite.models.machine import engine_version, processor
from cowrite.models.progress import Progress
from cowrite.models.pull import Puller
from cowrite.models.shelf import Offer, encoder_in_use, in_use, offers
from cowrite.models.store import ModelStore
from cowrite.models.stored_model import State, StoredModel
from cowrite.paths import Paths
from cowrite.storage.settings import read_settings

REDRAW = 0.1  # seconds between two looks of the line that says how far it is
GOES_ON = "Interrupted; the next try resumes it if it can."
BROKEN_OFF = "Interrupted; nothing has changed."
STATES: Mapping[State | None, str] = {
    None: "not here",
    State.PRESENT: "here",
    State.CHANGED: "changed; verify it",
    State.GONE: "its file is gone",
}


def main(argv: Sequence[str]) -> int:
    """Carries out `cowrite models …`: 0 when it was done, 1 when it could not be, 2 on wrong use."""
    arguments = _parser().parse_args(argv)
    paths = Paths.of(os.environ)
    line = ProgressLine(sys.stderr)
    try:
        return _Commands(paths, line, arguments.json).carry_out(arguments)
    except CowriteError as error:
        line.clear()
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        line.clear()
        print(GOES_ON if arguments.command == "pull" else BROKEN_OFF, file=sys.stderr)
    return 1


class ProgressLine(TerminalLine):
    """The line of a command that reads or writes large files."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._begun: dict[str, float] = {}
        self._drawn = 0.0

    def show(self, progress: Progress) -> None:
        """A `models.progress.Report`."""
        now = time.monotonic()
        if not self.is_live or (now - self._drawn < REDRAW and progress.done < progress.total):
            return
        self._drawn = now
        seconds = now - self._begun.setdefault(progress.doing, now)
        share = 100 * progress.done // max(1, progress.total)
        of = f"{in_bytes(progress.done)} of {in_bytes(progress.total)}"
        self.draw(f"{progress.doing}: {share} %, {of}, {seconds:.0f} s")


class _Commands:
    def __init__(self, paths: Paths, line: ProgressLine, as_json: bool) -> None:
        self._store = ModelStore(paths.models)
        self._paths = paths
        self._calibrations = Calibrations(paths.calibrations)
        self._entries = (*catalogue(), *embedders())
        self._line = line
        self._as_json = as_json

    def carry_out(self, arguments: argparse.Namespace) -> int:
        if arguments.command == "list":
            return self._list()
        if arguments.command == "verify":
            return self._verify(arguments.name)
        if arguments.command == "measure":
            return self._measure(arguments.name)
        if arguments.command == "pull":
            entry = entry_of(arguments.name, self._entries)
            before = self._store.find(entry.id)
            model = Puller(self._store).pull(entry, self._line.show)
            self._tell("was here already" if model == before else "fetched", model)
        elif arguments.command == "add":
            before_all = {model.id: model for model in self._store.models()}
            wishes = {"copy": arguments.copy, "title": arguments.title, "known": self._entries}
            model = self._store.add(arguments.file, **wishes, report=self._line.show)
            self._tell(_what_adding_did(before_all.get(model.id), model), model)
        else:
            model = self._store.remove(arguments.name)
            self._tell("removed" if model.is_own else "forgotten; its file stays", model)
        return 0

    def _list(self) -> int:
        circumstances = processor(), engine_version()
        found = offers(
            self._store,
            self._entries,
            lambda sha256: self._calibrations.find(Circumstances(*circumstances, sha256)),
        )
        used = self._used(found)
        if self._as_json:
            print(json.dumps([{**_plain(offer), "is_in_use": offer.id in used} for offer in found], indent=2))
        else:
            print(_table(found, used))
        return 0

    def _used(self, found: Sequence[Offer]) -> set[str]:
        """The ids of the model that writes and of the one that compares texts, where they are here."""
        used = in_use(found, read_settings(self._paths.settings).model), encoder_in_use(found)
        return {offer.id for offer in used if offer is not None}

    def _verify(self, name: str | None) -> int:
        """Reads one model, or all of them; one that is not sound does not keep the others from being read."""
        ids = [self._store.get(name).id] if name else [model.id for model in self._store.models()]
        if not ids and not self._as_json:
            from cowrite.commands.model_choice import NoModel  # it has the assistant with it

            raise NoModel
        results: list[dict[str, Any]] = []
        for id in ids:
            problem = ""
            try:
                self._store.verify(id, report=self._line.show)
            except ModelError as error:
                problem = str(error)
            self._line.clear()
            results.append({"id": id, "is_sound": not problem, "problem": problem})
            if not self._as_json:
                print(problem or f"{id}: sound", file=sys.stderr if problem else sys.stdout)
        if self._as_json:
            print(json.dumps(results, indent=2))
        return 0 if all(result["is_sound"] for result in results) else 1

    def _measure(self, name: str) -> int:
        from cowrite.commands.measuring import measure  # it has the assistant with it

        measured = measure(name, self._paths)
        print(json.dumps(measured.plain, indent=2) if self._as_json else measured.words)
        return 0

    def _tell(self, what: str, model: StoredModel) -> None:
        self._line.clear()
        if self._as_json:
            print(json.dumps({"done": what, **_plain_model(model)}, indent=2))
        else:
            print(f"{model.id} {what}: {model.path}")


def _what_adding_did(before: StoredModel | None, model: StoredModel) -> str:
    if before is None:
        return "added"
    if model == before:
        return "was here already"
    if model == replace(before, title=model.title):
        return f"is called “{model.title}” now"
    return "copied" if model.is_own and not before.is_own else "added"


def _plain(offer: Offer) -> dict[str, Any]:
    return {**asdict(offer), "path": str(offer.path) if offer.path else None, "is_present": offer.is_present}


def _plain_model(model: StoredModel) -> dict[str, Any]:
    return {**asdict(model), "path": str(model.path), "state": model.state}


def _table(found: Sequence[Offer], used: Set[str]) -> str:
    rows = [("name", "", "size", "memory", "speed here", "licence", "sha256", "title")]
    for offer in found:
        speed = f"{offer.speed:.0f} tokens/s" if offer.speed else "-"
        title = f"{offer.title}, {offer.quantisation}"
        size, memory = in_bytes(offer.size), in_bytes(offer.memory)
        state = STATES[offer.state] + (", in use" if offer.id in used else "")
        licence, sha256 = offer.licence or "unknown", offer.sha256[:SHORT] or "-"
        rows.append((offer.id, state, size, memory, speed, licence, sha256, title))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cowrite models", description="The language models on this computer.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def make(name: str, words: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")

    name_of_one = "a model's name, as `cowrite models list` has it"
    listed = make("list", "what there is, and what can be fetched")
    pulled = make("pull", "fetch a model of the list")
    pulled.add_argument("name", metavar="NAME", help=name_of_one)
    added = make("add", "use a model file (GGUF) of your own")
    added.add_argument("file", metavar="FILE", type=Path, help="the model file")
    added.add_argument("--copy", action="store_true", help="copy the file; otherwise it is used where it is")
    added.add_argument("--title", default="", help="what to call it")
    verified = make("verify", "read models again and compare their SHA-256")
    verified.add_argument("name", metavar="NAME", nargs="?", help=f"{name_of_one}; all that are here if left out")
    removed = make("remove", "remove a model; its file is deleted if cowrite fetched or copied it")
    removed.add_argument("name", metavar="NAME", help=name_of_one)
    measured = make(
        "measure", "measure how fast a model is here and how it runs best, and let it run that way from then on"
    )
    measured.add_argument(
        "name", metavar="NAME", nargs="?", default="", help=f"{name_of_one}; the one in use if left out"
    )
    for command in (listed, pulled, added, verified, removed, measured):
        command.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser
