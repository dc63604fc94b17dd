"""Footnotes of a document that is set on paper or in OpenDocument, in the HTML from which it is set.

Runs on the GUI thread. Qt knows no footnotes. On paper they stand at the end, and nothing leads there. For OpenDocument
signs that no text has stand in their places while Qt writes the file, and then become its notes.
"""

from __future__ import annotations

import re

_REFERENCE = re.compile(r'<sup id="fnref\d+"><a href="#fn(\d+)" role="doc-noteref">\d+</a></sup>')
_BACK = re.compile(r' <a href="#fnref\d+" role="doc-backlink">↩</a>')
_SECTION = re.compile(r'<section role="doc-endnotes">\n<hr>\n<ol>\n(.*)</ol>\n</section>\n\Z', re.DOTALL)
_NOTE = re.compile(r'<li id="fn(\d+)"( dir="rtl")?>(.*?)</li>\n', re.DOTALL)
"""As `convert.html.writer` has them."""
_SIGN, _NOTE_BEGINS, _END = "\U0010fff0", "\U0010fff1", "\U0010fff2"
_SIGN_IN_XML = re.compile(f"{_SIGN}(\\d+){_END}")
_NOTE_IN_XML = re.compile(
    rf"\s*(<text:p\b[^<>]*>)((?:<text:span[^<>]*>)?){_NOTE_BEGINS}(\d+){_END}(.*?)</text:p>", re.DOTALL
)
_LTR = ' dir="ltr"'


def without_leads(body: str) -> str:
    """The HTML of a document in which nothing leads to its notes and back, for on paper nobody can go there."""
    return _BACK.sub("", _REFERENCE.sub(r"<sup>\1</sup>", body))


def marked(body: str) -> str:
    """The HTML of a document with signs in the places of its notes, which `with_notes` takes for what they are."""

    def paragraph(note: re.Match[str]) -> str:
        return f"<p{note[2] or _LTR}>{_NOTE_BEGINS}{note[1]}{_END}{note[3]}</p>\n"

    body = _BACK.sub("", _REFERENCE.sub(rf"{_SIGN}\1{_END}", body))
    return _SECTION.sub(lambda section: _NOTE.sub(paragraph, section[1]), body)


def with_notes(xml: str) -> str:
    """The content of an OpenDocument text that was set from what `marked` gives, with its notes."""
    notes: dict[str, str] = {}

    def take(found: re.Match[str]) -> str:
        notes[found[3]] = f"{found[1]}<text:s/>{found[2]}{found[4]}</text:p>"  # LibreOffice sets number and words close
        return ""

    def note(found: re.Match[str]) -> str:
        number = found[1]
        body = notes.get(number, "")
        citation = f"<text:note-citation>{number}</text:note-citation>"
        start = f'<text:note text:id="ftn{number}" text:note-class="footnote">'
        return f"{start}{citation}<text:note-body>{body}</text:note-body></text:note>"

    if _SIGN not in xml:
        return xml
    return _SIGN_IN_XML.sub(note, _NOTE_IN_XML.sub(take, xml))
