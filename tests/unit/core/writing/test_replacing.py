"""What takes the place of what was found."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from itertools import accumulate
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.crdt import anchors
from cowrite.core.document import edit as edits
from cowrite.core.document.document import Document
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import EMBED_CHARACTER, SOFT_BREAK, Attributes, Span, joined, plain_text
from cowrite.core.text.strides import in_strides
from cowrite.core.writing.replacing import Found, read_words, replace_all, replacements
from helpers.copies import meet
from helpers.seeds import seeds


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("", []),
        ("plain", ["plain"]),
        (r"$2, \1", [2, ", ", 1]),
        ("<$&> <$0> " + r"<\0>", ["<", 0, "> <", 0, "> <", 0, ">"]),
        ("$12 ${12}", [1, "2 ", 12]),
        (r"a\tb\\1 $$1", ["a", "\t", "b", "\\", "1 ", "$", "1"]),
        (r"a\nb", ["a", SOFT_BREAK, "b"]),
        ("$13.50 ${13} $ $x \\", [1, "3.50 ${13} $ $x \\"]),
    ],
)
def test_signs_stand_for_groups(words: str, parts: list[str | int]) -> None:
    assert read_words(words, 12) == parts


def test_groups_that_there_are_not_are_words() -> None:
    assert read_words(r"$5 and \1", 0) == [r"$5 and \1"]


def document(*spans: Span) -> Document:
    document = MendedDocument.new(clock=lambda: 0)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert_spans(0, spans)
    return document


def done(
    draft: Document, found: Found, parts: Sequence[str | int]
) -> list[tuple[int, int, list[tuple[str, Attributes]]]]:
    return [
        (each.start, each.stop, [(span.text, span.attributes) for span in each.spans])
        for each in replacements(draft, found, list(parts))
    ]


BOLD = {"bold": True}


def test_a_group_that_can_stay_where_it_is_does() -> None:
    draft = document(Span("12 EUR"))
    assert done(draft, Found((0, 6), ((0, 2), (3, 6))), ["€ ", 1]) == [(0, 0, [("€ ", {})]), (2, 6, [])]


def test_a_group_that_comes_to_stand_elsewhere_keeps_its_look() -> None:
    draft = document(Span("Ada", BOLD), Span(" Love"))
    assert done(draft, Found((0, 8), ((0, 3), (4, 8))), [2, ", ", 1]) == [
        (0, 4, []),
        (8, 8, [(", ", {}), ("Ada", BOLD)]),
    ]


def test_a_group_that_is_nowhere_is_nothing() -> None:
    assert done(document(Span("ab")), Found((0, 1), (None,)), ["<", 1, ">"]) == [(0, 1, [("<>", {})])]


def test_a_group_ahead_of_the_place_is_copied() -> None:
    assert done(document(Span("ab")), Found((0, 1), ((1, 2),)), [1, 0]) == [(0, 0, [("b", {})]), (1, 1, [])]


@pytest.mark.parametrize(
    ("place", "look"), [((0, 3), BOLD), ((3, 4), {}), ((0, 0), BOLD), ((3, 3), {}), ((8, 8), {"italic": True})]
)
def test_words_look_like_what_they_stand_for(place: tuple[int, int], look: Attributes) -> None:
    draft = document(Span("Ada", BOLD), Span(" Lo"), Span("ve", {"italic": True}))
    ((start, stop, spans),) = done(draft, Found(place), ["x"])
    assert ((start, stop), spans) == (place, [("x", look)])


def test_words_around_a_group_look_like_it() -> None:
    draft = document(Span("Ada", BOLD), Span(" Love"))
    assert done(draft, Found((0, 3)), ["(", 0, ")"]) == [(0, 0, [("(", BOLD)]), (3, 3, [(")", BOLD)])]


def test_what_a_teammate_writes_into_a_group_meanwhile_stays_in_it() -> None:
    draft = document(Span("12 EUR\n"))
    mate = MendedDocument.new(clock=lambda: 0)
    mate.apply_remote(draft.state())
    with mate.edit(Origin.LOCAL) as edit:
        edit.insert(mate.text().index("2"), "3")
    with draft.edit(Origin.LOCAL) as edit:
        replace_all(edit, list(replacements(draft, Found((0, 6), ((0, 2),)), ["€ ", 1])))
    draft.apply_remote(mate.state())
    assert "€ 132\n" in draft.text()


def with_history(random: random.Random) -> Document:
    """A draft of a few hundred words in some looks, in which two have written and deleted."""
    looks: list[Attributes] = [{}, {}, {}, {"bold": True}, {"insertion": "one"}, {"deletion": "two"}, {"ai": "three"}]
    draft, mate = document(), MendedDocument(clock=lambda: 0)
    for _ in range(60):
        writer, reader = random.sample((draft, mate), 2)
        with writer.edit(Origin.LOCAL, directly=True) as edit:
            at = random.choice([0, *(at + 1 for at, letter in enumerate(writer.text()) if letter in " \n")])
            word = random.choice(["cat ", "cat and dog ", "cats\n", "a cat\n", EMBED_CHARACTER, "c"])
            look = random.choice(looks)
            if word == EMBED_CHARACTER:
                edit.insert_embed(at, {"divider": True})
            elif "\n" in word and writer.text()[at - 1 : at] != " ":
                line = random.choice([{}, {"header": 1}, {"table": "row"}])
                row = {"table": "row"} if "table" in line else {}
                edit.insert_spans(at, [Span(word[:-1], {**look, **row}), Span("\n", line)])
            else:
                edit.insert(at, word.rstrip("\n"), look)
        if random.random() < 0.3:
            with writer.edit(Origin.LOCAL, directly=True) as edit:
                at = random.randrange(writer.length)
                edit.delete(at, min(random.randrange(4), writer.length - at))
        reader.apply_remote(writer.update_since(reader.state_vector()))
    draft.steps.forget()
    return draft


@pytest.mark.parametrize("seed", seeds(4))
@pytest.mark.parametrize("words", ["mouse", ""])
def test_thousands_of_places_are_replaced_at_once_as_they_would_be_one_by_one(
    words: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anchors, "FEW_RUNS", 0)
    draft = with_history(random.Random(seed))
    before, state, text = joined(draft.spans()), draft.state(), draft.text()
    found = [place for at in range(len(text)) for place in ((at, at + 3),) if text[at : at + 3] == "cat"]
    results = []
    for most in (1000, 0):
        monkeypatch.setattr(edits, "MOST_PLACES", most)
        one, mate = (MendedDocument(clock=lambda: 0, client_id=number) for number in (1, 2))
        for each in (one, mate):
            each.apply_update(state, Origin.STORAGE)
        for number, (start, _) in enumerate(found):
            with mate.edit(Origin.LOCAL, directly=True) as edit:
                edit.insert(start + number, "x")
        what = [each for place in found for each in replacements(one, Found(place), [words] if words else [])]
        with one.edit(Origin.LOCAL) as edit:
            end = replace_all(edit, what)
        assert joined(one.spans()) == joined(one.stored_spans())
        results.append((joined(one.spans()), end))
        one.undo()
        assert joined(one.spans()) == before
        one.redo()
        assert joined(one.spans()) == results[-1][0]
        for _ in range(2):  # what one puts right goes round before texts are compared
            meet(one, mate)
        assert joined(one.spans()) == joined(one.stored_spans()) == joined(mate.spans())
    assert results[0] == results[1]


def test_words_that_end_in_a_sign_of_two_units_are_replaced_many_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edits, "MOST_PLACES", 0)
    monkeypatch.setattr(anchors, "FEW_RUNS", 0)
    draft = document(*(span for _ in range(2) for span in (Span("cat🐈", BOLD), Span(" and "))))
    before = joined(draft.spans())
    with draft.edit(Origin.LOCAL) as edit:
        replace_all(edit, [each for at in (0, 10) for each in replacements(draft, Found((at, at + 5)), ["mouse"])])
    assert joined(draft.spans()) == joined(draft.stored_spans())
    assert draft.text() == "mouse and mouse and \n"
    draft.undo()
    assert joined(draft.spans()) == before


def test_what_comes_around_letters_beside_each_other_stands_in_its_order_where_there_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(edits, "MOST_PLACES", 0)
    monkeypatch.setattr(anchors, "FEW_RUNS", 0)
    draft = document(Span("aaaa"))
    with draft.edit(Origin.LOCAL) as edit:
        found = [Found((at, at + 1)) for at in range(4)]
        replace_all(edit, [each for place in found for each in replacements(draft, place, ["<", 0, ">"])])
    assert plain_text(draft.stored_spans()) == draft.text() == "<a><a><a><a>\n"


@given(st.lists(st.tuples(st.integers(0, 4), st.text("xy", max_size=5)), max_size=40))
def test_words_are_put_in_in_strides_as_they_would_be_one_after_the_other(steps):
    places = list(accumulate(gap for gap, _ in steps))
    text = wanted = "".join(chr(ord("a") + place % 20) for place in range(sum(gap for gap, _ in steps) + 3))
    for place, (_, words) in zip(reversed(places), reversed(steps), strict=True):
        wanted = wanted[:place] + words + wanted[place:]
    for number, at in in_strides(places, [len(words) for _, words in steps]):
        text = text[:at] + steps[number][1] + text[at:]
    assert text == wanted


def test_thousands_of_places_of_one_long_run_are_written_at_in_a_fraction_of_the_time():
    document = MendedDocument.new(clock=lambda: 0)
    line = "some words and the thing\n"
    places = [at * len(line) + 15 for at in range(3000)]

    def seconds(order: Iterable[tuple[int, int]]) -> float:
        with document.edit(Origin.LOCAL) as edit:
            edit.delete(0, document.length - 1)
            edit.insert(0, line * len(places))
        with document.edit(Origin.LOCAL) as edit:
            begun = process_time()
            for _, at in order:
                edit.insert(at, "that or ")
            return process_time() - begun

    assert seconds(in_strides(places, [8] * len(places))) < seconds(reversed(list(enumerate(places)))) / 2
    assert document.text() == line.replace("the ", "that or the ") * len(places) + "\n"
