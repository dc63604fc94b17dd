"""Writing HTML that other applications paste well."""

from __future__ import annotations

from cowrite.convert.html.writer import page, to_html
from cowrite.core.text.richtext import EMBED_CHARACTER, Line, Span


def line(text: str, **block) -> Line:
    return Line((Span(text),) if text else (), {name.replace("_", "-"): value for name, value in block.items()})


def written(*lines: Line) -> str:
    return to_html(lines).replace("\n", "")


def test_lists_of_mixed_kinds_nest_inside_their_items():
    assert written(
        line("a", list="bullet"), line("b", list="ordered", indent=1), line("c", list="ordered", indent=1),
        line("d", list="bullet"),
    ) == '<ul><li>a<ol type="a"><li>b</li><li>c</li></ol></li><li>d</li></ul>'  # fmt: skip


def test_an_ordered_list_goes_on_counting_after_a_paragraph_of_its_item():
    assert written(line("a", list="ordered"), line("b", indent=1), line("c", list="ordered")) == (
        "<ol><li>a<p>b</p></li><li>c</li></ol>"
    )


def test_a_list_deeper_than_anything_above_it_shows_no_mark_for_the_levels_between():
    assert written(line("a", list="bullet", indent=1)) == (
        '<ul><li style="list-style-type:none"><ul><li>a</li></ul></li></ul>'
    )


def test_lines_say_that_they_are_read_from_right_to_left_for_no_browser_looks_at_their_letters():
    assert written(line("שלום"), line("see שלום"), line("see", direction="rtl"), line("שלום", direction="ltr")) == (
        '<p dir="rtl">שלום</p><p>see שלום</p><p dir="rtl">see</p><p dir="ltr">שלום</p>'
    )
    assert written(line("שלום", align="left"), line("שלום", align="right")) == (
        '<p dir="rtl" style="text-align:left">שלום</p><p dir="rtl">שלום</p>'
    )


def test_the_marks_of_a_list_stand_on_the_side_from_which_it_is_read():
    item = {"list": "bullet"}
    assert written(line("א", **item), line("b", **item), line("c", list="bullet", indent=1), line("ד", indent=1)) == (
        '<ul dir="rtl"><li>א</li><li dir="ltr">b<ul><li>c</li></ul><p dir="rtl">ד</p></li></ul>'
    )


def test_the_first_column_of_a_table_stands_on_the_side_from_which_it_is_read():
    table = written(line("א", table="1"), line("b", table="1"), line("ג", table="2"), line("ד", table="2"))
    assert table.startswith('<table dir="rtl" ')
    assert table.count("<td style") == 3
    assert table.count('<td dir="ltr"') == 1


def test_check_list_items_have_a_drawn_box():
    assert written(line("a", list="checked")) == '<ul><li style="list-style-type:none">☑ a</li></ul>'


def test_structure_is_written_as_semantic_elements():
    assert written(
        line("T", header=2), line("q", blockquote=True), line("x<y", code_block="py"), line("", code_block="py"),
        Line((Span(EMBED_CHARACTER, {}, {"divider": True}),)), line(""), line("c", align="center", indent=1),
    ) == (
        "<h2>T</h2><blockquote><p>q</p></blockquote>"
        '<pre data-language="py"><code>x&lt;y</code></pre><hr><p><br></p>'
        '<p style="text-align:center;margin-left:36pt">c</p>'
    )  # fmt: skip


def test_blanks_that_html_would_collapse_are_guarded():
    assert written(line(" a  b c")) == (
        '<p><span style="white-space:pre-wrap"> </span>a<span style="white-space:pre-wrap">  </span>b c</p>'
    )


def test_overlapping_formats_are_nested():
    spans = (Span("a", {"bold": True}), Span("b", {"bold": True, "italic": True}), Span("c", {"italic": True}))
    assert written(Line(spans)) == "<p><strong>a<em>b</em></strong><em>c</em></p>"


def test_a_link_that_must_not_be_opened_is_not_written():
    assert "javascript" not in written(Line((Span("x", {"link": "javascript:alert(1)"}),)))


def test_an_image_has_the_given_address_and_without_one_its_description():
    image = Line((Span(EMBED_CHARACTER, {"alt": 'a "b"', "width": 3}, {"image": "sha256:ab"}),))
    assert to_html([image], lambda name: f"data:{name}") == (
        '<p><img src="data:sha256:ab" alt="a &quot;b&quot;" width="3"></p>\n'
    )
    assert written(image) == '<p>a "b"</p>'


def test_text_is_never_markup():
    assert written(line("<script>&amp;")) == "<p>&lt;script&gt;&amp;amp;</p>"
    assert "<title>a&lt;b</title>" in page("", "a<b")


def test_a_page_begins_with_its_first_line_whatever_that_is():
    code = [line("x", code_block=True), line("y", code_block=True, page_break=True), line("z", code_block=True)]
    before = ' style="page-break-before:always"'
    assert written(*code) == f"<pre><code>x</code></pre><pre{before}><code>yz</code></pre>"
    assert written(line("a", list="bullet"), line("b", list="bullet", page_break=True)) == (
        f"<ul><li>a</li><li><p{before}>b</p></li></ul>"
    )
