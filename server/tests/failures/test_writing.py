"""Failure modes 13 and 14 of servers for shared documents: characters of any width, and undo and history of several.

The fifteen ways in which such servers are known to fail have one test or more each, by their numbers: here, in
`test_durability.py`, `test_connections.py` and `test_limits.py`. A real server process, real sockets, SIGKILL. People
are the test clients, the app's own peer (`Seat`), and unchanged Yjs clients on Node.

The app's page and carets over wide characters (13) are in `tests/integration/test_interop.py`, undo by keys (14) in
`tests/qt/bridge/page/test_editor_binding.py`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path

from cowrite.core.comments.comments import Author, Comments
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import utf16_length
from cowrite.sync.link import Link
from cowrite_server.history.restoring import text_of
from cowrite_server.wire.history import OpenedMoment
from helpers.sync_seat import Seat
from server_process import TunedServer
from stock_pair import StockPair, converge, delta_of, stock_script
from sync_clients import Client, until
from visitors import editor, rows, same

WIDE = ["😀", "👩‍👩‍👧", "🏳️‍🌈", "日本語", "e\u0301", "n\u0303", "\u200f\u05e9\u05dc", "🇩🇪", "a", "\n"]


async def test_13_wide_characters_arrive_whole_at_yjs_and_back(data: Path, stack: AsyncExitStack) -> None:
    chance = random.Random(13)
    server = await stack.enter_async_context(TunedServer(data))
    ours, pair = await editor(stack, server), StockPair()
    await pair.open(stock_script(), server.url, "room", await server.secret())
    stack.push_async_callback(pair.close)
    for number in range(150):
        side = chance.choice(("left", "right", "ours"))
        word = "".join(chance.choices(WIDE, k=3))
        if side != "ours":
            if chance.random() < 0.7:
                await pair.do(side, delta=[{"insert": word, "attributes": {"bold": True} if number % 3 else {}}])
            else:
                await pair.do(side, first=chance.choice(("delete", {"italic": True})))
            continue
        text = ours.text
        at = len(text[: chance.randint(0, len(text))].encode())
        if text and chance.random() < 0.3:
            del ours.body[at : at + len(text.encode()[at:].decode()[:1].encode())]
        else:
            ours.body.insert(at, word, {"color": "red"} if number % 2 else {})
        await ours.push()
    for name in ("left", "right"):
        await pair.do(name, delta=[{"insert": f"<end {name}>"}])
    await ours.write("<end ours>")
    ends = [f"<end {name}>" for name in ("left", "right", "ours")]
    await ours.until(lambda: all(end in ours.text for end in ends))
    for name in ("left", "right"):
        await pair.until(lambda name=name: all(end in str(pair.delta[name]) for end in ends))
    await converge(pair, ours)
    ours.text.encode()  # a lone surrogate would raise
    await ours.write("<saved>")  # stock clients are told nothing of the disk; what they wrote before is there by then
    await ours.until_saved()
    await server.kill()
    again = await stack.enter_async_context(TunedServer(data))
    assert delta_of(await editor(stack, again)) == delta_of(ours)


class Draft:
    """The app's document, as a Seat uses it."""

    def __init__(self) -> None:
        self.document = MendedDocument(clock=lambda: 0)
        self.own: list[bytes] = []
        self.document.observe_updates(lambda told: self.own.append(told[0]) if told[1] is not Origin.REMOTE else None)
        self.client = self.document.client_id
        self.state_vector = self.document.state_vector
        self.update_since = self.document.update_since
        self.apply_remote = self.document.apply_remote

    @property
    def text(self) -> str:
        """What it reads."""
        return self.document.text()


def do(seat: Seat, act: Callable[[Document], object]) -> None:
    """A person does something with a draft."""
    draft = seat.document
    assert isinstance(draft, Draft)
    act(draft.document)
    own, draft.own[:] = list(draft.own), []
    for update in own:
        seat.events += seat.peer.local_update(update)
    seat.flush()


def put(at: int, text: str) -> Callable[[Document], None]:
    """The act of writing something somewhere."""

    def act(document: Document) -> None:
        with document.edit(Origin.LOCAL) as edit:
            edit.insert(at, text, {})

    return act


async def test_13_comments_stay_with_their_wide_characters_while_yjs_writes(data: Path, stack: AsyncExitStack) -> None:
    chance = random.Random(13)
    server = await stack.enter_async_context(TunedServer(data))
    secret, pair = await server.secret(), StockPair()
    ann = await stack.enter_async_context(Seat(Link("127.0.0.1", server.port, "room", secret), Draft(), name="Ann"))
    await ann.until_saved()
    words = ["👩‍👩‍👧", "🏳️‍🌈🇩🇪", "日本語", "e\u0301n\u0303", "\u200fשלום", "a😀z"]
    do(ann, put(0, "😀" * 100 + " | ".join(["", *words, ""])))
    await pair.open(stock_script(), server.url, "room", secret)
    stack.push_async_callback(pair.close)
    document = ann.document.document
    comments = Comments(document, chance=chance, clock=count().__next__)

    def comment(word: str) -> str:
        start = utf16_length(document.text().partition(word)[0])
        return comments.add(start, start + utf16_length(word), "Why?", Author("Ann", "#aa0000", "ann"))

    said = {}
    do(ann, lambda _: said.update({comment(word): word for word in words}))
    for number in range(60):
        side = chance.choice(("left", "right", "ann"))
        if side == "ann":
            start, stop = places(comments, said)[chance.choice(list(said))]
            do(ann, put(chance.choice((start, stop)), chance.choice(WIDE)))
        elif number % 3:
            await pair.do(side, delta=[{"insert": chance.choice(WIDE), "attributes": {"bold": bool(number % 2)}}])
        else:
            await pair.do(side, first=chance.choice(("delete", {"italic": True})))
    for side in ("left", "right"):
        await pair.do(side, delta=[{"insert": f"<end {side}>"}])
    do(ann, put(0, "<end ann>"))
    ends = [f"<end {name}>" for name in ("left", "right", "ann")]
    await ann.until(lambda: all(end in ann.text for end in ends))
    for side in ("left", "right"):
        await pair.until(lambda side=side: "".join(piece["insert"] for piece in pair.delta[side]) == ann.text)
    ann.text.encode()  # a lone surrogate would raise
    assert {id: document.rope.text(*place) for id, place in places(comments, said).items()} == said


