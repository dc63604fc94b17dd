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


def word(formula: str, picture: str = "") -> str:
    """A formula as Word puts it on the clipboard, with the picture that browsers show."""
    seen = f"<span style='position:relative'><![if !vml]><img width=70 height=90 src='{picture}'><![endif]></span>"
    return f"<!--[if gte msEquation 12]>{formula}<![endif]--><![if !msEquation]>{seen}<![endif]>"


def run(text: str) -> str:
    look = "<m:rPr><m:sty m:val=p /></m:rPr>"
    return f"<i><span\n style='font-family:\"Cambria Math\",serif'><m:r>{look}{text}</m:r></span></i>"


@pytest.mark.parametrize(("formula", "words"), [
    (f"<m:sSup><m:sSupPr><span><m:ctrlPr></m:ctrlPr></span></m:sSupPr><m:e>{run('x')}</m:e><m:sup>{run('2')}</m:sup></m:sSup>",
     "x^2"),
    (f"<m:f><m:num>{run('a+b')}</m:num><m:den>{run('c')}</m:den></m:f>", "(a+b)/c"),
    (f"<m:d><m:dPr><m:begChr m:val='['/><m:endChr m:val='&gt;'/></m:dPr><m:e>{run('a &lt;')}</m:e></m:d>", "[a <>"),
    (f"{run('f')}{run('=1')}", "f=1"),
])  # fmt: skip
def test_a_formula_that_word_puts_on_the_clipboard_is_read_and_its_picture_is_not(formula, words):
    told: list[str] = []
    missed: list[str] = []
    source = f"<p>so {word(f'<m:oMath>{formula}</m:oMath>')} holds <img src='https://x.y/a.png'></p>"
    assert plain_text(from_html(source, missed=missed.append, change=told.append)) == f"so {words} holds\n"
    assert (set(told), missed) == ({"formulas"}, ["https://x.y/a.png"])


def test_a_picture_behind_a_formula_of_word_that_has_none_is_not_lost():
    missed: list[str] = []
    formula = f"<!--[if gte msEquation 12]><m:oMath>{run('x')}</m:oMath><![endif]-->"
    from_html(f"<p>{formula}</p><p><img src='https://x.y/a.png'></p>", missed=missed.append)
    assert missed == ["https://x.y/a.png"]


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
