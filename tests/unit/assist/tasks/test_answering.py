"""Questions about a draft, and answers with quotes."""

from __future__ import annotations

import re

import pytest

from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Completion, Generation, Model, Scores, Scoring
from cowrite.assist.tasks.answering import LEAST_GAIN, MOST_SENTENCES, NOT_FOUND, Asking, answer, given
from cowrite.assist.tasks.choosing import NOTHING
from cowrite.assist.tasks.outcomes import Answered
from cowrite.assist.text.guards import SMALL_NOTE, Unusable
from helpers.played_model import LARGE, SMALL, USAGE, PlayedModel, Reply, prompt_files, text_of, wrote

FILE = prompt_files()["ask"]
TEXT = (
    "🎬 Plan\n\nThe release has moved to 14 June. Anna tells the customers.\n\n"
    "The film is shown in Lyon. About 60 people are expected.\n"
)
QUESTION = "Where is the film shown?"


def asked(reply: Reply, text: str = TEXT, question: str = QUESTION, model: Model = SMALL) -> Answered:
    played = PlayedModel(reply, model=model)
    return played.carry_out(answer(model, StyleCard(), Asking(FILE, text, question)))


class Small:
    """A small model: sentences that have a word make the question likelier by some nats; then it writes."""

    def __init__(self, text: str, **gains: float) -> None:
        self.text = text
        self.gains = gains
        self.judged: list[str] = []

    def __call__(self, step: Generation | Scoring) -> Completion | Scores:
        if isinstance(step, Generation):
            return wrote(self.text)
        prompt = text_of(step.prompt)
        self.judged.append(prompt)
        gain = 0.0 if NOTHING in prompt else next((v for word, v in self.gains.items() if word in prompt), 0.0)
        return Scores((gain - 40.0,), (7,), USAGE)


def test_a_small_model_answers_from_the_sentences_that_it_finds_to_answer_the_question() -> None:
    found = asked(Small("In Lyon.", film=16, people=13, release=3))
    assert (found.text, found.is_found) == ("In Lyon.", True)
    assert [quote.text for quote in found.quotes] == ["The film is shown in Lyon.", "About 60 people are expected."]
    assert all(TEXT[quote.start : quote.end] == quote.text for quote in found.quotes)
    assert found.made.template.startswith("ask/small@")


def test_what_the_answer_rests_on_is_all_that_it_is_written_from() -> None:
    played = PlayedModel(Small("In Lyon.", film=16), model=SMALL)
    played.carry_out(answer(SMALL, StyleCard(), Asking(FILE, TEXT, QUESTION)))
    assert f'Text: "The film is shown in Lyon."\nQuestion: "{QUESTION}"\nAnswer:' in played.prompts[-1]


def test_a_sentence_that_begins_with_a_word_for_the_one_before_is_judged_and_quoted_with_it() -> None:
    text = "We plan a summer party for all. It will be on 14 June. Ben bakes."
    found = asked(Small("On 14 June.", June=16, plan=3), text=text)
    assert [quote.text for quote in found.quotes] == ["We plan a summer party for all. It will be on 14 June."]
    assert all(text[quote.start : quote.end] == quote.text for quote in found.quotes)


def test_quotes_do_not_overlap() -> None:
    text = "We plan a summer party. It will be on 14 June. They told everybody in May."
    found = asked(Small("On 14 June.", June=16), text=text)
    ends = [(quote.start, quote.end) for quote in found.quotes]
    assert len(ends) == 1


@pytest.mark.parametrize(
    ("reply", "model"),
    [
        (Small("On 14 June.", June=16), SMALL),
        ('On 14 June.\n\nQuotes:\n- "Party on 14 June at the lake."\n- “Party on 14 June at the lake.”', LARGE),
    ],
)
def test_what_stands_there_several_times_is_quoted_once(reply: Reply, model: Model) -> None:
    text = "Party on 14 June at the lake.\n\n" * 3 + "Ben bakes."
    found = asked(reply, text=text, question="When is the party?", model=model)
    said = [quote.text for quote in found.quotes]
    assert said.count("Party on 14 June at the lake.") == len(said) == 1


@pytest.mark.parametrize("model", [SMALL, LARGE])
def test_what_the_model_is_given_of_a_long_text_is_known(model: Model) -> None:
    text = "\n\n".join([*("The garden is green in May and in June. " * 30 for _ in range(200)), TEXT.strip()])
    read = given(model, Asking(FILE, text, QUESTION))
    assert all(text[piece.start : piece.end] == piece.text for piece in read)
    assert "The film is shown in Lyon." in "".join(piece.text for piece in read)
    assert sum(len(piece.text) for piece in read) < len(text) / 10
    assert "".join(piece.text for piece in given(LARGE, Asking(FILE, TEXT, QUESTION))) == TEXT.strip()


