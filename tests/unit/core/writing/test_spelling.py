"""Which words of a line are misspelt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.core.writing.spelling import misspelt

ENGLISH = frozenset(
    "the a is it end of color organize center traveled defense sense house don't can it's we want near in so said and "
    "he".split()
)
GERMAN = frozenset("das haus der haustür tür jahr versammlung haupt ein kosten rechnung stück ist".split())
FRENCH = frozenset("l'eau eau amie qu elle est lorsque coeur déjà".split())


def wrong(line: str, language: str = "en", words: frozenset[str] = ENGLISH) -> list[str]:
    return [line[first:last] for first, last in misspelt(line, language, words.__contains__)]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("the ende is neer", ["ende", "neer"]),
        ("Teh end. Of teh house", ["Teh", "teh"]),
        ("“Teh end”, he said", ["Teh"]),
        ("We want it don’t we, don't we", []),
        ("the house's end", []),
        ("the hosue's end", ["hosue's"]),
        ("said Ada in Zanzibar", []),
        ("Zanzibar is near", ["Zanzibar"]),
        ("the colour of the centre: we organise it and travelled", []),
        ("the defence of the sence", ["sence"]),
        ("HTML, cowriteServer and e.g. exmpl", ["exmpl"]),
        ("the app, etc.", []),
        ("thé cénter", []),
        ("the house\u00adhold’s col\u00ador", ["house\u00adhold’s"]),
        ("so e.g. Ada", []),
        ("see https://exmple.org/teh and mail ada@exmple.org or teh/ende v2beta a_b #teg 5pm", ["see", "mail", "or"]),
        ("the أهلا 你好世界 привет Élan", []),
        ("", []),
    ],
)
def test_what_is_no_word_of_the_language_and_no_name_is_misspelt(line: str, found: list[str]) -> None:
    assert wrong(line) == found


def test_german_nouns_count_and_compounds_are_words() -> None:
    line = "Das Jahreshauptversammlung der Stückkostenrechnung ist Hasu, das Haustürjahr xyz"
    assert wrong(line, "de", GERMAN) == ["Hasu", "xyz"]


def test_what_stands_before_an_apostrophe_is_a_word_of_its_own() -> None:
    assert wrong("l’eau qu’elle qu'amie l'eeau", "fr", FRENCH) == ["l'eeau"]
    assert wrong("lorsqu’elle lorsq'elle", "fr", FRENCH) == ["lorsq'elle"]


def test_ligatures_and_accents_that_stand_for_themselves_are_letters() -> None:
    assert wrong("cœur de\u0301ja\u0300 cœurr de\u0301j", "fr", FRENCH) == ["cœurr", "de\u0301j"]


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_is_longer_than_any_word_is_not_looked_up(language: str) -> None:
    looked_up: list[str] = []
    assert list(misspelt("q" * 200_000, language, looked_up.append)) == []
    assert not looked_up


@given(st.text(max_size=60), st.sampled_from(["en", "de", "nl", "fr"]))
def test_ranges_are_words_in_order(line: str, language: str) -> None:
    before = 0
    for first, last in misspelt(line, language, ENGLISH.__contains__):
        assert before <= first < last <= len(line)
        assert not any(letter.isspace() or letter.isdecimal() for letter in line[first:last])
        before = last
