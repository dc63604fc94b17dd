"""Random texts in which several people suggest, as Word files: what Word makes of them when all is decided."""

from __future__ import annotations

import base64
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from cowrite.convert.docx.reader import from_docx
from cowrite.convert.docx.writer import to_docx
from cowrite.core.document.document import Document
from cowrite.core.entries.authors import Author
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.suggestions.changes import SuggestedChanges, authorships, bring_in
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import DELETION, EMBED_CHARACTER, Line, Span, joined, lines_of
from cowrite.core.text.suggested_text import as_it_stands, suggested_part
from helpers.rich_edits import boundaries
from helpers.seeds import seeds
from helpers.word_changes import decided, shown

IMAGE = {"image": f"sha256:{'ab' * 32}"}
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
BLOCKS = st.sampled_from(
    [{}, {}, {"header": 1}, {"list": "bullet"}, {"list": "checked"}, {"list": "unchecked", "indent": 1},
     {"list": "ordered"}, {"blockquote": True}, {"align": "center"}, {"header": 2, "page-break": True}]
)  # fmt: skip
LOOKS = st.sampled_from([{}, {}, {"bold": True}, {"link": "https://example.org"}, {"link": "https://example.com/b"}])
WORDS = st.sampled_from(["a", "bc", "écrit ", "👩‍👩‍👧", "שלום", "x\u2028y", "\t"])
STEPS = st.tuples(
    st.sampled_from(["write", "break", "delete", "delete", "picture"]),
    st.sampled_from("abc"),
    st.integers(0, 10_000),
    st.integers(1, 8),
    WORDS,
    LOOKS,
    BLOCKS,
)


def suggest(document: Document, step) -> None:
    do, who, where, length, words, look, block = step
    changes = SuggestedChanges(document, lambda: Author(who, id=who), chance=Random(where), clock=lambda: 1_000)
    document.suggester = changes
    places = [at for at in boundaries(document.text()) if at < document.length]
    index = where % len(places)
    at = places[index]
    with document.edit(Origin.LOCAL) as edit:
        if do == "write":
            edit.insert(at, words, look)
        elif do == "break":
            edit.insert(at, "\n", block)
        elif do == "picture":
            edit.insert_embed(at, IMAGE, {"alt": "a bed"})
        else:
            edit.delete(at, places[min(index + length, len(places) - 1)] - at)


def drafted(spans) -> Document:
    """A document with this rich text."""
    document = MendedDocument.new(clock=lambda: 0)
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(0, document.length)
        edit.insert_spans(0, spans)
    return document


def written(lines: list[Line], suggested=None) -> bytes:
    return to_docx(lines, lambda _name: PIXEL, suggested=suggested)


@settings(max_examples=len(seeds(6)), deadline=None)
@given(st.lists(st.tuples(WORDS, LOOKS, BLOCKS), min_size=1, max_size=5), st.lists(STEPS, max_size=12))
def test_word_has_the_text_as_it_stands_when_it_rejects_all_and_as_suggested_when_it_accepts_all(text, steps):
    document = drafted(span for words, look, block in text for span in (Span(words, look), Span("\n", block)))
    for step in steps:
        suggest(document, step)
    spans = list(document.spans())
    file = written(lines_of(spans, keeps_suggested=True), authorships(document, spans))

    standing = decided(written(lines_of(as_it_stands(spans))), accepts=False)
    assert shown(decided(file, accepts=False)) == shown(standing)
    accepted = lines_of(_bare(span) for span in spans if DELETION not in span.attributes)
    assert shown(decided(file, accepts=True)) == shown(decided(written(accepted), accepts=True))


@settings(max_examples=len(seeds(6)), deadline=None)
@given(st.lists(st.tuples(WORDS, LOOKS, BLOCKS), min_size=1, max_size=5), st.lists(STEPS, max_size=12))
def test_what_is_tracked_in_a_file_is_suggested_where_it_is_opened(text, steps):
    document = drafted(span for words, look, _ in text for span in (Span(words, look), Span("\n")))
    for step in steps:
        suggest(document, (*step[:-1], {}))
    spans = list(document.spans())
    file = written(lines_of(spans, keeps_suggested=True), authorships(document, spans))
    read = from_docx(file, Path("plan.docx"), lambda _data, _media_type: IMAGE["image"])
    opened = MendedDocument.new(clock=lambda: 0)
    bring_in(opened, read.spans, read.suggested)

    assert _letters(opened)[:-1] == _letters(document)[:-1]
    assert opened.stored_spans() == joined(opened.spans())
    changes = SuggestedChanges(opened, lambda: Author("z", id="z"), chance=Random(1), clock=lambda: 1_000)
    before = _letters(opened)
    for decide in (changes.reject, changes.accept):
        decide([each.id for each in changes.all()])
        assert not changes.all()
        opened.undo()
        assert _letters(opened) == before


def _letters(document: Document) -> list[tuple[str, dict[str, str]]]:
    """Each character with who would have it come in or go."""
    spans = list(document.spans())
    whose = {id: by.author.name for id, by in authorships(document, spans).items()}
    return [
        (letter, {name: whose[id] for name, id in suggested_part(span.attributes).items()})
        for span in spans
        for letter in span.text
    ]


def _bare(span: Span) -> Span:
    held = {name: value for name, value in span.attributes.items() if name != "insertion"}
    return Span(EMBED_CHARACTER if span.embed else span.text, held, span.embed)
