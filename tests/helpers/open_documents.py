"""OpenDocument texts, in the words of the format."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = " ".join(
    (
        *(f'xmlns:{each}="{_OASIS}:{each}:1.0"' for each in ("office", "text", "table", "style", "meta")),
        f'xmlns:draw="{_OASIS}:drawing:1.0" xmlns:fo="{_OASIS}:xsl-fo-compatible:1.0"',
        f'xmlns:svg="{_OASIS}:svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"',
        'xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"',
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:math="http://www.w3.org/1998/Math/MathML"',
        'office:version="1.3"',
    )
)
TEXT = "application/vnd.oasis.opendocument.text"


def content(text: str, automatic: str = "") -> str:
    """What is in `content.xml`: these elements in the text, and these styles of its own."""
    return (
        f"<office:document-content {NAMES}><office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:text>{text}</office:text></office:body></office:document-content>"
    )


def package(parts: Mapping[str, str | bytes], kind: str = TEXT) -> bytes:
    """A package with these parts."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as written:
        for name, part in {**({"mimetype": kind} if kind else {}), **parts}.items():
            written.writestr(name, part)
    return stream.getvalue()


def odt(
    text: str, automatic: str = "", named: str = "", pages: str = "", more: Mapping[str, str | bytes] | None = None
) -> bytes:
    """An OpenDocument text.

    Args:
        text: the elements in its text.
        automatic: its own styles.
        named: those with names.
        pages: what its pages look like.
        more: other parts by their names.
    """
    styles = (
        f"<office:document-styles {NAMES}><office:styles>{named}</office:styles>"
        f"<office:master-styles>{pages}</office:master-styles></office:document-styles>"
    )
    return package({"content.xml": content(text, automatic), "styles.xml": styles, **(more or {})})


def fodt(text: str, automatic: str = "", named: str = "") -> bytes:
    """An OpenDocument text as a single file of XML."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {NAMES} office:mimetype="{TEXT}">'
        f"<office:styles>{named}</office:styles><office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:text>{text}</office:text></office:body></office:document>"
    ).encode()


def style(
    name: str, family: str = "text", parent: str = "", paragraph: str = "", text: str = "", more: str = ""
) -> str:
    """A style that says this of paragraphs and of words."""
    above = f' style:parent-style-name="{parent}"' if parent else ""
    return (
        f'<style:style style:name="{name}" style:family="{family}"{above} {more}>'
        f"<style:paragraph-properties {paragraph}/><style:text-properties {text}/></style:style>"
    )


def p(words: str, name: str = "Standard") -> str:
    """A paragraph."""
    return f'<text:p text:style-name="{name}">{words}</text:p>'


def span(words: str, name: str) -> str:
    """Words in a style."""
    return f'<text:span text:style-name="{name}">{words}</text:span>'


def by(name: str, date: str = "2026-01-02T03:04:05") -> str:
    """Who has said or changed something, and when."""
    return f"<dc:creator>{name}</dc:creator><dc:date>{date}</dc:date>"


def region(id: str, *kinds: str, who: str = "Bo", gone: str = "") -> str:
    """A tracked change: `insertion`, `deletion` or both, with what is to go."""
    info = f"<office:change-info>{by(who)}</office:change-info>"
    each = "".join(f"<text:{kind}>{info}{gone if kind == 'deletion' else ''}</text:{kind}>" for kind in kinds)
    return f'<text:changed-region text:id="{id}">{each}</text:changed-region>'


def tracked(*regions: str) -> str:
    """The tracked changes of a text."""
    return f"<text:tracked-changes>{''.join(regions)}</text:tracked-changes>"


def added(words: str, id: str) -> str:
    """Words that come in."""
    return f'<text:change-start text:change-id="{id}"/>{words}<text:change-end text:change-id="{id}"/>'


def gone(id: str) -> str:
    """Where something is to go."""
    return f'<text:change text:change-id="{id}"/>'


def comment(name: str, text: str, who: str = "Bo", more: str = "") -> str:
    """A comment whose words begin here."""
    return f'<office:annotation office:name="{name}" {more}>{by(who)}<text:p>{text}</text:p></office:annotation>'


def ends(name: str) -> str:
    """Where the words of a comment end."""
    return f'<office:annotation-end office:name="{name}"/>'


def item(*content: str, more: str = "") -> str:
    """An item of a list."""
    return f"<text:list-item {more}>{''.join(content)}</text:list-item>"


def items(*content: str, name: str = "", more: str = "") -> str:
    """A list."""
    named = f'text:style-name="{name}"' if name else ""
    return f"<text:list {named} {more}>{''.join(content)}</text:list>"


def cell(words: str, more: str = "") -> str:
    """A cell of a table, which is a paragraph unless it is elements."""
    inner = words if words.startswith("<") else p(words)
    return f"<table:table-cell {more}>{inner}</table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    """A row of a table."""
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def table(*rows: str, columns: str = "") -> str:
    """A table."""
    return f"<table:table>{columns}{''.join(rows)}</table:table>"
