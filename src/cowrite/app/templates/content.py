"""What is in a document template, and how a text is in one.

Runs on any thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from random import Random

from PySide6.QtGui import QImage

from cowrite.app.files.imports import CannotImport, Imported, read
from cowrite.bridge.file.pictures import shown
from cowrite.convert.normal import image_of
from cowrite.core.decisions.cards import Card, CardSource, embedded
from cowrite.core.document.assists import marked
from cowrite.core.document.document import Document
from cowrite.core.document.watched import Check, unwatched, watched
from cowrite.core.errors import MalformedUpdate
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.suggestions.changes import bring_in
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span, lines_of, spans_of
from cowrite.core.text.suggested_text import as_it_stands
from cowrite.core.text.table import apart
from cowrite.storage.document.reading import DocumentReader
from cowrite.storage.document_templates import MARKDOWN, DocumentTemplate
from cowrite.storage.layout import blob_name
from cowrite.sync.blob import Blob

TODAY = "{{today}}"
"""What stands in a template where the day belongs on which a document is made from it."""

_NO_DOCUMENT = "what is in it is not a cowrite document"


@dataclass(frozen=True, slots=True)
class TemplateContent:
    """What is in a template.

    Attributes:
        filling: what a document that is made from it begins with.
        document: one that nobody else has and that begins so; whoever shows it has it moved to their thread.
        pictures: the images in it as they are drawn, by their names; one that cannot be decoded is None.
    """

    filling: Imported
    document: Document
    pictures: Mapping[str, QImage | None]

    def file(self, name: str) -> Blob | None:
        """The file of an image of a name; None where it has none."""
        files = zip(self.pictures, self.filling.images, strict=True)
        return next((Blob(media_type, data) for each, (data, media_type) in files if each == name), None)


def read_template(template: DocumentTemplate, today: str, check: Check = unwatched) -> TemplateContent:
    """Reads a template.

    Args:
        template: it.
        today: the day, in words.
        check: ends the reading.

    Raises:
        CowriteError: it cannot be read.
    """
    is_text = template.path.suffix.lower() == MARKDOWN
    filling = read(template.path, check) if is_text else _read_document(template, check)
    images = {blob_name(sha256(data).digest()): (data, media_type) for data, media_type in filling.images}
    pictures = {name: shown(data) for name, (data, _media_type) in images.items()}
    filling = replace(filling, images=tuple(images.values()), spans=tuple(_dated(filling.spans, today)))
    document = MendedDocument.new(clock=lambda: 0)
    bring_in(document, filling.spans, filling.suggested, check, carried=filling.records)
    return TemplateContent(filling, document, pictures)


def _read_document(template: DocumentTemplate, check: Check) -> Imported:
    with DocumentReader(template.path) as reader:
        loaded = reader.load()
        document = MendedDocument(clock=lambda: 0)
        try:
            _load(document, watched(loaded.state, check), template)
            spans = as_template(document.spans(), partial(_card, document))
            records = document.assists.of(spans)
        finally:
            document.let_go()
        names = dict.fromkeys(name for span in spans if (name := image_of(span)))
        blobs = [blob for name in names if (blob := reader.blob(name)) is not None]
    images = tuple((blob.data, blob.media_type) for blob in blobs)
    missing = f"The template is damaged. What is missing: {'; '.join(loaded.missing)}." if loaded.missing else ""
    return Imported(tuple(spans), images, missing, records=records)


def _card(document: Document, id: str) -> Card | None:
    from cowrite.core.decisions.decisions import Decisions
    from cowrite.core.decisions.records import card_of

    decisions = Decisions(document, chance=Random(), clock=lambda: 0)
    return None if (decision := decisions.get(id)) is None else card_of(decision, decisions)


def _load(document: Document, state: Iterable[bytes], template: DocumentTemplate) -> None:
    try:
        for update in state:
            document.apply_update(update, Origin.IMPORT)  # who has made the file may be anybody
    except MalformedUpdate as error:
        raise CannotImport(template.path, _NO_DOCUMENT) from error
    except Exception:
        raise
    except BaseException as error:  # pyo3's PanicException
        raise CannotImport(template.path, _NO_DOCUMENT) from error


def as_template(spans: Iterable[Span], cards: CardSource) -> list[Span]:
    """A document's text as it is in a template: as it stands, with its looks, ended by a line break, and with its
    decisions in words, for they are not in another document."""
    lines = lines_of(as_it_stands(spans), keeps_unknown=True)
    if any(embedded(span.embed) for line in lines for span in line.spans):
        from cowrite.convert.decision_lines import with_cards  # few texts have any

        lines = with_cards(lines, cards)
    return marked(apart(spans_of(lines)))


def _dated(spans: Iterable[Span], today: str) -> Iterable[Span]:
    return (replace(span, text=span.text.replace(TODAY, today)) if TODAY in span.text else span for span in spans)
