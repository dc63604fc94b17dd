"""The wire: its encodings against the field's vectors, and every message there and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite_server.wire.asking import Asker, askers_message, read_askers
from cowrite_server.wire.awareness import Presence, awareness_message, read_awareness
from cowrite_server.wire.blobs import (
    BlobPart,
    BlobRefused,
    blob_part_message,
    blob_refused_message,
    read_blob_part,
    read_blob_refused,
)
from cowrite_server.wire.encoding import MAX_VAR_UINT, MalformedMessage, Reader, var_bytes, var_string, var_uint
from cowrite_server.wire.hello import Hello, hello_message, read_hello
from cowrite_server.wire.history import read_moments
from cowrite_server.wire.members import read_audit, read_invite, read_members
from cowrite_server.wire.protocol import (
    Close,
    Limits,
    Message,
    Reason,
    Refused,
    Role,
    Sync,
    read_refused,
    refused_message,
    saved_message,
    sync_message,
)
from cowrite_server.wire.sealed import read_sealed
from helpers.seeds import seeds

numbers = st.integers(0, MAX_VAR_UINT)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(), lambda inner: st.lists(inner, max_size=3)
)
digests = st.binary(min_size=32, max_size=32)


def content(message: bytes, kind: Message) -> Reader:
    reader = Reader(message)
    assert reader.var_uint() == kind
    return reader


@given(numbers)
def test_an_integer_comes_back(number: int) -> None:
    reader = Reader(var_uint(number))
    assert reader.var_uint() == number
    assert reader.at_end


@given(st.lists(st.binary() | st.text() | numbers))
def test_values_come_back_in_their_order(values: list[bytes | str | int]) -> None:
    encoders = {bytes: var_bytes, str: var_string, int: var_uint}
    reader = Reader(b"".join(encoders[type(value)](value) for value in values))
    decoders = {bytes: reader.var_bytes, str: reader.var_string, int: reader.var_uint}
    assert [decoders[type(value)]() for value in values] == values
    assert reader.at_end


def test_an_integer_longer_than_needed_is_read_like_the_shortest() -> None:
    assert Reader(b"\x80\x00").var_uint() == 0
    assert Reader(b"\x82\x80\x00").var_uint() == 2


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xff" * 20, var_uint(MAX_VAR_UINT)[:-1] + b"\x7f"])
def test_bytes_that_hold_no_integer_are_malformed(data: bytes) -> None:
    with pytest.raises(MalformedMessage):
        Reader(data).var_uint()


def test_a_string_that_is_not_utf8_is_malformed() -> None:
    with pytest.raises(MalformedMessage):
        Reader(b"\x02\xff\xfe").var_string()


def test_step_1_has_the_bytes_of_yjs() -> None:
    assert sync_message(Sync.STEP_1, b"\x00") == bytes.fromhex("00000100")
    assert sync_message(Sync.STEP_1, bytes.fromhex("010211")) == bytes.fromhex("000003010211")


def test_awareness_has_the_bytes_of_yjs() -> None:
    assert awareness_message([Presence(7, 1, {"u": 1})]) == bytes.fromhex("010b010701077b2275223a317d")


@settings(max_examples=len(seeds(15)))
@given(st.lists(st.builds(Presence, numbers, numbers, st.none() | st.dictionaries(st.text(), json_values))))
def test_presences_come_back(entries: list[Presence]) -> None:
    assert read_awareness(content(awareness_message(entries), Message.AWARENESS)) == entries


@given(
    st.builds(
        Hello,
        st.text(),
        st.sampled_from(Role),
        st.text(),
        st.text(),
        st.builds(Limits, numbers, numbers),
        st.none() | numbers,
        now=st.none() | numbers,
    )
)
def test_a_hello_comes_back(hello: Hello) -> None:
    assert read_hello(content(hello_message(hello), Message.HELLO)) == hello


@given(st.builds(Refused, numbers, st.sampled_from(Reason), st.none() | st.text()))
def test_a_refusal_comes_back(refused: Refused) -> None:
    assert read_refused(content(refused_message(refused), Message.REFUSED)) == refused


@given(st.builds(BlobRefused, digests, st.sampled_from(Reason), st.none() | st.text()))
def test_a_refusal_of_a_blob_comes_back(refused: BlobRefused) -> None:
    assert read_blob_refused(content(blob_refused_message(refused), Message.BLOB_REFUSED)) == refused


@given(digests, st.text(), numbers.filter(lambda n: n < 2**50), st.binary())
def test_a_part_of_a_blob_comes_back(digest: bytes, media_type: str, offset: int, data: bytes) -> None:
    part = BlobPart(digest, media_type, offset + len(data), offset, data)
    assert read_blob_part(content(blob_part_message(part), Message.BLOB_PART)) == part


def test_a_part_outside_of_its_blob_is_malformed() -> None:
    part = BlobPart(bytes(32), "image/png", 10, 8, b"four")
    with pytest.raises(MalformedMessage):
        read_blob_part(content(blob_part_message(part), Message.BLOB_PART))


@given(numbers)
def test_a_count_of_saved_updates_comes_back(count: int) -> None:
    assert content(saved_message(count), Message.SAVED).var_uint() == count


@given(st.binary(max_size=60))
def test_arbitrary_bytes_are_read_or_malformed_and_nothing_else(data: bytes) -> None:
    for read in (read_awareness, read_hello, read_refused, read_blob_part, read_blob_refused):
        try:
            read(Reader(data))
        except MalformedMessage:
            continue


def test_a_wish_for_an_invite_that_is_far_too_long_is_not_read() -> None:
    wish = '{"role": "editor"%s}'
    assert read_invite(Reader(var_string(wish % ""))).role is Role.EDITOR
    with pytest.raises(MalformedMessage):
        read_invite(Reader(var_string(wish % (" " * 5000))))


def test_of_members_and_acts_that_are_named_twice_the_first_counts() -> None:
    acts = [{"id": 1, "time": time, "actor": None, "kind": "joined", "details": {}} for time in (5, 6)]
    assert [act.time for act in read_audit(Reader(var_uint(1) + var_string(json.dumps(acts))))[1]] == [5]
    member = {"id": 1, "invite": 1, "role": "editor", "joined": 1, "seen": 1, "here": True, "removed": None}
    found = {"members": [{**member, "name": name} for name in ("Ada", "Ben")], "invites": []}
    assert [each.name for each in read_members(Reader(var_uint(1) + var_string(json.dumps(found))))[1].members] == [
        "Ada"
    ]


def test_those_who_ask_to_write_come_back_each_once_with_what_people_can_see_of_their_names() -> None:
    ben, nobody = Asker(1, "Ben", Role.VIEWER, 5), Asker(2, None, Role.COMMENTER, 6)
    told = [ben, nobody, replace(ben, asked=7), replace(ben, id=3, name="\u202eneB")]
    request, found = read_askers(Reader(askers_message(9, told)[2:]))
    assert (request, found) == (9, (ben, nobody, replace(ben, id=3, name="neB")))


def test_a_name_is_what_people_can_see_of_it_whichever_server_says_it() -> None:
    member = '{"id": 1, "name": "\\u202eneB\\n", "role": "editor", "invite": 1, "joined": 1, "seen": 1, "here": true, '
    text = f'{{"members": [{member}"removed": null}}], "invites": []}}'
    assert read_members(Reader(var_uint(1) + var_string(text)))[1].members[0].name == "neB"


@pytest.mark.parametrize("number", ["1e999", "-Infinity", "NaN", "9" * 400, str(2**53)])
@pytest.mark.parametrize(
    ("read", "text"),
    [
        (read_refused, '{"update": %s, "reason": "too_large"}'),
        (read_members, '{"members": [], "invites": [{"id": %s}]}'),
        (read_askers, '[{"id": 1, "name": null, "role": "viewer", "asked": %s}]'),
        (read_audit, '[{"id": 1, "time": %s, "actor": null, "kind": "joined", "details": {}}]'),
        (read_moments, '{"moments": [], "fine_from": %s}'),
        (read_sealed, '{"items": [], "counts": {"poll:1": [%s, 1]}}'),
    ],
)
def test_a_number_that_nobody_can_count_to_is_malformed(
    read: Callable[[Reader], object], text: str, number: str
) -> None:
    head = b"" if read is read_refused else var_uint(1)
    with pytest.raises(MalformedMessage):
        read(Reader(head + var_string(text % number)))


@pytest.mark.parametrize("code", Close)
def test_every_close_code_has_a_sentence_that_fits_into_a_close_frame(code: Close) -> None:
    assert code.sentence.endswith(".")
    assert len(code.sentence.encode()) <= 123


def test_every_close_code_is_on_the_page_for_other_programs() -> None:
    page = (Path(__file__).parents[2] / "CLIENTS.md").read_text(encoding="utf-8")
    rows = page.partition("| code | name | final | sentence |\n|---|---|---|---|\n")[2].partition("\n\n")[0]
    final = {True: "yes ", False: ""}
    assert rows.splitlines() == [
        f"| {code.value} | `{code.name}` | {final[code.final]}| {code.sentence} |" for code in sorted(Close)
    ]
