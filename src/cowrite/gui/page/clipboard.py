"""Rich text on the clipboard: what is offered when text is copied, and what is taken when it is pasted.

Runs on the GUI thread. Nothing that comes from a clipboard is executed or fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from PySide6.QtCore import QByteArray, QMimeData, QStringListModel
from PySide6.QtGui import QGuiApplication, QImage

from cowrite.bridge.file.image_files import StoreImage, image_in_file, image_of_file
from cowrite.bridge.file.pictures import data_url, is_picture, pasted, portable, shown
from cowrite.convert.values import link
from cowrite.core.decisions.cards import CardSource, embedded
from cowrite.core.document.assists import LONGEST_ID, UNKNOWN, AssistRecord, mark_of
from cowrite.core.text.offsets import without_lone_surrogates
from cowrite.core.text.richtext import EMBED_CHARACTER, MARK, Line, Span, lines_of, normal_attributes
from cowrite.core.text.suggested_text import as_copied
from cowrite.gui.page.plain_words import plain_spans
from cowrite.gui.page.references import put_cards, put_pictures, with_pictures, with_words
from cowrite.sync.blob import Blob

SPANS_TYPE = "application/x-cowrite-spans+json"
ASSISTS_TYPE = "application/x-cowrite-assists+json"
"""The records of what in the spans is the assistant's, by id."""
COMMENTED_TYPE = "application/x-cowrite-commented+json"
"""On which of the words threads of comments stand."""
MARKDOWN_TYPE = "text/markdown"
SOURCE_TYPE = "application/x-cowrite-source"
"""Says that the plain text is what was wanted, as for code, and not only the words of the rich one."""

_ADDRESS = re.compile(r"https?://[^\s/][^\s]*", re.IGNORECASE)
LONG = 200_000
"""Characters of a text that is put in part by part; whether a text is Markdown shows within as many."""
LONGEST = 32 * 1024 * 1024
"""Characters that come in at most, as in a text file that is opened: in memory they are some thirty times as much."""


class TooLong(Exception):
    """What is pasted has more than LONGEST characters."""


class Commented(NamedTuple):
    """A passage of copied text on which a thread of comments stands.

    Attributes:
        thread: the thread's id.
        at: where in what was copied the passage begins, UTF-16 units.
        words: its text.
    """

    thread: str
    at: int
    words: str


def new_mime() -> QMimeData:
    """An empty QMimeData for the clipboard or a drag, which takes it over and may have it longer than Python lives.

    WORKAROUND PySide6 6.11.3: the clipboard asks and deletes its content when Python has ended, and a QMimeData that
    Python made then calls into it: the process dies in PyErr_Fetch. So does a drag that goes on when Python ends. Those
    that Qt makes for its models are Qt's alone.
    """
    model = QStringListModel([""])
    data = model.mimeData([model.index(0)])
    data.clear()
    return data


def mime_of(
    spans: list[Span],
    image: Callable[[str], Blob | None],
    records: Sequence[AssistRecord] = (),
    cards: CardSource | None = None,
    *,
    ends_line: bool = False,
) -> QMimeData:
    """What copying puts on the clipboard: cowrite's own form, HTML, Markdown and plain text.

    Args:
        spans: the copied rich text.
        image: gives the file of an image, so that other programs get the picture itself.
        records: of the text among it that is the assistant's.
        cards: gives the decisions in it, so that other programs get their words.
        ends_line: whether the break of the last line was copied too: what is behind the place where it is pasted then
            begins a line.
    """
    # Loaded when the first text is copied or pasted: the window is there sooner.
    from cowrite.convert.html.writer import to_html
    from cowrite.convert.markdown.writer import to_markdown
    from cowrite.convert.plain_text import to_text

    lines = in_words(lines_of(spans), cards)
    data = new_mime()
    put_own(data, [*spans, Span("\n")] if ends_line else spans, records)
    put_cards(data, spans, cards)

    def address(name: str) -> str:
        return data_url(portable(blob) if (blob := image(name)) else None)

    html, text = to_html(lines, address), to_text(lines)
    if not ends_line:  # words of a line are no paragraph, and a line that is not whole runs in no terminal by itself
        text = text.removesuffix("\n")
        html = html.removeprefix("<p>").removesuffix("</p>\n") if len(lines) == 1 and not lines[0].attributes else html
    # Some programs take HTML that does not say so for text in the system's own encoding.
    data.setHtml('<meta charset="utf-8">' + html)
    data.setData(MARKDOWN_TYPE, QByteArray(to_markdown(lines, lambda name: name).encode()))
    if (blob := _lone_picture(spans, image)) and (picture := shown(blob.data)):
        data.setImageData(picture)  # for programs, boards and lists that would take the word for it in its place
    else:
        data.setText(text)
    return data


