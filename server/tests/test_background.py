"""What a server does beside its clients: failures are told, and nothing of it goes on once it has ended."""

from __future__ import annotations

import asyncio

import pytest

from cowrite_server.background import Background, end_tasks


async def test_a_task_that_fails_is_named_in_the_log_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    failing, gone_on = asyncio.Event(), asyncio.Event()

    async def fail() -> None:
        failing.set()
        raise RuntimeError("no such thing")

    async def go_on() -> None:
        await failing.wait()
        gone_on.set()

    background = Background()
    background.begin(go_on(), "going on")
    background.begin(fail(), "counting sheep")
    await asyncio.wait_for(gone_on.wait(), 30)
    await background.end()
    assert "The task 'counting sheep' failed." in caplog.text
    assert "no such thing" in caplog.text
    caplog.clear()


async def test_what_is_to_go_on_begins_again_where_it_fails(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cowrite_server.background._AGAIN_SECONDS", 0.01)
    begun: list[str] = []
    again = asyncio.Event()

    async def watch() -> None:
        begun.append("begun")
        if len(begun) == 1:
            raise RuntimeError("nobody has thought of this")
        again.set()
        await asyncio.Event().wait()

    background = Background()
    background.keep(watch, "counting sheep")
    await asyncio.wait_for(again.wait(), 30)
    await background.end()
    assert caplog.text.count("The task 'counting sheep' failed and is started again.") == 1
    assert "nobody has thought of this" in caplog.text
    caplog.clear()


async def test_what_is_under_way_has_ended_when_the_end_has_come() -> None:
    ended: list[str] = []

    async def go_on() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cleared up")

    background = Background()
    background.begin(go_on(), "going on")
    await asyncio.sleep(0)
    await background.end()
    assert ended == ["cleared up"]


async def test_a_task_that_loses_its_cancellation_is_ended_all_the_same() -> None:
    losing = asyncio.Event()

    async def lose() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            losing.set()
        await asyncio.Event().wait()

    task = asyncio.get_running_loop().create_task(lose())
    await asyncio.sleep(0)
    async with asyncio.timeout(30):
        await end_tasks([task])
    assert losing.is_set()
    assert task.cancelled()
