"""Tracked changes and comments of OpenDocument texts, as suggested changes and threads."""

from __future__ import annotations

import pytest

from cowrite.convert import comment_threads
from cowrite.convert.file_read import FileRead
from cowrite.core.text.richtext import DELETION, INSERTION, lines_of, plain_text
from cowrite.core.text.suggested_text import as_it_stands, as_suggested
from helpers.open_documents import (
    added,
    cell,
    comment,
    ends,
    gone,
    item,
    items,
    odt,
    p,
    region,
    row,
    span,
    style,
    table,
    tracked,
)
from unit.convert.odt.test_reader import NUMBERS, blocks, read

MOMENT = 1767323045000


def marked(found: FileRead) -> list[str]:
    """Each line with what is suggested of it: {+…+} comes in, {-…-} goes, and so do breaks by their sign ¶."""
    lines = []
    for line in lines_of(found.spans, keeps_suggested=True):
        said = ""
        for text, attributes in (*((each.text, each.attributes) for each in line.spans), ("¶", line.attributes)):
            signs = "".join(sign for sign, name in (("+", INSERTION), ("-", DELETION)) if name in attributes)
            said += f"{{{signs}{text}{signs[::-1]}}}" if signs else text.replace("¶", "")
        lines.append(said)
    return lines


def test_what_is_tracked_is_suggested_by_whom_the_file_names():
    changes = tracked(region("1", "deletion", gone=p("herbs ")), region("2", "insertion", who="Cy"))
    found = read(odt(changes + p(f"We plant {gone('1')}{added('flowers', '2')} now.")))

    assert marked(found) == ["We plant {-herbs -}{+flowers+} now."]
    (away, new) = found.suggested.values()
    assert (away.author.name, away.created, new.author.name) == ("Bo", MOMENT, "Cy")
    assert plain_text(as_it_stands(found.spans)) == "We plant herbs  now.\n"
    assert plain_text(as_suggested(found.spans)) == "We plant flowers now.\n"


@pytest.mark.parametrize(
    ("away", "text", "expected"),
    [
        (p("") + p(""), p(f"one{gone('1')}two"), ["one{-¶-}", "two"]),
        (p("whole") + p(""), p(f"{gone('1')}stays"), ["{-whole-}{-¶-}", "stays"]),
        (p("b") + p("mid") + p("c"), p(f"a{gone('1')}d"), ["a{-b-}{-¶-}", "{-mid-}{-¶-}", "{-c-}d"]),
        (table(row(cell("x"), cell("y"))), p(f"a {gone('1')}d"), ["a {-x\ty-}d"]),
        (p("alone"), gone("1") + p("b"), ["{-alone-}{-¶-}", "b"]),
        ("", p(f"a{added('b', '1')}"), ["a{-b-}"]),
        ("", p(f"a{gone('1')}"), ["a"]),
    ],
)
def test_what_is_to_go_stands_where_its_sign_is(away, text, expected):
    assert marked(read(odt(tracked(region("1", "deletion", gone=away)) + text))) == expected


def test_paragraphs_that_come_in_come_in_with_their_breaks():
    text = p('a<text:change-start text:change-id="1"/>b') + p('c<text:change-end text:change-id="1"/>d')
    assert marked(read(odt(tracked(region("1", "insertion")) + text))) == ["a{+b+}{+¶+}", "{+c+}d"]
    around = '<text:change-start text:change-id="1"/>' + p("a") + '<text:change-end text:change-id="1"/>' + p("b")
    assert marked(read(odt(tracked(region("1", "insertion")) + around))) == ["{+a+}{+¶+}", "b"]


def test_what_somebody_has_put_in_and_another_takes_out_is_both():
    changes = tracked(region("1", "deletion", "insertion", gone=p("both")))
    assert marked(read(odt(changes + p(f"{gone('1')}<text:s/>word")))) == ["{+-both-+} word"]


def test_rows_that_are_tracked_are_suggested_with_their_cells():
    """As LibreOffice has it: a row says that it is tracked, and its words whether they come or go."""
    whole = '<style:style style:name="{}" style:family="table-row"><style:table-row-properties {}/></style:style>'
    styles = whole.format("R1", 'loext:text-changes-only="false"') + whole.format("R2", "")
    changes = tracked(region("1", "insertion"), region("2", "deletion", gone=p("goes")), region("3", "insertion"))
    rows = (
        row(cell(p(added("new", "1"))), cell(""), more='table:style-name="R1"'),
        row(cell(p(gone("2"))), cell(""), more='table:style-name="R1"'),
        row(cell(p(added("word", "3"))), cell(""), more='table:style-name="R2"'),
        row(cell("stays"), cell(""), more='table:style-name="R1"'),
    )
    assert marked(read(odt(changes + table(*rows), styles))) == [
        "", "{+new+}{+¶+}", "{+¶+}", "{-goes-}{-¶-}", "{-¶-}", "{+word+}", "", "stays", "", ""
    ]  # fmt: skip


