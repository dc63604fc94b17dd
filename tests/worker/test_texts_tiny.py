"""Failure modes 12 to 14 of language models in writing tools, and what else holds of texts, on tiny models.

The weights are random: what is compared is whether the same comes of the same, not what it says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cowrite.assist.requests import Completing, Ending, Generation, Lane, Sampling, Scaffold, Window, Words
from cowrite.worker.work import Failure, Settings

Tiny = Callable[..., Path]
Seat = Callable[..., Any]

SEA = "the sea and the rain were heard in the inner harbour all night "

# 12: texts that follow a grammar


@pytest.mark.parametrize("sampling", [Sampling(), Sampling(0.9, seed=7), Sampling(0.9, repeat_penalty=1.3)])
def test_12_a_text_follows_its_grammar(seat: Seat, tiny: Tiny, sampling: Sampling) -> None:
    engine = seat(tiny())
    for seed in range(3):
        completion = engine.go_on(
            SEA * 10, tokens=200, grammar="ideas", sampling=replace(sampling, seed=sampling.seed + seed)
        )
        if completion.ending is Ending.STOP:
            ideas = json.loads(completion.text)
            assert 1 <= len(ideas) <= 8
            assert all(isinstance(idea, str) for idea in ideas)
        assert completion.text.startswith("[")


def test_12_what_is_cut_at_its_length_is_given_back_as_far_as_it_goes(seat: Seat, tiny: Tiny) -> None:
    completion = seat(tiny()).go_on(SEA, tokens=3, grammar="ideas")
    assert completion.ending is Ending.LENGTH
    assert completion.text.startswith('["')


def test_12_a_grammar_that_ends_ends_the_text(seat: Seat, tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    from cowrite.worker import generating

    monkeypatch.setattr(generating, "source_of", lambda name: 'root ::= "yes" | "no" | "é🦉"')
    completion = seat(tiny()).go_on(SEA, tokens=50, grammar="answer")
    assert completion.ending is Ending.STOP
    assert completion.text in ("yes", "no", "é🦉")


def test_12_a_grammar_of_characters_that_take_several_tokens_is_followed(
    seat: Seat, tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cowrite.worker import generating

    monkeypatch.setattr(generating, "source_of", lambda name: 'root ::= "é🦉中"')
    completion = seat(tiny()).go_on(SEA, tokens=50, grammar="answer")
    assert (completion.text, completion.ending) == ("é🦉中", Ending.STOP)


def test_12_a_text_follows_its_grammar_after_two_thousand_tokens(
    seat: Seat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cowrite.worker import generating
    from helpers.tiny_models import tiny_model

    monkeypatch.setattr(generating, "source_of", lambda name: r'root ::= "[" ([0-9] ","){9} [0-9] "]"')
    engine = seat(tiny_model(tmp_path / "tiny.gguf", trained=4096))
    for sampling in (Sampling(), Sampling(0.9, seed=7, repeat_penalty=1.3)):
        completion = engine.go_on(SEA * 40, tokens=50, grammar="answer", sampling=sampling)
        assert completion.usage.prompt_tokens > 2000
        assert completion.ending is Ending.STOP
        assert len(json.loads(completion.text)) == 10


@pytest.mark.parametrize("name", ["nothing", "../ideas", "Ideas", ""])
def test_12_only_grammars_that_cowrite_comes_with_are_used(seat: Seat, tiny: Tiny, name: str) -> None:
    if name:
        with pytest.raises(Failure, match="no grammar") as refused:
            seat(tiny()).go_on(SEA, grammar=name)
        assert refused.value.code == "grammar"


def test_12_a_grammar_that_llama_cpp_does_not_understand_is_a_failure(
    seat: Seat, tiny: Tiny, caplog: pytest.LogCaptureFixture
) -> None:
    from cowrite.worker.grammar import Grammar

    with pytest.raises(Failure, match="does not understand this grammar"):
        Grammar(seat(tiny()).engine.weights.vocabulary, 'root ::= "a')
    caplog.clear()


# 13: looking ahead


@pytest.mark.parametrize(
    ("kind", "prompt"),
    [("plain", "and " * 100), ("plain", "all " * 100), ("window", SEA * 5), ("hybrid", "inner " * 66)],
)
def test_13_with_and_without_looking_ahead_the_text_is_the_same(
    seat: Seat, tiny: Tiny, monkeypatch: pytest.MonkeyPatch, kind: str, prompt: str
) -> None:
    """The prompts are more than two batches long, and such that the model repeats itself. It looks ahead here also
    where tokens come out a little different together (`LaneContext.is_even`): these models are sure of each."""
    from cowrite.worker.lane import LaneContext

    looked: list[int] = []
    look_ahead = LaneContext.look_ahead

    def counted(lane: LaneContext, tokens: Sequence[int]) -> None:
        looked.append(len(tokens))
        look_ahead(lane, tokens)

    monkeypatch.setattr(LaneContext, "look_ahead", counted)
    monkeypatch.setattr(LaneContext, "is_even", lambda lane, tokens: True)
    plain = seat(tiny(kind), Settings(threads=1, batch=64)).go_on(prompt, tokens=120)
    assert looked == []
    engine = seat(tiny(kind), Settings(threads=1, batch=64))
    ahead = engine.go_on(prompt, tokens=120, is_copying=True)
    assert bool(looked) is engine.loaded.model.rewinds, "it looks ahead where it can go back"
    assert ahead.text == plain.text
    assert ahead.usage.generated == plain.usage.generated
    assert ahead.ending is plain.ending
    assert engine.go_on(prompt, tokens=120).text == plain.text, "the lane is sound afterwards"


# 14: several at once


def test_14_a_seed_gives_the_same_text_whatever_was_asked_between(seat: Seat, tiny: Tiny) -> None:
    engine = seat(tiny())
    lanes = (Lane.GHOST, Lane.PANEL, Lane.BACKGROUND)
    sampling = Sampling(1.0, seed=11)
    expected = {lane: engine.go_on(SEA + lane, lane=lane, sampling=sampling).text for lane in lanes}
    assert len(set(expected.values())) == 3
    for number in range(200):
        lane = lanes[number * 7 % 3]
        assert engine.go_on(SEA + lane, lane=lane, sampling=sampling).text == expected[lane]


def test_other_seeds_give_other_texts(seat: Seat, tiny: Tiny) -> None:
    engine = seat(tiny())
    texts = {engine.go_on(SEA, sampling=Sampling(1.0, seed=seed)).text for seed in range(5)}
    assert len(texts) == 5


def test_repeated_tokens_become_less_likely(seat: Seat, tiny: Tiny) -> None:
    from cowrite.worker.sampler import Sampler

    vocabulary = seat(tiny()).engine.weights.vocabulary
    row = np.full(vocabulary.size, -5.0, np.float32)
    row[[20, 21]] = 2.0, 1.5
    for temperature in (0.0, 0.01):
        draws = []
        for penalty in (1.0, 2.0):
            sampler = Sampler(vocabulary, Sampling(temperature, repeat_penalty=penalty), None, [9] * 100 + [20])
            draws.append(sampler.draw(row))
            sampler.close()
        assert draws == [20, 21]


def test_pieces_longer_than_32_bytes_come_back(seat: Seat, tiny: Tiny) -> None:
    vocabulary = seat(tiny()).engine.weights.vocabulary
    dashes = "-" * 48
    tokens = vocabulary.words(dashes)
    assert len(tokens) < 48
    assert b"".join(map(vocabulary.piece, tokens)).decode() == dashes


def test_words_are_joined_without_spaces_of_the_vocabularys_own(seat: Seat, tiny: Tiny) -> None:
    engine = seat(tiny())
    engine.go_on(Completing((Scaffold("the"), Words("sea"), Window(("a\n", "b\n")))), tokens=1)
    vocabulary = engine.engine.weights.vocabulary
    read = engine.engine.lane(Lane.PANEL, engine.cancellation).tokens
    assert b"".join(map(vocabulary.piece, read)).decode() == " theseaa\nb\n"


def test_empty_lines_stay_also_where_several_breaks_are_one_token(library: None, tmp_path: Path) -> None:
    """As with Gemma, whose vocabulary puts no space before a text."""
    import llama_cpp.llama_cpp as llama

    from cowrite.worker.vocabulary import Vocabulary
    from helpers.tiny_models import tiny_vocabulary

    parameters = llama.llama_model_default_params()
    parameters.vocab_only = True
    for puts_space in (False, True):
        file = tiny_vocabulary(tmp_path / f"{puts_space}.gguf", "\n\n\n", "\n\n", puts_space=puts_space)
        model = llama.llama_model_load_from_file(str(file).encode(), parameters)
        vocabulary = Vocabulary(model)
        for text in ("\n", "\n\nin", "in\n\n", "a"):
            for read in (vocabulary.words, vocabulary.scaffold):
                assert b"".join(map(vocabulary.piece, read(text))).decode() == text
        llama.llama_model_free(model)


def test_a_generation_of_no_tokens_reads_its_prompt(seat: Seat, tiny: Tiny) -> None:
    engine = seat(tiny())
    warmed = engine.go_on(SEA, tokens=0)
    assert (warmed.text, warmed.ending, warmed.usage.seconds_to_first_token) == ("", Ending.LENGTH, None)
    assert engine.go_on(SEA).usage.evaluated == 2


def test_two_windows_in_a_prompt_are_a_mistake(seat: Seat, tiny: Tiny) -> None:
    with pytest.raises(Failure, match="more than one window"):
        seat(tiny()).go_on(Completing((Window(("a",)), Window(("b",)))))


def test_the_engine_without_a_model_says_so(seat: Seat) -> None:
    engine = seat()
    with pytest.raises(Failure, match="No model is loaded"):
        engine.generate(Generation(Lane.PANEL, Completing((Words("x"),)), 1))
    engine.engine.unload()
