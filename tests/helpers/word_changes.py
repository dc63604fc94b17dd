"""What a word processor does with the tracked changes of a Word file, by ECMA-376 part 1, 17.13.5, and what it shows
then."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx
from docx.oxml.ns import qn

INS, DEL, CHANGE = qn("w:ins"), qn("w:del"), qn("w:pPrChange")
CELL_GOES = {INS: qn("w:cellIns"), DEL: qn("w:cellDel")}
_AT_ONCE = (qn("w:rPr"), qn("w:numId"), qn("w:bidi"), qn("w:rtl"))
"""Properties of a paragraph that are none of its look: those of its mark, which list it is in, and in which direction
it is read, which goes by the letters that stand there."""


def decided(content: bytes, *, accepts: bool) -> docx.document.Document:
    """The file when all its tracked changes are accepted, or rejected."""
    file = docx.Document(BytesIO(content))
    body = file.element.body
    goes, stays = (DEL, INS) if accepts else (INS, DEL)
    for name, properties, mark in (("w:tc", "w:tcPr", CELL_GOES[goes]), ("w:tr", "w:trPr", goes)):
        for each in list(body.iter(qn(name))):
            if each.find(f"{qn(properties)}/{mark}") is not None:
                each.getparent().remove(each)
    for each in (*body.iter(qn("w:tr")), *body.iter(qn("w:tbl"))):
        if each.find(qn("w:tc")) is None and each.find(qn("w:tr")) is None:
            each.getparent().remove(each)
    for each in list(body.iter(goes)):
        if each.getparent().tag != qn("w:rPr"):
            each.getparent().remove(each)
    for each in list(body.iter(stays)):
        if each.getparent().tag != qn("w:rPr"):
            for run in list(each):
                each.addprevious(run)
            each.getparent().remove(each)
    for text in body.iter(qn("w:delText")):
        text.tag = qn("w:t")
    for change in list(body.iter(CHANGE)):
        properties = change.getparent()
        properties.remove(change)
        if not accepts:
            mark = properties.findall(qn("w:rPr"))
            properties[:] = [*change[0], *mark]
    for paragraph in body.findall(qn("w:p")):
        if paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{goes}") is not None:
            _join(paragraph)
    return file


def shown(file: docx.document.Document) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """What the file shows, each paragraph as its look and its runs: their look, where they lead, and their text."""
    return [_shown(file, paragraph) for paragraph in file.element.body.findall(qn("w:p"))]


def words(file: docx.document.Document) -> list[str]:
    """The text of each paragraph."""
    return ["".join(text for _look, _link, text in runs) for _look, runs in shown(file)]


def tables(file: docx.document.Document) -> list[list[list[str]]]:
    """The text of each cell of each table."""
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in file.tables]


def _join(paragraph: Any) -> None:
    """A paragraph whose mark is gone is one with the next, and is what that one is."""
    following = paragraph.getnext()
    at = 0 if following.find(qn("w:pPr")) is None else 1
    for each in reversed([each for each in paragraph if each.tag != qn("w:pPr")]):
        following.insert(at, each)
    paragraph.getparent().remove(paragraph)


def _shown(file: docx.document.Document, paragraph: Any) -> tuple[str, list[tuple[str, str, str]]]:
    look = ""
    for each in paragraph.find(qn("w:pPr")) if paragraph.find(qn("w:pPr")) is not None else ():
        if each.tag != qn("w:rPr"):
            look += "".join(_bare(part) for part in each.iter() if part.tag not in _AT_ONCE)
    runs: list[tuple[str, str, str]] = []
    for run in paragraph.iter(qn("w:r")):
        parent = run.getparent()
        link = file.part.rels[parent.get(qn("r:id"))].target_ref if parent.tag == qn("w:hyperlink") else ""
        looks = [each for each in run.iter() if each.getparent().tag == qn("w:rPr") and each.tag not in _AT_ONCE]
        dress = "".join(map(_bare, looks))
        content = [each for each in run if each.tag != qn("w:rPr")]
        text = "".join("[picture]" if each.tag == qn("w:drawing") else str(each) for each in content)
        if runs and runs[-1][:2] == (dress, link):
            runs[-1] = (dress, link, runs[-1][2] + text)
        elif text:
            runs.append((dress, link, text))
    return look, runs


def _bare(element: Any) -> str:
    return f"{element.tag}{sorted(element.attrib.items())}"
