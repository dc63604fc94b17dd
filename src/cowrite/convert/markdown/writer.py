"""Rich text as Markdown: CommonMark with GitHub's strikethrough, task lists, tables and footnotes.

Everything in a document's normal form (see `normal`) is written so that `reader` reads the same document
back, except for what a table has no signs for: how single cells are aligned, short rows, and what is more than words in
a cell (see `cells`). A line that is there only to keep tables apart or from the edge (`core.text.table.apart`) is not
written. Where Markdown has no syntax, these pieces of HTML stand in; GitHub and most other readers show them as meant:

- `<u>`, `<sup>`, `<sub>`, `<mark>`, and `<span style="…">` for colour, background, font and size;
- `<b>`, `<i>`, `<s>`, `<code>` where delimiters would not be read as such, for instance around a blank;
- `<img width height>` for an image of a stated size;
- `<br>` for an empty paragraph, `<!-- -->` for an empty list item that has others inside;
- `<div align="center" dir="rtl" style="margin-left:4em">` around a paragraph with alignment, direction, or an indent
  (2em for each step) that no list explains.

A line break within a line is a hard break, or `<br>` where what follows could begin a block. Blanks at the edges of a
line are written as character references (`&#32;`). What footnotes say stands at the end, in the order of the text. A
page begins behind a paragraph that is `\\newpage`, as LaTeX has it and pandoc takes over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from cowrite.convert.cells import with_plain_cells, without_bold
from cowrite.convert.footnotes import Footnotes
from cowrite.convert.markdown.text import IMAGE_ALONE, Within, attribute, inline
from cowrite.convert.normal import image_of, is_divider, normal_lines
from cowrite.convert.outline import Container, Frame, Item, Place, Quote, blocks, common
from cowrite.core.text.footnotes import Words
from cowrite.core.text.richtext import PAGE_BREAK, Line, Span
from cowrite.core.text.table import Table, row_id, with_tables, without_edges

EMPTY_PARAGRAPH = "<br>"
EMPTY_ITEM = "<!-- -->"
NEW_PAGE = r"\newpage"
NEW_PAGES = (NEW_PAGE, r"\pagebreak", r"\clearpage")
"""Paragraphs that are no words where one reads them."""

EM_PER_INDENT = 2
NOTE_INDENT = 4  # blanks before each further line of a footnote
_CHECKS = {"checked": "[x]", "unchecked": "[ ]"}
_RULES = {"center": ":-:", "right": "--:"}


def to_markdown(lines: Sequence[Line], image_name: Callable[[str], str]) -> str:
    """The Markdown of a document.

    Args:
        lines: the document, in any form.
        image_name: from an image's name in the document (`sha256:…`) to the address to write for it.

    Returns:
        Text whose lines end in "\\n"; empty for a document without lines.
    """
    writer = _Writer()
    embeds = _Embeds(image_name)
    parts = list(blocks(with_plain_cells(without_edges(normal_lines(lines)))))
    for at, (block, place, following) in enumerate(parts):
        line = block[0]
        if block == [Line(())] and 0 < at < len(parts) - 1 and _is_table(parts[at - 1]) and _is_table(parts[at + 1]):
            continue  # reading puts it there
        if row_id(line.attributes):
            content = _table(block, embeds)
        elif "code-block" in line.attributes:
            content = _fence(block)
        else:
            content = _content(line, place, following, embeds, writer.stands_alone(place)).split("\n")
        writer.write(line, place, content)
    return writer.text() + embeds.notes()


class _Embeds:
    """What is written for what is embedded in the text."""

    def __init__(self, image_name: Callable[[str], str]) -> None:
        self._image_name = image_name
        self._footnotes = Footnotes()

    def names(self, line: Line) -> list[str]:
        """What is written for each embed of a line that is written next, see `inline`."""
        return [self._name(span) for span in line.spans if span.embed is not None]

    def notes(self) -> str:
        """What the footnotes say whose references were written."""
        notes = [f"[^{number}]: {_note(words)}".rstrip() for number, words in enumerate(self._footnotes.words, 1)]
        return "".join(f"\n{note}\n" for note in notes)

    def _name(self, span: Span) -> str:
        image = image_of(span)
        return str(self._footnotes.number(span)) if image is None else self._image_name(image)


def _note(words: Words) -> str:
    return inline(words, []).replace("\n", "\n" + " " * NOTE_INDENT)


class _Writer:
    """Puts the content of lines into their containers."""

    def __init__(self) -> None:
        self._output: list[str] = []
        self._open: tuple[Container | Frame, ...] = ()
        self._tight = False
        self._delimiters: dict[int, str] = {}  # behind the numbers of the lists that are open, by how deep they are

    def text(self) -> str:
        self._close(0)
        return "\n".join(self._output) + "\n" if self._output else ""

    def stands_alone(self, place: Place) -> bool:
        """Whether an item here may be a bare marker.

        Below its parent's text, a bare `-` would underline that text as a heading, and a bare `1.` be part of it.
        """
        path = place.path
        first_inside = len(path) > 1 and isinstance(path[-2], Item) and len(self._open) < len(path)
        return not first_inside and place.frame is None

    def write(self, line: Line, place: Place, content: list[str]) -> None:
        """Writes one block: the line's containers as far as they are not open, and its content inside."""
        path: tuple[Container | Frame, ...] = (*place.path, *((place.frame,) if place.frame else ()))
        kept = common(self._open, path)
        self._close(kept)
        if PAGE_BREAK in line.attributes:
            self._begin_page(path[:kept])
        is_item = "list" in line.attributes
        same_list = kept > 0 or not any(isinstance(container, Quote) for container in (*self._open, *path))
        goes_on = self._goes_on(path, kept)
        self._delimit(path, kept, goes_on=goes_on)
        # A list may only follow a line of text at once where its number is 1.
        begins_late = any(isinstance(each, Item) and each.number not in (None, 1) for each in path[kept + goes_on :])
        if self._output and not (self._tight and is_item and same_list and not begins_late):
            self._output.append(_prefix(path[:kept]).rstrip())
        markers = (_marker(each, self._delimiters.get(at, "")) for at, each in enumerate(path) if at >= kept)
        start = _prefix(path[:kept]) + "".join(markers)
        if place.frame is not None and kept < len(path):
            self._output += [start + _frame_tag(place.frame), _prefix(path).rstrip()]
            start = _prefix(path)
        self._output += [(start + content[0]).rstrip() if not content[0] else start + content[0]]
        self._output += [(_prefix(path) + rest) if rest else _prefix(path).rstrip() for rest in content[1:]]
        self._open = path
        self._tight = is_item and place.frame is None and not IMAGE_ALONE.fullmatch(content[0])

    def _begin_page(self, path: tuple[Container | Frame, ...]) -> None:
        """Begins a page within the containers that stay open."""
        if self._output:
            self._output.append(_prefix(path).rstrip())
        self._output.append(_prefix(path) + NEW_PAGE)
        self._open, self._tight = path, False

    def _goes_on(self, path: Sequence[Container | Frame], kept: int) -> bool:
        """Whether the first container that is not open is an item behind one of a list with numbers, as it is itself;
        Markdown takes both for one list, unless what stands behind the numbers differs."""
        both = (*self._open[kept : kept + 1], *path[kept : kept + 1])
        return len(both) == 2 and all(isinstance(each, Item) and each.number is not None for each in both)

    def _delimit(self, path: Sequence[Container | Frame], kept: int, *, goes_on: bool) -> None:
        """Chooses what stands behind the numbers of the lists that begin here."""
        for at, container in enumerate(path[kept:], kept):
            if at > kept or not goes_on:
                self._delimiters[at] = "."
            elif isinstance(container, Item) and container.begins:
                self._delimiters[at] = ")" if self._delimiters[at] == "." else "."

    def _close(self, kept: int) -> None:
        """Leaves the containers beyond the first `kept`; only a frame has something to write then."""
        if kept < len(self._open) and isinstance(self._open[-1], Frame):
            prefix = _prefix(self._open[:-1])
            self._output += [prefix.rstrip(), prefix + "</div>"]
            self._tight = False


