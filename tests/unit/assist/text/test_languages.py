"""In which language a text is."""

from __future__ import annotations

import pytest

from cowrite.assist.text.languages import in_language_of, is_in_another, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The ferry did not come at eight, and it was late when the horn sounded in the fog.", "English"),
        ("Wer in einer Stadt Rad fährt, lernt sie anders kennen als jemand, der nicht auf das Rad steigt.", "German"),
        ("Aufbau: ab 9 Uhr, jeder bringt etwas vom Haus\nAbbau: bis 21 Uhr", "German"),
        ("Malheureusement, nous ne pourrons pas livrer les chaises avant le 18 juin.", "French"),
        ("La abuela guardaba las cartas en una caja que estaba debajo de la cama.", "Spanish"),
        ("Il museo ha avuto più visitatori in estate, e per questo è rimasto aperto la sera.", "Italian"),
        ("O museu teve mais visitantes no verão, e por isso não fechou as portas.", "Portuguese"),
        ("Het museum had in de zomer meer bezoekers, en daarom bleef het open.", "Dutch"),
        ("Muzeum miało w lecie więcej gości niż w zimie i dlatego nie było zamknięte.", "Polish"),
        ("Мы не можем прийти завтра, потому что поезд опаздывает, и мы об этом сожалеем: были ошибки.", "Russian"),
        ("明日の会議には出席できません。", "Japanese"),
        ("我们明天不能来开会。", "Chinese"),
        ("Tom can't come", ""),
        ("| 410 € | 18 m² | 1 | 2 | 3 | 4 |", ""),
        ("", ""),
    ],
)
def test_a_language_is_told_by_its_script_or_its_smallest_words(text: str, language: str) -> None:
    assert language_of(text) == language
    assert in_language_of(text) == (f"Write in {language}." if language not in ("", "English") else "")


def test_only_what_is_surely_in_another_language_is() -> None:
    german, english = "Das ist nicht die Stadt, in der wir sind.", "This is not the town that we are in."
    assert is_in_another(english, german)
    assert not is_in_another(german, german)
    assert not is_in_another("Berlin, 14 March", german)
    assert not is_in_another(english, "Berlin, 14 March")


@pytest.mark.parametrize(
    ("text", "given", "is_other"),
    [
        ("Bänke in der Sonne.", "Wie wird das Warten angenehmer?", False),
        ("Benches", "Wie wird das Warten angenehmer?", False),  # too short to tell
        ("Пусть дети поют вместе.", "How can we sing together?", True),
        ("Organize a 比赛 for everybody.", "How can we sing together?", True),
        ("Let the children sing.", "Как нам петь вместе?", True),
        ("Пусть дети поют в Zoom.", "Как нам петь вместе?", False),
        ("The thread is 5 µm thick, and π stands for the ratio.", "It’s five microns thick.", False),
        ("Measure the angle in fractions of π.", "How do we teach π?", False),
    ],
)
def test_an_answer_in_another_script_is_in_another_language(text: str, given: str, is_other: bool) -> None:
    assert is_in_another(text, given) is is_other