async def test_13_a_character_of_which_yjs_takes_a_half_goes_and_takes_nothing_with_it(
    data: Path, stack: AsyncExitStack
) -> None:
    server = await stack.enter_async_context(TunedServer(data))
    secret, pair = await server.secret(), StockPair()
    ann, ben = [
        await stack.enter_async_context(Seat(Link("127.0.0.1", server.port, "room", secret), Draft(), name=name))
        for name in ("Ann", "Ben")
    ]
    await pair.open(stock_script(), server.url, "room", secret)
    stack.push_async_callback(pair.close)
    do(ann, put(0, "ab😀cd 日本 ef😀gh"))
    await ben.until(lambda: ben.text == ann.text)
    for side in ("left", "right"):
        await pair.until(lambda side=side: pair.delta[side] and pair.delta[side][0]["insert"] == ann.text)
    ben.transport.drop(ben._connection, "the network is gone")
    await pair.do("right", delta=[{"retain": 3}, {"insert": "X"}])  # between the two units of the first emoji
    await ann.until(lambda: ann.text == "abXcd 日本 ef😀gh")
    await pair.until(lambda: pair.delta["right"] == [{"insert": ann.text}])  # who wrote it, too
    await pair.do("left", delta=[{"retain": 12}, {"delete": 1}])  # the second unit of the other one
    await ann.until(lambda: ann.text == "abXcd 日本 efgh")
    do(ben, put(0, "<ben>"))
    ben.transport.retry_now()
    await ann.until(lambda: ann.text == "<ben>abXcd 日本 efgh")
    await ben.until(lambda: ben.text == ann.text)
    for side in ("left", "right"):
        await pair.until(lambda side=side: "".join(piece["insert"] for piece in pair.delta[side]) == ann.text)
    for seat in (ann, ben):
        await seat.until_saved()
        document = seat.document
        assert isinstance(document, Draft)
        assert document.document.stored_spans() == list(document.document.spans())
    await server.kill()
    again = await stack.enter_async_context(TunedServer(data))
    late = await editor(stack, again)
    assert late.text == ann.text


def places(comments: Comments, ids: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Where comments stand, each at text that is there."""
    found = {id: comments.get(id) for id in ids}
    return {id: each.place for id, each in found.items() if each is not None and each.place is not None}


async def test_14_undo_takes_nothing_of_a_teammate_away(data: Path, stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(TunedServer(data))
    secret = await server.secret()
    seats = [
        await stack.enter_async_context(Seat(Link("127.0.0.1", server.port, "room", secret), Draft(), name=name))
        for name in ("Ann", "Ben")
    ]
    ann, ben = seats
    for seat in seats:
        await seat.until_saved()
    do(ann, put(0, "[Ann wrote this]"))
    await ben.until(lambda: ben.text == "[Ann wrote this]")
    ann.transport.drop(ann._connection, "the network is gone")
    do(ann, Document.undo)  # offline, while Ben writes into and around it
    for at, word in ((16, " after"), (4, " and Ben"), (0, "before ")):
        do(ben, put(at, word))
    ann.transport.retry_now()
    await until(lambda: all(each.text == "before  and Ben after" for each in seats))
    do(ann, Document.redo)
    await until(lambda: ann.text == ben.text and "Ann" in ben.text)
    for seat in seats:
        await seat.until_saved()
    for word in ("before ", " and Ben", " after"):
        assert word in ann.text
    await server.kill()
    again = await stack.enter_async_context(TunedServer(data))
    assert (await editor(stack, again)).text == ann.text


async def test_14_a_restoring_is_an_edit_and_keeps_what_two_wrote_offline(data: Path, stack: AsyncExitStack) -> None:
    server = await stack.enter_async_context(TunedServer(data))
    ann, ben, owner = [await editor(stack, server) for _ in range(3)]
    versions: dict[int, str] = {}
    for number in range(5):
        await ann.write(f"<{number}>")
        await ann.until_saved()
        versions[(await ann.moments()).moments[-1].seq] = ann.text
    old = min(versions)
    del ann.body[0:6]
    await ann.push()
    await ann.until_saved()
    versions[(await ann.moments()).moments[-1].seq] = ann.text
    await ben.until(lambda: ben.text == ann.text)
    for client in (ann, ben):
        await client.leave()
    ann.body.insert(0, "[Ann]")
    ben.body.insert(4, "[Ben]")  # inside what the restoring takes away
    before = rows(data)
    assert await owner.restore(old) is None
    await owner.until(lambda: owner.text == versions[old])
    versions[(await owner.moments()).moments[-1].seq] = owner.text
    assert rows(data)[: len(before)] == before
    ann, ben = [await editor(stack, server, Client(client.doc)) for client in (ann, ben)]
    for client in (ann, ben, owner):
        await client.until(lambda client=client: "[Ann]" in client.text and "[Ben]" in client.text)
    await until(lambda: same(ann, owner) and same(ben, owner))
    assert sorted(owner.text) == sorted("<0>[Ann][Ben]")
    for seq, text in versions.items():
        moment = await owner.moment(seq)
        assert isinstance(moment, OpenedMoment)
        assert text_of(moment.document) == text
