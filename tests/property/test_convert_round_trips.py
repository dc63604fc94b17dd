"""What is written and read again is the same document, whatever is in it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.convert.cells import in_bold, with_plain_cells
from cowrite.convert.html.reader import from_html
from cowrite.convert.html.writer import to_html
from cowrite.convert.markdown.reader import from_markdown
from cowrite.convert.markdown.writer import to_markdown
from cowrite.convert.normal import normal_lines, spans_from
from cowrite.convert.plain_text import from_text, to_text
from cowrite.core.text.footnotes import embed_of, footnotes_in
from cowrite.core.text.richtext import EMBED_CHARACTER, Line, Span, joined, lines_of, plain_text
from cowrite.core.text.table import Table, apart, with_tables

NASTY = [
    *"*_`~<>&[]()!#+-=|:.\\\"' \t/{}^$@1aé",
    *["**", "__", "~~", "***", "```", "~~~", "---", "- ", "* ", "+ ", "1. ", "2) ", "# ", "###### ", "> ", "    "],
    *["[ ] ", "[x] ", "[a](b)", "![a](b)", "[a]: b", "<b>", "</b>", "<T>", "<!--", "-->", "<br>", "<div>", "</div>"],
    *["&amp;", "&#32;", "&lt", "&", "\\\\", "\\*", "snake_case", "a_b_", "C:\\dir\\", "http://x.y/a_b", "<http://x.y>"],
    r"\newpage",
    *["😀", "👩‍👩‍👧", "中文", "שלום", "مرحبا", "e\u0301", "\u00a0", "\u3000", "\u200b", "\ufeff", "€", "“", "ß", "…"],
    *[
        "| a | b |",
        "|-|-|",
        "a | b",
        ":-",
        "===",
        "10000000000. ",
        "☐ ",
        "• ",
        "^[",
        "[^1]",
        "[^1]: ",
        "$x$",
        "word",
        "two words",
        "end. ",
    ],
    *["{x}", "http", "A", "\x00", "\x1b", "\ud800", EMBED_CHARACTER, "\r", "\u2028", "a:b:", "\\", "!", "_", "`"],
]
COLOURS = ["#aa0000", "#00bb22", "#ffff00", "#1234cc"]
LINKS = [
    "https://example.org",
    "http://x.y/a_(b)_[c]?q=<1>&amp;r=*2*\\n",
    "mailto:ann@example.org",
    "cowrite://host/room#x",
    "https://example.org/ü b",
    "javascript:alert(1)",
    "word",
]
FONTS = ["Noto Sans", "serif", "monospace", 'O\'Reilly; "x", Arial']
SIZES = ["small", "large", "huge", "12pt", "1.50em", 9]

texts = st.lists(st.sampled_from(NASTY), max_size=6).map("".join) | st.text(max_size=8)
inline_attributes = st.fixed_dictionaries(
    {},
    optional={
        "bold": st.just(True),
        "italic": st.just(True),
        "strike": st.just(True),
        "underline": st.just(True),
        "code": st.just(True),
        "link": st.sampled_from(LINKS),
        "color": st.sampled_from(COLOURS),
        "background": st.sampled_from(COLOURS),
        "font": st.sampled_from(FONTS),
        "size": st.sampled_from(SIZES),
        "script": st.sampled_from(["super", "sub"]),
        "ai": st.just("record"),
    },
)
few_attributes = st.sampled_from(
    [{}, {}, {}, {"bold": True}, {"italic": True}, {"strike": True}, {"code": True}, {"code": True}, {"link": LINKS[0]}]
)
text_spans = st.builds(Span, texts.map(lambda text: text.replace("\n", "")), few_attributes | inline_attributes)
linked_addresses = st.sampled_from(LINKS).map(lambda address: Span(address, {"link": address}))
images = st.builds(
    lambda attributes, byte: Span(
        EMBED_CHARACTER, attributes, {"image": f"sha256:{hashlib.sha256(bytes([byte])).hexdigest()}"}
    ),
    st.fixed_dictionaries(
        {},
        optional={
            "alt": texts.map(lambda text: text.replace("\n", " ")),
            "width": st.sampled_from([300, "20", "50%"]),
            "height": st.integers(-1, 900),
            "link": st.sampled_from(LINKS),
            "bold": st.just(True),
        },
    ),
    st.integers(0, 3),
)
other_embeds = st.sampled_from(
    [{"divider": True}, {"decision": "d1"}, {"image": "https://example.org/remote.png"}, {"footnote": "See above."}]
).map(lambda embed: Span(EMBED_CHARACTER, {}, embed))
footnotes = st.lists(text_spans, max_size=3).map(lambda words: Span(EMBED_CHARACTER, {}, embed_of(words)))
indents = st.sampled_from([1, 1, 1, 2, 2, 3, 5, 8, 9])
starts = st.sampled_from([0, 1, 2, 3, 7, 9.0, 10, 999_999_999, 1_000_000_000, -1, True, "4"])
block_attributes = st.fixed_dictionaries(
    {},
    optional={
        "header": st.integers(0, 7),
        "list": st.sampled_from(["bullet", "ordered", "checked", "unchecked"]),
        "indent": indents,
        "start": starts,
        "blockquote": st.just(True),
        "code-block": st.sampled_from([True, "python", "c++ x=&amp;", "a`b", "~x"]),
        "align": st.sampled_from(["left", "center", "right", "justify"]),
        "direction": st.just("rtl"),
        "page-break": st.just(True),
    },
)
list_attributes = st.builds(
    lambda kind, indent, start, page: {
        "list": kind,
        **({"indent": indent} if indent else {}),
        **({} if start is None else {"start": start}),
        **page,
    },
    st.sampled_from(["bullet", "ordered", "checked", "unchecked"]),
    st.integers(0, 8),
    st.none() | st.none() | starts,
    st.sampled_from([{}, {}, {}, {"page-break": True}]),
)
plain_blocks = st.sampled_from(
    [{}, {}, {"page-break": True}, {"indent": 1}, {"indent": 2}, {"blockquote": True}, {"code-block": True}]
)
blocks = plain_blocks | list_attributes | list_attributes | block_attributes
contents = st.lists(text_spans | text_spans | linked_addresses | images | footnotes | other_embeds, max_size=5)
line_of_text = st.builds(lambda spans, block: Line(tuple(spans), block), contents, blocks)
cell_attributes = st.sampled_from([{}, {}, {}, {"align": "right"}, {"align": "center"}]) | block_attributes
cells = st.builds(
    lambda spans, block: Line(tuple(spans), block),
    st.lists(text_spans | images | st.sampled_from([Span("\u2028"), Span("|"), Span("b", {"bold": True})]), max_size=3)
    | contents,
    cell_attributes,
)
tables = st.lists(st.lists(cells, min_size=1, max_size=3), min_size=1, max_size=3).map(
    lambda rows: [Line(c.spans, {**c.attributes, "table": f"row-{n}"}) for n, row in enumerate(rows) for c in row]
)
heads = tables.map(
    lambda lines: [
        Line(tuple(Span(s.text, {**s.attributes, "bold": True}, s.embed) for s in c.spans), c.attributes)
        if c.attributes["table"] == "row-0"
        else c
        for c in lines
    ]
)
empty_lines = st.just([Line(())])
documents = st.lists(line_of_text.map(lambda line: [line]) | tables | heads | empty_lines, max_size=6).map(
    lambda parts: [line for part in parts for line in part]
)
codes = st.lists(
    st.builds(
        lambda text, block: Line((Span(text.replace("\n", "")),), {**block, "code-block": True}),
        st.sampled_from(["", "```", "````", "  ```", "~~~", "\t"]) | texts,
        plain_blocks,
    ),
    max_size=5,
)


def unnamed(spans: list[Span]) -> list[object]:
    """The lines and tables of a whole document, without the ids of rows."""

    def nameless(cell: Line) -> Line:
        return Line(cell.spans, {name: value for name, value in cell.attributes.items() if name != "table"})

    parts = with_tables(lines_of(apart(spans)))
    return [[list(map(nameless, row)) for row in part.rows] if isinstance(part, Table) else part for part in parts]


def with_cells(lines: list[Line], said: Callable[[Table], Iterable[list[Line]]]) -> list[Line]:
    """The lines in normal form, with the rows of tables as a format says them."""
    found: list[Line] = []
    for part in with_tables(with_plain_cells(normal_lines(lines))):
        if isinstance(part, Table):
            rows = [[Line(tuple(joined(c.spans)), c.attributes) for c in row] for row in said(part)]
            row_ids = map(str, range(len(found), len(found) + len(rows)))
            found += (
                Line(c.spans, {**c.attributes, "table": id}) for id, row in zip(row_ids, rows, strict=True) for c in row
            )
        else:
            found.append(part)
    return normal_lines(found)  # a cell that stands where its words have it stand anyway states no side


def said_by_markdown(table: Table) -> Iterable[list[Line]]:
    """All rows are of one length, each column is aligned like its first cell, the blanks of a head are bold."""
    columns = [{"align": c.attributes.get("align")} for c in table.whole_rows[0]]
    blocks = [block if block["align"] in ("right", "center") else {} for block in columns]
    for number, row in enumerate(table.whole_rows):
        is_head = number == 0 and table.begins_bold
        yield [Line((in_bold(cell) if is_head else cell).spans, block) for cell, block in zip(row, blocks, strict=True)]


def said_by_html(table: Table) -> Iterable[list[Line]]:
    """The blanks of a head are bold, and breaks in a cell have no look."""
    for number, row in enumerate(table.rows):
        yield [with_bare_breaks(in_bold(cell) if number == 0 and table.has_head else cell) for cell in row]


def with_bare_breaks(cell: Line) -> Line:
    spans: list[Span] = []
    for span in cell.spans:
        parts = [span] if span.embed else [Span(part, span.attributes) for part in re.split("(\u2028)", span.text)]
        spans += (Span(part.text) if part.text == "\u2028" else part for part in parts)
    return Line(tuple(spans), cell.attributes)


def same_after_markdown(lines: list[Line]) -> None:
    expected = spans_from(with_cells(lines, said_by_markdown))
    markdown = to_markdown(lines, str)
    assert unnamed(from_markdown(markdown)) == unnamed(expected), markdown


@settings(max_examples=15, deadline=None)
@given(documents)
def test_a_document_written_as_markdown_reads_back_as_itself(lines):
    same_after_markdown(lines)


@settings(max_examples=25, deadline=None)
@given(codes)
def test_code_written_as_markdown_reads_back_as_itself(lines):
    same_after_markdown(lines)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda text, block: Line((Span(text),) if text else (), block),
            st.sampled_from(["", "a"]),
            list_attributes | plain_blocks,
        ),
        max_size=12,
    )
)
def test_any_nesting_of_lists_written_as_markdown_reads_back_as_itself(lines):
    same_after_markdown(lines)


def test_a_hebrew_cell_of_a_right_aligned_column_reads_back_as_itself():
    same_after_markdown(
        [
            Line((Span("a"),), {"align": "right", "table": "row-0"}),
            Line((Span("שלום"),), {"align": "right", "table": "row-1"}),
        ]
    )


@settings(max_examples=15, deadline=None)
@given(documents)
def test_the_normal_form_is_its_own_normal_form(lines):
    once = normal_lines(lines)
    assert normal_lines(once) == once
    assert normal_lines(lines_of(spans_from(once))) == once


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60) | st.lists(st.sampled_from([*NASTY, "\n", "\n\n", "  "]), max_size=20).map("".join))
def test_whatever_markdown_is_read_can_be_written_and_read_as_the_same(text):
    once = from_markdown(text)
    again = from_markdown(to_markdown(lines_of(once), str))
    assert unnamed(again) == unnamed(spans_from(with_cells(lines_of(once), said_by_markdown)))


def kept_by_html(line: Line) -> bool:
    """Whether nothing is in a line that HTML is known to change: see `html.writer`."""
    text = "".join(span.text for span in line.spans)
    if "table" in line.attributes:
        return "\u00a0" not in text.split("\u2028")
    return "\u2028" not in text and text != "\u00a0" and not text.startswith(("☐", "☑", "☒", "[ ]", "[x]", "[X]"))


@settings(max_examples=25, deadline=None)
@given(documents)
def test_a_document_written_as_html_reads_back_as_itself(lines):
    stored: dict[str, bytes] = {}

    def image_url(name: str) -> str:
        return "data:image/png;base64," + base64.b64encode(name.encode()).decode()

    def take(data: bytes, media_type: str) -> str:
        stored[data.decode()] = data
        assert media_type == "image/png"
        return data.decode()

    lines = [line for line in with_plain_cells(normal_lines(lines)) if kept_by_html(line)]
    written = to_html(lines, image_url)
    assert unnamed(from_html(written, take)) == unnamed(spans_from(with_cells(lines, said_by_html))), written
    assert set(stored) == set(re.findall("sha256:[0-9a-f]+", repr(lines)))


@settings(max_examples=15, deadline=None)
@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                *NASTY,
                "<p>",
                "</p>",
                "<li>",
                "<ul>",
                "</ul>",
                "<td>",
                "<tr>",
                "<table>",
                "<table border=1>",
                "</table>",
                "<th>",
                "<td rowspan=2 colspan=3>",
                "<thead>",
                "<pre>",
                "<a href='http://x.y'>",
                "</a>",
                "<!",
                "<!-- ",
                "<style>",
                "<h1>",
                "<i>",
                "</i>",
                "<hr>",
                "<![if",
                "<b style='",
                "<ol>",
                "</li>",
                "<blockquote>",
            ]
        ),
        max_size=25,
    ).map("".join)
)
def test_any_tag_soup_is_read_into_a_document_that_html_keeps(source):
    once = from_html(source)
    lines = [line for line in lines_of(once) if kept_by_html(line)]
    assert unnamed(from_html(to_html(lines))) == unnamed(spans_from(with_cells(lines, said_by_html)))


@settings(max_examples=15, deadline=None)
@given(documents)
def test_plain_text_has_a_line_for_each_line_and_row_and_for_each_break_within_a_line(lines):
    parts = list(with_tables(normal_lines(lines)))
    texts = [part for part in parts if isinstance(part, Line)]
    rows = sum(len(part.rows) for part in parts if isinstance(part, Table))
    breaks = sum(span.text.count("\u2028") for line in texts for span in line.spans)
    said = [words for _, words in footnotes_in(span for part in normal_lines(lines) for span in part.spans)]
    breaks += sum(plain_text(words).count("\u2028") for words in said)
    assert to_text(lines).count("\n") == len(texts) + rows + breaks + (1 + len(said) if said else 0)


@settings(max_examples=15, deadline=None)
@given(st.lists(texts.map(lambda text: text.replace("\n", "")), max_size=6))
def test_paragraphs_survive_plain_text(paragraphs):
    paragraphs = [text for text in paragraphs if not re.search("[\u2028\u2029]", text)]
    lines = normal_lines(Line((Span(text),)) for text in paragraphs)
    assert from_text(to_text(lines)) == spans_from(lines)
