"""Markdown as people expect it to look, and Markdown as others write it. (The round trip is a property test.)"""

from __future__ import annotations

from textwrap import dedent
from typing import Any
from unittest.mock import ANY

import pytest
from markdown_it import helpers

from cowrite.convert.markdown.formulas import LONGEST_FORMULA
from cowrite.convert.markdown.reader import from_markdown
from cowrite.convert.markdown.writer import to_markdown
from cowrite.core.text.richtext import EMBED_CHARACTER, Line, Span, lines_of, plain_text
from cowrite.core.text.table import MOST_CELLS, Table, with_tables


def line(text: str, **block) -> Line:
    return Line((Span(text),) if text else (), {name.replace("_", "-"): value for name, value in block.items()})


def written(*lines: Line) -> str:
    return to_markdown(lines, lambda name: name.replace(":", "-") + ".png")


def read(source: str) -> list[tuple[str, dict[str, Any]]]:
    return [(plain_text(found.spans), dict(found.attributes)) for found in lines_of(from_markdown(dedent(source)))]


def spans(source: str) -> list[tuple[str, dict[str, Any]]]:
    return [(span.text, dict(span.attributes)) for found in lines_of(from_markdown(source)) for span in found.spans]


def test_a_usual_document_looks_as_if_a_person_had_written_it():
    bold, link = {"bold": True}, {"link": "https://example.org"}
    document = [
        line("Plan 2. of 3", header=1),
        Line((Span("We "), Span("must", bold), Span(" read "), Span("this", link), Span(" & snake_case, C:\\dir!"))),
        line("one", list="ordered"),
        line("two", list="ordered"),
        line("bread", list="bullet", indent=1),
        line("eggs", list="checked", indent=1),
        line("three", list="ordered"),
        line("said", blockquote=True),
        line("print()", code_block="python"),
        Line((Span(EMBED_CHARACTER, {}, {"divider": True}),)),
        Line((Span(EMBED_CHARACTER, {"alt": "A map"}, {"image": "sha256:ab"}),)),
    ]
    assert written(*document) == dedent(
        """\
        # Plan 2. of 3

        We **must** read [this](https://example.org) & snake_case, C:\\dir!

        1. one
        2. two
           - bread
           - [x] eggs
        3. three

        > said

        ```python
        print()
        ```

        ---

        ![A map](sha256-ab.png)
        """
    )


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("1. x", "1\\. x"),
        ("- x", "\\- x"),
        ("# x", "\\# x"),
        ("#tag", "\\#tag"),
        ("> x", "\\> x"),
        ("2 * 3 * 4", "2 \\* 3 \\* 4"),
        ("a_b __c", "a_b \\_\\_c"),
        ("x < y & z", "x < y & z"),
        ("Vec<T> &amp;", "Vec\\<T> \\&amp;"),
        ("[x](y)", "\\[x](y)"),
        ("  x ", "&#32; x&#32;"),
        ("Well!", "Well!"),
        ("1.5 and -3", "1.5 and -3"),
        ("$20, US$30 or $HOME", "$20, US$30 or \\$HOME"),
        ("$HOME", "$HOME"),
        ("so $a_{1} * b_{2}$ and *", "so $a_{1} * b_{2}$ and \\*"),
    ],
)
def test_only_what_would_be_markup_is_escaped(text, markdown):
    assert written(line(text)) == markdown + "\n"


def test_code_that_contains_a_fence_gets_a_longer_one():
    assert written(line("```", code_block=True), line("x", code_block=True)) == "````\n```\nx\n````\n"


def test_html_stands_in_where_delimiters_would_not_be_read():
    assert written(Line((Span("un"), Span("believ", {"italic": True}), Span("able")))) == "un<i>believ</i>able\n"
    assert written(Line((Span("a"), Span(" b ", {"bold": True}), Span("c")))) == "a<b> b </b>c\n"