def _lone_picture(spans: Sequence[Span], image: Callable[[str], Blob | None]) -> Blob | None:
    """The file of the picture that is all of some rich text; None for anything else."""
    embeds = [span.embed for span in spans if span.text.strip()]
    alone = embeds[0] if len(embeds) == 1 else None
    return image(str(alone["image"])) if alone is not None and "image" in alone else None


def put_own(data: QMimeData, spans: Sequence[Span], records: Sequence[AssistRecord]) -> None:
    """Puts rich text in cowrite's own form among what is offered, with the records of what is the assistant's in it."""
    own = [[span.text, dict(span.attributes), None if span.embed is None else dict(span.embed)] for span in spans]
    data.setData(SPANS_TYPE, QByteArray(json.dumps(own).encode()))
    if records:
        data.setData(ASSISTS_TYPE, QByteArray(json.dumps({each.id: each.to_json() for each in records}).encode()))


def put_commented(data: QMimeData, commented: Sequence[Commented]) -> None:
    """Says among what is offered on which words comments stand, so that they go with words that are moved."""
    if commented:
        data.setData(COMMENTED_TYPE, QByteArray(json.dumps(commented).encode()))


def commented_of_mime(data: QMimeData) -> list[Commented]:
    """On which words of what is pasted comments stood where it was copied."""
    try:
        found = json.loads(bytes(data.data(COMMENTED_TYPE).data()) or b"[]")
        return [Commented(str(thread), int(at), str(words)) for thread, at, words in found if words]
    except (ValueError, TypeError):
        return []


def model_mime(text: str, record: AssistRecord | None) -> QMimeData:
    """What copying offers where a language model has written: its words, which stay marked in a draft.

    Args:
        text: the words.
        record: of how they came to be; None while that is not known.
    """
    data = new_mime()
    data.setText(text)
    mark = {MARK: record.id if record is not None else UNKNOWN}
    spans = [replace(each, attributes={**each.attributes, **mark}) for each in spans_of_text(text)]
    put_own(data, spans, [record] if record else [])
    return data


def in_words(lines: list[Line], cards: CardSource | None) -> list[Line]:
    """Lines with the decisions among them as words, where anybody knows these."""
    if cards is None or not any(embedded(span.embed) for line in lines for span in line.spans):
        return lines
    from cowrite.convert.decision_lines import with_cards

    return with_cards(lines, cards)


def markdown_mime(
    spans: Sequence[Span],
    records: Sequence[AssistRecord],
    cards: CardSource | None,
    image: Callable[[str], Blob | None] = lambda _name: None,
    named: Callable[[], object] = lambda: None,
) -> QMimeData:
    """What "Copy as Markdown" puts on the clipboard: Markdown as the plain text, and cowrite's own form, by which a
    draft knows what of it is the assistant's and gets its pictures; see `mime_of`.

    Args:
        spans: the copied rich text.
        records: of the text among it that is the assistant's.
        cards: gives the decisions in it.
        image: gives the file of an image.
        named: is called where there are pictures, of which the text has the names alone.
    """
    from cowrite.convert.markdown.writer import to_markdown

    data = new_mime()
    put_own(data, spans, records)
    put_cards(data, spans, cards)
    if put_pictures(data, spans, image):
        named()
    data.setData(SOURCE_TYPE, QByteArray(b"markdown"))
    data.setText(to_markdown(in_words(lines_of(spans), cards), lambda name: name))
    return data


