"""The text formats that cowrite reads and writes, by the suffix of a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from cowrite.convert.data_images import image_data
from cowrite.convert.errors import UnknownFormat, unreadable
from cowrite.convert.footnotes import untold
from cowrite.convert.html.reader import from_html
from cowrite.convert.html.writer import page, to_html
from cowrite.convert.images import ImageOf, TakeImage, named_image
from cowrite.convert.markdown.reader import from_markdown
from cowrite.convert.markdown.writer import to_markdown
from cowrite.convert.plain_text import from_text, to_text
from cowrite.convert.western import ENCODING, FileText, marked_encoding, western_text
from cowrite.core.document.watched import Check, unwatched
from cowrite.core.text.richtext import Line, Span
from cowrite.core.text.table import apart

ImageAddress = Callable[[str], str]
"""From an image's `sha256:` name to the address that the file is to hold."""

_META_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"\s*<\?xml[^>]{1,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_AS_BROWSERS = {
    **dict.fromkeys(("ascii", "us-ascii", "iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1"), "windows-1252"),
    **dict.fromkeys(("iso-8859-9", "latin5"), "windows-1254"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987"), "cp949"),
    **dict.fromkeys(("utf-16", "utf-16le", "utf-16be", "unicode"), "utf-8"),
}
"""What pages that name these encodings are in (https://encoding.spec.whatwg.org/#names-and-labels): the quotes and
dashes of "latin-1" are those of Windows, and what says in single bytes that it has two is not in two."""


class Reading(NamedTuple):
    """What one file is read with.

    Attributes:
        images: stores an image that the text itself contains and returns its name; None leaves such images out.
        beside: stores the image in a file to which the text leads, and returns its name; None where it takes none.
        check: ends the reading.
        change: is told what comes in otherwise than it was, by a name.
    """

    images: TakeImage | None = None
    beside: ImageOf = named_image
    check: Check = unwatched
    change: Callable[[str], None] = untold

    def image_of(self, address: str) -> str | None:
        """The name of the image to which an address leads; None where it takes none."""
        if self.images is not None and (data := image_data(address)) is not None:
            return self.images(*data)
        return named_image(address) or self.beside(address)


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes:
        suffix: without the dot.
        name: what people call it.
        read: from a file's text to rich text in normal form, a whole document (`core.text.table.apart`).
        write: from lines to a file's text; None of what is only read.
    """

    suffix: str
    name: str
    read: Callable[[str, Reading], list[Span]]
    write: Callable[[Sequence[Line], ImageAddress], str] | None = None


def _read_markdown(text: str, reading: Reading) -> list[Span]:
    def image_of(address: str) -> str | None:
        name = reading.image_of(address)
        if name is None:
            reading.change("images not beside")
        return name

    return apart(from_markdown(text, image_of, reading.check, reading.change))


def _read_html(text: str, reading: Reading) -> list[Span]:
    def missed(_address: str) -> None:
        reading.change("images elsewhere")

    return apart(
        from_html(text, reading.images, missed, check=reading.check, change=reading.change, takes_letters=True)
    )


def _read_table(separator: str, text: str, reading: Reading) -> list[Span]:
    from cowrite.convert.separated import from_separated  # most files are others

    return apart(from_separated(text, reading.change, separator))


FORMATS: tuple[Format, ...] = (
    Format("md", "Markdown", _read_markdown, to_markdown),
    Format("html", "HTML", _read_html, lambda lines, image_address: page(to_html(lines, image_address))),
    Format("txt", "plain text", lambda text, _: from_text(text), lambda lines, _: to_text(lines)),
    Format("csv", "CSV", partial(_read_table, "")),
    Format("tsv", "TSV", partial(_read_table, "\t")),
)
_OTHER_SUFFIXES = {"markdown": "md", "htm": "html", "text": "txt", "tab": "tsv"}


def format_for(suffix: str) -> Format:
    """The format that goes by a suffix, with or without its dot, in any case.

    Raises:
        UnknownFormat: there is none.
    """
    plain = suffix.removeprefix(".").lower()
    plain = _OTHER_SUFFIXES.get(plain, plain)
    for known in FORMATS:
        if known.suffix == plain:
            return known
    raise UnknownFormat(plain, [known.suffix for known in FORMATS])


def text_in(data: bytes, path: Path, chosen: str = "") -> FileText:
    """The text in a file's bytes: in UTF-8, or in what its byte order mark or, in HTML, its <meta> says.

    What says nothing and is not in UTF-8 is in windows-1252 where it plainly is (`western`).

    Args:
        data: the whole content.
        path: where it came from; its suffix says whether it is HTML.
        chosen: the encoding in which it is to be read instead, with � for what is nothing in it.

    Raises:
        UnknownEncoding: the bytes are text in some other encoding.
        UnreadableText: they are not in the encoding of their byte order mark.
        NoText: they are no text.
    """
    if chosen:
        return FileText(data.decode(chosen, "replace"))
    encoding = marked_encoding(data)
    is_page = path.suffix.lower() in (".html", ".htm")
    if not encoding and is_page:
        head = data[:4096]
        if (stated := _META_CHARSET.search(head)) or (stated := _XML_ENCODING.match(head)):
            name = stated[1].decode("ascii").lower()
            encoding = _AS_BROWSERS.get(name, name)
    try:
        return FileText(_decoded(data, encoding or "utf-8"))
    except (UnicodeError, LookupError) as error:
        if not encoding and (text := western_text(data)) is not None:
            return FileText(text, "" if is_page else ENCODING)  # of pages that say nothing nobody expects another one
        raise unreadable(data, path, encoding or "utf-8") from error


def _decoded(data: bytes, encoding: str) -> str:
    # Five bytes of windows-1252 are no characters in Python and control characters to browsers, which show none.
    return data.decode(encoding, "ignore" if encoding == ENCODING else "strict")
