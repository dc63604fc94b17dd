"""The comments of Word files: those that cowrite writes, and what other programs put into them."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.app.files.export import frozen
from cowrite.convert import comment_threads
from cowrite.convert.docx.comment_parts import COMMENTS, DONE, EXTENDED_ID, PARAGRAPH_ID, PARENT_ID, UTC
from cowrite.convert.docx.reader import from_docx
from cowrite.convert.docx.writer import to_docx
from cowrite.convert.file_read import FileRead
from cowrite.core.comments.comments import MOST_WORDS, Placed, Reply, Thread
from cowrite.core.decisions.cards import Card
from cowrite.core.entries.authors import Author
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.suggestions.changes import bring_in
from cowrite.core.text.richtext import EMBED_CHARACTER, Span, utf16_length
from helpers.seeds import seeds
from helpers.word_comments import begins, comment, ends, entry, file_with, on, sign
from helpers.word_files import IMAGE, PIXEL, run, tracked

WHEN = 1_767_323_045_000
ADA = Author("Ada")


def read(data: bytes) -> FileRead:
    return from_docx(data, Path("plan.docx"), lambda _data, _media_type: IMAGE)


def p(*content: str) -> str:
    return f"<w:p>{''.join(content)}</w:p>"


def said(found: FileRead) -> list[tuple[str | None, str]]:
    """The words of the text on which each thread is, None where it is nowhere, and what it says."""
    text = "".join(span.text for span in found.spans).encode("utf-16-le")

    def words(placed: Placed) -> str | None:
        if placed.place is None:
            return None
        start, stop = placed.place
        return text[2 * start : 2 * stop].decode("utf-16-le")

    return [(words(each), each.thread.text) for each in found.comments]


def written(spans: list[Span], *threads: Placed) -> bytes:
    """The file of a document with these threads."""
    document = MendedDocument.new(clock=lambda: 0)
    bring_in(document, spans, {})
    card = Card("Which bed?", "", "Draft", ())
    held = frozen(document, lambda _name: None, lambda _id: card, threads)
    return to_docx(held.lines("docx"), lambda _name: PIXEL, suggested=held.suggested, comments=held.comments)


def thread(text: str, place: tuple[int, int] | None, *replies: Reply, quote: str = "", **more: bool) -> Placed:
    return Placed(Thread(f"thread:{text}", quote, text, ADA, WHEN, replies=replies, **more), place)


# What cowrite writes


def test_threads_come_back_from_a_word_file_with_their_answers_and_whether_they_are_settled():
    spans = [
        Span("We 😀 plant "), Span("basil", {"bold": True}), Span(" and thyme.\n\nx = 1"),
        Span("\n", {"code-block": True}), Span(EMBED_CHARACTER, {"width": 20}, {"image": IMAGE}), Span("\n"),
    ]  # fmt: skip
    threads = [
        thread("overlaps", (6, 18)),
        thread("Which?\nThe red?", (12, 17), Reply("", "No", Author("Bo"), WHEN), Reply("", "Yes", ADA, WHEN + 60_000)),
        thread("spans lines", (22, 30), is_resolved=True),
        thread("on a picture", (36, 37)),
    ]  # fmt: skip
    found = read(written(spans, *threads))

    assert said(found) == [
        ("plant basil ", "overlaps"), ("basil", "Which?\nThe red?"), ("thyme.\n\n", "spans lines"),
        (EMBED_CHARACTER, "on a picture"),
    ]  # fmt: skip
    first, asked, settled, _ = (each.thread for each in found.comments)
    assert (first.author, first.created, first.quote) == (ADA, WHEN, "plant basil ")
    assert [(each.text, each.author.name, each.created) for each in asked.replies] == [
        ("No", "Bo", WHEN), ("Yes", "Ada", WHEN + 60_000),
    ]  # fmt: skip
    assert [each.is_resolved for each in (first, asked, settled)] == [False, False, True]
    assert (found.changed, found.left_out) == ((), ())


def test_what_answers_what_is_written_as_word_writes_it():
    data = written([Span("Herbs\n")], thread("a", (0, 5), Reply("", "b", Author(""), 0), is_resolved=True))
    with zipfile.ZipFile(BytesIO(data)) as package:
        comments, extended = (parse_xml(package.read(f"word/{each}.xml")) for each in ("comments", "commentsExtended"))
        (moment,) = parse_xml(package.read("word/commentsExtensible.xml"))
        types = package.read("[Content_Types].xml").decode()
    names = [each[-1].get(PARAGRAPH_ID) for each in comments]
    body = docx.Document(BytesIO(data)).element.body

    assert [each.get(qn("w:author")) for each in comments] == ["Ada", "Somebody"]
    assert [each.get(qn("w:date")) for each in comments] == ["2026-01-02T03:04:05Z", None]
    assert [(each.get(EXTENDED_ID), each.get(PARENT_ID)) for each in extended] == [
        (names[0], None), (names[1], names[0]),
    ]  # fmt: skip
    assert [each.get(DONE) for each in extended] == ["1", "1"]
    assert moment.get(UTC) == "2026-01-02T03:04:05Z"
    for name in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        assert [each.get(qn("w:id")) for each in body.iter(qn(f"w:{name}"))] == ["0", "1"]
    assert types.count("wordprocessingml.comments+xml") == types.count("wordprocessingml.commentsExtended+xml") == 1


def test_no_name_is_longer_than_word_takes():
    """Validated as the Open XML SDK does it: by UTF-16 units."""
    someone = Author("😀 " * 9 + "é" * 980)
    lines = [Span("x = 1"), Span("\n", {"code-block": "%😀" * 100}), Span("y\n")]
    data = written(lines, Placed(Thread("thread:0", "", "?", someone), (0, 5)))
    with zipfile.ZipFile(BytesIO(data)) as package:
        ((comment,), styles) = (parse_xml(package.read(f"word/{each}.xml")) for each in ("comments", "styles"))

    assert utf16_length(comment.get(qn("w:author"))) == 255
    assert comment.get(qn("w:initials")) == "😀😀😀😀"
    assert max(utf16_length(each.get(qn("w:val"))) for each in styles.iter(qn("w:name"))) <= 253


def test_a_thread_whose_words_are_gone_stands_at_the_end_says_so_and_comes_back_as_it_was():
    data = written(
        [Span("Herbs and beds\n")],
        thread("Why?", None, quote="thyme"),
        thread("", None, quote="a “b”"),
        thread("of a picture", None, quote=EMBED_CHARACTER),
    )
    with zipfile.ZipFile(BytesIO(data)) as package:
        first, *_ = parse_xml(package.read("word/comments.xml"))
    found = read(data)

    rows = ["".join(words.text for words in each.iter(qn("w:t"))) for each in first]
    assert rows == ["This comment was on words that are gone: “thyme”", "Why?"]
    assert said(found) == [(None, "Why?"), (None, ""), (None, "of a picture")]
    assert [each.thread.quote for each in found.comments] == ["thyme", "a “b”", "…"]
    assert found.changed == ()


def test_a_comment_that_says_of_words_that_they_are_gone_and_is_on_others_is_on_these():
    gone = "This comment was on words that are gone: “thyme”"
    assert said(read(file_with(p(on("word", 1)), comment(1, gone)))) == [("word", gone)]


def test_a_decision_in_words_has_the_comments_that_the_decision_has():
    spans = [Span("a"), Span(EMBED_CHARACTER, {}, {"decision": "d1"}), Span("b\n")]
    ((words, _),) = said(read(written(spans, thread("Really?", (1, 2)))))

    assert words is not None
    assert words.startswith("Decision: Which bed?\n")


LINES = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from(["a", "bc ", "é😀", "x\u2028y"]), st.sampled_from([{}, {"bold": True}]))),
        st.sampled_from([{}, {"header": 1}, {"list": "bullet"}, {"code-block": True}]),
    ),
    min_size=1, max_size=4,
)  # fmt: skip


@settings(max_examples=len(seeds(10)), deadline=None)
@given(LINES, st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9)), min_size=1, max_size=5))
def test_comments_come_back_on_the_same_words_wherever_they_are(lines, wanted):
    spans = [span for words, block in lines for span in (*(Span(*each) for each in words), Span("\n", block))]
    text = "".join(span.text for span in spans)
    at = [utf16_length(text[:index]) for index in range(len(text) + 1)]
    last = len(text) - 1  # the break that ends the text is in no paragraph
    places = [(start % last, min(last, start % last + length)) for start, length in wanted] if last else []
    threads = [thread(f"{number}", (at[start], at[stop])) for number, (start, stop) in enumerate(places)]

    found = {each.thread.text: each.place for each in read(written(spans, *threads)).comments}
    assert found == {each.thread.text: each.place for each in threads}


# What others write


def test_comments_stand_where_word_has_them_in_tables_and_in_what_is_tracked():
    cell = f"<w:tc>{p(on('bed', 1))}</w:tc>"
    rows = f"{begins(2)}<w:tr>{cell}<w:tc>{p(run('two'))}</w:tc>{ends(2)}</w:tr><w:tr>{cell}</w:tr>"
    gone = tracked("del", f'{begins(3)}<w:r><w:delText xml:space="preserve">old</w:delText></w:r>{ends(3)}')
    row = p(begins(6), gone, tracked("ins", on("new", 4)), ends(6))
    body = f"<w:tbl>{rows}</w:tbl>{row}{begins(5)}{p(run('all'))}{ends(5)}{p(sign(2))}"
    texts = "".join(comment(id, f"c{id}") for id in range(1, 7))

    found = read(file_with(body, texts))
    assert said(found) == [
        ("bed", "c1"), ("bed\ntwo\n", "c2"), ("old", "c3"), ("new", "c4"), ("all\n", "c5"), ("oldnew", "c6"),
    ]  # fmt: skip
    assert [each.thread.quote for each in found.comments[2:]] == ["old", "new", "all\n", "new"]


def test_a_comment_on_nothing_is_on_the_word_there_or_on_what_is_next_to_it():
    body = p(run("We pl"), sign(1), run("ant. "), sign(2)) + p(sign(3)) + p(run("!"), begins(4)) + p(sign(5))
    texts = "".join(comment(id, f"c{id}") for id in range(1, 6))

    assert said(read(file_with(body, texts))) == [
        ("plant", "c1"), (" ", "c2"), ("\n", "c3"), ("!", "c4"), ("\n", "c5"),
    ]  # fmt: skip


def test_what_is_said_about_what_is_not_in_the_text_is_kept_and_that_is_told():
    found = read(file_with(p(run("a")), comment(7, "on a note at the foot", author="")))

    assert said(found) == [(None, "on a note at the foot")]
    assert found.comments[0].thread.author == Author("")
    assert found.changed == ("comments elsewhere",)


def test_ids_that_are_doubled_or_point_nowhere_lose_no_comment():
    body = p(on("one", 1), on(" two", 1), begins(2), sign("none"))
    extended = entry("0A", "0B") + entry("0B", "0C") + entry("0C", "0A") + entry("0D", "0E") + entry("0F", "0F")
    texts = comment(1, "a", name="0A") + comment(1, "b", name="0b") + comment("", "c", name="0C")
    found = read(file_with(body, texts + comment(2, "d", name="0D") + comment(2, "e"), extended))

    assert said(found) == [("one", "a"), ("one", "b"), (None, "c"), ("two", "d"), ("two", "e")]
    assert not [each for each in found.comments if each.thread.replies]
    assert found.left_out == ("signs of comments that are not in the file",)


def test_comments_to_which_a_file_leads_twice_come_in_once():
    word = docx.Document(BytesIO(file_with(p(on("word", 1)), comment(1, "a"))))
    comments = next(each for each in word.part.rels.values() if each.reltype == COMMENTS.relation)
    word.part.load_rel(comments.reltype, comments.target_part, "again")
    word.save(stream := BytesIO())

    assert said(read(stream.getvalue())) == [("word", "a")]


def test_an_answer_to_an_answer_is_one_in_the_same_thread():
    names = [f"{number:08X}" for number in range(1, 400)]
    texts = "".join(comment(number, f"{number}", name=name) for number, name in enumerate(names))
    answers = (entry(name, to) for name, to in zip(names[1:], names, strict=False))
    extended = "".join((*answers, entry(names[0], is_done=True)))
    (found,) = read(file_with(p(on("word", 0)), texts, extended)).comments

    assert [each.text for each in found.thread.replies] == [f"{number}" for number in range(1, 399)]
    assert found.thread.is_resolved
    assert sorted(each.id for each in found.thread.replies) == [each.id for each in found.thread.replies]


def test_a_moment_is_the_one_in_utc_where_word_states_that_beside_the_one_on_the_writers_clock():
    ids = "".join(f'<w16cid:commentId w16cid:paraId="0{id}" w16cid:durableId="1{id}"/>' for id in "AC")
    moments = "".join(
        f'<w16cex:commentExtensible w16cex:durableId="1{id}" w16cex:dateUtc="{moment}"/>'
        for id, moment in (("a", "2026-01-02T01:04:05Z"), ("c", "0001-01-01T00:00:00"))
    )
    change = tracked("ins", run("new")).replace("w:author", 'w16du:dateUtc="2026-01-02T02:04:05Z" w:author')
    texts = "".join(comment(number, "?", name=name) for number, name in enumerate(("0A", "0B", "0C")))
    found = read(file_with(p(on("word", 1), change), texts, commentsIds=ids, commentsExtensible=moments))

    assert [each.thread.created for each in found.comments] == [WHEN - 2 * 3_600_000, WHEN, WHEN]
    assert found.suggested["change:1"].created == WHEN - 3_600_000


@pytest.mark.parametrize("extended", ["", "<?xml version='1.0'?><broken"])
def test_a_part_about_answers_that_is_broken_keeps_no_comment_away(extended):
    assert said(read(file_with(p(on("word", 1)), comment(1, "a", name="0A"), extended))) == [("word", "a")]


def test_what_a_comment_says_is_its_words_line_by_line_and_what_of_it_is_left_out_is_told():
    more = '</w:t><w:br/><w:t>b</w:t><w:sym w:font="Wingdings" w:char="F0FC"/><w:drawing/></w:r></w:p><w:p><w:r><w:t>c'
    gone = f"</w:t></w:r>{tracked('del', run('never'))}<w:r><w:pict>{p(run('boxed'))}</w:pict><w:t>"
    found = read(file_with(p(on("word", 1), on("more", 2)), comment(1, f"a{more}{gone}") + comment(2, "x" * 20_001)))

    assert said(found) == [("word", "a\nb✓\nc\nboxed"), ("more", "x" * MOST_WORDS)]
    assert (found.changed, found.left_out) == (("long comments",), ("images in comments",))


def test_of_very_many_comments_the_first_ones_come_in_and_that_is_told(monkeypatch):
    monkeypatch.setattr(comment_threads, "MOST_COMMENTS", 2)
    body = p(*(on(f"w{id}", id) for id in range(3)))
    found = read(file_with(body, "".join(comment(id, f"c{id}") for id in range(3))))

    assert said(found) == [("w0", "c0"), ("w1", "c1")]
    assert found.left_out == ("comments beyond the first 2",)
