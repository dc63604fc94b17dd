"""PageImages: how large an image on a page is shown, and what it shows in words.

Runs on the GUI thread. The size is the document's: everybody sees the image so large.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QMenu

from cowrite.core.crdt.anchor import Anchor, Stick
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span
from cowrite.core.writing.embeds import embed_at
from cowrite.gui.look.theme import Theme
from cowrite.gui.page.editor import Editor
from cowrite.gui.page.frame import text_width
from cowrite.gui.page.image_stand import LEAST, Stand
from cowrite.gui.widgets.asking import ask_line

if TYPE_CHECKING:
    from cowrite.gui.page.image_frame import ImageFrame

SIZES = (
    ("&Quarter of the text’s width", 0.25),
    ("&Half", 0.5),
    ("&Three quarters", 0.75),
    ("As &wide as the text", 1.0),
)
OWN_SIZE = "Its &own size"


class PageImages(QObject):
    """The images of one page.

    Args:
        editor: the page.
        theme: how it looks.
    """

    save_wanted = Signal(str, str)
    """The name of an image that is wanted as a file, and what it shows in words."""

    def __init__(self, editor: Editor, theme: Theme) -> None:
        super().__init__(editor)
        self._editor = editor
        self._theme = theme
        self._frame: ImageFrame | None = None
        self._framed: tuple[Anchor, str] | None = None  # the image in the frame, and its name

    def show_theme(self, theme: Theme) -> None:
        """Takes another look."""
        self._theme = theme
        if self._frame is not None:
            self._frame.theme = theme
            self.follow()

    def refresh(self) -> None:
        """Begins to show which image is at the caret once there is, or was, one on the page."""
        if self._frame is not None or not self._editor.formats.has_images:
            return
        from cowrite.gui.page.image_frame import ImageFrame  # most drafts have no image

        self._frame = ImageFrame(self._editor, self._theme, self._resize)
        self._editor.caret_moved.connect(self.follow)
        self._editor.verticalScrollBar().valueChanged.connect(self.follow)
        self._editor.document().documentLayout().documentSizeChanged.connect(self.follow)
        self._editor.viewport().installEventFilter(self)
        self.follow()

    def follow(self) -> None:
        """Shows the frame around the image at the caret, where there is one that may be changed."""
        frame = self._frame
        if frame is None:
            return
        at, image = (0, None) if self._editor.isReadOnly() else self._at_caret()
        stand = None if image is None else self._stand(at)
        if stand is None or not frame.handle.is_dragged:
            anchor = None if stand is None else self._editor.draft.anchor(at, Stick.RIGHT)
            self._framed = None if anchor is None or image is None else (anchor, _name(image))
        frame.show_at(stand)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Selects an image that is clicked."""
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            plain = event.button() is Qt.MouseButton.LeftButton and not event.modifiers()
            at = self._under(event.position()) if plain else None
            if at is not None and self._editor.selection() != (at, at + 1):  # one that is selected may be dragged
                self._editor.set_caret(at + 1, at, scroll=False)
                self._editor.setFocus(Qt.FocusReason.MouseFocusReason)
                return True
        elif event.type() in (QEvent.Type.Resize, QEvent.Type.FocusIn):
            self.follow()
        return False

    def offer(self, menu: QMenu) -> None:
        """Adds what can be done with the image at the caret."""
        at, image = self._at_caret()
        if image is None:
            return
        alt, name = image.attributes.get("alt"), _name(image)
        told = alt if isinstance(alt, str) else ""
        menu.addAction("Sa&ve image as…").triggered.connect(lambda: self.save_wanted.emit(name, told))
        if self._editor.isReadOnly():
            return
        # A teammate may write before it while the menu or the question is open.
        place = self._editor.draft.anchor(at, Stick.RIGHT)
        sizes = menu.addMenu("Image si&ze")
        own = sizes.addAction(OWN_SIZE)
        own.triggered.connect(lambda: self._set(place, name, width=None, height=None))
        for words, part in SIZES:
            width = round(part * text_width(self._editor) / self._editor.pictures.zoom)
            chosen = sizes.addAction(words)
            chosen.triggered.connect(lambda _on=False, width=width: self._set(place, name, width=width, height=None))
        menu.addAction("&Describe image…").triggered.connect(lambda: self._describe(place, image))

    def _under(self, point: QPointF) -> int | None:
        """Where the image is that is drawn at a point of the viewport."""
        near = self._editor.cursorForPosition(point.toPoint()).position()
        for at in (near - 1, near):
            if self._image(at) is not None and (stand := self._stand(at)) is not None and stand.rect.contains(point):
                return at
        return None

    def _stand(self, at: int) -> Stand | None:
        """Where the image at a position stands in the viewport."""
        editor, text = self._editor, self._editor.document()
        rect = editor.pictures.rect(text, at)
        if rect is None:
            return None
        block = text.findBlock(at)
        is_leftwards = block.textDirection() == Qt.LayoutDirection.RightToLeft
        alignment = block.blockFormat().alignment()
        if alignment & Qt.AlignmentFlag.AlignHCenter:
            grows = 0.5
        elif alignment & Qt.AlignmentFlag.AlignRight:
            grows = 1.0
        else:
            grows = 1.0 if is_leftwards and not alignment & Qt.AlignmentFlag.AlignAbsolute else 0.0
        across, down = editor.horizontalScrollBar().value(), editor.verticalScrollBar().value()
        return Stand(rect.translated(-across, -down), max(LEAST, editor.pictures.room(text, at)), grows)

    def _resize(self, width: float | None) -> None:
        if self._framed is not None:
            own = None if width is None else round(width / self._editor.pictures.zoom)
            self._set(*self._framed, width=own, height=None)
            self.follow()

    def _at_caret(self) -> tuple[int, Span | None]:
        """The image that is selected, or stands right before or behind the caret, and where it begins."""
        start, stop = self._editor.selection()
        places = [start] if stop - start == 1 else [start - 1, start] if start == stop else []
        for at in places:
            if (image := self._image(at)) is not None:
                return at, image
        return 0, None

    def _image(self, at: int) -> Span | None:
        span = embed_at(self._editor.draft, at)
        return span if span is not None and "image" in (span.embed or {}) else None

    def _describe(self, place: Anchor, image: Span) -> None:
        alt = image.attributes.get("alt")
        question = "What it shows, in words, for people who cannot see it"
        ask_line(
            self._editor.window(),
            "Describe image",
            question,
            alt if isinstance(alt, str) else "",
            "&Describe",
            lambda words: self._set(place, _name(image), alt=words.strip() or None),
            may_be_empty=True,
        )

    def _set(self, place: Anchor, name: str, **attributes: Any) -> None:
        draft = self._editor.draft
        at = draft.resolve(place)
        image = None if at is None or self._editor.isReadOnly() else self._image(at)
        if at is None or image is None or _name(image) != name:  # somebody has taken it out
            return
        draft.steps.begin()
        with draft.edit(Origin.LOCAL) as edit:
            edit.format(at, 1, attributes)


def _name(image: Span) -> str:
    return str((image.embed or {}).get("image", ""))