def test_alignment_is_a_frame_and_empty_paragraphs_are_breaks():
    assert written(line("x", align="center"), line("y", align="center"), line("")) == (
        '<div align="center">\n\nx\n\ny\n\n</div>\n\n<br>\n'
    )


def table(*rows: tuple[str, ...], bold: bool = False, align: tuple[str, ...] = ()) -> list[Line]:
    blocks = [{"align": each} if each else {} for each in align] or [{}] * len(rows[0])
    look = {"bold": True}
    return [
        Line((Span(text, look if bold and number == 0 else {}),) if text else (), {**block, "table": f"row-{number}"})
        for number, row in enumerate(rows)
        for text, block in zip(row, blocks, strict=True)
    ]


def tables_in(source: str) -> list[list[list[str]] | str]:
    """The texts of lines, and of the cells of tables, in rows; what is bold is between asterisks."""

    def text(found: Line) -> str:
        return "".join(f"*{span.text}*" if span.attributes.get("bold") else span.text for span in found.spans)

    parts = with_tables(lines_of(from_markdown(dedent(source))))
    return [[list(map(text, row)) for row in each.rows] if isinstance(each, Table) else text(each) for each in parts]


def test_a_table_has_a_bold_head_and_cells_with_all_that_a_line_may_have():
    source = "| a | *b* |\n|---|:-:|\n|  | 2 \\| `x\\|y`<br>[c](d.md) |\n"
    assert tables_in(source) == [[["*a*", "*b*"], ["", "2 | x|y\u2028c"]]]
    cells = lines_of(from_markdown(source))
    assert [cell.attributes.get("align") for cell in cells] == [None, "center"] * 2
    assert [dict(span.attributes) for span in cells[3].spans] == [{}, {"code": True}, {}, {"link": "d.md"}]


def test_a_table_looks_as_a_person_would_write_it():
    cells = table(("Name", "Cost"), ("C#", "1|2\u20283"), ("- x", ""), bold=True, align=("", "right"))
    assert written(line("a"), *cells, line("b")) == (
        "a\n\n| Name | Cost |\n| --- | --: |\n| C# | 1\\|2<br>3 |\n| - x |  |\n\nb\n"
    )


def test_a_table_without_a_head_is_written_with_an_empty_one_which_is_no_row():
    source = "|  |  |\n| --- | --- |\n| a | b |\n"
    assert written(*table(("a", "b"))) == source
    assert tables_in(source) == [[["a", "b"]]]
    assert tables_in("|  |\n|--|\n") == [[[""]]]
    assert written(*table(("a",), bold=True)) == "| a |\n| --- |\n"


def test_a_row_with_more_cells_than_the_head_loses_none():
    source = "| a |\n|---|\n| `b|c` | *d* |\n| e |  |\n"
    assert tables_in(source) == [[["*a*"], ["`b", "c`", "d"], ["e"]]]


def test_of_a_table_that_is_too_large_each_row_is_a_line_with_tabs():
    changes: list[str] = []
    spans = from_markdown("| a | b |\n|---|---|\n" + "| 1 | **2** |\n" * MOST_CELLS, change=changes.append)
    lines = ["".join(span.text for span in line.spans) for line in lines_of(spans) if "table" not in line.attributes]
    assert lines == ["a\tb"] + ["1\t2"] * MOST_CELLS
    assert changes == ["tables"]


def test_short_rows_of_a_table_are_filled_up():
    (first, second), (third,) = table(("a", "b")), table(("c",))
    assert written(first, second, Line(third.spans, {"table": "row-1"})).endswith("| a | b |\n| c |  |\n")


def test_cells_that_are_more_than_words_are_written_as_their_words():
    blocks: list[dict[str, Any]] = [{"list": "ordered"}, {"list": "checked"}, {"header": 2}, {"code-block": True}]
    cells = [Line((Span("x"),), {**block, "table": "row"}) for block in blocks]
    assert written(*cells).endswith("| 1. x | ☑ x | **x** | `x` |\n")


