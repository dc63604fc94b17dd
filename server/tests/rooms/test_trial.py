"""Trial: what would take the server long is refused, and nobody waits for that."""

from __future__ import annotations

import asyncio
import io
import os
import random
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from pycrdt import Array, Doc
from websockets.frames import Opcode

from cowrite_server.document import placing
from cowrite_server.document.updates import EMPTY_UPDATE
from cowrite_server.rooms import child, trial
from cowrite_server.rooms.trial import Trials, try_update
from cowrite_server.sockets.pace import Pace
from cowrite_server.wire.encoding import var_uint
from cowrite_server.wire.protocol import Close, Limits, Message, Reason, Refused, Role, Sync
from house import House, MakeHouse
from slow_updates import entries_of_one_key, runs_of_one_text
from sync_clients import Client, until


def list_written_backwards(length: int) -> bytes:
    """A list of which each item is one of its own for the library."""
    doc: Doc[Array[int]] = Doc()
    items = doc.get("items", type=Array)
    for number in range(length):
        items.insert(0, number)
    return doc.get_update()


def end_trials(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    """Has a process read what is to be tried, and then end in another way."""
    script = f"import os, signal, sys; sys.stdin.buffer.read(); {end}"
    monkeypatch.setattr("cowrite_server.rooms.child.command_line", lambda _: [sys.executable, "-c", script])


def hold_trials(monkeypatch: pytest.MonkeyPatch) -> tuple[asyncio.Event, threading.Event]:
    """Has trials wait; gives what is set when one has begun, and what lets all of them go on."""
    begun, goes_on = asyncio.Event(), threading.Event()
    loop, communicate = asyncio.get_running_loop(), subprocess.Popen.communicate

    def wait(process: Any, *args: Any) -> Any:
        loop.call_soon_threadsafe(begun.set)
        assert goes_on.wait(30)
        return communicate(process, *args)

    monkeypatch.setattr(subprocess.Popen, "communicate", wait)
    return begun, goes_on


def kill(name: str) -> str:
    """Has a process be ended by a signal, as if nobody had asked it to leave that be."""
    default = "" if name == "SIGKILL" else f"signal.signal(signal.{name}, signal.SIG_DFL); "
    return f"{default}os.kill(os.getpid(), signal.{name})"


async def test_an_update_that_takes_long_is_refused_by_its_name_and_other_rooms_are_answered_meanwhile(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await make_house(update_seconds=0.05, silence_seconds=10.0)
    asked = asyncio.Event()
    begun, goes_on = hold_trials(monkeypatch)
    ann, stock, ben = await house.client(), await house.stock(), await house.client(room="another")
    take = ann.socket.protocol.recv_frame
    monkeypatch.setattr(
        ann.socket.protocol, "recv_frame", lambda each: asked.set() if each.opcode is Opcode.PING else take(each)
    )
    await ann.send_update(entries_of_one_key(20_000))
    await ann.write("behind it")
    async with asyncio.timeout(30):
        await begun.wait()
        await asked.wait()  # or whoever waits for long would take the server for dead
    await ben.write("meanwhile")
    await ben.until_saved()
    [connection] = [each for each in house.server._attendance._connections if "trial" in each._socket._backlog._causes]
    connection.saved(1)
    await stock.write("there, ")
    await ann.until(lambda: "there" in ann.text)
    assert ann.saved == 1  # what is tried is not called saved
    assert not ann.refused
    goes_on.set()
    await ann.until(lambda: ann.refused == [Refused(2, Reason.TOO_LARGE, "update_seconds")])
    await ann.until_saved()
    assert sorted(stock.text) == sorted("there, behind it")
    await stock.send_update(entries_of_one_key(20_000))
    assert (await stock.until_closed()).code == Close.TOO_LARGE


async def test_others_go_on_while_it_is_found_out_where_in_a_long_document_a_suggestion_stands(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "_MOST_AT_ONCE", 0)
    begun, goes_on = hold_trials(monkeypatch)
    ann = await house.client()
    await ann.write("Hello")
    await ann.until_saved()
    sue = await house.client(await house.secret(Role.SUGGESTER))
    sue.body.insert(5, " big", {"insertion": "s1"})
    await ann.write(" and")  # in one place, without having heard of each other
    await ann.until_saved()
    await sue.push()
    async with asyncio.timeout(30):
        await begun.wait()
    sue.body.insert(sue.text.index("big") + 3, "ger", {"insertion": "s1"})
    await sue.push()
    await ann.write(" meanwhile")
    await ann.until_saved()
    assert "big" not in ann.text
    assert sue.saved < sue.sent - 1  # neither what is looked at nor what is behind it
    goes_on.set()
    await ann.until(lambda: " bigger" in ann.text)
    await sue.until_saved()
    assert not sue.refused


def test_what_takes_too_long_is_found_also_where_no_system_ends_a_process_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trial, "end_after", lambda _: None)
    monkeypatch.setattr(trial, "be_the_first_to_go", lambda: None)  # it is the tests' own process
    statuses = []
    for seconds in (0.01, 10.0):
        given = trial._HEAD.pack(seconds, len(EMPTY_UPDATE)) + EMPTY_UPDATE + entries_of_one_key(3000)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO()))
        statuses.append(try_update())
    monkeypatch.undo()
    assert statuses == [trial._TOO_LONG, 0]


