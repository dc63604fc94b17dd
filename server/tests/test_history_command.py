"""`history` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from commands import filled, run_meanwhile


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
