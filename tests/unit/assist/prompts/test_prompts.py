"""The prompts as the model gets them, beside those that are kept in `golden`.

A change of a prompt file changes them: look at the difference, then write them anew with
`COWRITE_WRITE_GOLDEN=1 pytest tests/unit/assist/prompts/test_prompts.py`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cowrite.assist.prompts.prompting import generation_of, paragraphs_of, parts_of, prompt_of, tokens_of
from cowrite.assist.prompts.style_card import StyleCard
from cowrite.assist.requests import Chat, Completing, Tier, Window
from helpers.played_model import LARGE, SMALL, prompt_files, text_of

GOLDEN = Path(__file__).with_name("golden")
CARD = StyleCard(
    tone="warm and plain", spelling="British", prefer=("teammate",), avoid=("utilise",), samples=("I like rain.",)
)
SLOTS = {
    "text": "The release moved to 14 June.",
    "document": "First paragraph.\nThe release moved",
    "question": "When is the release?",
    "reader": "a customer",
    "instruction": "Make it a question",
    "language": "German",
    "in_language": "Write in German.",
}
CASES = [(name, tier) for name, file in sorted(prompt_files().files.items()) for tier in sorted(file.templates)]


@pytest.mark.parametrize(("name", "tier"), CASES)
def test_prompts_are_those_that_were_looked_at(name: str, tier: Tier) -> None:
    template = prompt_files()[name].template(tier)
    style = CARD.before_text if name == "continue" else CARD.for_tier(tier)
    rendered = text_of(prompt_of(template, tier, {**SLOTS, "style": style}))
    if template.judging:
        rendered += f"\n--- judging\n{template.judging}\n--- judged\n{template.judged}"
    path = GOLDEN / f"{name}.{tier}.txt"
    if os.environ.get("COWRITE_WRITE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(rendered, encoding="utf-8")
    assert rendered == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "tier"), [case for case in CASES if case[0] != "continue"])
def test_the_style_card_comes_before_what_is_worked_on_and_leaves_no_gap_where_it_is_empty(
    name: str, tier: Tier
) -> None:
    template = prompt_files()[name].template(tier)
    if not template.prompt:
        pytest.skip("it only chooses")
    full = text_of(prompt_of(template, tier, {**SLOTS, "style": CARD.for_tier(tier)}))
    assert 0 < full.index("warm and plain") < full.index(SLOTS["text"])
    empty = text_of(prompt_of(template, tier, SLOTS))
    assert "\n\n\n" not in empty
    assert "{{" not in empty


def test_everything_up_to_the_text_is_the_same_for_any_text() -> None:
    for name, tier in CASES:
        template = prompt_files()[name].template(tier)
        slot = "document" if name == "continue" else "text"
        heads = [
            text_of(prompt_of(template, tier, {**SLOTS, slot: f"{number} of many"})).split(f"{number} of many")[0]
            for number in (71, 82)
        ]
        assert heads[0] == heads[1]


def test_a_small_model_goes_on_with_a_text_and_a_large_one_answers() -> None:
    file = prompt_files()["title"]
    assert isinstance(prompt_of(file.template(Tier.SMALL), Tier.SMALL, SLOTS), Completing)
    chat = prompt_of(file.template(Tier.CHAT), Tier.CHAT, SLOTS)
    assert isinstance(chat, Chat)
    assert [message.role for message in chat.messages] == ["system", "user"]


def test_the_document_is_a_window_of_its_lines() -> None:
    prompt = prompt_of(prompt_files()["continue"].template(Tier.SMALL), Tier.SMALL, SLOTS)
    assert prompt == Completing((Window(("First paragraph.\n", "The release moved")),))
    assert "".join(paragraphs_of("a\n\nb\u2028c\r\n")) == "a\n\nb\u2028c\r\n"


@pytest.mark.parametrize("name", ["ask", "decisions", "describe", "outline", "summarise", "title"])
def test_what_is_judged_gives_way_at_its_end_where_the_context_is_too_small(name: str) -> None:
    template = prompt_files()[name].template(Tier.SMALL)
    parts = parts_of(template.judging, template, {"piece": "Many\nwords. "})
    assert [part for part in parts if isinstance(part, Window)] == [Window(("Many\nwords. ",), keep="start")]


def test_an_answer_may_be_as_long_as_its_task_needs() -> None:
    template = prompt_files()["rewrite-shorter"].template(Tier.SMALL)
    short = generation_of(template, SMALL, {"text": "Short."}, given="Short.")
    long = generation_of(template, SMALL, {"text": "Long. " * 400}, given="Long. " * 400)
    assert short.max_tokens < 40
    assert long.max_tokens == template.max_tokens
    assert generation_of(template, LARGE, {}, given="").is_shown
    assert tokens_of("我們") > 1
    assert tokens_of("| 48,212 | 391,600 |") > 15
