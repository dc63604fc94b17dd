"""Reading HTML: structure, blanks, broken markup, and what is kept out."""

from __future__ import annotations

from typing import Any

import pytest

from cowrite.convert.html.reader import from_html
from cowrite.convert.html.stylesheet import MOST_DECLARATIONS, StyleSheet
from cowrite.core.text.richtext import EMBED_CHARACTER, lines_of, plain_text
from helpers.stopwatch import Stopwatch


def lines(source: str) -> list[tuple[str, dict[str, Any]]]:
    return [(plain_text(line.spans), dict(line.attributes)) for line in lines_of(from_html(source))]


def texts(source: str) -> list[str]:
    return [text for text, _ in lines(source)]


def attributes(source: str) -> list[dict[str, Any]]:
    return [dict(span.attributes) for line in lines_of(from_html(source)) for span in line.spans]


def test_lists_nested_inside_items_and_lists_nested_beside_items_read_the_same():
    right = "<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>"
    google = "<ul><li>a</li><ol><li>b</li></ol><li>c</li></ul>"
    assert lines(right) == lines(google)
    assert lines(right) == [
        ("a", {"list": "bullet"}),
        ("b", {"list": "ordered", "indent": 1}),
        ("c", {"list": "bullet"}),
    ]


def test_lists_of_an_exported_google_document_take_their_depth_from_their_class():
    source = '<ul class="c1 lst-kix_ab1-0 start"><li>a</li></ul><ul class="lst-kix_ab1-1"><li>b</li></ul>'
    assert lines(source) == [("a", {"list": "bullet"}), ("b", {"list": "bullet", "indent": 1})]


@pytest.mark.parametrize("sign", ["#", "¶", "§", "🔗"])
def test_the_sign_by_which_a_page_links_to_a_heading_is_left_out_and_other_links_stay(sign):
    source = f'<h2>Why <a href="#why">{sign}</a></h2><p>as <a href="#why">{sign}</a>, <a href="#note">1</a></p>'
    assert texts(source) == ["Why", f"as {sign}, 1"]
    assert texts(f'<h2><a href="https://example.org">{sign}</a></h2>') == [sign]


@pytest.mark.parametrize(
    "item",
    [
        '<div><ul><li data-aria-level="{1}"><p>{0}</p></li></ul></div>',
        '<ul data-stringify-type="unordered-list"><li data-stringify-indent="{2}">{0}</li></ul>',
    ],
    ids=["Word on the web", "Slack"],
)
def test_items_that_have_a_list_each_take_their_depth_from_what_they_say(item):
    source = "".join(item.format(text, depth + 1, depth) for text, depth in (("a", 0), ("b", 1), ("c", 2)))
    assert lines(source) == [
        ("a", {"list": "bullet"}),
        ("b", {"list": "bullet", "indent": 1}),
        ("c", {"list": "bullet", "indent": 2}),
    ]


def test_what_is_called_a_heading_or_a_quote_is_one():
    assert lines('<p role="heading" aria-level="2">a</p><p class="MsoQuote">b</p>') == [
        ("a", {"header": 2}),
        ("b", {"blockquote": True}),
    ]


@pytest.mark.parametrize(
    ("mark", "item"),
    [
        ("1.2.", {"list": "ordered", "start": 2}),
        ("2.1", {"list": "ordered"}),
        ("(b)", {"list": "ordered"}),
        ("·", {"list": "bullet"}),
    ],
)
def test_an_item_of_word_is_of_the_kind_of_its_mark_and_has_its_number(mark, item):
    source = f"<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>{mark}</span>a</p>"
    assert lines(source) == [("a", item)]


def test_a_list_counts_from_where_it_says_and_an_item_has_the_number_that_it_says():
    source = '<ol start="5"><li>a<li>b<ol><li>c</ol><li value="9">d<li>e</ol><ol><li>f</ol><ol start="x"><li>g</ol>'
    ordered = {"list": "ordered"}
    assert lines(source) == [
        ("a", {**ordered, "start": 5}), ("b", ordered), ("c", {**ordered, "indent": 1}), ("d", {**ordered, "start": 9}),
        ("e", ordered), ("f", {**ordered, "start": 1}), ("g", {**ordered, "start": 1}),
    ]  # fmt: skip


def test_lists_of_programs_that_end_them_at_each_other_depth_go_on_counting():
    source = (
        '<ol class="lst-kix_a1-0"><li>a</ol><ol class="lst-kix_a1-1"><li>b</ol><ol class="lst-kix_a1-0"><li>c</ol>'
        '<ol data-stringify-type="ordered-list" data-indent="0"><li data-stringify-indent="0">d</ol>'
    )
    ordered = {"list": "ordered"}
    assert lines(source) == [("a", ordered), ("b", {**ordered, "indent": 1}), ("c", ordered), ("d", ordered)]


