"""The rope against a plain list of characters, under random edits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.core.text import chunks as chunks_module
from cowrite.core.text import rope as rope_module
from cowrite.core.text.offsets import InsideCharacter, OutsideText, code_point_of_utf8, code_point_of_utf16
from cowrite.core.text.richtext import EMBED_CHARACTER, Span, utf16_length
from cowrite.core.text.rope import Rope
from helpers.seeds import seeds
from helpers.strategies import ATTRIBUTES, TEXTS

Oracle = list[tuple[str, dict[str, object], object]]


def units(oracle: Oracle) -> int:
    return sum(1 if embed else utf16_length(character) for character, _, embed in oracle)


def octets(oracle: Oracle) -> int:
    return sum(1 if embed else len(character.encode()) for character, _, embed in oracle)


def read(rope: Rope, start: int = 0, stop: int | None = None) -> Oracle:
    return [
        (character, dict(span.attributes), span.embed) for span in rope.spans(start, stop) for character in span.text
    ]


INSERT = st.tuples(st.just("insert"), st.floats(0, 1), TEXTS, ATTRIBUTES)
EMBED = st.tuples(st.just("embed"), st.floats(0, 1), st.just(EMBED_CHARACTER), ATTRIBUTES)
DELETE = st.tuples(st.just("delete"), st.floats(0, 1), st.floats(0, 1), st.just(None))
FORMAT = st.tuples(
    st.just("format"),
    st.floats(0, 1),
    st.floats(0, 1),
    st.sampled_from([{"bold": True}, {"bold": None}, {"code": True}]),
)


@pytest.mark.parametrize("limits", [(512, 32), (4, 4), (2, 4)], ids=["as shipped", "small nodes", "smallest nodes"])
@given(steps=st.lists(st.one_of(INSERT, INSERT, EMBED, DELETE, FORMAT), max_size=60))
@settings(max_examples=len(seeds(40)))
def test_a_rope_holds_what_a_plain_list_of_characters_holds(limits, steps):
    with pytest.MonkeyPatch.context() as patch:
        for module in (chunks_module, rope_module):
            patch.setattr(module, "CHUNK_LIMIT", limits[0])
        patch.setattr(rope_module, "NODE_LIMIT", limits[1])
        rope, oracle = Rope(), []
        for kind, where, what, attributes in steps:
            start = round(where * len(oracle))
            at = units(oracle[:start])
            if kind == "insert":
                rope.insert(at, Span(what, attributes))
                oracle[start:start] = [(character, attributes, None) for character in what]
            elif kind == "embed":
                rope.insert(at, Span(what, attributes, {"divider": True}))
                oracle.insert(start, (what, attributes, {"divider": True}))
            else:
                stop = start + round(what * (len(oracle) - start))
                length = units(oracle[start:stop])
                if kind == "delete":
                    rope.delete(at, length)
                    del oracle[start:stop]
                else:
                    rope.format(at, length, attributes)
                    for i in range(start, stop):
                        merged = {**oracle[i][1], **attributes}
                        kept = {name: value for name, value in merged.items() if value is not None}
                        oracle[i] = (oracle[i][0], kept, oracle[i][2])
            assert read(rope) == oracle
            assert (rope.units, rope.octets) == (units(oracle), octets(oracle))
        for index in range(len(oracle) + 1):
            at, octet = units(oracle[:index]), octets(oracle[:index])
            assert rope.octet_of(at) == octet
            assert rope.units_of(octet) == at
            assert rope.attributes_at(at) == (oracle[index][1] if index < len(oracle) else {})
            assert rope.attributes_before(at) == (oracle[index - 1][1] if index else {})
        middle = len(oracle) // 3
        assert read(rope, units(oracle[:middle]), units(oracle[: 2 * middle])) == oracle[middle : 2 * middle]


@given(text=TEXTS)
def test_a_position_inside_a_character_is_refused_in_every_unit(text):
    rope = Rope()
    rope.insert(0, Span(text))
    between_utf16 = {utf16_length(text[:i]) for i in range(len(text) + 1)}
    between_utf8 = {len(text[:i].encode()) for i in range(len(text) + 1)}
    for at in range(rope.units + 1):
        if at in between_utf16:
            assert utf16_length(text[: code_point_of_utf16(text, at)]) == at
            continue
        with pytest.raises(InsideCharacter) as raised:
            rope.octet_of(at)
        assert raised.value.position == at
        for act in (
            lambda at=at: rope.insert(at, Span("x", {"bold": True})),
            lambda at=at: rope.delete(0, at),
            lambda at=at: rope.format(0, at, {"bold": True}),
        ):
            with pytest.raises(InsideCharacter):
                act()
    for octet in range(rope.octets + 1):
        if octet in between_utf8:
            assert len(text[: code_point_of_utf8(text, octet)].encode()) == octet
            continue
        with pytest.raises(InsideCharacter):
            rope.units_of(octet)
    assert rope.text() == text


def test_a_position_outside_of_the_text_is_refused():
    rope = Rope()
    rope.insert(0, Span("héllo"))
    for act in (
        lambda: rope.insert(6, Span("x")),
        lambda: rope.delete(3, 3),
        lambda: rope.format(-1, 1, {}),
        lambda: rope.octet_of(6),
        lambda: rope.units_of(7),
        lambda: rope.delete(3, -1),
    ):
        with pytest.raises(OutsideText):
            act()
    assert rope.text() == "héllo"