def test_how_many_parts_are_very_many_depends_on_how_much_of_the_time_their_sender_has_had() -> None:
    # Three people who write as many at one place, none having seen what the others wrote, keep everybody for 0.1 s.
    trials = Trials(1.0, 16)
    for is_worn, most in ((False, 500), (True, 200)):
        wanted = [trials.wants(entries_of_one_key(most + more), lambda *_: True, is_worn=is_worn) for more in (0, 1)]
        assert wanted == [False, True]


@pytest.mark.parametrize(("parts", "wanted"), [(1, False), (400, True)])
def test_long_text_is_tried_where_it_comes_in_many_parts_which_the_library_joins(parts: int, wanted: bool) -> None:
    update = runs_of_one_text(parts, length=4_000_000 // parts, is_marked=False)
    assert Trials(1.0, 16).wants(update, lambda *_: True, is_worn=False) is wanted


async def test_an_update_of_very_many_parts_is_taken_if_it_takes_no_time_also_from_one_who_goes_at_once(
    make_house: MakeHouse,
) -> None:
    house = await make_house(update_seconds=10.0)  # two such lists take long where the second one's client id is lower
    ann, ben = await house.client(), await house.client()
    await ann.send_update(list_written_backwards(3000))
    await ann.until_saved()
    await ben.send_update(list_written_backwards(2500))
    await ben.leave()
    [room] = house.server._rooms._rooms.values()
    await until(lambda: len(room._intake.replica.clocks()) == 2)


async def test_whoever_comes_back_with_every_deletion_is_not_tried_and_no_viewer_is(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, begin = 0, child.begin

    def count(command: str) -> Any:
        nonlocal tried
        tried += 1
        return begin(command)

    monkeypatch.setattr(child, "begin", count)
    ann = await house.client()
    await ann.write("word" * 2500)
    await ann.until_saved()
    with ann.doc.transaction():
        for at in range(2500):
            del ann.body[3 * at]
    await ann.push()
    await ann.until_saved()
    assert tried == 1  # it deletes in very many places
    await ann.leave()
    ann.body += "."
    again = await house.client(client=Client(ann.doc))
    await again.until_saved()
    viewer = await house.client(await house.secret(Role.VIEWER))
    assert viewer.text == ann.text
    await viewer.send_update(ann.doc.get_update(viewer.doc.get_state()), Sync.STEP_2)
    await viewer.until_saved()
    assert viewer.refused == []
    places = [*range(1, 10_000, 3)]
    random.Random(1).shuffle(places)
    deleted = b"".join(var_uint(place) + b"\x01" for place in places)
    await viewer.send_update(b"\x00\x01" + var_uint(ann.doc.client_id) + var_uint(len(places)) + deleted)
    await viewer.until(lambda: [each.reason for each in viewer.refused] == [Reason.READ_ONLY])
    assert tried == 1


@pytest.mark.parametrize(
    ("end", "refusal"),
    [
        ("os._exit(-1073741819)" if sys.platform == "win32" else kill("SIGSEGV"), Refused(2, Reason.MALFORMED)),
        pytest.param(
            *(kill("SIGKILL"), Refused(2, Reason.TOO_LARGE, "update_seconds")),  # as the system does for want of memory
            marks=pytest.mark.skipif(sys.platform == "win32", reason="the system says nothing of it there"),
        ),
    ],
)
async def test_an_update_is_refused_if_it_ends_a_process_that_adds_it(
    house: House, monkeypatch: pytest.MonkeyPatch, end: str, refusal: Refused
) -> None:
    ann = await house.client()
    end_trials(monkeypatch, end)
    await ann.send_update(list_written_backwards(3000))
    await ann.until(lambda: ann.refused == [refusal])


async def test_an_update_is_taken_untried_if_there_can_be_no_process(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ann, ben = await house.client(), await house.client()
    end_trials(monkeypatch, "sys.exit(1)")
    await ann.send_update(list_written_backwards(3000))
    await ann.until_saved()
    await ben.until(lambda: list(ben.doc.get("items", type=Array)) == [*reversed(range(3000))])
    [record] = caplog.records
    assert record.message.endswith("is taken untried. It ended with 1.")
    caplog.clear()


@pytest.mark.skipif(sys.platform == "win32", reason="nobody can see there how a process was ended")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
async def test_whoever_ends_all_processes_of_a_server_has_no_update_refused(
    house: House, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    ann = await house.client()
    end_trials(monkeypatch, kill(name))
    await ann.send_update(list_written_backwards(3000))
    await ann.until_closed()
    assert ann.refused == []
    assert ann.saved < ann.sent


async def test_no_update_is_tried_on_a_document_that_is_being_read_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await house.client()
    await ann.write("word")
    await ann.until_saved()
    monkeypatch.setattr("cowrite_server.rooms.room.Room.document", lambda room: None)
    await ann.send_update(entries_of_one_key(3000))
    await ann.until_closed()
    assert ann.refused == []
    assert ann.saved < ann.sent


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends processes for want of memory by such a number")
async def test_for_want_of_memory_the_system_ends_a_trial_and_not_the_server() -> None:
    with child.begin(trial.COMMAND) as process:
        score = Path(f"/proc/{process.pid}/oom_score_adj")
        await until(lambda: score.read_text() == "1000\n")
        process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has classes of priority in place of numbers")
def test_a_trial_leaves_the_processor_to_the_server_where_both_want_it() -> None:
    with child.begin(trial.COMMAND) as process:
        assert os.getpriority(os.PRIO_PROCESS, process.pid) == min(os.getpriority(os.PRIO_PROCESS, 0) + 10, 19)
        process.kill()


async def test_what_is_judged_and_so_added_twice_may_take_half_as_long(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds: list[float] = []

    async def carry_out(_command: str, given: bytes, _patience: float) -> tuple[int, bytes]:
        seconds.append(struct.unpack_from("<d", given)[0])
        return 0, EMPTY_UPDATE

    house = await make_house(update_seconds=2.0)
    ann, ben = await house.client(), await house.client(await house.secret(Role.COMMENTER))
    monkeypatch.setattr(trial, "carry_out", carry_out)
    for each in (ann, ben):
        await each.send_update(list_written_backwards(1000))
        await each.until_saved()
    assert seconds == [2.0, 1.0]


async def test_a_room_with_many_trials_leaves_space_and_turns_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[bytes] = []
    goes_on = asyncio.Event()

    async def carry_out(_command: str, given: bytes, _patience: float) -> tuple[int, bytes]:
        tried.append(given[-1:])
        await goes_on.wait()
        return 0, b""

    monkeypatch.setattr(trial, "carry_out", carry_out)
    trials, room, another = Trials(1.0, 16), House, MakeHouse
    members = [Pace(Limits(), 1.0) for _ in range(5)]

    def begin(member: int, place: object, update: bytes) -> asyncio.Task[bytes]:
        assert trials.has_space(members[member], place, update)
        return asyncio.create_task(trials.read(members[member], place, lambda: b"", update))

    tasks = [begin(0, room, b"aa1"), begin(1, room, b"aa2")]
    await asyncio.sleep(0)
    assert not trials.has_space(members[0], room, b"aa")  # a quarter for each sender
    assert not trials.has_space(members[2], room, b"aaa")  # and a half for each room
    tasks += [begin(2, room, b"3"), begin(4, another, b"aa4")]
    goes_on.set()
    await asyncio.gather(*tasks)
    assert tried == [b"1", b"4", b"2", b"3"]
    assert trials.has_space(members[0], room, b"aaaa")


async def test_a_stock_client_whose_update_is_tried_for_long_hears_that_the_server_is_there(
    make_house: MakeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def read(*_: object) -> bytes:
        return await found

    monkeypatch.setattr(Trials, "read", read)
    house = await make_house(waiting_seconds=1.0)  # which has it looked at every client 20 times a second
    ann = await house.stock()
    update = entries_of_one_key(600)
    await ann.send_update(update)
    await ann.until(lambda: ann.messages.count(Message.AWARENESS) > 2)
    found.set_result(update)
    ben = await house.client()
    await ben.until(lambda: ben.doc.get_state() != b"\0")