def test_a_box_that_is_written_before_an_item_is_one_to_tick():
    assert lines("<ul><li>[ ]  a</li><li>[x] b</li><li>[y] c</li></ul><p>[ ] d</p>") == [
        ("a", {"list": "unchecked"}),
        ("b", {"list": "checked"}),
        ("[y] c", {"list": "bullet"}),
        ("[ ] d", {}),
    ]


def test_further_paragraphs_of_an_item_are_indented_below_it():
    assert lines("<ol><li><p>a</p><p>b</p></li><li>c<br>d</li></ol>") == [
        ("a", {"list": "ordered"}),
        ("b", {"indent": 1}),
        ("c", {"list": "ordered"}),
        ("d", {"indent": 1}),
    ]


def test_items_without_end_tags_and_empty_items_are_items():
    assert lines("<ul><li>a<li><li>b</ul>") == [(text, {"list": "bullet"}) for text in ("a", "", "b")]


def test_quills_own_markup_is_read():
    source = '<ol><li data-list="bullet">a</li><li data-list="ordered" class="ql-indent-2">b</li></ol>'
    assert lines(source) == [("a", {"list": "bullet"}), ("b", {"list": "ordered", "indent": 2})]


def test_blanks_collapse_as_in_a_browser():
    assert texts("<p>  a \n\t b <b> c</b> </p>\n <p>d</p>") == ["a b c", "d"]


def test_blanks_are_kept_where_the_style_keeps_them():
    assert texts('<p style="white-space:pre-wrap">  a\n b</p><p style="white-space:pre-line">  a\n  b</p>') == [
        "  a",
        " b",
        "a",
        "b",
    ]


def test_empty_paragraphs_count_only_where_they_show():
    assert texts("<p>a</p><p></p><p><br></p><p>&nbsp;</p><div>b<br></div>") == ["a", "", "", "b"]


@pytest.mark.parametrize(
    "source",
    [
        "<ul class=inline-task-list><li class=checked>a<li>b<ul><li class=checked>c</ul></ul>",  # Confluence
        (
            "<ul class=to-do-list><li><div class='checkbox checkbox-on'></div> <span>a</span></ul>"
            "<ul class=to-do-list><li><div class='checkbox checkbox-off'></div> <span>b</span><ul><li>c</ul></ul>"
        ),  # Notion
    ],
)
def test_tasks_of_programs_that_say_by_a_class_what_is_done_are_check_lists(source):
    assert lines(source) == [
        ("a", {"list": "checked"}), ("b", {"list": "unchecked"}), ("c", {"list": "bullet", "indent": 1}),
    ]  # fmt: skip


def test_a_heading_in_two_lines_is_one_heading():
    assert lines("<h1>Plan <br> of <b>beds</b><br></h1><h2><br></h2><p>a<br>b</p>") == [
        ("Plan\u2028of beds", {"header": 1}), ("", {"header": 2}), ("a", {}), ("b", {}),
    ]  # fmt: skip


def test_code_keeps_its_lines_and_its_language():
    assert lines('<pre><code class="language-c++">\nint a;\n\n  b\n</code></pre>') == [
        ("", {"code-block": "c++"}),
        ("int a;", {"code-block": "c++"}),
        ("", {"code-block": "c++"}),
        ("  b", {"code-block": "c++"}),
    ]
    assert texts("<pre>\nfirst\n</pre>") == ["first"]


def test_a_format_that_ends_inside_a_paragraph_it_did_not_begin_in_ends_there():
    assert attributes("<b>a<p>b</b>c</p>") == [{"bold": True}, {"bold": True}, {}]
    assert texts("<b>a<p>b</b>c</p>") == ["a", "bc"]


def test_styles_say_the_same_as_tags():
    source = '<span style="font-weight:700;font-style:italic;text-decoration:underline line-through">x</span>'
    assert attributes(source) == [{"bold": True, "italic": True, "underline": True, "strike": True}]
    assert attributes('<b style="font-weight: normal">x</b>') == [{}]


