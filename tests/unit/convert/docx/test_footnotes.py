"""Footnotes in Word files: those that cowrite writes, and what other programs put into theirs."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.convert.docx.writer import to_docx
from cowrite.convert.footnotes import MOST_REPEATED
from cowrite.convert.normal import normal_lines, spans_from
from cowrite.core.entries.authors import Author, Authorship
from cowrite.core.text.footnotes import embed_of, footnotes_in
from cowrite.core.text.richtext import DELETION, EMBED_CHARACTER, INSERTION, Line, Span, lines_of
from helpers.seeds import seeds
from helpers.word_files import PIXEL, read, run

PLACES = (("_Toc1", "here"), ("_Ref1", " there"))
NAMES = nsdecls("w", "r", "a", "wp")


def note(*words: Span | str, **marks: object) -> Span:
    spans = [Span(each) if isinstance(each, str) else each for each in words]
    return Span(EMBED_CHARACTER, marks, embed_of(spans))


def test_a_link_in_a_note_leads_to_a_heading_and_one_to_another_place_is_text():
    links = "".join(f'<w:hyperlink w:anchor="{place}">{run(words)}</w:hyperlink>' for place, words in PLACES)
    heading = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:bookmarkStart w:id="1" w:name="_Toc1"/>'
    refers = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    notes = f'<w:footnote w:id="2"><w:p>{links}</w:p></w:footnote>'
    ((_, found),) = footnotes_in(read(file_with(heading + run("Costs") + refers, footnotes=notes)).spans)
    assert found == (Span("here", {"link": "#costs"}), Span(" there"))


def file_with(body: str, links: tuple[str, ...] = (), **parts: str) -> bytes:
    """A file with this paragraph, and with these notes in the words of the format, by the name of their part."""
    word = docx.Document()
    word.element.body.sectPr.addprevious(parse_xml(f"<w:p {NAMES}>{body}</w:p>"))
    for kind, content in parts.items():
        xml = f"<w:{kind} {NAMES}>{content}</w:{kind}>".encode()
        named = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
        part = Part(PackURI(f"/word/{kind}.xml"), named, xml, word.part.package)
        for link in links:
            part.relate_to(link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        picture = Part(PackURI(f"/word/media/{kind}.png"), "image/png", PIXEL, word.part.package)
        part.relate_to(picture, RELATIONSHIP_TYPE.IMAGE)
        word.part.relate_to(part, getattr(RELATIONSHIP_TYPE, kind.upper()))
    stream = BytesIO()
    word.save(stream)
    return stream.getvalue()


def reference(id: int, kind: str = "footnote") -> str:
    return f'<w:r><w:{kind}Reference w:id="{id}"/></w:r>'


LETTERS = st.text(st.sampled_from("ab é中שمm.<&\u2028"), max_size=6)
LOOKS = st.sampled_from([{}, {"bold": True}, {"italic": True}, {"code": True}, {"link": "https://example.org/a?b"}])
WORDS = st.lists(st.builds(Span, LETTERS, LOOKS), max_size=4)


@settings(max_examples=len(seeds(12)), deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=3), st.sampled_from([{}, {"header": 2}, {"list": "bullet"}]))
def test_footnotes_that_were_written_are_read_as_the_same(notes, block):
    spans = [each for words in notes for each in (Span("word"), note(*words))]
    lines = [Line(tuple(spans), block), Line((Span("end"),))]
    assert read(to_docx(lines, lambda _name: None)).spans == spans_from(normal_lines(lines))


def test_the_file_has_words_own_footnotes():
    content = to_docx(
        [Line((Span("one"), note("See ", Span("Smith", {"italic": True}), "\n\np. 7")))], lambda _name: None
    )
    with zipfile.ZipFile(BytesIO(content)) as package:
        text, notes, settings_ = (
            package.read(f"word/{name}.xml").decode() for name in ("document", "footnotes", "settings")
        )
        assert "/word/footnotes.xml" in package.read("[Content_Types].xml").decode()
    assert '<w:footnoteReference w:id="1"/>' in text
    assert notes.count("<w:footnoteRef/>") == 1
    assert notes.count('<w:pStyle w:val="FootnoteText"/>') == 2
    assert '<w:footnote w:type="separator" w:id="-1">' in notes
    assert '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr><w:compat>' in settings_
    styles = {style.style_id for style in docx.Document(BytesIO(content)).styles}
    assert {"FootnoteText", "FootnoteReference"} <= styles


def test_a_file_without_footnotes_has_no_part_for_them():
    with zipfile.ZipFile(BytesIO(to_docx([Line((Span("one"),))], lambda _name: None))) as package:
        assert not any("footnotes" in name for name in package.namelist())


def test_a_footnote_in_a_table_and_one_that_is_suggested_keep_their_places():
    author = Authorship(Author("Bo", "#123456"), 0)
    lines = [
        Line((Span("a"), note("In a cell"))), Line((Span("b"), note("In a cell")), {"table": "row-1"}),
        Line((Span("c"), note("New", **{INSERTION: "1"}), note("Old", **{DELETION: "2"}), Span("d"))),
    ]  # fmt: skip
    found = read(to_docx(lines, lambda _name: None, suggested={"1": author, "2": author}))
    marks = [(span.embed, set(span.attributes)) for span in found.spans if span.embed is not None]
    assert marks == [
        (embed_of([Span("In a cell")]), set()), (embed_of([Span("In a cell")]), set()),
        (embed_of([Span("New")]), {INSERTION}), (embed_of([Span("Old")]), {DELETION}),
    ]  # fmt: skip


def test_notes_of_other_programs_come_in_with_their_looks_and_endnotes_as_footnotes():
    link = '<w:hyperlink r:id="rId1"><w:r><w:t>site</w:t></w:r></w:hyperlink>'
    found = read(file_with(
        run("one") + reference(2) + run(" two") + reference(1, "endnote"),
        ("https://example.org/",),
        footnotes=f'<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="2"><w:p><w:r>'
        f'<w:footnoteRef/></w:r>{run(" See ")}{run("Smith", "<w:i/>")}{run(", ")}{link}</w:p>'
        f"<w:p/><w:p>{run('p. 7')}</w:p></w:footnote>",
        endnotes=f'<w:endnote w:id="1"><w:p><w:r><w:endnoteRef/></w:r>{run("Last")}</w:p></w:endnote>',
    ))  # fmt: skip
    assert [words for _, words in footnotes_in(found.spans)] == [
        (Span("See "), Span("Smith", {"italic": True}), Span(", "), Span("site", {"link": "https://example.org/"}),
         Span("\u2028p. 7")),
        (Span("Last"),),
    ]  # fmt: skip
    assert [line.spans[0].text for line in lines_of(found.spans)] == ["one"]
    assert (found.changed, found.left_out) == (("endnotes",), ())


def test_a_note_with_a_mark_of_its_own_is_counted_and_the_mark_is_no_word_of_it():
    def marked(id: int, mark: str, follows: str = "1") -> str:
        return f'<w:r><w:footnoteReference w:customMarkFollows="{follows}" w:id="{id}"/>{mark}</w:r>'

    star, dagger = "<w:t>*</w:t>", '<w:sym w:font="Symbol" w:char="F0A7"/>'
    found = read(file_with(
        run("one") + marked(1, star) + run("* two") + marked(2, f"<w:t>*</w:t>{dagger}") + marked(3, star, "0")
        + marked(9, star),
        footnotes=f"""<w:footnote w:id="1"><w:p><w:r>{star}</w:r>{run(" *See")}</w:p></w:footnote>
        <w:footnote w:id="2"><w:p><w:r>{star}</w:r><w:r>{dagger}<w:t xml:space="preserve"> Smith</w:t></w:r></w:p>
        </w:footnote><w:footnote w:id="3"><w:p>{run("*Jones")}</w:p></w:footnote>""",
    ))  # fmt: skip
    assert [words for _, words in footnotes_in(found.spans)] == [(Span("*See"),), (Span("Smith"),), (Span("*Jones"),)]
    assert [line_text(line) for line in lines_of(found.spans)] == [f"one{EMBED_CHARACTER}* two{EMBED_CHARACTER * 2}**"]


def test_of_two_notes_in_one_run_each_has_the_mark_behind_its_own_reference():
    def marked(id: int, mark: str) -> str:
        return f'<w:footnoteReference w:customMarkFollows="1" w:id="{id}"/><w:t>{mark}</w:t>'

    found = read(file_with(
        f"<w:r>{marked(1, '*')}{marked(2, '**')}</w:r>",
        footnotes=f"""<w:footnote w:id="1"><w:p>{run("* See")}</w:p></w:footnote>
        <w:footnote w:id="2"><w:p>{run("** Smith")}</w:p></w:footnote>""",
    ))  # fmt: skip
    assert [words for _, words in footnotes_in(found.spans)] == [(Span("See"),), (Span("Smith"),)]
    assert [line_text(line) for line in lines_of(found.spans)] == [EMBED_CHARACTER * 2]


def line_text(line: Line) -> str:
    return "".join(span.text for span in line.spans)


def test_what_is_tracked_and_drawn_in_a_note_is_told():
    tracked = f'<w:ins w:id="1">{run("new")}</w:ins><w:del w:id="2"><w:r><w:delText>old</w:delText></w:r></w:del>'
    found = read(file_with(
        run("one") + reference(1),
        footnotes=f'<w:footnote w:id="1"><w:p>{tracked}<w:r><w:drawing/></w:r></w:p></w:footnote>',
    ))  # fmt: skip
    assert [words for _, words in footnotes_in(found.spans)] == [(Span("new"),)]
    assert (found.changed, found.left_out) == (("changes in notes",), ("drawings",))


def test_a_note_has_the_numbers_of_its_items_and_its_pictures_stand_behind_its_number():
    item = '<w:p><w:pPr><w:pStyle w:val="ListNumber"/></w:pPr>{}</w:p>'
    drawn = '<w:r><w:drawing><wp:inline><a:blip r:embed="{}"/></wp:inline></w:drawing></w:r>'
    found = read(file_with(
        run("one") + reference(1) + run("."),
        footnotes=f'<w:footnote w:id="1"><w:p>{run("See")}{drawn.format("rId1")}</w:p>{item.format(run("a"))}'
        f'{item.format(run("b"))}</w:footnote>',
    ))  # fmt: skip
    assert [words for _, words in footnotes_in(found.spans)] == [(Span("See\u20281. a\u20282. b"),)]
    assert [span.embed and next(iter(span.embed)) for span in found.spans] == [None, "footnote", "image", None]
    assert (found.changed, found.left_out) == (("images in notes",), ())


def test_a_long_note_to_which_a_text_refers_again_and_again_fills_no_memory():
    words = "x" * (MOST_REPEATED // 2)
    note = f'<w:footnote w:id="1"><w:p>{run(words)}</w:p></w:footnote>'
    found = read(file_with(reference(1) * 5, footnotes=note))
    assert len(list(footnotes_in(found.spans))) == 3
    assert found.left_out == ("notes",)


@pytest.mark.parametrize("content", ["", '<w:footnote w:id="2"><w:p/></w:footnote>', "<w:footnote/>"])
def test_a_note_that_is_not_in_the_file_is_told(content):
    found = read(file_with(run("one") + reference(1) + run("."), footnotes=content))
    assert "".join(span.text for span in found.spans) == "one.\n"
    assert found.left_out == ("notes",)
