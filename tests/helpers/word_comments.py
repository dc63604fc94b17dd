"""Word files with comments, in the words of the format."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

_WORD = "http://schemas.microsoft.com/office/word"
NAMES = (
    f"{nsdecls('w')} xmlns:w14='{_WORD}/2010/wordml' xmlns:w15='{_WORD}/2012/wordml' "
    f"xmlns:w16cid='{_WORD}/2016/wordml/cid' xmlns:w16cex='{_WORD}/2018/wordml/cex' "
    f"xmlns:w16du='{_WORD}/2023/wordml/word16du'"
)
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = {
    "comments": "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments",
    "commentsExtended": "http://schemas.microsoft.com/office/2011/relationships/commentsExtended",
    "commentsIds": "http://schemas.microsoft.com/office/2016/09/relationships/commentsIds",
    "commentsExtensible": "http://schemas.microsoft.com/office/2018/08/relationships/commentsExtensible",
}


def begins(id: object) -> str:
    """Where a comment begins."""
    return f'<w:commentRangeStart w:id="{id}"/>'


def ends(id: object) -> str:
    """Where it ends."""
    return f'<w:commentRangeEnd w:id="{id}"/>'


def sign(id: object) -> str:
    """Its sign, behind its words."""
    return f'<w:r><w:commentReference w:id="{id}"/></w:r>'


def on(words: str, id: object) -> str:
    """Words on which there is a comment."""
    return f'{begins(id)}<w:r><w:t xml:space="preserve">{words}</w:t></w:r>{ends(id)}{sign(id)}'


def comment(id: object, text: str, author: str = "Bo", date: str = "2026-01-02T03:04:05Z", name: str = "") -> str:
    """What a comment says; `name` is that of its paragraph."""
    named = f' w14:paraId="{name}"' if name else ""
    who = f'w:id="{id}" w:author="{author}" w:date="{date}"'
    return f"<w:comment {who}><w:p{named}><w:r><w:t>{text}</w:t></w:r></w:p></w:comment>"


def entry(name: str, to: str = "", *, is_done: bool = False) -> str:
    """What is said of a comment by the name of its paragraph: what it answers, and whether it is settled."""
    parent = f' w15:paraIdParent="{to}"' if to else ""
    return f'<w15:commentEx w15:paraId="{name}"{parent} w15:done="{int(is_done)}"/>'


def file_with(body: str, comments: str, extended: str | None = None, **more: str) -> bytes:
    """A file with these elements in its body, and these comments.

    Args:
        body: paragraphs and tables.
        comments: what is said.
        extended: what answers what; all of the part where it begins with "<?" or is empty, None for no such part.
        more: other parts by their names.
    """
    word = docx.Document()
    for each in parse_xml(f"<w:body {NAMES}>{body}</w:body>"):
        word.element.body.sectPr.addprevious(each)
    plain, stream = BytesIO(), BytesIO()
    word.save(plain)
    parts = {"comments": f"<w:comments {NAMES}>{comments}</w:comments>"}
    if extended is not None:
        whole = not extended or extended.startswith("<?")
        parts["commentsExtended"] = extended if whole else f"<w15:commentsEx {NAMES}>{extended}</w15:commentsEx>"
    parts |= {name: f"<w:part {NAMES}>{content}</w:part>" for name, content in more.items()}
    with zipfile.ZipFile(plain) as package, zipfile.ZipFile(stream, "w") as written:
        for name in package.namelist():
            part = package.read(name)
            if name == "[Content_Types].xml":
                types = "".join(
                    f'<Override PartName="/word/{each}.xml" ContentType="{_OFFICE}.{each}+xml"/>' for each in parts
                )
                part = part.replace(b"</Types>", f"{types}</Types>".encode())
            elif name == "word/_rels/document.xml.rels":
                relations = "".join(
                    f'<Relationship Id="of{each}" Type="{_PARTS[each]}" Target="{each}.xml"/>' for each in parts
                )
                part = part.replace(b"</Relationships>", f"{relations}</Relationships>".encode())
            written.writestr(name, part)
        for name, part_text in parts.items():
            written.writestr(f"word/{name}.xml", part_text)
    return stream.getvalue()
