"""The judge of `benchmarks/ideas.py`, who looks at both sides in the same way."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"
ASKED = "How can the choir find younger singers?"


@pytest.fixture
def ideas(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The benchmark as a module."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("ideas")


@pytest.mark.parametrize(
    ("idea", "is_one"),
    [
        ("Sing on the bus to school.", True),
        ("Sing on buses", True),
        ("Sing on the", False),
        ("Sing on buses and", False),
        ("Shall we sing on the bus?", False),
        ("Find young singers for a choir.", False),
        ("Bus after bus after bus with singers on board.", False),
        ("- Sing on the bus.", False),
        ("word " * 26, False),
    ],
)
def test_an_idea_is_a_clean_phrase_with_something_of_its_own(ideas: ModuleType, idea: str, is_one: bool) -> None:
    assert ideas.is_well_formed(idea.strip(), ASKED) is is_one


def test_signs_of_a_list_and_bold_are_no_fault_of_an_idea(ideas: ModuleType) -> None:
    answer = "1. **Buses**: sing on them.\n\n2) Sing in parks.\n- Sing in shops.\n"
    assert ideas.listed(answer) == ["Buses: sing on them.", "Sing in parks.", "Sing in shops."]


def test_what_is_there_or_came_before_is_not_new_and_only_ten_count(ideas: ModuleType) -> None:
    judge, side = ideas.Judge(process=None, encoder=""), ideas.Side()
    question = ideas.Question(ASKED, {"Places": ["Sing on the bus to school"]})
    found = ["Sing on the bus to school!", "Give free cake to children.", "Give free cakes to the children."]
    more = [f"Rehearse with club number {name}." for name in ("one", "two")]
    judge.count(side, question, [*found, "?", *more, *["Lend robes to three classes."] * 9])
    assert (side.ideas, side.well_formed) == (10, 9)
    assert side.examples[0]["new"][0] == found[1]
    assert found[2] not in side.examples[0]["new"]
    assert side.new == len(side.examples[0]["new"])
    assert side.new_by_words <= side.new + 1
    assert side.figures(1)["new"] == side.new


def test_there_are_twenty_questions_with_notes_in_groups() -> None:
    plain: list[dict[str, Any]] = json.loads((BENCHMARKS / "idea_questions.json").read_text(encoding="utf-8"))
    assert len({each["question"] for each in plain}) == 20
    assert all(each["groups"] and all(each["groups"].values()) for each in plain)