def copied_text() -> str:
    """The plain text on the clipboard; nothing where there is none, or where whoever offers it does not answer.

    On X11 Qt waits five seconds for each answer, and asks several times for a text, once for what is offered.
    """
    data: QMimeData | None = QGuiApplication.clipboard().mimeData()
    return data.text() if data is not None and data.formats() else ""


def can_paste(data: QMimeData) -> bool:
    """Whether there is anything that a draft can take."""
    if not data.formats():  # asked once, see `copied_text`
        return False
    return data.hasText() or data.hasHtml() or data.hasImage() or data.hasUrls() or data.hasFormat(SPANS_TYPE)


def spans_of_mime(
    data: QMimeData,
    store: StoreImage,
    missed: Callable[[], object],
    has: Callable[[str], bool] = lambda _name: True,
    cards: CardSource | None = None,
    changed: Callable[[str], None] = lambda _what: None,
    *,
    as_code: bool = False,
) -> list[Span]:
    """The rich text that pasting or dropping brings: the richest form that is offered.

    Args:
        data: the clipboard's or the drop's content.
        store: keeps an image and gives its name.
        missed: is called where pictures are elsewhere, and so left out.
        has: whether the image of a name is here, to which own rich text may refer.
        cards: gives the decisions that are here, as it may refer to those too.
        changed: is told what comes in otherwise than it was, by a name.
        as_code: whether it comes into code, where another program's text stays as it is written.
    """
    from cowrite.convert.html.reader import from_html
    from cowrite.convert.markdown.reader import from_markdown

    if data.hasFormat(SPANS_TYPE) and not (as_code and data.hasFormat(SOURCE_TYPE)):
        own = _own_spans(bytes(data.data(SPANS_TYPE).data()))
        if own is not None:
            return with_words(with_pictures(own, data, store, has), data, cards)
    if files := files_of_mime(data):
        return [Span(EMBED_CHARACTER, embed={"image": name}) for file in files if (name := image_in_file(file, store))]
    if as_code and data.hasText():
        return plain_spans(data.text(), own_spans(data))
    if address := address_of_mime(data):
        return [Span(data.text().strip(), {"link": address})]
    if data.hasHtml():
        lacks: list[str] = []
        spans = from_html(
            data.html(),
            lambda *image: store(*image) if is_picture(image[0]) else None,
            lacks.append,
            change=changed,
        )
        if lacks and (spans or not data.hasImage()):
            missed()
        if spans:
            return spans
    if data.hasImage():
        image = QImage(data.imageData())
        if not image.isNull():
            return [Span(EMBED_CHARACTER, embed={"image": store(pasted(image), "image/png")})]
    if data.hasFormat(MARKDOWN_TYPE):
        source = bytes(data.data(MARKDOWN_TYPE).data()).decode("utf-8", "replace")
        return list(from_markdown(source, change=changed))
    return spans_of_text(data.text(), changed)


def length(text: str) -> int:
    """Characters of what is to be put in.

    Raises:
        TooLong: it is not put in at all.
    """
    if len(text) > LONGEST:
        raise TooLong
    return len(text)


def is_long(text: str) -> bool:
    """Whether a text is put in part by part.

    Raises:
        TooLong: it is not put in at all.
    """
    return length(text) > LONG