def test_two_tables_stay_apart_and_the_line_between_them_is_not_written():
    source = "| a |\n| --- |\n| b |\n\n| c |\n| --- |\n| d |\n"
    assert tables_in(source) == [[["*a*"], ["b"]], "", [["*c*"], ["d"]]]
    assert written(*lines_of(from_markdown(source))) == source


def test_a_table_stands_in_no_list_and_no_quote():
    assert tables_in("- | a |\n  | --- |\n- b\n") == ["", [["*a*"]], "b"]
    assert read("> c\n>\n> | a |\n> | --- |\n>\n> d")[1][1].keys() == {"table"}


@pytest.mark.parametrize("formula", [
    r"$a_{1} * b_{2} \\ c$", r"$$\frac{a}{b}_{*}$$", "$x$", r"$\text{cost \$} < *2*$", "$`a_1`$",
])  # fmt: skip
def test_a_formula_within_the_text_is_words_as_they_stand_and_goes_out_so(formula):
    assert plain_text(from_markdown(f"say *that* {formula}, right")) == f"say that {formula}, right\n"
    assert written(line(f"that {formula}, right")) == f"that {formula}, right\n"


@pytest.mark.parametrize("text", ["$20 *x* $", "a $ *x* $", "$a *x*$5", "\\$a *x*$", "$a *x*"])
def test_prices_and_single_signs_are_no_formulas(text):
    assert Span("x", {"italic": True}) in from_markdown(text)


@pytest.mark.parametrize(
    "source", ["$$\na_1 \\\\\n  *b*\n$$", "$$ a_1 \\\\\n  *b* $$", "text\n$$\na_1 \\\\\n  *b*\n$$\n"]
)
def test_a_formula_in_lines_of_its_own_is_code_with_these_lines(source):
    code = [each for each in lines_of(from_markdown(source)) if "code-block" in each.attributes]
    assert [(plain_text(each.spans), each.attributes["code-block"]) for each in code] == [
        ("a_1 \\\\", "math"), ("  *b*", "math"),
    ]  # fmt: skip


def test_it_is_not_looked_through_a_whole_text_for_where_a_formula_ends():
    far = "a" * LONGEST_FORMULA
    assert spans(f"${far}* *b* $") == [(f"${far}* ", {}), ("b", {"italic": True}), (" $", {})]
    assert spans(f"$*b*{far[4:]}$") == [(f"$*b*{far[4:]}$", {})]
    assert written(line(f"${far}*$")) == f"\\${far}\\*$\n"


def test_a_formula_that_nothing_ends_is_text():
    assert plain_text(from_markdown("$$\n*a*\n\nb\n")) == "$$ a\nb\n"
    assert plain_text(from_markdown("$$ *a*\nb $$ c\n")) == "$$ *a* b $$ c\n"


def test_nested_lists_and_task_lists_are_read():
    source = """\
        * a
          1) b
             - [ ] c

               more of c
        * [X] d
        """
    assert read(source) == [
        ("a", {"list": "bullet"}),
        ("b", {"list": "ordered", "indent": 1}),
        ("c", {"list": "unchecked", "indent": 2}),
        ("more of c", {"indent": 3}),
        ("d", {"list": "checked"}),
    ]


