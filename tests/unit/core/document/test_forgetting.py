"""Documents that nobody holds any more: nothing of them stays in memory."""

from __future__ import annotations

import gc
import weakref

from pycrdt import Doc

from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span
from helpers.drafts import Clock


def test_a_document_that_nobody_holds_any_more_is_gone_with_its_text() -> None:
    document = MendedDocument.new(clock=Clock(), title="gone")
    document.observe_updates(lambda _update: None)
    document.meta.observe(lambda _none: None)
    document.entries("board").observe(lambda _change: None)
    with document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "words")
    document.undo()
    gone, text = weakref.ref(document), weakref.ref(document.rope)
    docs = _docs()
    del document, edit
    assert _docs() == docs - 1
    assert gone() is None
    assert text() is None


def test_a_document_that_is_let_go_of_leaves_no_garbage() -> None:
    document = MendedDocument.new(clock=Clock())
    with document.edit(Origin.LOCAL) as edit:
        edit.insert_spans(0, [Span(f"{number}", {"bold": True} if number % 2 else {}) for number in range(200)])
    del edit
    gc.collect()
    document.let_go()
    del document
    assert gc.collect() == 0


def _docs() -> int:
    gc.collect()
    return sum(isinstance(each, Doc) for each in gc.get_objects())
