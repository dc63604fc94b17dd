"""PageImages: how large an image on a page is shown, and what it shows in words.

Runs on the GUI thread. The size is the document's: everybody sees the image so large.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from cowrite.core.anchors import Anchor, Stick
from cowrite.core.origin import Origin
from cowrite.core.richtext import Span
from cowrite.gui.dialog_parts import ask_line
from cowrite.gui.editor import Editor
from cowrite.gui.page_frame import text_width

SIZES = (
    ("&Quarter of the text's width", 0.25),
    ("&Half", 0.5),
    ("&Three quarters", 0.75),
    ("As &wide as the text", 1.0),
)
OWN_SIZE = "Its &own size"


class PageImages(QObject):
    """The images of one page.

    Args:
        editor: the page.
    """

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self._editor = editor

    def offer(self, menu: QMenu) -> None:
        """Adds what can be done with the image at the caret."""
        at, image = self._at_caret()
        if image is None or self._editor.isReadOnly():
            return
        # A teammate may write before it while the menu or the question is open.
        place = self._editor.draft.anchor(at, Stick.RIGHT)
        sizes = menu.addMenu("Image si&ze")
        own = sizes.addAction(OWN_SIZE)
        own.triggered.connect(lambda: self._set(place, width=None, height=None))
        for name, part in SIZES:
            width = round(part * text_width(self._editor))
            chosen = sizes.addAction(name)
            chosen.triggered.connect(lambda _on=False, width=width: self._set(place, width=width, height=None))
        menu.addAction("&Describe image…").triggered.connect(lambda: self._describe(place, image))

    def _at_caret(self) -> tuple[int, Span | None]:
        """The image that is selected, or stands right before or behind the caret, and where it begins."""
        start, stop = sorted(self._editor.caret())
        places = [start] if stop - start == 1 else [start - 1, start] if start == stop else []
        for at in places:
            if (image := self._image(at)) is not None:
                return at, image
        return 0, None

    def _image(self, at: int) -> Span | None:
        span = next(self._editor.draft.spans(at, at + 1), None) if at >= 0 else None
        return span if span is not None and span.embed is not None and "image" in span.embed else None

    def _describe(self, place: Anchor, image: Span) -> None:
        alt = image.attributes.get("alt")
        question = "What it shows, in words, for who cannot see it"
        ask_line(
            self._editor.window(),
            "Describe image",
            question,
            alt if isinstance(alt, str) else "",
            lambda words: self._set(place, alt=words.strip() or None),
        )

    def _set(self, place: Anchor, **attributes: Any) -> None:
        draft = self._editor.draft
        at = draft.resolve(place)
        if at is None or self._image(at) is None:  # somebody has taken it out
            return
        draft.begin_undo_step()
        with draft.edit(Origin.LOCAL) as edit:
            edit.format(at, 1, attributes)