def test_where_no_sentence_answers_the_question_that_is_said() -> None:
    model = PlayedModel(Small("Blue.", film=LEAST_GAIN - 0.1))
    found = model.carry_out(answer(SMALL, StyleCard(), Asking(FILE, TEXT, "What colour is it?")))
    assert (found.text, found.is_found, found.quotes) == (NOT_FOUND, False, ())
    assert not any(isinstance(step, Generation) for step in model.steps)


@pytest.mark.parametrize(
    "made_up",
    [
        "In Paris.",
        "In Lyon, at 9.",
        "I'm sorry, but I cannot tell.",
        "",
        "Tom's house",
        "What is it?",
        "Where film shown.",
    ],
)
def test_an_answer_that_does_not_rest_on_the_quotes_gives_way_to_the_quote(made_up: str) -> None:
    found = asked(Small(made_up, film=16))
    assert (found.text, found.notes) == ("The film is shown in Lyon.", ())


BUILDS = "Ida builds the stands in May, and Tom brings the barrels."
MEETS = "The garden group is small, but it meets in the old town library."
LIST = "Ida, Ben, and Tom bring cake."


@pytest.mark.parametrize(
    ("text", "question", "said", "is_shown"),
    [
        (BUILDS, "Who builds the stands?", "Tom.", False),
        (BUILDS, "Who builds the stands?", "Ida.", True),
        (BUILDS, "When does Ida build the stands?", "In May.", True),
        (BUILDS, "Who paints?", "Tom.", True),  # no half says it better than the other
        (BUILDS.replace(", and", " and"), "Who builds the stands?", "Tom.", False),
        (BUILDS.replace(", and", ";"), "Who builds the stands?", "Tom.", False),
        (BUILDS.replace(", and", " –"), "Who builds the stands?", "Tom.", False),
        (BUILDS.replace(", and", ","), "Who builds the stands?", "Tom.", False),
        (BUILDS.replace("and", "while"), "Who builds the stands?", "Tom.", False),
        (LIST, "Who brings cake?", "Ida and Ben.", True),
        (MEETS, "Where does the garden group meet?", "In the old town library.", True),
        ("Ida and Tom build the stands.", "Who builds the stands?", "Ida.", True),
    ],
)
def test_who_stands_in_the_half_of_a_sentence_that_says_something_else_gives_way_to_the_quote(
    text: str, question: str, said: str, is_shown: bool
) -> None:
    reply = Small(said, **dict.fromkeys(("barrels", "cake", "group", "stands"), 16))
    assert asked(reply, text=text, question=question).text == (said if is_shown else text)


@pytest.mark.parametrize(
    ("question", "said", "is_shown"),
    [
        ("When does the shop open on Sundays?", "At eight on workdays.", False),
        ("When does the shop open on Sundays?", "At noon.", True),
        ("When does the shop open on workdays?", "At eight.", True),
        ("When does the shop open?", "At eight on workdays and at noon on Sundays.", True),
        ("When does the shop open?", "At eight.", True),
        ("When does the shop open?", "Then.", False),
    ],
)
def test_what_holds_of_another_part_of_a_sentence_gives_way_to_the_quote(
    question: str, said: str, is_shown: bool
) -> None:
    text = "Then the shop opens at eight on workdays and at noon on Sundays."
    assert asked(Small(said, shop=16), text=text, question=question).text == (said if is_shown else text)


def test_another_sentence_in_which_somebody_is_named_makes_nobody_the_right_one() -> None:
    text = f"{BUILDS} Tom has a blue van."
    assert asked(Small("Tom.", barrels=16, van=14), text=text, question="Who builds the stands?").text == BUILDS


def test_an_answer_may_stand_in_another_sentence_than_the_words_of_the_question() -> None:
    text = "We plan a summer party for all, and a concert. It will be on 14 June, and Ben bakes."
    found = asked(Small("On 14 June.", June=16, plan=3), text=text, question="When is the summer party?")
    assert found.text == "On 14 June."


def test_a_sentence_with_a_great_deal_of_white_space_is_answered_from() -> None:
    text = f"Ida builds the stands{' ' * 200_000}and Tom brings the barrels."
    assert asked(Small("Ida.", barrels=16), text=text, question="Who builds the stands?").text == "Ida."


def test_an_answer_in_a_small_models_own_words_comes_with_a_word_of_caution() -> None:
    assert asked(Small("In Lyon.", film=16)).notes == (SMALL_NOTE,)


def test_a_small_model_judges_only_the_likeliest_sentences_of_a_long_document() -> None:
    text = "\n\n".join(f"Sentence {number} is about the garden." for number in range(300)) + TEXT
    model = Small("In Lyon.", Lyon=16)
    found = asked(model, text)
    assert [quote.text for quote in found.quotes] == ["The film is shown in Lyon."]
    assert len(model.judged) <= MOST_SENTENCES + 1


