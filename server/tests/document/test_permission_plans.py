"""Whatever those below editor send at random, it changes no more than they may."""

from __future__ import annotations

from typing import Any

import pycrdt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Map

from cowrite_server.document.permissions import Forbidden
from cowrite_server.document.updates import check_update, clocks, merge
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import var_string, var_uint
from cowrite_server.wire.protocol import Role
from role_plans import Report, run_plan
from table import (
    EDITOR,
    MARK,
    OTHER,
    WRITER,
    Table,
    begin,
    body,
    characters,
    claims,
    elsewhere,
    plain,
    root,
)

ALLOWED = {Role.SUGGESTER: ("suggestions", "comments"), Role.COMMENTER: ("comments",)}


POSITIONS = st.integers(0, 60)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["insertion", "deletion", "bold", "header"]),
    st.sampled_from([None, "s1", "s2", "", True, 1]),
    max_size=2,
)
ROOT_NAMES = st.sampled_from(["meta", "comments", "suggestions", "elsewhere"])
STEPS = st.one_of(
    st.tuples(st.just("insert"), POSITIONS, st.sampled_from(["a", "Ünï", "\n", "two words"]), ATTRIBUTES),
    st.tuples(st.just("suggest"), POSITIONS, st.sampled_from(["b", "ßß", "👍"]), ATTRIBUTES),
    st.tuples(st.just("embed"), POSITIONS, st.none(), ATTRIBUTES),
    st.tuples(st.just("delete"), POSITIONS, st.integers(1, 9), st.none()),
    st.tuples(st.just("format"), POSITIONS, st.integers(1, 9), ATTRIBUTES),
    st.tuples(st.just("set"), ROOT_NAMES, st.sampled_from(["x", "title", "s0"]), st.integers(0, 9)),
)


def boundaries(doc: Doc[Any]) -> list[int]:
    """The positions between characters, in the library's units."""
    at, places = 0, [0]
    for content, _ in characters(doc):
        at += len(content.encode()) if isinstance(content, str) else 1
        places.append(at)
    return places


def act(doc: Doc[Any], step: tuple[str, Any, Any, Any]) -> None:
    """One random change."""
    kind, where, what, attributes = step
    if kind == "set":
        root(doc, where)[what] = attributes
        return
    places = boundaries(doc)
    start = min(where, len(places) - 1)
    if kind == "insert":
        body(doc).insert(places[start], what, attributes)
    elif kind == "suggest":
        body(doc).insert(places[start], what, {**attributes, **MARK})
    elif kind == "embed":
        body(doc).insert_embed(places[start], {"image": "x"}, attributes)
    else:
        end = min(start + what, len(places) - 1)
        if start < end and kind == "delete":
            del body(doc)[places[start] : places[end]]
        elif start < end:
            body(doc).format(places[start], places[end], attributes)


TURNS = st.lists(
    st.tuples(
        st.sampled_from(["editor", "suggester", "suggester", "suggester", "commenter"]),
        st.lists(STEPS, min_size=1, max_size=3),
        st.sampled_from(["update", "whole", "late", "twice", "forgetful"]),
    ),
    max_size=12,
)


@given(TURNS)
def test_no_plan_changes_more_than_its_role_may(turns: list[tuple[str, list[Any], str]]) -> None:
    table = Table()
    docs = {"suggester": table.copy(WRITER), "commenter": table.copy(OTHER)}
    clients = iter(range(100, 200))
    for who, steps, encoding in turns:
        if who == "editor":
            table.edit(lambda doc, steps=steps: [act(doc, step) for step in steps])
            continue
        role = Role(who)
        doc = docs[who]
        if encoding != "late":
            doc.apply_update(table.replica.whole())
        state = doc.get_state()
        for step in steps:
            act(doc, step)
        update = doc.get_update(state)
        if encoding == "whole":
            update = doc.get_update()
        elif encoding == "twice":
            update = merge([update, doc.get_update(), update])
        elif encoding == "forgetful":
            act(doc, ("suggest", 3, "c", {}))  # what came before it never reaches the server
            update = doc.get_update(doc.get_state()) if len(steps) > 1 else pycrdt.get_update(doc.get_update(), state)
        shown, kept = plain(table.reader), elsewhere(table.reader, *ALLOWED[role])
        seen, claimed = characters(table.reader), claims(table.reader)
        before = table.holds()
        try:
            table.offer(role, update)
        except Forbidden:
            assert table.holds() == before
            assert characters(table.reader) == seen
            docs[who] = table.copy(next(clients))
        else:
            assert plain(table.reader) == shown
            assert elsewhere(table.reader, *ALLOWED[role]) == kept
            assert claims(table.reader).items() >= claimed.items()
            if role is Role.COMMENTER:
                assert characters(table.reader) == seen
    late: Doc[Any] = Doc()
    late.apply_update(merge(table.log))
    assert characters(late) == characters(table.reader) == characters(table.editor)
    assert not table.replica.waits


