"""Which changes look like corrections."""

from __future__ import annotations

import pytest

from cowrite.assist.requests import Scores
from cowrite.assist.tasks.correcting import CONFUSED, LOOSE, NAME, NEVER, SPELLING, SURE, corrected, margin
from cowrite.assist.tasks.outcomes import Tally
from cowrite.assist.text.difference import smallest_difference
from helpers.played_model import SMALL, USAGE, prompt_files


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("We recieved it.", "We received it."),
        ("He go home.", "He goes home."),
        ("I am here", "I am here."),
        ("i am here", "I am here"),
        ("They is here.", "They are here."),
        ("He isnt here.", "He isn't here."),
        ("I went home last weak.", "I went home last week."),
        ("We wait here.", "We wait, here."),
    ],
)
def test_spelling_endings_confused_words_capitals_and_signs_are_corrected(old: str, new: str) -> None:
    changes = smallest_difference(old, new)
    assert changes
    assert all(margin(change, old) <= SPELLING for change in changes)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("We met in Lyon.", "We met in Paris."),
        ("It costs 300 euros.", "It costs 400 euros."),
        ("He is here.", "He is not here."),
        ("We recieved the large box.", "We recieved the box."),
        ("We wait.", "We wait patiently."),
        ("The parents' council pays.", "The parents council pays."),
        ("He stays, because he must.", "He stays, which he must."),
        ("They could also wait.", "They could wait."),
        ("However, we wait.", "We wait."),
        ("It was decided.", "It is decided."),
        ("See rooms 3 3 and 4.", "See rooms 3 and 4."),
        ("What I had had was a cold.", "What I had was a cold."),
        ("It is very very late.", "It is very late."),
        ('The word "the the" is wrong.', 'The word "the" is wrong.'),
        ("-- he was late.", ", he was late."),
        ("He said “no”.", "He said no."),
        ("It costs $ 5.", "It costs 5."),
        ("See http://example.org/recieve now.", "See http://example.org/receive now."),
        ("* see the room", "See the room"),
        ("- he comes", "We he comes"),
        ("It is possible.", "It is impossible."),
        ("It is likely.", "It is unlikely."),
        ("Prices increase.", "Prices decrease."),
        ("It includes tea.", "It excludes tea."),
        ("It was a million.", "It was a billion."),
        ("Ben is here.", "ben is here."),
    ],
)
def test_other_words_tenses_numbers_addresses_and_denials_are_not(old: str, new: str) -> None:
    assert any(margin(change, old) == NEVER for change in smallest_difference(old, new))


@pytest.mark.parametrize(
    ("old", "new", "needed"),
    [
        ("the end", "The end", SURE),
        ("so am i", "so am I", SURE),
        ("The end", "The end.", SURE),
        ("The the end.", "The end.", SURE),
        ("A end.", "An end.", CONFUSED),
        ("It helps alot.", "It helps a lot.", CONFUSED),
        ("We met in Monday.", "We met on Monday.", LOOSE),
        ("We go to home.", "We go home.", LOOSE),
        ("She is teacher.", "She is a teacher.", SPELLING),
        ("He works hard.", "He works hardly.", LOOSE),
        ("We met Jon there.", "We met John there.", NAME),
        ("We met on Wensday.", "We met on Wednesday.", NAME),
        ("The room wich we saw.", "The room which we saw.", SPELLING),
        ("We saw hwich it was.", "We saw which it was.", CONFUSED),
        ("She dont like it.", "She doesn't like it.", CONFUSED),
        ("He cant come.", "He can't come.", CONFUSED),
        ("He come home.", "He comes home.", CONFUSED),
    ],
)
def test_the_less_a_change_looks_like_a_correction_the_likelier_the_sentence_must_become(
    old: str, new: str, needed: float
) -> None:
    assert [margin(change, old) for change in smallest_difference(old, new)] == [needed]


def test_of_two_corrections_of_the_same_words_the_likelier_one_is_made() -> None:
    template = prompt_files()["rewrite-correct"].template(SMALL.tier)
    carried_out = corrected(template, "", "We recieve it.", ["We receive it.", "We received it."], Tally())
    next(carried_out)
    with pytest.raises(StopIteration) as ended:
        carried_out.send(Scores((-30.0, -10.0, -5.0), (1, 1, 1), USAGE))
    assert ended.value.value == "We received it."