def _prefix(path: Sequence[Container | Frame]) -> str:
    """What continues these containers at the start of a further line."""
    return "".join("> " if isinstance(container, Quote) else " " * len(_marker(container)) for container in path)


def _marker(container: Container | Frame, delimiter: str = ".") -> str:
    if isinstance(container, Quote):
        return "> "
    if isinstance(container, Frame):
        return ""
    return "- " if container.number is None else f"{container.number}{delimiter} "


def _frame_tag(frame: Frame) -> str:
    attributes = []
    if frame.align:
        attributes.append(f'align="{attribute(frame.align)}"')
    if frame.direction:
        attributes.append(f'dir="{attribute(frame.direction)}"')
    if frame.indent:
        attributes.append(f'style="margin-left:{frame.indent * EM_PER_INDENT}em"')
    return f"<div {' '.join(attributes)}>"


def _content(line: Line, place: Place, following: Sequence[Container], embeds: _Embeds, bare: bool) -> str:
    """The Markdown of a line that is not code, without its containers.

    `following` is the path of the next line, `bare` whether an item may have no content at all.
    """
    if is_divider(line):
        return "---"
    header: int = line.attributes.get("header", 0)
    text = inline(line.spans, embeds.names(line), Within.HEADING if header else Within.PARAGRAPH)
    kind = line.attributes.get("list", "")
    if check := _CHECKS.get(kind):
        text = f"{check} {text}" if text else check
    if header:
        return "#" * header + (" " + text if text else "")
    if text:
        return "\\" + text if text in NEW_PAGES else text
    if not kind:
        return EMPTY_PARAGRAPH
    parents_stand_in = len(place.path) > 1 and isinstance(place.path[-2], Item) and place.path[-2].stands_in
    has_others_inside = place.path[-1] in following
    return "" if bare and not parents_stand_in and not has_others_inside else EMPTY_ITEM