def test_fonts_and_sizes_that_are_set_for_words_of_a_file_come_in_and_those_of_what_is_pasted_do_not():
    source = (
        "<style>p{font-size:11pt;font-family:Calibri,sans-serif} .x{font-size:30pt}</style>"
        '<p><span style="font-size:14.5pt;font-family:Arial">a<span style="font-size:11.0pt">b</span></span>'
        '<span style="font-family:Calibri;font-size:11pt" class="x">c</span><font face="Georgia, serif">d</font>'
        '<span style="font-family:Amiri;font-size:2em">e</span></p>'
        '<h1>f<span style="font-size:24pt">g</span><span style="font-size:20px">h</span></h1>'
    )
    found = [(span.text, span.attributes) for span in from_html(source, takes_letters=True)]
    sans = {"font": "sans-serif"}
    assert found == [
        ("a", {**sans, "size": "14.5pt"}), ("b", sans), ("c", {}), ("d", {"font": "serif"}), ("e\nfg", {}),
        ("h", {"size": "15pt"}), ("\n", {"header": 1}),
    ]  # fmt: skip
    assert all(span.attributes.keys() <= {"header"} for span in from_html(source))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("red", "#ff0000"),
        ("#AbC", "#aabbcc"),
        ("rgb(200, 10, 20)", "#c80a14"),
        ("rgb(100% 0% 50% / 0.5)", "#ff0080"),
        ("hsl(120, 100%, 25%)", "#008000"),
    ],
)
def test_colours_are_read_however_they_are_written(written, read):
    assert attributes(f'<span style="color: {written} !important">x</span>') == [{"color": read}]


@pytest.mark.parametrize(
    "written", ["black", "rgb(32,33,34)", "#fff", "inherit", "rgba(255,0,0,0)", "windowtext", "x("]
)
def test_a_colour_that_means_none_is_none(written):
    assert attributes(f'<span style="color:{written}">x</span>') == [{}]


def test_classes_are_read_from_a_style_sheet():
    source = "<style>@media print{.a{color:red}} /* {} */ .a, i.b {font-weight:bold} p{text-align:center}</style>"
    assert attributes(source + '<p><span class="a">x</span></p>') == [{"bold": True}]
    assert lines(source + "<p>x</p>") == [("x", {"align": "center"})]


def test_tasks_of_confluence_are_items_to_tick():
    inner = '<div data-node-type="actionList"><div data-task-state="TODO">third</div></div>'
    tasks = f'<div data-task-state="DONE">first</div><div data-task-state="TODO">second</div>{inner}'
    assert lines(f'<p>a</p><div data-node-type="actionList">{tasks}</div><p>b</p>') == [
        ("a", {}), ("first", {"list": "checked"}), ("second", {"list": "unchecked"}),
        ("third", {"list": "unchecked", "indent": 1}), ("b", {}),
    ]  # fmt: skip


@pytest.mark.parametrize(("source", "text"), [
    ("<ruby>漢字<rt>かんじ</rt></ruby>を", "漢字(かんじ)を"), ("<ruby>漢<rt>かん<rt>x</ruby>を", "漢(かん)(x)を"),
    ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rp>(</rp><rt>じ</rt><rp>)</rp></ruby>", "漢(かん)字(じ)"),
    ("He said <q>no <b>way</b></q>.", "He said “no way”."), ("<p><q>a<p>b</q>c", "“a”\nbc"),
    ("<span hidden><q>a</q></span>b", "b"),
])  # fmt: skip
def test_readings_of_characters_are_in_brackets_and_quotations_in_quotes(source, text):
    assert plain_text(from_html(source)) == f"{text}\n"


def test_an_alignment_of_its_own_counts_more_than_one_of_the_style_sheet():
    sheet = "<style>p, table, td {text-align: left; direction: ltr}</style>"
    assert lines(sheet + '<p dir="rtl" align="right">שלום</p>') == [("שלום", {})]
    assert lines(sheet + '<p align="right">x</p>') == [("x", {"align": "right"})]
    assert lines(sheet + '<p align="right" style="text-align: center">x</p>') == [("x", {"align": "center"})]
    assert lines(sheet + '<p dir="rtl">שלום</p>') == [("שלום", {"align": "left"})]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVa\nScRiPt:alert(1)",
        " javascript:x",
        "java&#10;script:x",
        "file:///etc/passwd",
        "data:text/html,x",
        "vbscript:x",
        "#",
        "\\\\server\\share",
        "ftp://example.org/x",
        "blob:https://example.org/1",
    ],
)
def test_a_link_with_any_other_scheme_is_only_its_text(address):
    assert from_html(f'<a href="{address}">x</a>') == from_html("x")


@pytest.mark.parametrize("address", ["/relative", "other.html", "../a/b:c", "?page=2", "#part", "a b.md"])
def test_a_link_into_the_place_that_a_text_comes_from_keeps_its_address(address):
    assert attributes(f'<a href="{address}">x</a>') == [{"link": address.replace(" ", "%20")}]
    assert attributes("<a href='//example.org/x'>x</a>") == [{"link": "https://example.org/x"}]


