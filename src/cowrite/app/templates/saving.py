"""Making a document template of a draft: the dialog that asks what it is to be called, and writing it.

Runs on the GUI thread; files are written on the thread for storage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from cowrite.app.draft.draft import Draft
from cowrite.app.files.export import frozen
from cowrite.app.templates.content import as_template
from cowrite.convert.normal import image_of
from cowrite.core.decisions.cards import CardSource
from cowrite.core.document.assists import AssistRecord
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.suggestions.changes import bring_in
from cowrite.core.text.richtext import DELETION, INSERTION, Span
from cowrite.gui.templates.save_template_dialog import SaveTemplateDialog
from cowrite.gui.widgets.asking import open_watched
from cowrite.storage.document.content import StoredBlob
from cowrite.storage.document_templates import TemplateNameTaken, save_template
from cowrite.storage.layout import SUFFIX


class Kept(NamedTuple):
    """What of a document goes into a template of it.

    Attributes:
        state: a document that has its text and nothing else, as one update.
        images: the names of the images in it.
    """

    state: bytes
    images: tuple[str, ...]


def ask_save_template(draft: Draft, folder: Path) -> None:
    """Asks what a template of a draft is to be called, and writes it.

    Args:
        draft: it.
        folder: where the person's own templates are.
    """
    draft.editor.pasting.finish()
    draft.editor.footnotes.write()
    has_suggested = any(not span.attributes.keys().isdisjoint((INSERTION, DELETION)) for span in draft.document.spans())
    dialog = SaveTemplateDialog(draft.title, has_suggested=has_suggested, parent=draft.window)

    def save(name: str, replaces: bool) -> None:
        def failed(error: Exception) -> None:
            if not is_open():
                draft.say("template", "problem", str(error))
            elif isinstance(error, TemplateNameTaken):
                dialog.show_taken(error.title, can_replace=error.path.suffix.lower() == SUFFIX)
            else:
                dialog.show_problem(str(error))

        def saved(told: str) -> None:
            if is_open():
                dialog.accept()
            draft.say("template", "information", told)

        _save(draft, folder, name, saved, failed, replaces=replaces)

    dialog.save_wanted.connect(save)
    is_open = open_watched(dialog)


def _save(
    draft: Draft,
    folder: Path,
    name: str,
    then: Callable[[str], None],
    failed: Callable[[Exception], None],
    *,
    replaces: bool,
) -> None:
    """Writes a template; tells how it went.

    Args:
        draft: of which it is made, as it is now.
        folder: where to.
        name: what it is to be called.
        then: is called with what is to be said.
        failed: is called with the error instead.
        replaces: whether it takes the place of one of this name.
    """
    held = frozen(draft.document, draft.images.original, draft.decisions.card)
    records = draft.document.assists.of(held.spans)
    names = dict.fromkeys(image for span in held.spans if (image := image_of(span)))
    files = {image: file for image in names if (file := draft.images.original(image)) is not None}

    def work() -> str:
        state, images = kept(held.spans, held.cards.get, records)
        blobs = [StoredBlob(image, files[image].media_type, files[image].data) for image in images if image in files]
        template = save_template(folder, name, state, blobs, replaces=replaces)
        told = f"“{template.title}” is a template now; File → New from a template… lists it."
        lacking = len(images) - len(blobs)
        if lacking:
            what = "an image" if lacking == 1 else f"{lacking} images"
            told = f"{told} It is without {what} that could not be read."
        return told

    draft.storage.run(work, then, failed)


def kept(spans: Iterable[Span], cards: CardSource, records: Sequence[AssistRecord]) -> Kept:
    """What of a document goes into a template; on any thread.

    Args:
        spans: the document's text.
        cards: gives the decisions that stand in it.
        records: those of the assistant's text in it, which stays told apart.
    """
    text = as_template(spans, cards)
    document = MendedDocument.new(clock=lambda: 0)
    try:
        bring_in(document, text, {}, carried=records)
        return Kept(document.state(), tuple(dict.fromkeys(name for span in text if (name := image_of(span)))))
    finally:
        document.let_go()
