"""Numbers, names and links, and whether another version of a text still has them."""

from __future__ import annotations

import re
import time

import pytest

from cowrite.assist.text.facts import changes_parts, facts_of, lost_facts, new_facts, repeated_facts

TEXT = (
    "Anna said that 1,200 euros came from NASA on 3 June, see https://example.org/a?b=1. "
    "Then Tom wrote to ada@example.org."
)


def test_a_text_names_numbers_names_and_links() -> None:
    facts = facts_of(TEXT)
    assert facts.numbers == {"1200", "3"}
    assert facts.names == {"Anna", "NASA", "June", "Tom"}
    assert facts.links == {"https://example.org/a?b=1", "ada@example.org"}


@pytest.mark.parametrize("some", ["a-", "a.", "a+"])
def test_a_long_word_of_many_parts_is_read_as_quickly_as_others(some: str) -> None:
    text = f"{some * 60_000} by ann@example.org"
    begun = time.process_time()
    assert facts_of(text).links == {"ann@example.org"}
    assert time.process_time() - begun < 20


def test_words_at_the_head_of_a_sentence_are_no_names_by_their_capital_alone() -> None:
    assert facts_of("The meeting is over. Deliveries are late. I'm tired.").names == frozenset()


@pytest.mark.parametrize(
    "sentence", ["Ada picked 12 apples.", "Ada gave them away.", "Ada’s dog barks.", "Ada says no."]
)
def test_whoever_does_something_at_the_head_of_a_sentence_is_a_name(sentence: str) -> None:
    assert facts_of(sentence).names == {"Ada"}


@pytest.mark.parametrize("sentence", ["Will says no.", "May asked for tea.", "Per took the boat.", "Will’s dog barks."])
def test_a_name_that_is_a_small_word_too_is_one_where_somebody_does_something(sentence: str) -> None:
    assert facts_of(sentence).names == {re.split(r"\W", sentence)[0]}


@pytest.mark.parametrize(
    "sentence", ["Members picked apples.", "Everybody gave some.", "It worked.", "Finally it rained."]
)
def test_several_and_anybody_are_none(sentence: str) -> None:
    assert facts_of(sentence).names == frozenset()


def test_whoever_gives_must_not_become_whoever_is_given_to() -> None:
    assert changes_parts("Ada gave half of it to the school.", "The school gave half of it to Ada.")
    assert not changes_parts("Ada gave half of it to the school.", "The school got half of it from Ben and Ada.")
    assert changes_parts("Émile gave it to Ada.", "Ada gave it to Émile.")
    assert not changes_parts("Ben gave Ada the book.", "Ada got the book from Ben.")
    assert not changes_parts("Ben gave it to Ada for Ben.", "It is for Ben.")
    assert not changes_parts("The price rose.", "For the price there was a rise.")


def test_nouns_of_a_language_that_writes_them_with_capitals_are_no_names() -> None:
    assert facts_of("Wir haben die Sitzung auf den Abend verlegt, und das Essen ist bei der NASA.").names == {"NASA"}


@pytest.mark.parametrize(
    ("after", "lost"),
    [
        (TEXT, ()),
        ("anna got 1200 euros from Nasa on 3 June: https://example.org/a?b=1, and tom told ada@example.org.", ()),
        (TEXT.replace("1,200", "1,300"), ("1200",)),
        (TEXT.replace("Anna", "She").replace("NASA", "there"), ("Anna", "NASA")),
        (TEXT.replace("https://example.org/a?b=1", "the page"), ("https://example.org/a?b=1",)),
        (TEXT.replace("3 June", "three days"), ("June",)),
    ],
)
def test_what_another_version_has_not_is_told_in_the_order_of_the_text(after: str, lost: tuple[str, ...]) -> None:
    assert sorted(lost_facts(TEXT, after)) == sorted(lost)


def test_a_number_may_be_said_in_a_word() -> None:
    assert lost_facts("They took 3 trains.", "They took three trains.") == ()
    assert new_facts("They took three trains.", "They took 3 trains.") == ()


def test_what_was_made_up_is_told() -> None:
    assert new_facts("The team met.", "The team met Bob on Friday at 9.") == ("Bob", "Friday", "9")
    assert new_facts("It takes a day.", "It takes one day.") == ()


@pytest.mark.parametrize(
    ("before", "after", "lost", "new"),
    [
        ("It holds four hundred litres.", "It holds two hundred litres.", ("four",), ("two",)),
        ("It holds four hundred litres.", "It holds 400 litres.", (), ()),
        ("It holds 400 litres.", "It holds four hundred litres.", (), ()),
        ("It costs two million euros.", "It costs two euros.", ("million",), ()),
        ("Fifteen years, twenty bikes.", "Years, bikes.", ("Fifteen", "twenty"), ()),
        ("A lot of bikes.", "Thousands of bikes.", (), ("Thousands",)),
        ("A dozen rolls, both windows.", "Twelve rolls, two windows.", (), ()),
        ("9" * 5000, "9" * 5000, (), ()),
    ],
)
def test_a_number_counts_in_words_too(before: str, after: str, lost: tuple[str, ...], new: tuple[str, ...]) -> None:
    assert (lost_facts(before, after), new_facts(before, after)) == (lost, new)


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        ("2,300 filters at 16:40", "2.300 Filter um 16.40 Uhr", ()),
        ("2,300 filters at 16:40", "2 300 filtres à 16h40", ()),
        ("It rose by 7.5 %.", "Es stieg um 7,5 %.", ()),
        ("It cost 391,600 euros.", "It cost 391,60 euros.", ("391600",)),
        ("on 9 May", "on 29 May", ("9",)),
        ("Could Priya take my place?", "Might Priya go?", ()),
        ("Die Bibliothek ist am Montag zu.", "Am Montag ist zu.", ()),
    ],
)
def test_numbers_are_known_as_other_languages_write_them_and_small_words_are_no_names(
    before: str, after: str, lost: tuple[str, ...]
) -> None:
    assert lost_facts(before, after) == lost


def test_what_is_said_again_and_again_is_told() -> None:
    assert repeated_facts("They meet on 3 June.", "They meet on 3 June, on 3 June.") != ()
    assert repeated_facts("They meet on 3 June.", "On 3 June they meet.") == ()
