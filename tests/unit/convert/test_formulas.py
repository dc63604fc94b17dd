"""Formulas of other programs as a line of text."""

from __future__ import annotations

import pytest
from lxml import etree

from cowrite.convert.formulas import in_a_line

SPACES = (
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns="http://www.w3.org/1998/Math/MathML"'
)


def said(formula: str) -> str:
    return in_a_line(etree.fromstring(f"<whole {SPACES}>{formula}</whole>"))


def run(words: str) -> str:
    return f"<m:r><m:rPr><m:sty m:val='p'/></m:rPr><m:t>{words}</m:t></m:r>"


def of(name: str, **operands: str) -> str:
    return f"<m:{name}>{''.join(f'<m:{key}>{value}</m:{key}>' for key, value in operands.items())}</m:{name}>"


def look(name: str, value: str) -> str:
    return f'<m:{name} m:val="{value}"/>'


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (run("10") + of("f", num=run("a+b"), den=run("2")), "10(a+b)/2"),
        (of("sSup", e=run("x"), sup=run("10")) + run(" if "), "x^10 if "),
        (of("sSub", e=run("y"), sub=run("n+1")), "y_(n+1)"),
        (of("sSubSup", e=run("a"), sub=run("i"), sup=run("2")), "a_i^2"),
        (of("rad", radPr=look("degHide", "1"), deg="", e=run("x+1")), "√(x+1)"),
        (of("rad", deg=run("3"), e=run("8")), "3√8"),
        (of("nary", naryPr=look("chr", "∑"), sub=run("i=1"), sup=run("n"), e=run("i")), "∑_(i=1)^n i"),
        (of("d", e=run("x") + of("f", num=run("1"), den=run("2"))), "(x1/2)"),
        (of("d", dPr=look("begChr", "[") + look("endChr", "]"), e=run("x")), "[x]"),
        (of("func", fName=of("limLow", e=run("lim"), lim=run("n→∞")), e=run("n")), "lim_(n→∞) n"),
        (of("f", fPr=look("type", "noBar"), num=run("n"), den=run("k")), "(n k)"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><msqrt><mi>ab</mi></msqrt></mfrac>", "(a+b)/(√(ab))"),
        ("<msup><mi>e</mi><mrow><mo>-</mo><mi>x</mi></mrow></msup><msub><mi> a </mi><mn>1</mn></msub>", "e^(-x)a_1"),
        ("<munderover><mo>∫</mo><mn>0</mn><mn>1</mn></munderover><mroot><mi>x</mi><mn>3</mn></mroot>", "∫_0^13√x"),
        ("<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr><mtr><mtd><mn>3</mn></mtd></mtr></mtable>",
         "1, 2; 3"),
        ("<semantics><mi>a</mi><annotation>said twice</annotation></semantics><mfrac/><msup/>", "a/"),
    ],
)  # fmt: skip
def test_a_formula_is_what_people_would_type_for_it(formula, expected):
    assert said(formula) == expected
