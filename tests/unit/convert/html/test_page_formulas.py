"""Formulas on pages come in as people type them."""

from __future__ import annotations

import pytest

from cowrite.convert.html.formulas import DEEPEST_FORMULA
from cowrite.convert.html.reader import from_html
from cowrite.core.text.richtext import Span, plain_text

POWER = "<msup><mi>x</mi><mn>2</mn></msup>"
FRACTION = f"<mfrac><mrow>{POWER}<mo>&lt;</mo><mn>1</mn></mrow><mi>b</mi></mfrac>"
TEX = '<annotation encoding="application/x-tex">x^2</annotation>'


@pytest.mark.parametrize(("source", "words"), [
    (f"<b>so <math>{FRACTION}</math> holds</b>", "so (x^2<1)/b holds"),
    (f"a<math><semantics><mrow>{POWER}</mrow>{TEX}</semantics></math>", "ax^2"),
    ('<math><mspace width="1em"/><mi>y</mi></math>', "y"), ("a <math/>b <svg/>c", "a b c"),
    (f"<span hidden><math>{POWER}</math></span>a", "a"), (f"<math display='block'>{POWER}</math> b", "x^2 b"),
])  # fmt: skip
def test_a_formula_in_mathml_is_what_people_would_type_for_it(source, words):
    told: list[str] = []
    assert plain_text(from_html(source, change=told.append)) == f"{words}\n"
    assert set(told) == ({"formulas"} if "x^2" in words or "y" in words else set())


def test_a_formula_that_is_there_a_second_time_for_the_eye_comes_in_once():
    seen = '<span class="katex-html" aria-hidden="true">x<sup>2</sup></span>'
    both = f'<span class="katex-mathml"><math>{POWER}</math></span>{seen}'
    assert plain_text(from_html(f"{both} and {both}.")) == "x^2 and x^2.\n"
    assert from_html(seen) == [Span("x"), Span("2", {"script": "super"}), Span("\n")]


def test_a_picture_of_a_formula_is_the_formula():
    picture = r'<img src="https://x.y/svg/a" alt="{\displaystyle x^{2}}">'
    assert plain_text(from_html(f"a {picture} b")) == "a x^{2} b\n"


@pytest.mark.parametrize("source", ["<p>a <math><mi>x</mi></p><p>b</p>", "<p>a <math><mi>x<p>b"])
def test_a_formula_that_is_never_closed_takes_no_words_of_the_page(source):
    assert plain_text(from_html(source)) == "a x\nb\n"


def test_a_formula_that_nests_without_end_takes_nothing_of_what_follows():
    deep = DEEPEST_FORMULA * 50
    source = "<math><mi>x</mi>" + "<mrow>" * deep + "<mi>y</mi>" + "</mrow>" * deep + "</math> b"
    assert plain_text(from_html(source)) == "x b\n"
