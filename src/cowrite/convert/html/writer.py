"""Rich text as HTML that other applications paste well: semantic elements, inline styles, no classes or scripts.

What is written reads back through `reader` as the same document in normal form, except that

- images come back only where their address is a `data:` one;
- colours that `reader` takes for "no colour" (near-black and near-white ones), and a link's usual blue, are lost;
- a line separator (U+2028) becomes <br>, which is a new line, but in a cell;
- a line that is one no-break space becomes empty;
- cells hold words (see `cells`), and a line that is there only to keep a table from the edge is not written;
- a footnote's reference is a number that leads to the note at the end, and is a footnote again where both are there;
- a bullet's text that begins with ☐, ☑, `[ ]` or `[x]` becomes a check list item.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence

from cowrite.convert.cells import with_plain_cells, without_bold
from cowrite.convert.footnotes import Footnotes
from cowrite.convert.heading_links import linked_headings
from cowrite.convert.html.tags import POINTS_PER_INDENT
from cowrite.convert.marks import Tag, nested, style_tag
from cowrite.convert.normal import image_of, is_divider, normal_lines
from cowrite.convert.numbering import CHECK_BOXES, label
from cowrite.convert.outline import Container, Frame, Item, Place, Quote, blocks, common
from cowrite.core.text.direction import LTR, RTL, reads_from_right
from cowrite.core.text.footnotes import Words
from cowrite.core.text.richtext import PAGE_BREAK, SOFT_BREAK, Line, Span
from cowrite.core.text.table import WHOLE, Table, row_id, runs_from_right, with_tables, without_edges

NO_IMAGE = "[image]"
_TAGS = {"bold": "strong", "italic": "em", "strike": "s", "underline": "u"}
_NUMBERING = ("", ' type="a"', ' type="i"')
"""How the numbers of an ordered list look, by turns of depth, as `numbering.label` has it."""

_TABLE = '<table border="1" cellspacing="0" style="border-collapse:collapse;border:1px solid #a9acb3">'
_WIDE_TABLE = f'{_TABLE[:-1]} width="100%">'
ROW = '<tr valign="top">'
_CELL = "border:1px solid #a9acb3;padding:3px 8px"
"""Each cell says how it looks: mail programs leave style sheets out, and Word the lines of the table."""

_BLANKS = re.compile(rf"[ \t]{{2,}}|\t|\A | \Z|(?<={SOFT_BREAK}) | (?={SOFT_BREAK})")
"""Those of which HTML may leave something out. Of a long text they are few: all other blanks stand between words."""


def to_html(
    lines: Sequence[Line], image_url: Callable[[str], str] | None = None, *, states_directions: bool = False
) -> str:
    """An HTML fragment: what stands in <body>.

    Args:
        lines: the document, in any form.
        image_url: from an image's name in the document to its address, often a `data:` one. Without it, an image is
            its description, or `[image]`.
        states_directions: whether every line says in which direction it is read.
    """
    turn_of = _turn_or_ltr if states_directions else _turn
    writer = _Writer()
    embeds = _Embeds(image_url)
    written = with_plain_cells(without_edges(normal_lines(lines)))
    linked, at = linked_headings(written), 0
    for block, place, following in blocks(written):
        around = writer.open(place.path, turn := turn_of(block[0]))
        stated = _needed(turn, around)
        if row_id(block[0].attributes):
            content = _table(block, embeds, turn_of)
        elif "code-block" in block[0].attributes:
            content = _code(block, place.frame, stated)
        else:
            content = _content(block[0], place, following, embeds, stated, linked.get(at, ""))
        writer.write(content)
        at += len(block)
    return writer.text() + embeds.notes()


def page(fragment: str, title: str = "") -> str:
    """A whole HTML file around a fragment."""
    return (
        f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{html.escape(title)}</title>\n</head>\n'
        f"<body>\n{fragment}</body>\n</html>\n"
    )


class _Writer:
    """Opens and closes quotes, lists and items around the content of lines."""

    def __init__(self) -> None:
        self._output: list[str] = []
        self._open: tuple[Container, ...] = ()
        self._turns: list[tuple[str, str]] = []  # of each of them: of the list and of the item in it

    def text(self) -> str:
        self._close(0, None)
        return "".join(self._output)

    def open(self, path: tuple[Container, ...], turn: str) -> str:
        """Begins what is missing of the containers in which lines stand.

        Args:
            path: they.
            turn: the direction that the first of the lines states. A list takes that of its first item: its marks stand
                on the side from which it is read.

        Returns:
            The direction that these containers state.
        """
        kept = common(self._open, path)
        following = path[kept] if kept < len(path) else None
        goes_on = self._close(kept, following)
        for depth in range(kept, len(path)):
            container = path[depth]
            if isinstance(container, Quote):
                self._output.append("<blockquote>\n")
                self._turns.append((self._around(), self._around()))
                continue
            if not (goes_on and depth == kept):
                stated = _needed(turn, self._around())
                self._output.append(_list_start(container, sum(isinstance(c, Item) for c in path[:depth]), stated))
                self._turns.append((stated or self._around(),) * 2)
            hides_mark = container.stands_in or container.kind in CHECK_BOXES
            of_list = self._turns[depth][0]
            stated = _needed(turn, of_list)
            self._turns[depth] = of_list, stated or of_list
            own = _direction(stated)
            self._output.append(f'<li{own} style="list-style-type:none">' if hides_mark else f"<li{own}>")
        self._open = path
        return self._around()

    def write(self, content: str) -> None:
        """Writes the content of lines into the containers that are open."""
        self._output.append(content)
        if not (self._open and isinstance(self._open[-1], Item)):
            self._output.append("\n")

    def _around(self) -> str:
        return self._turns[-1][1] if self._turns else ""

    def _close(self, kept: int, following: Container | None) -> bool:
        """Leaves all containers but the first `kept`; says whether `following` goes on with a list that is open."""
        goes_on = False
        for depth in range(len(self._open) - 1, kept - 1, -1):
            container = self._open[depth]
            if isinstance(container, Quote):
                self._output.append("</blockquote>\n")
                self._turns.pop()
                continue
            self._output.append("</li>\n")
            goes_on = (
                depth == kept
                and isinstance(following, Item)
                and _list_tag(container) == _list_tag(following)
                and not following.begins
            )
            if not goes_on:
                self._output.append(f"</{_list_tag(container)}>\n")
                self._turns.pop()
        return goes_on


class _Embeds:
    """What is written for what is embedded in the text; see `to_html`."""

    def __init__(self, image_url: Callable[[str], str] | None) -> None:
        self._image_url = image_url
        self._footnotes = Footnotes()

    def html(self, span: Span) -> str:
        """An embed of the text."""
        number = self._footnotes.number(span)
        if not number:
            return _image(span, self._image_url)
        return f'<sup id="fnref{number}"><a href="#fn{number}" role="doc-noteref">{number}</a></sup>'

    def notes(self) -> str:
        """What the footnotes say whose references were written."""
        notes = "".join(f"{self._note(number, words)}\n" for number, words in enumerate(self._footnotes.words, 1))
        return f'<section role="doc-endnotes">\n<hr>\n<ol>\n{notes}</ol>\n</section>\n' if notes else ""

    def _note(self, number: int, words: Words) -> str:
        turn = _direction(_turn(Line(words)))
        back = f'<a href="#fnref{number}" role="doc-backlink">↩</a>'
        return f'<li id="fn{number}"{turn}>{_inline(words, self)} {back}</li>'


def _list_tag(item: Item) -> str:
    return "ol" if item.kind == "ordered" else "ul"


def _list_start(item: Item, depth: int, turn: str) -> str:
    if item.kind != "ordered":
        return f"<ul{_direction(turn)}>\n"
    start = f' start="{item.number}"' if item.number not in (None, 1) else ""
    return f"<ol{_direction(turn)}{_NUMBERING[depth % len(_NUMBERING)]}{start}>\n"


def _turn(line: Line) -> str:
    """The direction that a line states in HTML: "rtl", "ltr", or "" where nothing has to be said."""
    return RTL if reads_from_right(line) else line.attributes.get("direction", "")


def _turn_or_ltr(line: Line) -> str:
    return _turn(line) or LTR


def _needed(turn: str, around: str) -> str:
    """What an element has to say of its direction, where the one around it has said something."""
    wanted = turn or (LTR if around == RTL else "")
    return "" if wanted == around else wanted


def _content(line: Line, place: Place, following: Sequence[Container], embeds: _Embeds, stated: str, name: str) -> str:
    """A line that is not code, as an element; the text of a list item without one where it needs none.

    `following` is the path of the next line, `stated` the direction that the element states, `name` that of a heading
    to which a link leads.
    """
    if is_divider(line):
        return f"<hr{_frame(Frame(), '', line)}>"
    kind = line.attributes.get("list")
    header = line.attributes.get("header")
    text = _inline(line.spans, embeds)
    if kind in CHECK_BOXES:
        text = f"{label(kind, 0)} {text}"
    frame = place.frame or Frame()
    if kind and not header and not frame.align and not frame.indent and PAGE_BREAK not in line.attributes:
        has_others_inside = place.path[-1] in following
        return "<br>" if not text and has_others_inside else text
    tag = f"h{header}" if header else "p"
    named = f' id="{html.escape(name)}"' if name else ""
    return f"<{tag}{named}{_frame(frame, stated, line)}>{text or '<br>'}</{tag}>"


def _code(lines: Sequence[Line], frame: Frame | None, stated: str) -> str:
    language = lines[0].attributes["code-block"]
    named = "" if language is True else f' data-language="{html.escape(language)}"'
    text = "".join(html.escape("".join(span.text for span in line.spans), quote=False) + "\n" for line in lines)
    return f"<pre{_frame(frame or Frame(), stated, lines[0])}{named}><code>{text}</code></pre>"


def _table(cells: Sequence[Line], embeds: _Embeds, turn_of: Callable[[Line], str]) -> str:
    """A table; the cells are all of it."""
    (table,) = with_tables(cells)
    assert isinstance(table, Table)
    around = RTL if runs_from_right(table) else ""
    rows: list[str] = []
    widths = {column: f"{100 * width / WHOLE:g}%" for column, width in enumerate(table.widths) if width is not None}
    unsaid = dict(widths)
    for number, row in enumerate(table.rows):
        is_head = number == 0 and table.has_head
        stated = [_needed(turn_of(cell), around) for cell in row]
        inside = "\n".join(
            _cell(cell, embeds, stated[column], is_head=is_head, width=unsaid.pop(column, ""))  # what Qt reads
            for column, cell in enumerate(row)
        )
        rows.append(f"<thead>\n{ROW}\n{inside}\n</tr>\n</thead>" if is_head else f"{ROW}\n{inside}\n</tr>")
    head, body = (rows[:1], rows[1:]) if table.has_head else ([], rows)
    begin = [_WIDE_TABLE, _columns(widths, table.columns)] if widths else [_TABLE]
    begin[0] = begin[0].replace(" ", f"{_direction(around)} ", 1)
    return "\n".join((*begin, *head, "<tbody>", *body, "</tbody>", "</table>"))


def _columns(widths: Mapping[int, str], columns: int) -> str:
    """The list of a table's columns, with how wide somebody has made them."""
    stated = (f' style="width:{widths[column]}"' if column in widths else "" for column in range(columns))
    return f"<colgroup>{''.join(f'<col{each}>' for each in stated)}</colgroup>"


