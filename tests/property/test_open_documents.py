"""What cowrite exports as OpenDocument comes back as it was, as far as Qt writes it."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from cowrite.app.files.export import export_lines
from cowrite.bridge.file.pictures import png_of
from cowrite.convert.normal import normal_lines, spans_from
from cowrite.convert.odt.reader import from_odt
from cowrite.core.text.footnotes import embed_of
from cowrite.core.text.richtext import EMBED_CHARACTER, Line, Span
from cowrite.sync.blob import Blob
from helpers.seeds import seeds
from property.test_convert_round_trips import unnamed

NAME = f"sha256:{'a' * 64}"
LETTERS = st.lists(
    st.sampled_from(["a", "Bed ", " bed", "écrit", "👩‍👩‍👧", "שלום", "  ", "\t", "\u2028", "<b>&", "1. "]), max_size=4
).map("".join)
LOOKS = st.sampled_from(
    [{}, {}, {"bold": True}, {"italic": True, "strike": True}, {"code": True}, {"underline": True}, {"script": "sub"},
     {"link": "https://example.org/?a=1&b=2"}, {"link": "https://example.org", "underline": True},
     {"color": "#aa0000", "background": "#ffee00"}]
)  # fmt: skip
WORDS = st.builds(Span, LETTERS, LOOKS)
PICTURES = st.sampled_from(
    [{"width": 9}, {"alt": 'A "bed" & <more>', "width": 20}, {"link": "https://example.org", "width": 8}]
)
NOTES = st.lists(WORDS, max_size=2).map(lambda words: Span(EMBED_CHARACTER, embed=embed_of(words)))
SPANS = st.lists(
    WORDS | WORDS | PICTURES.map(lambda look: Span(EMBED_CHARACTER, look, {"image": NAME})) | NOTES, max_size=4
)
BLOCKS = st.sampled_from(
    [{}, {}, {"header": 2}, {"indent": 3}, {"blockquote": True}, {"code-block": True}, {"code-block": "C++, old_20_"},
     {"align": "center"}, {"align": "justify"}, {"direction": "rtl"}, {"blockquote": True, "indent": 1},
     {"page-break": True}, {"header": 1, "page-break": True}]
)  # fmt: skip
ITEMS = st.builds(
    lambda kind, depth, start: {"list": kind, "indent": depth, **({"start": start} if kind == "ordered" else {})},
    st.sampled_from(["bullet", "ordered", "checked", "unchecked"]), st.integers(0, 3), st.sampled_from([None, None, 7]),
)  # fmt: skip


def line(spans: list[Span], block: dict) -> Line:
    """A line that says nothing which its kind says anyway: headings are bold, and blanks follow a box."""
    if "header" in block:
        spans = [each if each.attributes != {"bold": True} else Span(each.text) for each in spans]
    return Line((Span("x"), *spans) if spans and "list" in block else tuple(spans), block)


LINES = st.builds(line, SPANS, BLOCKS | ITEMS)
CELLS = SPANS.map(lambda spans: Line((Span("x"), *spans, Span("x"))))
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=2, max_size=3)


def written(parts: list[Line | list[list[Line]]]) -> list[Line]:
    """The lines of a document, in which others stand before and behind tables."""
    lines = [Line((Span("first"),))]  # before which no page begins
    for part in parts:
        if isinstance(part, Line):
            lines.append(part)
        else:
            lines.append(Line((Span("above"),)))
            for row in part:
                id = f"row-{len(lines)}"
                lines += (Line(cell.spans, {"table": id}) for cell in row)
            lines.append(Line((Span("below"),)))
    return lines


def picture(_name: str) -> Blob:
    image = QImage(2, 2, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    return Blob("image/png", png_of(image))


@settings(max_examples=len(seeds(12)), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINES | LINES | TABLES, min_size=1, max_size=6).map(written))
def test_what_is_exported_as_open_document_comes_back(qapp, tmp_path, lines):
    path = tmp_path / "plan.odt"
    export_lines(lines, picture, "odt", path, "Plan")
    found = from_odt(path.read_bytes(), path, lambda _data, _media_type: NAME)
    assert unnamed(found.spans) == unnamed(spans_from(normal_lines(lines)))