NEIGHBOURS = st.one_of(st.none(), st.tuples(st.sampled_from([EDITOR, EDITOR, WRITER, 77]), st.integers(0, 40)))
CONTENTS = st.sampled_from(
    [
        (1, b"\x02"),  # deleted
        (2, b"\x01" + var_string('"json"')),
        (3, var_string("bytes")),
        (4, var_string("raw")),
        (4, var_string("ü")),
        (5, var_string('{"image":"x"}')),
        (5, var_string('"y"')),
        (6, var_string("insertion") + var_string('"s1"')),
        (6, var_string("insertion") + var_string("null")),
        (6, var_string("bold") + var_string("true")),
        (6, var_string("deletion") + var_string('"s1"')),
        (7, b"\x01"),
        (7, b"\x02"),
        (7, b"\x07"),
        (8, b"\x02\x77" + var_string("v") + b"\x7f"),
        (9, var_string("guid") + b"\x76\x00"),
    ]
)
PARENTS = st.one_of(
    st.sampled_from(["body", "meta", "board", "page", "comments", "suggestions", "elsewhere"]),
    st.integers(18, 40),
)
CRAFTED = st.tuples(
    st.lists(
        st.tuples(CONTENTS, NEIGHBOURS, NEIGHBOURS, PARENTS, st.sampled_from([None, None, "title", "s0"])), max_size=4
    ),
    st.lists(st.tuples(st.sampled_from([EDITOR, WRITER, 77]), st.integers(0, 40), st.integers(1, 9)), max_size=2),
)


def crafted(clock: int, items: list[Any], deleted: list[tuple[int, int, int]]) -> bytes:
    """An update made of items as nobody's program writes them."""
    structs = bytearray()
    for (kind, content), left, right, parent, key in items:
        structs.append(kind | (0x80 if left else 0) | (0x40 if right else 0) | (0x20 if key else 0))
        for neighbour in (left, right):
            if neighbour is not None:
                structs += var_uint(neighbour[0]) + var_uint(neighbour[1])
        if left is None and right is None:
            inner = b"\x00" + var_uint(EDITOR) + var_uint(parent) if isinstance(parent, int) else b""
            structs += inner or b"\x01" + var_string(str(parent))
            if key is not None:
                structs += var_string(key)
        structs += content
    head = b"\x01" + var_uint(len(items)) + var_uint(WRITER) + var_uint(clock) if items else b"\x00"
    update = head + bytes(structs) + var_uint(len(deleted))
    for client, at, length in deleted:
        update += var_uint(client) + b"\x01" + var_uint(at) + var_uint(length)
    return update