def test_soft_breaks_are_blanks_and_hard_breaks_do_not_end_the_paragraph():
    assert read("a\nb  \nc<br>d\\\ne") == [("a b\u2028c\u2028d\u2028e", {})]
    assert read("- a<br>b") == [("a\u2028b", {"list": "bullet"})]
    assert read("a<br>\nb") == [("a\u2028b", {})]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_a_program_notes_at_the_head_of_a_file_keeps_its_lines(end):
    yaml = {"code-block": "yaml"}
    noted = end.join(["---", "title: a", "tags: [b]", "---", "# T", ""])
    assert read(noted) == [("title: a", yaml), ("tags: [b]", yaml), ("T", {"header": 1})]
    assert read(end.join(["---", "", "a: b", "", "---"]))[1] == ("a: b", {})
    template = end.join(["---", "# Remove what you do not need.", "status: open", "", "# date: 1 May", "---", "# T"])
    assert [block for _, block in read(template)] == [yaml] * 4 + [{"header": 1}], "as templates for decisions begin"
    assert read(end.join(["---", "# T", "", "a: b", "", "---"]))[1] == ("T", {"header": 1})
    toml = {"code-block": "toml"}
    assert read(end.join(["+++", "[a]", "b = 1", "+++", "c"])) == [("[a]", toml), ("b = 1", toml), ("c", {})]
    assert read(end.join(["+++", "# why", "b = 1", "+++"])) == [("# why", toml), ("b = 1", toml)]


def test_a_line_break_within_a_line_is_one_for_every_reader():
    breaks = [
        Line((Span("Ada\u2028Main Street"),), {"list": "ordered"}),
        Line((Span("# a\u2028- b\u2028=="),), {"blockquote": True}),
        Line((Span("c\u2028d"),), {"header": 2}),
    ]
    assert written(*breaks) == "1. Ada\\\n   Main Street\n\n> \\# a<br>- b<br>==\n\n## c<br>d\n"


def test_code_in_an_item_and_lists_in_a_quote_keep_their_places():
    assert read("- a\n\n  ```c\n  x\n  ```\n\n> 1. b\n") == [
        ("a", {"list": "bullet"}),
        ("x", {"code-block": "c", "indent": 1}),
        ("b", {"blockquote": True, "list": "ordered"}),
    ]


def test_inline_html_is_read():
    assert spans("<u>a</u><sup>b</sup><sub>c</sub><mark>d</mark><span style='color:red'>e</span><kbd>f</kbd>") == [
        ("a", {"underline": True}),
        ("b", {"script": "super"}),
        ("c", {"script": "sub"}),
        ("d", {"background": "#ffff00"}),
        ("e", {"color": "#ff0000"}),
        ("f", {"code": True}),
    ]


def test_a_tag_that_html_does_not_know_is_text():
    assert read("A Vec<String> here") == [("A Vec<String> here", {})]


def test_a_tag_of_a_link_that_leads_nowhere_is_text():
    assert read("First <a>, then <b>bold</b> and </a>.") == [
        ("First <a>, then bold and </a>.", {}),
    ]
    assert spans('<a name="here">x</a>') == [("x", {})]


def test_blocks_of_html_are_read_as_html():
    assert read('<p align="center">c</p>\n') == [("c", {"align": "center"})]
    begin, rest = '<div align="center">', [("a", {"align": "center"}), ("b", {}), ("c", {})]
    assert read(f"{begin}\n\na\n\n</div>\nb\n\nc") == rest
    assert read(f"{begin}\n<div>\n\na\n\n</div>\n</div>\n<p>b</p>\n\nc") == rest
    assert tables_in("<table><tr><td>a</td><td>b</td></tr></table>\n\nc") == [[["a", "b"]], "c"]


@pytest.mark.parametrize(
    "source",
    ["[x](javascript:alert(1))", "[x](<java\tscript:a>)", "<a href='data:x'>x</a>", "[x](file:///a)"],
)
def test_a_link_that_must_not_be_opened_is_only_its_text(source):
    assert spans(source) == [("x", {})]


@pytest.mark.parametrize("address", ["docs/guide.md", "../a_b.md#part", "#part", "/root?x=1"])
def test_a_link_to_another_file_is_written_back_as_it_was_read(address):
    assert spans(f"[x]({address})") == [("x", {"link": address})]
    assert to_markdown(lines_of(from_markdown(f"[x]({address})\n")), str) == f"[x]({address})\n"


def test_an_image_elsewhere_becomes_a_link_and_nothing_is_fetched():
    assert spans("![A map](https://example.org/map.png)") == [("A map", {"link": "https://example.org/map.png"})]
    assert spans("![A map](map.png)") == [("A map", {"link": "map.png"})]