def test_how_far_it_is_is_told() -> None:
    played = PlayedModel(Small("In Lyon.", film=16))
    played.carry_out(answer(SMALL, StyleCard(), Asking(FILE, TEXT, QUESTION)))
    assert [one.done for one in played.progress] == list(range(5))
    assert {one.total for one in played.progress} == {5}
    assert played.progress[1].doing == "Reading sentence 2 of 4"


LARGE_ANSWER = """In Lyon, before some 60 people.

Quotes:
- "The film is  shown in Lyon."
2. “Many people are expected.”
"""


def test_marks_of_markdown_about_answer_and_quotes_are_no_part_of_them() -> None:
    answer = "**Answer:** In **Lyon**.\n\n**Quotes:**\n- **“The film is shown in Lyon.”**\n"
    found = asked(answer, model=LARGE)
    assert (found.text, found.notes) == ("In Lyon.", ())
    assert [quote.text for quote in found.quotes] == ["The film is shown in Lyon."]


def test_a_large_models_quotes_are_shown_where_they_stand_and_others_are_not() -> None:
    found = asked(LARGE_ANSWER, model=LARGE)
    assert found.text == "In Lyon, before some 60 people."
    assert [(quote.text, quote.start) for quote in found.quotes] == [
        ("The film is shown in Lyon.", TEXT.index("The film"))
    ]
    assert found.notes == ()


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ('In Lyon.\n\nZitate:\n- "The film is shown in Lyon."', "In Lyon."),
        ("In Lyon.\n\n**Citations :**\n« The film is shown in Lyon. »", "In Lyon."),
        ("The film is shown in Lyon.", "The film is shown in Lyon."),
        ("In a town. The film is shown in Lyon.", "In a town. The film is shown in Lyon."),
        ("In Lyon: “The film is shown in Lyon.”", "In Lyon: “The film is shown in Lyon.”"),
    ],
)
def test_quotes_are_found_whatever_they_are_called_and_wherever_they_stand(answer: str, text: str) -> None:
    found = asked(answer, model=LARGE)
    assert found.text == text
    assert [quote.text for quote in found.quotes] == ["The film is shown in Lyon."]


def test_an_answer_without_a_quote_that_stands_says_so() -> None:
    found = asked('In Paris.\nQuotes:\n"It is in Paris, France."', model=LARGE)
    assert found.quotes == ()
    assert found.notes == ("The model gave no quote that stands in the document; check this answer.",)


@pytest.mark.parametrize("words", ["Not in the document.", "Steht nicht im Dokument.", "No está en el documento."])
def test_a_large_model_can_say_that_the_document_does_not(words: str) -> None:
    found = asked(words, model=LARGE)
    assert (found.text, found.is_found) == (NOT_FOUND, False)


def test_of_a_document_longer_than_the_context_a_large_model_gets_the_passages_that_matter() -> None:
    filler = "\n\n".join(f"Paragraph {number} is about the garden and its many flowers. " * 8 for number in range(200))
    played = PlayedModel(LARGE_ANSWER, model=LARGE)
    found = played.carry_out(answer(LARGE, StyleCard(), Asking(FILE, f"{filler}\n\n{TEXT}", QUESTION)))
    assert "The film is shown in Lyon." in played.prompts[0]
    assert len(played.prompts[0]) < LARGE.context * 4
    assert found.quotes[0].start == len(filler) + 2 + TEXT.index("The film")


@pytest.mark.parametrize(("text", "question"), [(TEXT, " ? "), (" \n", QUESTION)])
def test_there_must_be_a_question_and_a_text(text: str, question: str) -> None:
    with pytest.raises(Unusable):
        asked("x", text, question)


def test_an_empty_answer_is_refused() -> None:
    with pytest.raises(Unusable, match="no answer"):
        asked("\n", model=LARGE)


@pytest.mark.parametrize(
    ("text", "question", "told"),
    [
        (TEXT, "Wie viele kommen in die Stadt, und wer ist das?", "Write in German."),
        ("Der Film ist in der Stadt, und sechzig Leute sind da.", "Film?", "Write in German."),
        ("Der Film ist in der Stadt, und sechzig Leute sind da.", "Who is it that is in the town?", ""),
    ],
)
def test_a_large_model_is_told_the_language_of_the_question_and_else_of_the_text(
    text: str, question: str, told: str
) -> None:
    played = PlayedModel("Lyon", model=LARGE)
    played.carry_out(answer(LARGE, StyleCard(), Asking(FILE, text, question)))
    assert re.findall(r"Write in \w+\.", played.prompts[0]) == [told][: bool(told)]


def test_of_many_quotes_those_are_shown_that_the_answer_is_about() -> None:
    said = "Hello there to you.\nIt is late now.\nThe door is open.\nThe film is shown in Lyon.\nGoodbye to you all."
    answer = "The film is shown in Lyon, it is late and the door is open.\n\nQuotes:\n" + said
    found = asked(answer, said, model=LARGE)
    assert [quote.text for quote in found.quotes] == [
        "It is late now.",
        "The door is open.",
        "The film is shown in Lyon.",
    ]