@given(st.lists(st.tuples(st.sampled_from([Role.SUGGESTER, Role.COMMENTER]), CRAFTED), min_size=1, max_size=5), STEPS)
def test_no_bytes_change_more_than_their_role_may(updates: list[tuple[Role, Any]], later: Any) -> None:
    table = Table()
    for role, (items, deleted) in updates:
        clock = clocks(table.replica.state()).get(WRITER, 0)
        update = crafted(clock, items, deleted)
        shown, kept = plain(table.reader), elsewhere(table.reader, *ALLOWED[role])
        before, claimed = table.holds(), claims(table.reader)
        try:
            check_update(update)
            table.offer(role, update)
        except (Forbidden, BrokenUpdate):
            assert table.holds() == before
        assert plain(table.reader) == shown
        assert elsewhere(table.reader, *ALLOWED[role]) == kept
        assert claims(table.reader).items() >= claimed.items()
        assert not table.replica.waits
    kept = elsewhere(table.reader)
    table.edit(lambda doc: act(doc, later))
    late: Doc[Any] = Doc()
    late.apply_update(merge(table.log))
    assert characters(late) == characters(table.reader) == characters(table.editor)
    assert later[0] == "set" or elsewhere(table.reader) == kept


HONEST = st.lists(
    st.one_of(
        st.tuples(st.just("editor"), STEPS),
        st.tuples(st.just("write"), st.tuples(POSITIONS, st.sampled_from(["b", "ßß", "👍", "\n"]))),
        st.tuples(st.just("strike"), st.tuples(POSITIONS, st.integers(1, 9))),
        st.tuples(st.just("unstrike"), st.tuples(POSITIONS, st.integers(1, 9))),
        st.tuples(st.just("take back"), st.tuples(POSITIONS, st.integers(1, 9))),
        st.tuples(st.just("record"), st.tuples(st.sampled_from(["s0", "s1"]), st.integers(0, 9))),
        st.tuples(st.just("exchange"), st.none()),
    ),
    max_size=25,
)


@given(HONEST)
def test_an_honest_suggester_is_never_refused(plan: list[tuple[str, Any]]) -> None:
    table = Table()
    sue = table.copy()
    sent = sue.get_state()

    def exchange() -> None:
        nonlocal sent
        table.offer(Role.SUGGESTER, sue.get_update(sent))
        sue.apply_update(table.replica.whole())
        sent = sue.get_state()
        assert characters(sue) == characters(table.reader)

    for what, how in plan:
        if what == "editor":
            # What both do to one suggestion at the same moment may take the mark from the other's text.
            apart = stands_apart(table.editor, how)
            if not apart:
                exchange()
            table.edit(lambda doc, how=how: act(doc, how))
            if not apart:
                exchange()
        elif what == "exchange":
            exchange()
        elif what == "record":
            begun = f"{how[0]} {len(root(sue, 'suggestions'))}"
            begin(sue, begun, author="Sue")
            for id in ("s0", begun):
                entry = root(sue, "suggestions")[id]
                if isinstance(entry, Map):  # an editor may have written anything there
                    entry["state"] = how[1]
        else:
            suggest(sue, what, *how)
    table.offer(Role.SUGGESTER, sue.get_update(sent))


def stands_apart(doc: Doc[Any], step: tuple[str, Any, Any, Any]) -> bool:
    """Whether a change of the editor has nothing to do with marks for insertion."""
    kind, where, _, attributes = step
    if kind == "set":
        return True
    around = characters(doc)[max(0, where - 1) : where + 1] or characters(doc)[-1:]
    return kind == "insert" and not attributes and not any("insertion" in own for _, own in around)


def suggest(sue: Doc[Any], what: str, where: int, how: Any) -> None:
    """One change of somebody who keeps to the rules, as cowrite writes them."""
    places, shown = boundaries(sue), characters(sue)
    start = min(where, len(places) - 1)
    if what == "write":
        left = shown[start - 1][1] if start else {}
        body(sue).insert(places[start], how, {**dict.fromkeys(left), **MARK})
        return
    end = min(start + how, len(places) - 1)
    if start == end:
        return
    if what == "take back":
        for at in reversed(range(start, end)):
            if shown[at][1].get("insertion") == "s1":
                del body(sue)[places[at] : places[at + 1]]
    else:
        body(sue).format(places[start], places[end], {"deletion": "s2" if what == "strike" else None})


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_forged_changes_no_more_than_a_role_may_and_looks_the_same_to_everybody(
    seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    for plan in range(5):
        run_plan(5 * seed + plan, Report())
    caplog.clear()  # of clients that the server has expelled
