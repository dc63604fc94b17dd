"""Typography: with what letters, and how far apart, the text of a page is set.

A frozen value, part of a theme; the editor's format module reads it.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QFont

from cowrite.core.writing.typeface import MONO, SANS, SERIF

SMALLEST, LARGEST = 8.0, 32.0  # points in which a person may choose to write
LINE_SPACINGS = {"compact": 0.82, "normal": 1.0, "wide": 1.3}
"""How far apart lines can be chosen to be, in the usual distance."""


class BlockLook(NamedTuple):
    """How one kind of paragraph is set.

    `scale` and the spaces are multiples of the writing size; `line`, the least height of a line, of its text's size.
    """

    scale: float = 1.0
    weight: int = QFont.Weight.Normal.value
    before: float = 0.0
    after: float = 0.6
    line: float = 1.65

    def with_lines(self, apart: float) -> BlockLook:
        """The same with lines and paragraphs so many times as far apart."""
        return self._replace(before=self.before * apart, after=self.after * apart, line=self.line * apart)


class Typography(NamedTuple):
    """What the editor's format module sets text with. Sizes are points, indents multiples of the writing size.

    `ui_families` are the fonts of the chrome and of letters without serifs, `families` the page's, the others those of
    some letters; each list falls back from front to back.
    """

    ui_families: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    serif_families: tuple[str, ...] = ()
    code_families: tuple[str, ...] = ()
    size: float = 12.5
    paragraph: BlockLook = BlockLook(before=0.5)
    headings: tuple[BlockLook, ...] = (
        BlockLook(scale=2.0, weight=700, before=1.5, after=0.5, line=1.25),
        BlockLook(scale=1.55, weight=700, before=1.4, after=0.4, line=1.3),
        BlockLook(scale=1.28, weight=650, before=1.2, after=0.35, line=1.4),
        BlockLook(scale=1.12, weight=650, before=1.0, after=0.3, line=1.45),
        BlockLook(scale=1.0, weight=700, before=0.9, after=0.3, line=1.55),
        BlockLook(scale=0.9, weight=700, before=0.9, after=0.3, line=1.55),
    )
    list_item: BlockLook = BlockLook(after=0.2)
    quote: BlockLook = BlockLook(before=0.5)
    code: BlockLook = BlockLook(scale=0.9, after=0.0, line=1.5)
    inline_code_scale: float = 0.92
    list_indent: float = 1.7
    quote_indent: float = 1.2
    code_indent: float = 0.9

    def heading(self, level: int) -> BlockLook:
        """The look of a heading of level 1 to 6."""
        return self.headings[level - 1]

    def families_of(self, font: str) -> tuple[str, ...]:
        """The fonts of letters for which the document says one, or a kind of them; others that it names fall back to
        the page's."""
        kinds = {SANS: self.ui_families, SERIF: self.serif_families, MONO: self.code_families}
        return (*kinds.get(font.lower(), (font,)), *self.families)

    def with_writing(self, family: str, size: float) -> Typography:
        """The same with a person's own font in front and their size; an empty family leaves the font."""
        families = (family, *(name for name in self.families if name != family)) if family else self.families
        return self._replace(families=families, size=size)

    def with_lines(self, apart: float) -> Typography:
        """The same with the lines of running text, and its paragraphs, so many times as far apart; headings stay."""
        return self._replace(
            paragraph=self.paragraph.with_lines(apart),
            list_item=self.list_item.with_lines(apart),
            quote=self.quote.with_lines(apart),
            code=self.code.with_lines(apart),
        )
