"""Suggestions at the caret: what is asked, and what of it is shown."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Completing, Generation, Lane, Token, Window
from cowrite.assist.tasks.continuing import (
    MAX_TOKENS,
    MOST_LETTERS,
    Continuing,
    Place,
    Suggestion,
    agreeing,
    repeats,
    suggest,
)
from cowrite.assist.text.confidence import confident_part
from helpers.played_model import PlayedModel, Reply, prompt_files, text_of, wrote

BEFORE = "We met on Monday.\nThe team decided to "
EMPTY = StyleCard()
FILE = prompt_files()["continue"]


def suggested(reply: Reply, before: str = BEFORE, card: StyleCard = EMPTY, **more: object) -> Suggestion:
    model = PlayedModel(reply)
    return model.carry_out(suggest(model.model, card, Continuing(FILE, before, **more)))  # type: ignore[arg-type]


def test_the_model_is_asked_for_one_sentence_behind_the_caret_with_probabilities() -> None:
    model = PlayedModel(wrote(" wait", 0.9))
    model.carry_out(suggest(model.model, StyleCard(), Continuing(FILE, BEFORE)))
    (step,) = model.steps
    assert isinstance(step, Generation)
    assert step.prompt == Completing((Window(("We met on Monday.\n", "The team decided to")),))
    assert (step.lane, step.max_tokens, step.scored) == (Lane.GHOST, MAX_TOKENS, True)
    assert step.stop_after
    assert not step.is_shown


def test_what_the_model_is_sure_of_is_shown() -> None:
    found = suggested(wrote(" wait for the next release", 0.9, 0.9, 0.8, 0.2, 0.9), threshold=0.5)
    assert found.text == "wait for the"
    assert found.written.made.template.startswith("continue/small@")


def test_marks_of_markdown_are_suggested_only_to_who_writes_with_them() -> None:
    reply = wrote(" in the **red** raised beds", *[0.9] * 5)
    assert suggested(reply, threshold=0.0).text == "in the red raised beds"
    assert suggested(reply, f"**Tip:** {BEFORE}", threshold=0.0).text == "in the **red** raised beds"


def test_what_it_is_not_sure_of_is_not_shown_unless_one_asks_for_all() -> None:
    unsure = wrote(" wait for it", 0.1, 0.9, 0.9)
    assert suggested(unsure).text == ""
    assert suggested(unsure, threshold=0.0).text == "wait for it"


def test_a_space_at_the_caret_is_kept_from_the_model_and_not_shown_twice() -> None:
    assert suggested(wrote(" wait", 0.9), BEFORE).text == "wait"
    assert suggested(wrote("wait", 0.9), BEFORE).text == "wait"


def test_a_word_that_is_half_typed_is_taken_back_and_what_is_written_must_begin_with_it() -> None:
    model = PlayedModel(wrote(" wait for", 0.001, 0.9))
    found = model.carry_out(suggest(model.model, StyleCard(), Continuing(FILE, BEFORE + "wa", threshold=0.0)))
    assert model.prompts == [BEFORE.rstrip()]
    assert found.text == "it for"
    model = PlayedModel(wrote(" go on", 0.9, 0.9), wrote("gon", 0.9))
    assert model.carry_out(suggest(model.model, StyleCard(), Continuing(FILE, BEFORE + "wa"))).text == ""


def test_behind_a_whole_word_the_next_one_is_suggested_even_if_the_model_would_have_written_another() -> None:
    model = PlayedModel(wrote(" go", 0.9), wrote(" quietly for it", 0.9, 0.9, 0.9))
    found = model.carry_out(suggest(model.model, EMPTY, Continuing(FILE, BEFORE + "wait")))
    assert model.prompts == [BEFORE.rstrip(), BEFORE + "wait"]
    assert found.text == " quietly for it"
    model = PlayedModel(wrote(" go", 0.9), wrote("ress", 0.9))
    assert model.carry_out(suggest(model.model, EMPTY, Continuing(FILE, BEFORE + "wait"))).text == ""


@pytest.mark.parametrize(
    ("before", "written", "ends"),
    [("to wa", " go", True), ("to wa", " wo", True), ("to wa", " w", False), ("to wa", " wait", False)],
)
def test_the_model_is_stopped_as_soon_as_it_contradicts_what_is_typed(before: str, written: str, ends: bool) -> None:
    assert bool(re.match(Place.of(before)[0].contradiction, written)) is ends


def test_a_token_that_is_typed_already_counts_as_certain() -> None:
    tokens = (Token(" wa", 0.01), Token("it", 0.9), Token(" here", 0.1))
    assert confident_part(tokens, 0.89, begun=" wa") == " wait"


def test_only_whole_words_are_shown() -> None:
    tokens = (Token(" re", 0.9), Token("lease", 0.3), Token(" now", 0.9))
    assert confident_part(tokens, 0.5) == ""
    assert confident_part(tokens, 0.2) == " release now"
    assert confident_part((Token("我", 0.9), Token("們", 0.9), Token("去", 0.1)), 0.5) == "我們"


@pytest.mark.parametrize(
    ("before", "new"),
    [
        ("to wait for the release to", " wait for the release"),
        ("We wait and wait and", " wait and wait and wait"),
        ("The team. The team. The team", " The team. The team. The team."),
        ("to wait", " wait"),
    ],
)
def test_what_says_again_what_stands_before_is_no_suggestion(before: str, new: str) -> None:
    assert repeats(before, new)


@pytest.mark.parametrize(("before", "new"), [("to wait for the", " release of the"), ("The team and the", " team")])
def test_a_word_may_come_again_in_another_phrase(before: str, new: str) -> None:
    assert not repeats(before, new)


def test_nothing_is_asked_in_an_empty_document_or_within_a_word() -> None:
    for before, after in [("", ""), (" \n", ""), (BEFORE + "wa", "it")]:
        model = PlayedModel(wrote(" x", 0.9))
        found = model.carry_out(suggest(model.model, StyleCard(), Continuing(FILE, before, after=after)))
        assert found.text == ""
        assert model.steps == []


@pytest.mark.parametrize(
    ("before", "written", "shown"),
    [
        ("We met.", "Then", " Then"),
        ("We met.", " Then", " Then"),
        ("So,", "we wait", " we wait"),
        ("(", "we wait", "we wait"),
        ("At 3.", "5 metres", "5 metres"),
        ("我們見面，", "去吧", "去吧"),
    ],
)
def test_words_of_a_server_that_cuts_off_their_spaces_are_not_glued_to_what_is_before(before, written, shown) -> None:
    model = PlayedModel(wrote(written, *[0.9] * len(written.split())))
    elsewhere = replace(model.model, place="models.example.org")
    assert model.carry_out(suggest(elsewhere, EMPTY, Continuing(FILE, f"Ada. {before}"))).text == shown


def test_it_is_known_whether_a_model_says_how_sure_it_is() -> None:
    assert suggested(wrote(" wait", 0.9)).is_rated
    silent = suggested(replace(wrote(" wait", 0.9), tokens=(Token(" wait", None),)))
    assert (silent.text, silent.is_rated) == ("wait", False)


def test_what_stands_behind_the_caret_already_is_not_suggested() -> None:
    assert suggested(wrote(" wait for it", 0.9, 0.9, 0.9), after=" wait for it now.").text == ""


def test_words_that_the_style_card_avoids_are_not_suggested() -> None:
    card = StyleCard(avoid=("utilise",), samples=("I write like this.",))
    assert suggested(wrote(" utilise it", 0.9, 0.9), card=card).text == ""
    model = PlayedModel(wrote(" use it", 0.9, 0.9))
    model.carry_out(suggest(model.model, card, Continuing(FILE, BEFORE)))
    assert model.prompts == ["Words to avoid: utilise.\n\nI write like this.\n\n" + BEFORE.rstrip()]


def test_another_seed_draws_another_suggestion() -> None:
    model = PlayedModel(wrote(" wait", 0.9))
    for seed in (0, 7):
        model.carry_out(suggest(model.model, StyleCard(), Continuing(FILE, BEFORE, seed)))
    first, second = (step.sampling for step in model.steps if isinstance(step, Generation))
    assert first.temperature == 0
    assert second.temperature > 0
    assert second.seed == 7


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\ufffd"])
def test_what_is_no_text_is_not_suggested(sign: str) -> None:
    assert suggested(wrote(f" wait for {sign} it", 0.9, 0.9, 0.9, 0.9)).text == ""


def test_a_suggestion_ends_with_its_line() -> None:
    assert suggested(wrote(" wait.\nAnd then", 0.9, 0.9), threshold=0.0).text == "wait."


@pytest.mark.parametrize(
    ("begun", "written", "left"),
    [
        ("", " on", " on"),
        (" ", " on", "on"),
        (" ", "on", "on"),
        (" wa", " wait", "it"),
        (" wa", " was", "s"),
        ("wa", "wait", "it"),
        ("wa", " wait", None),
        (" wa", " go", None),
        (" we’", " we’ll", "ll"),
        ("\u00a0", " on", "on"),
    ],
)
def test_what_agrees_with_what_is_typed_is_what_is_left_of_it(begun: str, written: str, left: str | None) -> None:
    assert agreeing(Place("Go", begun), written) == left


def test_the_prompt_is_a_window_so_that_a_long_document_gives_way_at_its_beginning() -> None:
    model = PlayedModel(wrote(" on", 0.9))
    long = "Line.\n" * 5000 + "The end goes,"
    model.carry_out(suggest(model.model, StyleCard(), Continuing(FILE, long)))
    (step,) = model.steps
    assert isinstance(step, Generation)
    assert isinstance(step.prompt, Completing)
    (window,) = step.prompt.parts
    assert isinstance(window, Window)
    assert window.keep == "end"
    assert text_of(step.prompt) == long


@pytest.mark.parametrize("key", ["x" * 200_000, "x-" * 100_000])
def test_a_key_of_many_letters_before_the_caret_is_looked_at_once(key: str) -> None:
    healed, _ = Place.of(f"The key is {key} and it fi")  # or this would take minutes
    assert (healed.prompt[-4:], healed.begun) == ("d it", " fi")
    assert all(len(place.begun) <= MOST_LETTERS for place in Place.of(f"The key is {key}"))
