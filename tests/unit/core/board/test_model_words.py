"""Which words of a note are the model's, whatever way the note came and whatever people made of it."""

from __future__ import annotations

import pytest

from cowrite.core.board.items import Hand, Note, Place
from cowrite.core.board.jottings import Jotting
from cowrite.core.board.model_words import words_of
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.brainstorm.ideas import Ideas
from cowrite.core.text.model_words import MOST_PARTS, letters_of_model

AT = Place(0, 0)


def marked(note: Note) -> str:
    return "".join(f"[{text}]" if is_of_model else text for text, is_of_model in words_of(note))


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        ("Herbs for all", "[Herbs for all]"),
        ("Herbs,  for\nall", "[Herbs],[ for all]"),
        ("For all: herbs", "For[ all]: herbs"),
        ("", ""),
        ("🙂 Herbs for all of us", "🙂[ Herbs for all] of us"),
    ],
)
def test_what_a_person_put_in_is_theirs_and_what_is_left_is_the_models(now: str, shown: str) -> None:
    assert marked(Note("", now, AT, hand=Hand.ADOPTED, model_text="Herbs for all")) == shown


def test_a_persons_note_is_theirs_and_of_the_models_of_which_no_more_is_known_all_is_the_models() -> None:
    assert marked(Note("", "Herbs for all", AT)) == "Herbs for all"
    assert marked(Note("", "Herbs for all", AT, hand=Hand.ADOPTED)) == "[Herbs for all]"


def test_what_somebody_writes_into_an_idea_of_the_models_that_came_in_with_a_list_is_theirs(
    brainstorm: Brainstorm,
) -> None:
    (id,) = Ideas(brainstorm).take_in([Jotting("Herbs for all", hand=Hand.ADOPTED)])
    brainstorm.change({id: {"text": "Herbs for us all"}})
    note = brainstorm.board.note(id)
    assert note is not None
    assert marked(note) == "[Herbs for] us[ all]"


def test_in_a_very_long_note_no_word_is_the_models_that_it_did_not_write() -> None:
    many = " ".join(f"word{number}" for number in range(MOST_PARTS + 1))
    note = Note("", f"Herbs {many} for us", AT, hand=Hand.ADOPTED, model_text="Herbs for all")
    assert marked(note) == f"[Herbs] {many}[ for] us"


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Herbs for us\n all", "xxxxxxxxx     xxx"),
        (" Herbs  for all ", " xxxxxxxxxxxxxx "),
        ("we", "  "),
        ("", ""),
    ],
)
def test_each_letter_of_a_text_is_the_models_or_a_persons_as_it_stands_there(text: str, letters: str) -> None:
    assert [*map(" x".index, letters)] == letters_of_model(text, "Herbs for all")
