"""A document in other formats, for the Export menu and the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument

from cowrite.app.files.export_file import CannotExport
from cowrite.app.paper.footnotes import marked
from cowrite.app.paper.open_document import open_document
from cowrite.app.paper.pages import Pages, print_pages
from cowrite.app.paper.paper import laid_out, room_on, usual_size, with_plain_letters
from cowrite.app.paper.pdf_spaces import with_spaces
from cowrite.bridge.file.pictures import data_url, portable
from cowrite.convert.comment_pieces import edges_of, in_pieces
from cowrite.convert.decision_lines import with_cards
from cowrite.convert.heading_links import with_outline_links
from cowrite.convert.html.writer import page, to_html
from cowrite.convert.markdown.writer import to_markdown
from cowrite.convert.page_size import PageSize
from cowrite.convert.plain_text import to_text
from cowrite.core.comments.comments import Placed
from cowrite.core.decisions.cards import Card, CardSource, embedded
from cowrite.core.document.assists import mark_of
from cowrite.core.document.document import Document
from cowrite.core.entries.authors import Authorship
from cowrite.core.suggestions.changes import authorships
from cowrite.core.text.richtext import Line, Span, lines_of
from cowrite.core.text.suggested_text import as_it_stands
from cowrite.errors import CowriteError
from cowrite.storage.placing import write_in_place
from cowrite.sync.blob import Blob

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

KEEP_SUGGESTED = frozenset({"docx"})
"""Formats which have what is suggested, too, for others to accept and reject, and what is said about the text."""

_OF_ONE_STYLE = frozenset({"docx", "odt"})
"""Formats in which a line has one style: a heading or code is no quotation."""
_UNQUOTED = {"header": "a heading", "code-block": "code"}
"""What it is that is no quotation there, by block attributes, in words."""

ImageSource = Callable[[str], Blob | None]
"""Gives the file of an image of a name, or None while it is not here."""
Tell = Callable[[float], None]
"""Is called now and then with how much is done, from 0 to 1; raises Stopped."""


class CannotPrint(CowriteError):
    """Neither a printer nor a file has taken what was to be printed."""

    def __init__(self) -> None:
        super().__init__(
            "The document could not be printed: nothing took the pages. See whether the printer is on and the chosen "
            "place can be written to, then print again."
        )


UNMARKED = "What the assistant wrote is not marked there."


class Frozen(NamedTuple):
    """What is to be written, as it was at one moment, for any thread.

    Attributes:
        spans: the text with all that is suggested.
        image: gives the images in it, which never change; it is asked while the file is written.
        cards: the decisions that stand in it, by their ids.
        suggested: who suggested each change in it, by its id.
        comments: what is said about it, and where.
    """

    spans: tuple[Span, ...]
    image: ImageSource
    cards: dict[str, Card | None]
    suggested: dict[str, Authorship]
    comments: tuple[Placed, ...]

    def lines(self, kind: str) -> list[Line]:
        """The text in lines for a format, the decisions as words; as it stands where the format has no suggestions, and
        in pieces where it has comments."""
        keeps = kind in KEEP_SUGGESTED
        spans: Iterable[Span] = self.spans if keeps else as_it_stands(self.spans)
        if keeps and self.comments:
            spans = in_pieces(spans, edges_of(each.place for each in self.comments))
        return with_cards(lines_of(spans, keeps_suggested=keeps), self.cards.get)

    def told(self, kind: str, path: Path) -> str:
        """What is said of its file in a format: where it is, and whether it has what is beside the text, which not
        everybody to whom it is sent may be meant to read; and what it loses."""
        has_marks = any(mark_of(span.attributes) is not None for span in self.spans)
        unmarked = UNMARKED if has_marks else ""
        return " ".join(filter(None, (self._told_beside(kind, path), self._told_lost(kind), unmarked)))

    def _told_lost(self, kind: str) -> str:
        if kind not in _OF_ONE_STYLE:
            return ""
        quoted = [span.attributes for span in self.spans if span.attributes.get("blockquote")]
        lost = " or ".join(words for name, words in _UNQUOTED.items() if any(name in each for each in quoted))
        return f"What is {lost} in a quotation is no quotation there." if lost else ""

    def _told_beside(self, kind: str, path: Path) -> str:
        beside = {"comments": self.comments, "suggested changes": self.suggested}
        names = " and ".join(name for name, held in beside.items() if held)
        if not names:
            return f"Written to “{path}”."
        if kind in KEEP_SUGGESTED:
            return f"Written to “{path}”, with its {names}."
        return f"Written to “{path}”, without its {names}, which a Word file would have."


def frozen(document: Document, image: ImageSource, cards: CardSource, comments: Iterable[Placed] = ()) -> Frozen:
    """A document as it is now, and what is said about it. Waits for no disk."""
    spans = tuple(document.spans())
    ids = {id for span in spans if (id := embedded(span.embed))}
    return Frozen(spans, image, {id: cards(id) for id in ids}, authorships(document, spans), tuple(comments))


def export_lines(
    lines: list[Line],
    image: ImageSource,
    kind: str,
    path: Path,
    title: str,
    tell: Tell = lambda _part: None,
    suggested: Mapping[str, Authorship] | None = None,
    comments: Sequence[Placed] = (),
    *,
    numbers_pages: bool = True,
) -> None:
    """Writes rich text in a format, on any thread that Qt has made; what was at `path` is replaced in one step.

    Args:
        lines: the rich text.
        image: gives the images.
        kind: a key of `export_kinds.EXPORTS`.
        path: where to.
        title: of the file.
        tell: is told how much is done.
        suggested: who suggested each change in the text, by its id, for a format that has changes.
        comments: what is said about it, for a format that has comments.
        numbers_pages: whether each page has its number at the foot, in a format that has pages.

    Raises:
        CannotExport, Stopped: nothing was written.
    """
    made: list[Path] = []
    pictures = {} if kind == "text" else _portable(lines, image)
    content = _content(lines, pictures.get, kind, title, tell, suggested, comments, numbers_pages=numbers_pages)
    tell(0.99)
    try:
        if kind == "markdown":
            _write_images(pictures, path, made)
        write_in_place(path, content)
    except OSError as error:
        for each in reversed(made):
            with suppress(OSError):  # a folder in which there is more stays
                each.rmdir() if each.is_dir() else each.unlink()
        raise CannotExport(path, error) from error


def _content(
    lines: list[Line],
    image: ImageSource,
    kind: str,
    title: str,
    tell: Tell,
    suggested: Mapping[str, Authorship] | None,
    comments: Sequence[Placed],
    *,
    numbers_pages: bool,
) -> bytes:
    if kind == "markdown":
        return to_markdown(lines, lambda name: image_file(name, image(name))).encode()
    if kind == "text":
        return to_text(lines).encode()
    if kind == "docx":
        from cowrite.convert.docx.writer import to_docx

        def picture(name: str) -> bytes | None:
            return blob.data if (blob := image(name)) else None

        return to_docx(lines, picture, title, tell, suggested, comments, usual_size(), numbers_pages=numbers_pages)
    if kind == "odt":
        lines = with_outline_links(lines)
    letters = lines if kind == "html" else with_plain_letters(lines)
    body = to_html(letters, lambda name: data_url(image(name)), states_directions=True)
    tell(0.2)
    if kind == "html":
        return page(body, title).encode()
    shown = laid_out(marked(body), for_open_document=True) if kind == "odt" else laid_out(body)
    tell(0.5)
    if kind == "odt":
        return open_document(shown, title, usual_size(), numbers_pages=numbers_pages)
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = _pdf_writer(buffer)
    writer.setTitle(title)
    print_pages(shown, writer, numbered=numbers_pages)
    buffer.close()
    return with_spaces(bytes(content.data()))


def _portable(lines: list[Line], image: ImageSource) -> dict[str, Blob]:
    """The pictures of a text as files for other programs, by their names."""
    embeds = (span.embed for line in lines for span in line.spans if span.embed is not None)
    names = dict.fromkeys(name for embed in embeds if isinstance(name := embed.get("image"), str))
    found = ((name, blob) for name in names if (blob := image(name)) is not None)
    return {name: made for name, blob in found if (made := portable(blob)) is not None}


def _pdf_writer(buffer: QBuffer) -> QPdfWriter:
    writer = QPdfWriter(buffer)
    # The text has margins of its own on its pages.
    size = QPageSize(QSizeF(*usual_size()), QPageSize.Unit.Millimeter)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
    return writer


def set_pages(lines: list[Line], image: ImageSource, tell: Tell, *, numbers_pages: bool = True) -> Pages:
    """The pages of rich text as its PDF has them, on any thread that Qt has made; see `export_lines`.

    Raises:
        Stopped: nobody wants them any more.
    """
    shown = _set(lines, image, tell)
    return Pages(shown, _pdf_writer(QBuffer()), numbered=numbers_pages)


def print_lines(
    lines: list[Line],
    image: ImageSource,
    printer: QPrinter,
    tell: Tell = lambda _part: None,
    *,
    numbers_pages: bool = True,
) -> None:
    """Prints rich text on what was chosen in the print dialog, on any thread that Qt has made; see `export_lines`.

    Raises:
        NoSuchPages: none of those that are to be printed is there.
        CannotPrint: nothing took the pages, as far as the system says so.
        Stopped: nothing was printed.
    """
    paper = printer.pageLayout().paintRect(QPageLayout.Unit.Millimeter)
    room = room_on(PageSize(paper.width(), paper.height()))
    print_pages(_set(lines, image, tell, room), printer, numbered=numbers_pages)
    if printer.printerState() is printer.PrinterState.Error:
        raise CannotPrint


def _set(lines: list[Line], image: ImageSource, tell: Tell, room: QSizeF | None = None) -> QTextDocument:
    pictures = _portable(lines, image)
    body = to_html(with_plain_letters(lines), lambda name: data_url(pictures.get(name)), states_directions=True)
    tell(0.2)
    shown = laid_out(body, room)
    tell(0.5)
    return shown


def image_file(name: str, picture: Blob | None) -> str:
    """The file name under which a picture lies beside an exported Markdown file."""
    ending = picture.media_type.removeprefix("image/") if picture else "png"
    return f"images/{name.removeprefix('sha256:')[:16]}.{ending}"


def _write_images(pictures: Mapping[str, Blob], path: Path, made: list[Path]) -> None:
    """Writes pictures beside a Markdown file; notes in `made` what was not there before."""
    for name, picture in pictures.items():
        target = path.parent / image_file(name, picture)
        made += [each for each in (target.parent, target) if not each.exists() and each not in made]
        target.parent.mkdir(exist_ok=True)
        write_in_place(target, picture.data)
