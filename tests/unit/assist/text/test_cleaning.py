"""What is taken from an answer before a person sees it."""

from __future__ import annotations

import pytest

from cowrite.assist.text.cleaning import cleaned, unmarked


@pytest.mark.parametrize(
    ("raw", "given", "text"),
    [
        (' The disk is full." ', "", "The disk is full."),
        ("New: “The disk is full.”", "", "The disk is full."),
        ("Sure, here is the text:\nThe disk is full.", "", "The disk is full."),
        ("Summary: the disk", "Summary: the disc", "Summary: the disk"),
        ("**Titel:** Die Fähre", "", "Die Fähre"),
        ('He said "go', 'He said "go"', 'He said "go"'),
        ('"Go" is a word', '"Go" was a word', '"Go" is a word'),
        ('"Go" is what he said', "Go was it", '"Go" is what he said'),
        ("He said “go”", "He told me to", "He said “go”"),
        ("He said go”", "He told me to", "He said go"),
        ("„Die Fähre“", "", "Die Fähre"),
        ("„Komm“, sagte er.", "Er sagte, ich soll kommen.", "„Komm“, sagte er."),
        ("„Die Fähre“ fährt", "", "„Die Fähre“ fährt"),
        ("caf\ufffd", "", "caf"),
        ("caf\x00é\x1b[1m\x85", "", "café[1m"),
        ("  \n ", "", ""),
    ],
)
def test_labels_preambles_and_wrapping_quotes_go(raw: str, given: str, text: str) -> None:
    assert cleaned(raw, given) == text


@pytest.mark.parametrize(
    ("raw", "given", "text"),
    [
        ("## The plan", "", "The plan"),
        ("**The** *plan* for [us](https://x.org)", "The plan", "The plan for us"),
        ("- one\n- two", "one\ntwo", "one\ntwo"),
        ("- one\n- **two**", "- 1\n- 2", "- one\n- two"),
        ("```text\nThe plan\n```", "The plan", "The plan"),
        ("2 * 3 * 4, x**2 + y**2, 3 - 1, #1", "", "2 * 3 * 4, x**2 + y**2, 3 - 1, #1"),
    ],
)
def test_marks_of_markdown_that_the_given_text_has_not_go(raw: str, given: str, text: str) -> None:
    assert unmarked(raw, given) == text


def test_what_goes_on_in_a_line_begins_with_no_mark() -> None:
    assert unmarked(" - and **more** herbs", is_within_line=True) == " - and more herbs"


@pytest.mark.parametrize(
    "raw",
    [
        "Certainly! Here's a shorter version of your letter:\n\nDear Tom",
        "Here is the revised text.\n\nDear Tom",
        "Sure!\n\nDear Tom",
        "Voici une version plus courte :\n\nDear Tom",
        "Hier ist der überarbeitete Text:\n\nDear Tom",
        "Aquí tienes la traducción:\n\nDear Tom",
        "```\nDear Tom\n```",
        "Here is the text:\n\n```text\nDear Tom\n```\n\nThis version is shorter.",
        "<think>\nThe letter is to Tom.\n</think>\n\nDear Tom",
        "Dear Tom\n\nI hope this helps! Let me know if you need anything else.",
    ],
)
def test_what_a_model_says_around_its_result_goes(raw: str) -> None:
    assert cleaned(raw, "Dear Tom,") == "Dear Tom"


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ('And so it came to an end."', 'And with that it ended."'),
        ("Okay!\n\nSee you at noon.", "Okay.\n\nWe meet at noon."),
        ("I'm sorry to say that the meeting at 10:30 is off.", "The meeting at 10:30 is off."),
        ("Sure! We can do that.", "ok we can do that"),
        ("Here is the plan: we meet at noon.", "We meet at noon."),
        ("Here is the text of the contract:\nAll.", "Here’s the contract’s text:\nAll."),
        ("Dear Tom\n\nLet me know if you need anything else.", "Tell me if you need anything else."),
        ("```python\nx = 1\n```\n\nand\n\n```python\ny = 1\n```", "One:\n```python\nx = 2\n```"),
    ],
)
def test_what_belongs_to_the_result_stays(text: str, given: str) -> None:
    assert cleaned(text, given) == text


def test_thoughts_without_an_answer_are_none() -> None:
    assert cleaned("<think>\nThe letter is to Tom, and", "Dear Tom,") == ""


def test_a_fence_around_a_text_that_has_one_itself_goes() -> None:
    text = "# Use\n\n```python\nx = 1\n```\n\nThat is all."
    assert cleaned(f"```markdown\n{text}\n```", text) == text


@pytest.mark.parametrize("wish", ["as a code block", "als Codeblock", "como bloque de código", "put ``` around it"])
def test_a_fence_that_a_person_wants_stays(wish: str) -> None:
    assert cleaned("Here is the text:\n\n```\nDear Tom\n```", "Dear Tom,", wish) == "```\nDear Tom\n```"
    assert cleaned("```\nDear Tom\n```", "Dear Tom,", "without the comma") == "Dear Tom"
