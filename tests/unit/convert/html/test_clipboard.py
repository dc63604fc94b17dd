"""What other applications put on the clipboard arrives as the rich text that it looked like there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cowrite.convert.html.reader import from_html
from cowrite.core.text.richtext import Span, lines_of
from cowrite.core.text.table import Table, with_tables

CLIPBOARD = Path(__file__).parent / "clipboard"
STRIKE = {"strike": True}
BOLD = {"bold": True}


Spans = list[str | tuple[str, dict[str, Any]]]


def read(name: str) -> list[tuple[dict[str, Any], Spans] | list[list[Spans]]]:
    """The lines of a fixture: block attributes, and spans; a span without attributes is its text. A table is the spans
    of its cells in their rows."""
    spans = from_html((CLIPBOARD / name).read_text(encoding="utf-8"), lambda data, media_type: "sha256:00")
    return [
        [[list(map(simple, cell.spans)) for cell in row] for row in part.rows]
        if isinstance(part, Table)
        else (dict(part.attributes), list(map(simple, part.spans)))
        for part in with_tables(lines_of(spans))
    ]


def simple(span: Span) -> str | tuple[str, dict[str, Any]]:
    if span.embed is not None:
        return repr(dict(span.embed))
    return (span.text, dict(span.attributes)) if span.attributes else span.text


def test_google_docs():
    assert read("google_docs.html") == [
        ({"header": 1}, ["Team offsite"]),
        (
            {},
            [
                "We meet in ",
                ("May", BOLD),
                (", or  June", {"italic": True, "strike": True, "background": "#ffff00"}),
                ("1", {"color": "#ff0000", "script": "super"}),
                ": see ",
                ("the plan", {"link": "https://example.org/plan"}),
            ],
        ),
        ({}, []),
        ({"indent": 1, "align": "center"}, ["Centred and indented"]),
        ({"list": "bullet"}, ["Travel"]),
        ({"list": "bullet", "indent": 1}, ["by train"]),
        ({"list": "ordered", "indent": 2}, ["book early"]),
        ({"list": "bullet"}, ["Rooms"]),
        ({"list": "checked"}, [("Ask Ann", STRIKE)]),
        [[["Day"], ["Place"]], [["Mon"], []]],
    ]


def test_word():
    assert read("word.html") == [
        ({"header": 1}, ["Quarterly report"]),
        ({"header": 1}, ["Summary"]),
        (
            {},
            [
                "Sales grew ",
                ("by a third", BOLD),
                ", costs ",
                ("did not", {"italic": True}),
                ".  See ",
                ("the table", {"link": "https://example.org/q1"}),
                " and ",
                ("old", STRIKE),
                " ",
                ("new", {"underline": True}),
                " ",
                ("figures", {"background": "#ffff00"}),
                " ",
                ("now", {"color": "#c00000"}),
                ".\tEnd",
            ],
        ),
        ({}, []),
        ({"align": "center"}, ["Centred"]),
        ({"list": "bullet"}, ["First point"]),
        ({"list": "bullet", "indent": 1}, ["Below it"]),
        ({"list": "ordered"}, ["Step one"]),
        ({"list": "ordered", "indent": 1}, ["Detail"]),
        [[["Region"], ["Sales"]]],
        ({}, ["H", ("2", {"script": "sub"}), "O"]),
    ]


def test_libreoffice():
    assert read("libreoffice.html") == [
        ({"header": 2}, ["Notes"]),
        (
            {"align": "right"},
            [
                "Right ",
                ("red", {"color": "#c9211e"}),
                " ",
                ("marked", {"background": "#ffff00"}),
                " x",
                ("2", {"script": "super"}),
            ],
        ),
        ({}, ["שלום"]),
        ({"indent": 1}, [("Indented", BOLD), " mono"]),
        ({"list": "ordered"}, ["One"]),
        ({"list": "ordered", "indent": 1}, ["Inner"]),
        ({"list": "ordered"}, ["Two"]),
        ({}, []),
        ({}, ["{'divider': True}"]),
        [[[("Head", BOLD)], ["Cell"]]],
    ]


def test_gmail():
    assert read("gmail.html") == [
        ({}, ["Hi Bo,"]),
        ({}, []),
        ({}, ["that's ", ("fine", BOLD), "\u00a0with me 🎉"]),
        ({"indent": 1}, ["moved in"]),
        ({"list": "ordered"}, ["first"]),
        ({"list": "ordered"}, ["second"]),
        ({}, [("write", {"link": "mailto:ann@example.org"}), " or click"]),
        ({}, []),
        ({}, ["On Mon, Bo wrote:"]),
        ({"blockquote": True}, ["Shall we?"]),
        ({"blockquote": True}, []),
        ({"blockquote": True}, ["Bo"]),
    ]


def test_apple_notes():
    assert read("apple_notes.html") == [
        ({}, [("Shopping", BOLD)]),
        ({}, []),
        (
            {"indent": 1, "align": "center"},
            ["on ", ("Monday", {"underline": True, "color": "#b51700"}), "  or\tso"],
        ),
        ({"list": "bullet"}, ["Bread"]),
        ({"list": "unchecked"}, ["Milk"]),
        ({"list": "checked"}, ["Eggs"]),
    ]


def test_github():
    readme, part = "https://github.com/example/example/blob/main/README.md", {"link": "#install"}
    assert read("github.html") == [
        ({"header": 2}, ["Install"]),
        ({}, ["Run ", ("setup", {"code": True}), " or ", ("read", {"link": readme}), " ", ("on", part), ":"]),
        ({"code-block": "python"}, ["def f():"]),
        ({"code-block": "python"}, ['    return "<a>"']),
        ({"code-block": "python"}, []),
        ({"code-block": "python"}, ["f()"]),
        ({"list": "unchecked"}, ["open"]),
        ({"list": "checked"}, ["done"]),
        ({"list": "bullet", "indent": 1}, ["inner"]),
        ({"blockquote": True}, ["Quoted"]),
    ]


def test_vs_code():
    assert read("vs_code.html") == [
        ({"code-block": True}, ["def f(x):"]),
        ({"code-block": True}, ["    return x < 1"]),
        ({"code-block": True}, []),
        ({"code-block": True}, ["# end"]),
    ]


def test_a_part_of_a_paragraph_from_a_browser_on_windows():
    note = {"link": "https://en.example.org/wiki/Rope#cite-1", "script": "super"}
    assert read("browser.html") == [({}, ["A ", ("rope", BOLD), " is a data structure", ("[1]", note)])]


@pytest.mark.parametrize("fixture", sorted(path.name for path in CLIPBOARD.glob("*.html")))
def test_half_of_what_an_application_put_there_is_still_read(fixture):
    source = (CLIPBOARD / fixture).read_text(encoding="utf-8")
    for part in (source[: len(source) // 2], source[len(source) // 2 :]):
        assert isinstance(from_html(part), list)