@pytest.mark.parametrize("address", ["https://x.y/?a=1&amp;b=2", "HTTP://x.y", "mailto:a@b.c", "cowrite://h/r"])
def test_a_link_that_may_be_opened_is_kept(address):
    assert attributes(f"<a href='{address}'>x</a>") == [{"link": address.replace("&amp;", "&")}]


def test_a_link_looks_like_one_and_not_as_libreoffice_paints_it_from_outside():
    look = '<font color="{}"><u>{}<a href="https://example.org">x</a></u></font>'
    assert attributes(look.format("#000080", "")) == [{"link": "https://example.org"}]
    assert attributes(look.format("#c02020", "")) == [
        {"link": "https://example.org", "color": "#c02020", "underline": True}
    ]


@pytest.mark.parametrize(
    "source",
    [
        "<script>text</script>",
        "<style>text</style>",
        "<iframe>text</iframe>",
        "<noscript>text</noscript>",
        "<template>text</template>",
        "<textarea>text</textarea>",
        "<object>text</object>",
        "<svg><text>text</text></svg>",
        "<p hidden>text</p>",
        '<p style="display:none">text<b>text</b></p>',
        "<!--[if mso]>text<![endif]-->",
        "<title>text</title>",
        "<img src='https://x.y/a.png' alt='text'>",
        "<script>text",
        "<!-- text",
        "<a title='text",
    ],
)
def test_what_is_not_shown_is_not_read(source):
    assert from_html(source) == []


@pytest.mark.parametrize(
    "piece",
    ["<b>", "<div>", "<ul><li>a", "<table><tr><td>", "<table border=1><tr><td colspan=9999 rowspan=9999>a",
     "<td colspan=100000>a", "<tr><td rowspan=0 colspan=50>a",
     "<a b='", "<![x", "<!--a", "</b>", "<b><p>x</b>", "<", "&#", "&am",
     "<blockquote>", "<script>", "<style>a{", "<p style='a:\"(", "a<wbr>", "<pre>\n", "<a href=x>", "<li>"],
)  # fmt: skip
def test_hostile_input_takes_time_in_proportion_to_its_length(piece):
    watch = Stopwatch()
    from_html("<table border=1><tr>" * piece.startswith(("<tr>", "<td ")) + piece * (30_000 // len(piece)))
    assert watch.seconds < 2  # quadratic time would be five


def test_a_style_sheet_costs_no_element_more_than_somebody_states_of_one():
    sheet = StyleSheet()
    sheet.add("".join(f"p{{{'a' * (1 + at // 26)}{chr(97 + at % 26)}:b}}" for at in range(2 * MOST_DECLARATIONS)))
    assert len(sheet.style("p", ())) == MOST_DECLARATIONS


def test_one_paragraph_of_ten_megabytes_is_read():
    source = "<p>" + "word <b>bold</b> " * 10 + "x" * 10_000_000
    assert len(plain_text(from_html(source))) > 10_000_000


def test_a_number_of_a_million_digits_in_a_character_reference_is_no_character():
    assert plain_text(from_html("&#" + "9" * 1_000_000 + ";&#00000000065;")) == "\ufffdA\n"


@pytest.mark.parametrize(
    "source",
    [
        '<p>a</p><p style="break-before: page">b</p><p>c</p>',
        '<div style="page-break-after: always">a</div><p>b</p><p>c</p>',
        '<p>a</p><div style="page-break-after:always"><span style="display:none">&nbsp;</span></div><p>b</p><p>c</p>',
        '<p>a</p><hr style="page-break-before:always;display:none;"><p>b</p><p>c</p>',  # Google Docs
        "<p>a</p><span><br clear=all style='page-break-before:always'></span><p>b</p><p>c</p>",  # Word
        "<style>.new {page-break-before: always}</style><p>a</p><section class=new><p>b</p><p>c</p></section>",
        '<p>a<br style="page-break-before:always">b</p><p>c</p>',
    ],
)
def test_a_page_begins_with_the_next_line(source):
    assert lines(source) == [("a", {}), ("b", {"page-break": True}), ("c", {})]


def test_a_page_that_begins_with_a_table_or_a_divider_begins_there():
    always = "style='page-break-before:always'"
    source = f"<p>a</p><hr {always}><table border=1 {always}><tr><td>b<td>c</table>"
    pages = [(text, block.get("page-break")) for text, block in lines(source)]
    assert pages == [("a", None), (EMBED_CHARACTER, True), ("", True), ("b", None), ("c", None)]