def test_a_line_that_goes_leaves_the_next_one_what_it_is():
    """As LibreOffice has it: where two paragraphs have become one, that one is what the first was."""
    away = '<text:h text:outline-level="2"/>' + p("")
    found = read(
        odt(tracked(region("1", "deletion", gone=away)) + f'<text:h text:outline-level="2">a{gone("1")}b</text:h>')
    )
    assert [block for _, block in blocks(found)] == [{"header": 2}, {}]


def test_items_that_are_to_go_count_while_they_are_there():
    away = items(item(p("two")), item(p("")), name="L2")
    text = items(item(p("one")), item(p(f"{gone('1')}three")), item(p("four")), name="L2")
    found = read(odt(tracked(region("1", "deletion", gone=away)) + text, NUMBERS))
    assert marked(found) == ["one", "{-two-}{-¶-}", "three", "four"]
    assert [block for _, block in blocks(found)] == [{"list": "ordered"}] * 4


def test_tracked_looks_and_signs_of_nothing_change_nothing():
    looks = '<text:changed-region text:id="2"><text:format-change/></text:changed-region>'
    changes = tracked(region("1", "deletion", gone=p("x")), looks)
    found = read(odt(changes + p(f"{gone('1')}{gone('1')}{gone('9')}{added('a', '2')}{added('b', '9')}")))
    assert (marked(found), found.changed) == (["{-x-}ab"], ("tracked looks",))


def test_within_a_note_nothing_is_suggested():
    note = f"<text:note><text:note-body>{p(gone('1') + 'stays')}</text:note-body></text:note>"
    found = read(odt(tracked(region("1", "deletion", gone=p("goes "))) + p(f"a{note}")))
    assert [each.embed for each in found.spans if each.embed] == [{"footnote": [{"insert": "stays"}]}]
    assert (found.changed, found.suggested) == (("changes in notes",), {})


def said(found: FileRead) -> list[tuple[str, str, list[str], bool]]:
    """Of each thread its words, what it says, what is answered, and whether it is settled."""
    threads = [each.thread for each in found.comments]
    return [(each.quote, each.text, [reply.text for reply in each.replies], each.is_resolved) for each in threads]


def test_comments_stay_on_their_words_with_their_answers():
    text = p(
        comment("2", "So", "Cy", 'loext:parent-name="1"').replace(":05</", ":06</") + comment("1", "Why?")
        + f"We {span('plant', 'T1')}{ends('1')}{ends('2')} herbs{comment('3', 'Here')} and{comment('4', 'Over')} more"
    )  # fmt: skip
    text += p(f"lines{ends('4')}.") + p(comment("5", "Done", more='loext:resolved="true"') + "end")
    found = read(odt(text, style("T1", text='fo:font-weight="bold"')))

    assert said(found) == [
        ("We plant", "Why?", ["So"], False), ("herbs", "Here", [], False), (" more\nlines", "Over", [], False),
        ("end", "Done", [], True),
    ]  # fmt: skip
    first = found.comments[0]
    assert (first.place, first.thread.author.name, first.thread.created) == ((0, 8), "Bo", MOMENT)
    assert first.thread.replies[0].author.name == "Cy"


def test_comments_that_answer_each_other_in_a_ring_are_threads_of_their_own():
    ring = comment("1", "a", more='loext:parent-name="2"') + comment("2", "b", more='loext:parent-name="1"')
    own = comment("3", "c", more='loext:parent-name="3"') + comment("4", "d", more='loext:parent-name="9"')
    found = read(odt(p(f"{ring}{own}word")))
    assert said(found) == [("word", text, [], False) for text in "abcd"]


def test_a_comment_is_its_lines_and_says_neither_by_whom_nor_when_where_the_file_does_not():
    inner = "<text:p>one  two<text:s/></text:p><text:list><text:list-item><text:p>three<text:line-break/>four</text:p>"
    inner += "</text:list-item></text:list><draw:frame/>"
    found = read(odt(p(f"<office:annotation>{inner}</office:annotation>word")))
    assert said(found) == [("word", "one two \nthree\nfour", [], False)]
    assert (found.comments[0].thread.author.name, found.comments[0].thread.created) == ("", 0)
    assert found.left_out == ("images in comments",)


def test_comments_beyond_many_are_left_out(monkeypatch):
    monkeypatch.setattr(comment_threads, "MOST_COMMENTS", 2)
    found = read(odt(p("".join(f"{comment(name, name)}w{ends(name)} " for name in "abc"))))
    assert [text for _, text, _, _ in said(found)] == ["a", "b"]
    assert found.left_out == ("comments beyond the first 2",)
