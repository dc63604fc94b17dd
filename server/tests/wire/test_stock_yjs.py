"""Real Yjs clients on Node, unchanged, share a room with ours: rich text both ways, presence, and reconnecting."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from cowrite_server.wire.protocol import Role
from helpers.processes import free_port
from house import House, MakeHouse
from stock_pair import StockPair, converge, delta_of, same, stock_script
from sync_clients import until


@pytest.fixture(scope="session")
def script() -> Path:
    """The program that holds two stock clients."""
    return stock_script()


@pytest.fixture
async def pair(house: House, script: Path) -> AsyncIterator[StockPair]:
    """Two stock providers in the room."""
    providers = StockPair()
    await providers.open(script, house.server.url, "room", await house.secret())
    yield providers
    await providers.close()


async def test_stock_clients_and_ours_share_rich_text(house: House, pair: StockPair) -> None:
    ours = await house.client()
    await pair.do("left", delta=[{"insert": "Title"}, {"insert": "\n", "attributes": {"header": 1}}])
    await pair.until(lambda: same(pair.delta["right"], pair.delta["left"]) and pair.delta["right"])
    await until(lambda: same(delta_of(ours), pair.delta["left"]))
    end = len(str(ours.body).encode())
    ours.body.insert(end, "bold", {"bold": True, "header": None})
    ours.body.insert_embed(end + 4, {"image": "blob:abc"}, {"alt": "A picture", "bold": None})
    ours.body.insert(0, "żółć 😀 ", {})
    await ours.push()
    await pair.until(lambda: same(pair.delta["left"], delta_of(ours)) and same(pair.delta["right"], delta_of(ours)))
    await pair.do("right", delta=[{"retain": 5, "attributes": {"italic": True}}, {"delete": 3}])
    await ours.until(lambda: "😀" not in ours.text)
    await pair.until(lambda: same(pair.delta["left"], delta_of(ours)))
    await ours.until_saved()
    await house.stop()
    await house.start()
    late = await house.client()
    assert delta_of(late) == delta_of(ours)


async def test_stock_clients_see_who_is_here_and_who_leaves(house: House, pair: StockPair) -> None:
    ours = await house.client()
    await ours.show({"user": {"name": "Ann", "color": "#123456"}})
    await pair.do("left", state={"user": {"name": "Left"}})
    shown = {"user": {"name": "Ann (guest)", "color": "#123456"}}
    await pair.until(lambda: pair.present["right"].get(ours.doc.client_id) == shown)
    await pair.until(lambda: {"user": {"name": "Left (guest)"}} in pair.present["right"].values())
    await ours.until(lambda: {"user": {"name": "Left (guest)"}} in [entry.state for entry in ours.present.values()])
    ours.cut()
    await pair.until(lambda: ours.doc.client_id not in pair.present["right"])


async def test_a_stock_client_that_was_offline_catches_up_and_is_caught_up_with(house: House, pair: StockPair) -> None:
    ours = await house.client()
    await ours.write("before. ")
    await pair.until(lambda: pair.delta["left"] == [{"insert": "before. "}])
    await pair.do("left", connect=False)
    await pair.until(lambda: pair.status["left"][-1] == "disconnected")
    await pair.do("left", delta=[{"retain": 8}, {"insert": "offline. "}])
    await ours.write("meanwhile. ")
    await pair.do("left", connect=True)
    await pair.until(lambda: "offline. " in str(pair.delta["right"]) and "meanwhile. " in str(pair.delta["left"]))
    await converge(pair, ours)
    assert sorted(ours.text) == sorted("before. offline. meanwhile. ")


async def test_stock_clients_reconnect_to_a_restarted_server(
    make_house: MakeHouse, script: Path, stack: AsyncExitStack
) -> None:
    house = await make_house(port=free_port())
    pair = StockPair()
    await pair.open(script, house.server.url, "room", await house.secret())
    stack.push_async_callback(pair.close)
    await pair.do("left", delta=[{"insert": "written once"}])
    await pair.until(lambda: pair.delta["right"] == [{"insert": "written once"}])
    await house.stop()
    await pair.until(lambda: pair.status["left"][-1] != "connected" and pair.status["right"][-1] != "connected")
    await house.start()
    await pair.until(lambda: pair.status["left"][-1] == "connected" and pair.status["right"][-1] == "connected")
    await pair.do("left", delta=[{"retain": 12}, {"insert": "."}])
    await pair.until(lambda: pair.delta["right"] == [{"insert": "written once."}])
    assert (await house.client()).text == "written once."


async def test_a_stock_viewer_reads_and_does_not_write(house: House, script: Path) -> None:
    ours = await house.client()
    await ours.write("read me")
    viewers = StockPair()
    await viewers.open(script, house.server.url, "room", await house.secret(Role.VIEWER))
    await viewers.until(lambda: viewers.delta["left"] == [{"insert": "read me"}])
    await viewers.do("left", delta=[{"insert": "not allowed"}])
    await viewers.do("left", state={"looks": "on"})
    await ours.until(lambda: {"looks": "on"} in [entry.state for entry in ours.present.values()])
    assert ours.text == "read me"
    assert viewers.delta["right"] == [{"insert": "read me"}]
    await viewers.close()


@pytest.mark.parametrize("seed", range(2))
async def test_random_edits_on_all_sides_converge(house: House, pair: StockPair, seed: int) -> None:
    chance = random.Random(seed)
    ours = await house.client()
    for number in range(120):
        word = chance.choice(["word ", "é", "😀", "日本", "\n"]) + str(number)
        attributes = chance.choice([{}, {"bold": True}, {"header": 2}, {"link": "x"}])
        side = chance.choice(["left", "right", "ours"])
        if side == "ours":
            kind = chance.random()
            if kind < 0.6:
                ours.body.insert(0, word, attributes)
            elif kind < 0.8:
                ours.body.insert_embed(0, {"image": str(number)}, attributes)
            elif ours.text:
                ours.body.format(0, len(ours.text.encode()), chance.choice([{"bold": None}, {"color": "red"}]))
            await ours.push()
        else:
            kind = chance.random()
            if kind < 0.7:
                await pair.do(side, delta=[{"insert": word, "attributes": attributes}])
            else:
                await pair.do(side, first="delete" if kind < 0.85 else {"italic": True})
        if chance.random() < 0.2:
            await asyncio.sleep(0)
    await pair.do("left", delta=[{"insert": "<end left>"}])
    await pair.do("right", delta=[{"insert": "<end right>"}])
    await ours.write("<end ours>")
    for name in ("left", "right"):
        await pair.until(
            lambda name=name: all(f"<end {side}>" in str(pair.delta[name]) for side in ("left", "right", "ours"))
        )
    await ours.until(lambda: "<end left>" in ours.text and "<end right>" in ours.text)
    await converge(pair, ours)
    assert delta_of(await house.client()) == delta_of(ours)
