"""A person's style card and its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from cowrite.assist.prompts.style_card import (
    FEW_SAMPLES,
    MAX_FILE,
    MAX_SAMPLES,
    MAX_WORDS,
    BadStyleCard,
    StyleCard,
    read_style_card,
    style_card_text,
)
from cowrite.assist.requests import Tier

CARD = StyleCard("warm", "short sentences", "British", ("teammate",), ("utilise", "going forward"), ("I like rain.",))


def written(folder: Path, text: str) -> Path:
    path = folder / "style-card.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_card_is_read_as_it_was_written(tmp_path: Path) -> None:
    text = style_card_text(CARD)
    assert text.startswith("# Your style card.")
    assert read_style_card(written(tmp_path, text)) == CARD


def test_what_a_person_wrote_into_the_file_beside_it_stays(tmp_path: Path) -> None:
    before = '# mine\navoid = ["leverage"] # never\ntone = "dry"\n'
    text = style_card_text(StyleCard(tone="warm", avoid=("leverage",)), before)
    assert text.startswith("# mine\navoid = [")
    assert read_style_card(written(tmp_path, text)) == StyleCard(tone="warm", avoid=("leverage",))


def test_no_file_is_an_empty_card_and_says_nothing_in_a_prompt(tmp_path: Path) -> None:
    card = read_style_card(tmp_path / "none.toml")
    assert card == StyleCard()
    assert (card.before_text, card.for_tier(Tier.SMALL), card.for_tier(Tier.CHAT)) == ("", "", "")


def test_a_card_in_words_has_all_of_it_and_a_bounded_length() -> None:
    assert CARD.in_words == (
        "Tone: warm. Length: short sentences. Spelling: British. Words to use: teammate. "
        "Words to avoid: utilise, going forward."
    )
    assert CARD.own_words() == "I like rain.\n\n"
    assert CARD.before_text == f"{CARD.in_words}\n\nI like rain.\n\n"
    for tier in Tier:
        assert CARD.for_tier(tier) == f"{CARD.in_words}\nThey write like this: “I like rain.”"
    assert StyleCard(samples=("I like rain.",)).before_text == "I like rain.\n\n"
    long = StyleCard(tone="kind and " * 200, samples=("A sentence of mine. " * 100, "More of it. " * 100))
    assert 0 < len(long.in_words) <= MAX_WORDS + 10
    assert MAX_SAMPLES / 2 < len(long.own_words()) <= MAX_SAMPLES + 4
    assert long.own_words().endswith(".\n\n")
    few, many = (len(long.for_tier(tier)) for tier in Tier)
    assert FEW_SAMPLES / 2 < few - len(long.in_words) < FEW_SAMPLES + 40 < many - len(long.in_words)


def test_of_a_long_list_the_first_words_are_said_and_no_field_drives_another_out() -> None:
    card = StyleCard(tone="warm " * 90, avoid=tuple(f"word{number}" for number in range(40)))
    assert "Words to avoid: word0, word1, word2" in card.in_words
    assert "word39" not in card.in_words


@pytest.mark.parametrize("letter", ["語", "ช", "😀", "ж", "a "])
def test_a_card_in_any_script_leaves_most_of_a_small_context_to_the_draft(letter: str) -> None:
    card = StyleCard(tone=letter * 400, avoid=(letter * 9,) * 90, samples=(letter * 800,) * 3)
    assert len(card.before_text.encode()) < 2048
    assert card.own_words()
    assert letter.strip() in card.for_tier(Tier.SMALL)


def test_words_to_avoid_are_found_whole_and_in_any_case() -> None:
    assert CARD.avoided_in("Utilise it, going\nforward.") == ("utilise", "going forward")
    assert CARD.avoided_in("We utilised it on going forwards.") == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("tone", "it is not TOML"),
        ("tone = 1", "“tone” must be a text"),
        ('avoid = "utilise"', "“avoid” must be a list of texts"),
        ('voice = "warm"', "“voice” is not known"),
        ("#" * (MAX_FILE + 1), "it is larger than 64 kB"),
    ],
)
def test_what_is_wrong_with_a_card_is_one_sentence(text: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(BadStyleCard) as caught:
        read_style_card(written(tmp_path, text))
    assert sentence in str(caught.value)
    assert "style-card.toml” cannot be used" in str(caught.value)


def test_a_card_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "style-card.toml"
    path.write_bytes(b"tone = '\xff'")
    with pytest.raises(BadStyleCard, match="it is not UTF-8"):
        read_style_card(path)


def test_of_what_a_card_does_not_change_nothing_is_written_anew(tmp_path: Path) -> None:
    before = 'samples = [\n  "One.", # mine\n  "Two.",\n]\ntone = "dry"\n'
    text = style_card_text(StyleCard(tone="warm", samples=("One.", "Two.")), before)
    assert text.startswith(before.replace("dry", "warm"))
