"""Ideas for a question: asked for through lenses, well formed, on the question, and far from each other."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cowrite.assist.prompts.lenses import PERSONA, load_lenses
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Chat, Completion, Encoding, Generation, Model, Scores, Scoring, Tier, Vectors
from cowrite.assist.tasks.expanding import NEUTRAL, TRIAL, Expanded, Expanding, expand
from cowrite.assist.text.guards import Unusable
from cowrite.assist.text.well_formed import idea_of
from cowrite.paths import resources
from helpers.played_model import LARGE, SMALL, USAGE, PlayedModel, text_of, wrote

UNTAUGHT = replace(SMALL, has_template=False)
NO_CARD = StyleCard()
LENSES = load_lenses(resources())
QUESTION = "How can the choir find younger singers?"
IDEAS = (
    "the school band play before every concert.",
    "a carpenter build a stage in the park.",
    "free cake on Fridays to whoever brings a friend.",
    "lessons by telephone for people on the islands.",
    "the robes and wear football shirts.",
)


class Ideas:
    """Writes ideas in turn; scores by words, and gives vectors that are the same where texts share their last word.

    Args:
        ideas: what it writes, after the opening.
        likelier: by how much the question makes a text likelier that has this word.
    """

    def __init__(self, *ideas: str, likelier: Mapping[str, float] | None = None) -> None:
        self._ideas = ideas
        self._likelier = likelier or {}
        self._turn = 0

    def __call__(self, step: Any) -> Completion | Scores | Vectors:
        if isinstance(step, Generation):
            self._turn += 1
            return wrote(" " + self._ideas[(self._turn - 1) % len(self._ideas)])
        if isinstance(step, Scoring):
            is_asked = NEUTRAL not in text_of(step.prompt)
            gains = [
                next((gain for word, gain in self._likelier.items() if word in text), 10.0) if is_asked else 0.0
                for text in step.candidates
            ]
            return Scores(tuple(-20 + gain for gain in gains), (10,) * len(gains), USAGE)
        assert isinstance(step, Encoding)
        places = (zlib.crc32(text.split()[-1].encode()) % 499 for text in step.texts)
        rows = ((0.5, *(0.866 * (place == each) for each in range(499))) for place in places)
        return Vectors(tuple(rows), USAGE)


def expanded(played: PlayedModel, model: Model = UNTAUGHT, card: StyleCard = NO_CARD, **fields: Any) -> Expanded:
    return played.carry_out(expand(model, card, Expanding(LENSES, **{"question": QUESTION, **fields})))


def generations(played: PlayedModel) -> list[Generation]:
    return [step for step in played.steps if isinstance(step, Generation)]


def test_each_judging_of_what_a_small_model_had_to_say_is_told_before_it_begins() -> None:
    played = PlayedModel(Ideas(*IDEAS))
    expanded(played)
    told = [now.doing for now in played.progress]
    assert told.count("Judging ideas") == sum(isinstance(step, Scoring) for step in played.steps) > 0


def test_three_ideas_come_each_through_another_lens_and_call() -> None:
    played = PlayedModel(Ideas(*IDEAS))
    found = expanded(played)
    assert len(found.ideas) == 3
    assert len({idea.lens.name for idea in found.ideas}) == 3
    assert len({idea.text for idea in found.ideas}) == 3
    prompts = [text_of(step.prompt) for step in generations(played)]
    assert len(set(prompts)) == len(prompts) >= 12
    assert all(QUESTION in prompt for prompt in prompts)
    assert len({step.sampling.seed for step in generations(played)}) == len(prompts)


def test_a_small_model_goes_on_with_the_words_of_the_lens() -> None:
    played = PlayedModel(Ideas(*IDEAS))
    found = expanded(played)
    openings = {opening for lens in LENSES.lenses for opening in lens.openings if PERSONA not in opening}
    assert any(found.ideas[0].text.startswith(opening) for opening in openings) or found.ideas[0].lens.name == "persona"
    assert all(step.prompt.parts for step in generations(played))  # type: ignore[union-attr]


@pytest.mark.parametrize("model", [UNTAUGHT, LARGE])
def test_the_style_card_is_in_every_prompt(model: Model) -> None:
    played = PlayedModel(Ideas(*IDEAS))
    expanded(played, model, StyleCard(tone="dry and exact"))
    prompts = [step.prompt for step in played.steps if isinstance(step, Generation | Scoring)]
    assert all("Tone: dry and exact." in text_of(prompt) for prompt in prompts)


@pytest.mark.parametrize("model", [UNTAUGHT, LARGE])
def test_an_idea_with_a_word_to_avoid_is_dropped(model: Model) -> None:
    played = PlayedModel(Ideas(*IDEAS))
    before = [idea.text for idea in expanded(played, model, count=9).ideas]
    word = before[0].split()[-1].rstrip(".")
    after = [idea.text for idea in expanded(played, model, StyleCard(avoid=(word,)), count=9).ideas]
    assert after
    assert not any(word in text for text in after)


@pytest.mark.parametrize("said", ["ped by the school with a band on wheels.", "’s sing at the school with a band."])
def test_an_opening_that_became_another_word_is_no_idea(said: str) -> None:
    def played(step: Any) -> Any:
        return wrote(said) if isinstance(step, Generation) else None

    with pytest.raises(Unusable):
        expanded(PlayedModel(played))


def test_an_idea_that_the_question_makes_no_likelier_is_dropped() -> None:
    played = PlayedModel(Ideas(*IDEAS, likelier={"cake": -5.0, "telephone": 30.0}))
    texts = [idea.text for idea in expanded(played, count=4).ideas]
    assert not any("cake" in text for text in texts)
    assert "telephone" in texts[0]


def test_what_is_much_like_something_that_is_there_or_was_chosen_is_dropped() -> None:
    there = ("Have the school band play before each concert",)
    for encoder in ("", "encoder.gguf"):
        played = PlayedModel(Ideas(IDEAS[0], IDEAS[1], IDEAS[1].replace("stage", "small stage")))
        if encoder:
            there = ("Any other concert.",)
        texts = [idea.text for idea in expanded(played, there=there, encoder=encoder, count=5).ideas]
        assert len(texts) == 1
        assert "carpenter" in texts[0]
        assert any(isinstance(step, Encoding) for step in played.steps) is bool(encoder)


def test_what_has_nothing_to_do_with_the_question_is_dropped_and_the_nearer_the_better() -> None:
    near = {QUESTION: (1, 0, 0), "concert.": (0.5, 0.866, 0), "park.": (0.1, 0, 0.995), "islands.": (0.9, 0, -0.436)}
    ideas = Ideas(IDEAS[0], IDEAS[1], IDEAS[3])

    def played(step: Any) -> Any:
        if not isinstance(step, Encoding):
            return ideas(step)
        return Vectors(tuple(near.get(text, near.get(text.split()[-1], (0, 0, 1))) for text in step.texts), USAGE)

    texts = [idea.text for idea in expanded(PlayedModel(played), encoder="encoder.gguf").ideas]
    assert ["islands" in texts[0], "concert" in texts[1], len(texts)] == [True, True, 2]


def test_what_is_there_is_made_into_vectors_once_however_often_it_asks() -> None:
    played = PlayedModel(Ideas(IDEAS[0], "and the and the"))
    expanded(played, there=("Posters at the school",), encoder="encoder.gguf")
    encoded = [text for step in played.steps if isinstance(step, Encoding) for text in step.texts]
    assert len(generations(played)) > 12
    assert encoded.count("Posters at the school") == 1


def test_it_asks_again_where_too_few_were_usable_and_gives_what_there_is() -> None:
    played = PlayedModel(Ideas("the the the the", IDEAS[2]))
    assert len(expanded(played).ideas) == 1
    assert len(generations(played)) > 12


def test_nothing_usable_is_said_plainly() -> None:
    with pytest.raises(Unusable, match="nothing usable"):
        expanded(PlayedModel(Ideas("and the and the")))
    with pytest.raises(Unusable, match="no question"):
        expanded(PlayedModel(Ideas(*IDEAS)), question="  ")


def test_the_smallest_models_have_no_ideas_for_what_is_asked_in_another_language() -> None:
    question = "Wie können wir das Warten auf den Bus angenehmer machen?"
    with pytest.raises(Unusable, match="not in English"):
        expanded(PlayedModel(Ideas(*IDEAS)), question=question)
    with pytest.raises(Unusable, match="not in English"):
        expanded(PlayedModel(Ideas(*IDEAS)), question="", note=question)
    assert expanded(PlayedModel("Benches in the sun."), LARGE, question=question, count=1).ideas


def test_a_large_model_is_asked_by_the_lens_and_told_what_is_there() -> None:
    whole = tuple(f"Maybe {idea}" for idea in IDEAS)
    played = PlayedModel(Ideas(*whole), model=LARGE)
    found = expanded(played, LARGE, there=("A poster at the school", "Singing in the bus"))
    prompts = [text_of(step.prompt) for step in generations(played)]
    assert len(found.ideas) == 3
    assert all(idea.text.startswith("Maybe") for idea in found.ideas)
    assert not any(isinstance(step, Scoring) for step in played.steps)
    for prompt in prompts:
        assert "- A poster at the school\n- Singing in the bus" in prompt
        assert any(lens.asks.split(PERSONA)[0] in prompt for lens in LENSES.lenses)
    assert f"- {whole[0][0]}{whole[0][1:]}" in prompts[1]


def test_what_a_model_has_read_of_a_full_board_it_need_not_read_again() -> None:
    there = tuple(f"Note number {number}" for number in range(40))
    played = PlayedModel(Ideas(*(f"Maybe {idea}" for idea in IDEAS)))
    expanded(played, LARGE, there=there)
    first, *others = [text_of(step.prompt) for step in generations(played)]
    last = "- Note number 39\n"
    head = first[: first.index(last) + len(last)]
    assert others
    assert all(other.startswith(head) for other in others)


def test_a_small_model_whose_first_ideas_answer_the_question_is_asked_in_conversation() -> None:
    played = PlayedModel(Ideas(*(f"Maybe {idea}" for idea in IDEAS)))
    found = expanded(played, SMALL)
    assert found.made.template.startswith("ideas/chat@")
    assert [idea.text[:5] for idea in found.ideas] == ["Maybe"] * 3
    assert all(isinstance(step.prompt, Chat) for step in generations(played))
    assert len(generations(played)) == TRIAL


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(Ideas("The answer to the question.", "Here it is:"), id="it gives no ideas"),
        pytest.param(Ideas(*IDEAS, likelier={"": 1.0}), id="the question makes them hardly likelier"),
        pytest.param(Ideas("one stage in the park."), id="it says one thing again and again"),
    ],
)
def test_a_small_model_that_cannot_converse_goes_on_with_words_and_what_it_said_is_forgotten(said: Ideas) -> None:
    going_on = Ideas("the bakers sing on the pier.", "lessons by telephone for the islands.")

    def played(step: Any) -> Any:
        is_chat = isinstance(step, Generation | Scoring) and isinstance(step.prompt, Chat)
        return (said if is_chat else going_on)(step)

    model = PlayedModel(played)
    found = expanded(model, SMALL)
    assert found.made.template.startswith("ideas/small@")
    told = [now.doing.partition(":")[0] for now in model.progress]
    looking = told.index("Looking for ideas")  # its steps are counted from one again
    assert "Trying out the model" in told[:looking]
    assert "Trying out the model" not in told[looking:]
    assert all("pier" in idea.text or "telephone" in idea.text for idea in found.ideas)


def test_what_is_there_already_is_no_sign_that_a_model_cannot_converse() -> None:
    whole = [f"Maybe {idea}" for idea in IDEAS]
    found = expanded(PlayedModel(Ideas(*whole)), SMALL, there=tuple(whole[:4]), count=1)
    assert [idea.text for idea in found.ideas] == whole[4:]


@pytest.mark.parametrize("wrong", ["Let the young people sing with the old people.", "Пусть дети поют вместе."])
def test_an_idea_in_another_language_than_the_question_is_dropped(wrong: str) -> None:
    question = "Wie können wir das Warten auf den Bus angenehmer machen?"
    right = "Bänke in der Sonne, von Schülern gebaut und bemalt."
    found = expanded(PlayedModel(Ideas(wrong, right)), LARGE, question=question, count=2)
    assert [idea.text for idea in found.ideas] == [right]


def test_a_model_that_converses_is_told_the_language_of_question_and_notes() -> None:
    played = PlayedModel(Ideas("Bänke in der Sonne.", "Ein Dach über der Haltestelle."), model=LARGE)
    there = ("Ein Dach für die Haltestelle", "Musik aus der Wand", "Wir singen mit dem Fahrer")
    expanded(played, LARGE, question="Bushaltestelle?", there=there, count=1)
    assert "\nWrite in German.\n" in text_of(generations(played)[0].prompt)


def test_what_can_only_go_on_with_english_words_says_so_of_another_language() -> None:
    with pytest.raises(Unusable, match="in English only"):
        expanded(
            PlayedModel(Ideas(*IDEAS)),
            replace(UNTAUGHT, parameters=500_000_000),
            question="Wie können wir das Warten auf den Bus angenehmer machen?",
        )


def test_a_note_is_gone_on_from() -> None:
    played = PlayedModel(Ideas(*IDEAS))
    expanded(played, note="A poster at the school.")
    prompt = text_of(generations(played)[0].prompt)
    assert f"{QUESTION} How could we go on from this idea: “A poster at the school”?" in prompt
    played = PlayedModel(Ideas(*IDEAS))
    expanded(played, LARGE, question="", note="Plakat in der Schule")
    prompt = text_of(generations(played)[0].prompt)
    assert "The idea to go on from: Plakat in der Schule\n" in prompt
    assert "How could we" not in prompt  # words of ours would be taken for the language that is wanted


def test_the_record_names_template_seed_and_everything_that_was_written() -> None:
    made = expanded(PlayedModel(Ideas(*IDEAS)), seed=7).made
    assert made.act == "idea"
    assert made.seed == 7
    assert made.template.startswith("ideas/small@")
    assert IDEAS[0] in made.raw
    assert made.usage.generated > 0


def test_looks_take_each_lens_before_one_comes_again_and_then_other_words() -> None:
    looks = LENSES.looks(3)
    first = [next(looks) for _ in LENSES.lenses]
    second = [next(looks) for _ in LENSES.lenses]
    assert len({look.lens.name for look in first}) == len(LENSES.lenses) >= 14
    assert [look.lens for look in first] == [look.lens for look in second]
    assert all(one.opening != other.opening for one, other in zip(first, second, strict=True))
    assert not any(PERSONA in look.asks + look.opening for look in first + second)
    assert [look.lens for look in first] != [look.lens for look, _ in zip(LENSES.looks(4), first, strict=False)]


def test_there_is_a_lens_for_every_w_and_verb_and_the_opposite() -> None:
    names = {lens.name for lens in LENSES.lenses}
    assert names >= {"who", "when", "where", "why"}
    assert names >= {"substitute", "combine", "adapt", "modify", "other-use", "leave-out", "reverse"}
    assert set(LENSES.templates) == set(Tier)


@pytest.mark.parametrize(
    ("raw", "idea"),
    [
        ("Let the school band play before every concert.", "Let the school band play before every concert."),
        ("1. Let the school band play outside. It is free.", "Let the school band play outside."),
        ("- sing on the bus to school", "Sing on the bus to school"),
        ("Idea: Sing on the bus to school.\nMore text", "Sing on the bus to school."),
        ("Sing on", ""),  # too short
        ("Sing on the bus to the", ""),  # broken off
        ("Sing " + " ".join(f"place{number}" for number in range(30)), ""),  # too long
        ("Find younger singers for the choir.", ""),  # the question again
        ("Bus bus bus and a bus stop with music.", ""),  # one word over and over
        ("Could we sing on the bus to school?", ""),  # a question
        ("1. **Sing** on the *bus* to school.", "Sing on the bus to school."),
        ("Sing ** on the bus to school.", ""),
        ('Sing "on the bus to school.', ""),
        ("I’m sorry, but I cannot sing on the bus.", ""),
        ("Here are some practical ideas that have worked for others", ""),  # of the template
        ("", ""),
        ("Sure! Here is one more idea:\n\n**Bus Choir**\n\nSing on the bus to school.", "Sing on the bus to school."),
        ("```\nSing `Bella ciao` on the bus to school.\n```", "Sing Bella ciao on the bus to school."),
        ("\N{PARTY POPPER} Sing on the bus to school \N{SPARKLES}", "Sing on the bus to school"),
        ("Eine weitere Idee: „Lesenacht“ mit der Schule.", "„Lesenacht“ mit der Schule."),
        ("Wir bieten die Bühne, die Noten und die Technik an.", "Wir bieten die Bühne, die Noten und die Technik an."),
        ("Inviter les parents, les voisins et les écoles.", "Inviter les parents, les voisins et les écoles."),
        ("स्कूल में बच्चों के साथ गाओ", "स्कूल में बच्चों के साथ गाओ"),
        (
            "学校の昼休みに小さな音楽会を開いて、友だちを連れてきてもらう。",
            "学校の昼休みに小さな音楽会を開いて、友だちを連れてきてもらう。",
        ),
    ],
)
def test_only_a_clean_phrase_or_sentence_is_an_idea(raw: str, idea: str) -> None:
    assert idea_of(raw, QUESTION, prompt=LENSES.templates[Tier.SMALL].prompt) == idea


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ('"The Echo"', "The Echo"),
        ("The Echo\n\nIt tells what people say.", "The Echo"),
        ("**The Echo**", "The Echo"),
        ("**School Newspaper**\n\nThe Echo", "The Echo"),
        ("Name", ""),  # the question’s own word
    ],
)
def test_a_name_is_an_idea_of_a_model_that_converses(raw: str, name: str) -> None:
    question = "A name for the school newspaper?"
    assert idea_of(raw, question, least=1) == name
    assert idea_of(raw, question) in ("", "It tells what people say.")
    if name:
        assert [each.text for each in expanded(PlayedModel(raw), LARGE, question=question).ideas] == [name]