def long_text_of_mime(data: QMimeData, *, as_code: bool) -> str:
    """A plain text that is long, where pasting or dropping brings nothing else; otherwise nothing.

    Args:
        data: the clipboard's or the drop's content.
        as_code: whether it comes into code, where another program's text stays as it is written.

    Raises:
        TooLong: it is longer than anything may be.
    """
    from cowrite.convert.markdown.signs import is_markdown

    if data.hasFormat(SPANS_TYPE) or files_of_mime(data) or not data.hasText():
        return ""
    if not as_code and (data.hasHtml() or data.hasImage() or data.hasFormat(MARKDOWN_TYPE)):
        return ""
    text = data.text()
    return text if is_long(text) and (as_code or not is_markdown(text[:LONG])) else ""


def pictures_of_mime(data: QMimeData, store: StoreImage, most: int) -> list[str]:
    """The names under which the pictures that pasting brings were stored: local image files, at most so many, or else
    a picture that comes without a text."""
    names = [name for name in (image_of_file(file, store) for file in local_files(data)[:most]) if name]
    if not names and data.hasImage() and not data.hasText():
        image = QImage(data.imageData())
        names = [] if image.isNull() else [store(pasted(image), "image/png")]
    return [name for name in names if name]


def local_files(data: QMimeData) -> list[str]:
    """The files of this computer among what is pasted or dropped."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []


def model_lines(data: QMimeData | None) -> dict[str, str]:
    """Which lines of copied rich text are the assistant's, more than half of each: by their words, with single spaces,
    those that it wrote, with … for others."""
    found: dict[str, str] = {}
    for line in lines_of(own_spans(data)):
        pieces = [span.text if mark_of(span.attributes) is not None else "" for span in line.spans]
        words = "".join(span.text for span in line.spans)
        if 2 * sum(map(len, pieces)) > len(words):
            found[" ".join(words.split())] = " ".join("".join(each or " … " for each in pieces).split())
    return found


def files_of_mime(data: QMimeData) -> list[str]:
    """The files of this computer that are pasted or dropped; none where their content comes along in another form."""
    urls = data.urls()
    if data.hasHtml() or data.hasImage() or not all(url.isLocalFile() for url in urls):
        return []
    return [url.toLocalFile() for url in urls]


def records_of_mime(data: QMimeData) -> tuple[AssistRecord, ...]:
    """The records that come along with cowrite's own form of copied text."""
    try:
        records = json.loads(bytes(data.data(ASSISTS_TYPE).data()) or b"{}")
        return tuple(AssistRecord.from_json(id, each) for id, each in records.items() if 0 < len(id) <= LONGEST_ID)
    except (ValueError, AttributeError):
        return ()


def address_of_mime(data: QMimeData) -> str:
    """The address that pasting brings, where it brings nothing else; otherwise nothing."""
    text = data.text().strip() if data.hasText() and not data.hasFormat(SPANS_TYPE) else ""
    return (link(text) or "") if _ADDRESS.fullmatch(text) else ""


def spans_of_text(text: str, changed: Callable[[str], None] = lambda _what: None) -> list[Span]:
    """Text as rich text: as Markdown where it plainly is; of what comes in otherwise than it was, see `spans_of_mime`,
    somebody is told."""
    from cowrite.convert.markdown.reader import from_markdown
    from cowrite.convert.markdown.signs import is_markdown

    return list(from_markdown(text, change=changed)) if is_markdown(text) else plain_spans(text)


def own_spans(data: QMimeData | None) -> list[Span]:
    """The rich text in cowrite's own form among what is offered; none where there is none that makes sense."""
    if data is None or not data.hasFormat(SPANS_TYPE):
        return []
    return _own_spans(bytes(data.data(SPANS_TYPE).data())) or []


def _own_spans(content: bytes) -> list[Span] | None:
    """Rich text in cowrite's own form, as it may come in: of what is suggested elsewhere an older version offers the
    marks, which mean nothing here."""
    try:
        spans = [
            Span(EMBED_CHARACTER, normal_attributes(attributes), dict(embed))
            if embed is not None
            else Span(without_lone_surrogates(str(text)), normal_attributes(attributes))
            for text, attributes, embed in json.loads(content)
        ]
    except (ValueError, TypeError, AttributeError):
        return None
    return as_copied(spans)