def _cell(cell: Line, embeds: _Embeds, stated: str, *, is_head: bool, width: str) -> str:
    text = _inline((without_bold(cell) if is_head else cell).spans, embeds)
    if cell.spans and cell.spans[-1].text.endswith(SOFT_BREAK):
        text += "<br>"  # the last one in an element is not shown
    align = cell.attributes.get("align")
    if is_head and not align:
        align = "start" if reads_from_right(cell) else "left"
    tag = "th" if is_head else "td"
    style = f"{_CELL};text-align:{align}" if align else _CELL
    made = f' width="{width}"' if width else ""
    return f'<{tag}{_direction(stated)}{made} style="{style}">{text}</{tag}>'


def _direction(direction: str) -> str:
    return f' dir="{direction}"' if direction else ""


def _frame(frame: Frame, turn: str, line: Line) -> str:
    # Under its older name, which Word, LibreOffice and Qt know as well as browsers do.
    styles = ["page-break-before:always"] if PAGE_BREAK in line.attributes else []
    if frame.align:
        styles.append(f"text-align:{frame.align}")
    if frame.indent:
        styles.append(f"margin-left:{frame.indent * POINTS_PER_INDENT:g}pt")
    return _direction(turn) + (f' style="{";".join(styles)}"' if styles else "")


