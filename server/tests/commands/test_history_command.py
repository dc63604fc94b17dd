"""`history` on the command line."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from pycrdt import Doc, Text

import commands
from commands import filled, run_meanwhile
from cowrite_server.store.opening import sqlite_address
from cowrite_server.store.records import Update
from stores import opened


async def test_history_lists_moments_and_prints_the_document_as_it_was(tmp_path: Path) -> None:
    writers = await filled(tmp_path)
    listed = json.loads((await run_meanwhile("history", "room", "--json", "--data", tmp_path)).out)
    assert listed["fine_from"] == 1
    assert listed["moments"][-1]["seq"] == 30
    assert len((await run_meanwhile("history", "room", "--data", tmp_path)).out.splitlines()) == len(listed["moments"])
    seq = listed["moments"][len(listed["moments"]) // 2]["seq"]
    text = "".join(
        value if isinstance(value, str) else "\N{OBJECT REPLACEMENT CHARACTER}" for value, _ in writers.saved[seq - 1]
    )
    shown = json.loads((await run_meanwhile("history", "room", "--at", seq, "--json", "--data", tmp_path)).out)
    assert (shown["moment"], shown["text"]) == (seq, text)
    assert (await run_meanwhile("history", "room", "--at", seq, "--data", tmp_path)).out == text + "\n"


async def test_history_of_what_is_not_there_is_refused(tmp_path: Path) -> None:
    await filled(tmp_path)
    assert (await run_meanwhile("history", "other", "--data", tmp_path)).status == 1
    done = await run_meanwhile("history", "room", "--at", 31, "--data", tmp_path)
    assert done.status == 1
    assert "no moment 31" in done.errors
    done = await run_meanwhile("history", "room", "--at", 10**30, "--data", tmp_path)
    assert (done.status, done.errors.count("\n")) == (1, 1)
    assert (await run_meanwhile("history", "room", "--at", "x", "--data", tmp_path)).status == 2


@pytest.mark.parametrize("is_terminal", [True, False])
async def test_what_somebody_wrote_does_nothing_to_a_terminal_and_is_whole_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_terminal: bool
) -> None:
    class Output(io.TextIOWrapper):
        def isatty(self) -> bool:
            return is_terminal

    text = "one\t漢\u3000🙂\n\x1b]0;root\x07\x9b2J"
    async with opened(sqlite_address(tmp_path)) as store:
        room = await store.ensure_room("room", 0)
        await store.commit([Update(room.id, 0, None, Doc({"body": Text(text)}).get_update())])
    monkeypatch.setattr(commands.io, "TextIOWrapper", Output)
    done = await run_meanwhile("history", "room", "--at", 1, "--data", tmp_path)
    assert done.out == ("one\t漢\u3000🙂\n\\x1b]0;root\\x07\\x9b2J\n" if is_terminal else f"{text}\n")
