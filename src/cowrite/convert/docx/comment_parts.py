"""The parts of a Word document that hold comments, by the names that Word gives to them and to what is in them.

Beside `comments.xml` (ECMA-376 part 1, 17.13.4) Word has added three (MS-DOCX): what answers what, and what is settled
(`commentsExtended`), by the name of each comment's last paragraph; another name for each (`commentsIds`); and by that
the moment in UTC (`commentsExtensible`), for in `comments.xml` Word states the one on the clock of whoever wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml

_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OFFICE = "http://schemas.microsoft.com/office"
WORD_2010, WORD_2012 = f"{_OFFICE}/word/2010/wordml", f"{_OFFICE}/word/2012/wordml"
WORD_IDS, WORD_MOMENTS = f"{_OFFICE}/word/2016/wordml/cid", f"{_OFFICE}/word/2018/wordml/cex"


class Kind(NamedTuple):
    """A kind of part.

    Attributes:
        name: of the part.
        root: the name of its root.
        relation: by which the part with the text leads to it.
    """

    name: str
    root: str
    relation: str

    @property
    def content_type(self) -> str:
        """What the package says that it is."""
        return f"{_TYPE}.{self.name}+xml"


COMMENTS = Kind("comments", "w:comments", RELATIONSHIP_TYPE.COMMENTS)
EXTENDED = Kind("commentsExtended", "w15:commentsEx", f"{_OFFICE}/2011/relationships/commentsExtended")
IDS = Kind("commentsIds", "w16cid:commentsIds", f"{_OFFICE}/2016/09/relationships/commentsIds")
MOMENTS = Kind("commentsExtensible", "w16cex:commentsExtensible", f"{_OFFICE}/2018/08/relationships/commentsExtensible")

PARAGRAPH_ID = f"{{{WORD_2010}}}paraId"
ENTRY, EXTENDED_ID, PARENT_ID, DONE = (
    f"{{{WORD_2012}}}{name}" for name in ("commentEx", "paraId", "paraIdParent", "done")
)
NAMED, NAMED_ID, DURABLE_ID = (f"{{{WORD_IDS}}}{name}" for name in ("commentId", "paraId", "durableId"))
MOMENT, MOMENT_ID, UTC = (f"{{{WORD_MOMENTS}}}{name}" for name in ("commentExtensible", "durableId", "dateUtc"))


def roots_of(part: Any, kind: Kind) -> Iterator[Any]:
    """The roots of the parts of a kind that belong to the one with the text; of those alone that can be read."""
    of_kind = (each for each in part.rels.values() if each.reltype == kind.relation and not each.is_external)
    for target in dict.fromkeys(each.target_part for each in of_kind):
        root = getattr(target, "element", None)
        try:
            yield parse_xml(target.blob) if root is None else root
        except SyntaxError:  # lxml's, of what no program has written
            continue


def moments_of(part: Any) -> dict[str, str]:
    """The moments in UTC that are stated for comments, by the names of their paragraphs in capitals."""
    stated = {
        each.get(MOMENT_ID, "").upper(): each.get(UTC, "")
        for root in roots_of(part, MOMENTS)
        for each in root.iter(MOMENT)
    }
    named = (each for root in roots_of(part, IDS) for each in root.iter(NAMED))
    return {each.get(NAMED_ID, "").upper(): stated.get(each.get(DURABLE_ID, "").upper(), "") for each in named}