def test_images_are_taken_by_the_names_that_the_caller_gives():
    (image, _) = from_markdown("![A map](map.png)", {"map.png": "sha256:ab"}.get)
    assert (image.embed, image.attributes) == ({"image": "sha256:ab"}, {"alt": "A map"})


def test_images_in_blocks_of_html_are_images_of_the_text():
    block = (
        '<p align="center">\n  <img src="images/a.png" alt="A map" width="200">\n  <img src="b.svg" alt="Logo">\n</p>\n'
    )
    (line,) = lines_of(from_markdown(block, {"images/a.png": "sha256:ab"}.get))
    image, blank, link = line.spans
    assert (image.embed, image.attributes) == ({"image": "sha256:ab"}, {"alt": "A map", "width": 200})
    assert (blank.text, link) == (" ", Span("Logo", {"link": "b.svg"}))


@pytest.mark.parametrize("piece", ["> ", "- ", "![", "[", "*a ", "<b>", "<div>\n\n", "`` ` "])
def test_deep_nesting_is_read_without_running_out_of_stack_and_nothing_is_lost(piece):
    text = plain_text(from_markdown(piece * 3000 + "inside\n\nafter"))
    assert "inside" in text
    assert text.endswith("after\n")


@pytest.mark.parametrize("piece", ["[", "![", "^[", "[a "])
def test_it_is_not_looked_through_the_text_for_each_of_very_many_brackets_that_nothing_closes(monkeypatch, piece):
    looked: list[int] = []
    find = helpers.parseLinkLabel

    def count(state, start, disable_nested=False):
        looked.append(start)
        return find(state, start, disable_nested)

    monkeypatch.setattr(helpers, "parseLinkLabel", count)
    found = spans(piece * 150 + "[b](https://example.org/c) ![d](e.png)")
    assert found == [
        (piece * 150, {}),
        ("b", {"link": "https://example.org/c"}),
        (" ", {}),
        ("d", {"link": "e.png"}),
    ]
    assert len(looked) <= 4


def test_fifty_blocks_inside_one_another_are_still_markdown():
    assert read("> " * 98 + "# x") == [("x", {"blockquote": True, "header": 1})]
    assert read("- " * 49 + "# x") == [("x", {"list": "bullet", "header": 1, "indent": 8})]


PAGE = {"page-break": True}


def test_a_page_begins_as_pandoc_has_it_and_words_that_look_so_are_words():
    source = written(line("a"), line("b", header=1, page_break=True), line(r"\newpage"))
    assert source == "a\n\n\\newpage\n\n# b\n\n\\\\newpage\n"
    assert read(source) == [("a", {}), ("b", {"header": 1, **PAGE}), (r"\newpage", {})]


def test_a_page_within_a_list_begins_without_another_list():
    document = [line("a", list="ordered"), line("b", list="ordered", page_break=True), line("c", list="ordered")]
    assert written(*document) == "1. a\n\n\\newpage\n\n2. b\n3. c\n"
    assert [block for _, block in read(written(*document))] == [dict(each.attributes) for each in document]


@pytest.mark.parametrize(
    "source",
    [
        "a\n\n\\pagebreak\n\nb",
        'a\n\n<div style="page-break-after: always;"></div>\n\nb',
        '<div style="break-after: page">\n\na\n\n</div>\n\nb',
        'a\n\n<div style="break-before: page">\n\nb\n\n</div>',
        'a\n\n<p style="page-break-before: always">b</p>',
    ],
)
def test_pages_of_others_begin_where_they_say(source):
    assert read(source) == [("a", {}), ("b", PAGE)]


def test_a_table_at_the_beginning_of_a_page_stands_below_a_line_that_begins_it():
    assert read("a\n\n\\newpage\n\n| b |\n|---|") == [("a", {}), ("", PAGE), ("b", ANY)]