def _is_table(part: tuple[Sequence[Line], Place, tuple[Container, ...]]) -> bool:
    return bool(row_id(part[0][0].attributes))


def _table(cells: Sequence[Line], embeds: _Embeds) -> list[str]:
    """A table; the cells are all of it. Markdown has none without a head, so that may be empty."""
    (table,) = with_tables(cells)
    assert isinstance(table, Table)
    head, *rows = table.whole_rows
    rule = [_RULES.get(cell.attributes.get("align", ""), "---") for cell in head]
    if table.begins_bold:
        head = tuple(map(without_bold, head))
    else:
        rows, head = [head, *rows], (Line(()),) * table.columns
    return [_row(_cell(cell, embeds) for cell in head), _row(rule)] + [
        _row(_cell(cell, embeds) for cell in row) for row in rows
    ]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Line, embeds: _Embeds) -> str:
    return inline(cell.spans, embeds.names(cell), Within.CELL).replace("|", "\\|")


def _fence(lines: Sequence[Line]) -> list[str]:
    """A fenced block of code. All lines have the same block attributes."""
    texts = ["".join(span.text for span in line.spans) for line in lines]
    language = lines[0].attributes["code-block"]
    info = "" if language is True else _info(language)
    mark = "~" if "`" in info else "`"
    longest = max((len(run) for text in texts for run in re.findall(f"{mark}+", text)), default=0)
    fence = mark * max(3, longest + 1)
    return [fence + info, *texts, fence]


def _info(language: str) -> str:
    """A language after a fence, where backslashes and character references mean what they mean in text."""
    escaped = "".join("\\" + character if character in "\\&" else character for character in language)
    return " " + escaped if escaped.startswith(("`", "~")) else escaped