def _inline(spans: Sequence[Span], embeds: _Embeds) -> str:
    events = nested(spans)
    texts = [event for event in events if isinstance(event, Span)]
    output: list[str] = []
    at = 0
    for event in events:
        if isinstance(event, Tag):
            output.append(_tag(event))
            continue
        before, after = (texts[at - 1].text[-1] if at else " "), (texts[at + 1].text[0] if at + 1 < len(texts) else " ")
        at += 1
        if event.embed is not None:
            output.append(embeds.html(event))
            continue
        text = _text(event.text, before, after)
        output.append(f"<code>{text}</code>" if "code" in event.attributes else text)
    return "".join(output)


def _tag(tag: Tag) -> str:
    kind, value = tag.mark
    if kind == "link":
        return f'<a href="{html.escape(value)}">' if tag.opens else "</a>"
    if kind == "style":
        name = style_tag(value)
        if not tag.opens or name == "mark":
            return f"<{'' if tag.opens else '/'}{name}>"
        typeface = " data-typeface" if "font-" in value else ""
        return f'<span style="{html.escape(value)}"{typeface}>'
    name = ("sup" if value == "super" else "sub") if kind == "script" else _TAGS[kind]
    return f"<{'' if tag.opens else '/'}{name}>"


def _text(text: str, before: str, after: str) -> str:
    """Text between the characters `before` and `after`, with those blanks guarded that HTML would collapse."""

    def guarded(match: re.Match[str]) -> str:
        blanks = match[0]
        at_start = (escaped[match.start() - 1] if match.start() else before) in edges
        at_end = (escaped[match.end()] if match.end() < len(escaped) else after) in edges
        needed = blanks != " " or at_start or at_end
        return f'<span style="white-space:pre-wrap">{blanks}</span>' if needed else blanks

    edges = (" ", "\t", SOFT_BREAK)
    escaped = html.escape(text, quote=False)
    return _BLANKS.sub(guarded, escaped).replace(SOFT_BREAK, "<br>")


def _image(span: Span, image_url: Callable[[str], str] | None) -> str:
    name = image_of(span)
    alt = str(span.attributes.get("alt", ""))
    if image_url is None or name is None:
        return html.escape(alt or NO_IMAGE, quote=False)
    sizes = "".join(f' {side}="{span.attributes[side]}"' for side in ("width", "height") if side in span.attributes)
    return f'<img src="{html.escape(image_url(name))}" alt="{html.escape(alt)}"{sizes}>'
