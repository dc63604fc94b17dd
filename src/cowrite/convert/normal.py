"""The normal form of rich text: what a document is once everything that says nothing has been taken out.

Readers return it, writers start from it, and two documents with the same normal form look the same. It is where all
formats agree; what one format cannot carry beyond it, that format's writer states.

- Attributes have the spelling of `values`; unknown ones, and the marks of suggestions and of the assistant
  (`insertion`, `deletion`, `ai`), are left out. Who exports a document decides first what becomes of suggestions; a
  writer whose format has them too asks for their marks, also on the breaks of lines (`core.text.richtext.lines_of`).
- Text has no control characters but the tab, and no EMBED_CHARACTER outside an embed.
- A divider stands on a line of its own, without attributes but that it begins a page. A line that holds one beside text
  becomes several, the first of which begins its page. In a cell, which is one line, a divider is a break within it, and
  no page begins there.
- A line of code is plain text: it has no inline attributes and is neither heading nor list item. A line with an image
  is not code.
- No line states the direction in which it is read by its letters, or as code, and none the side on which it begins.
- A number that an item states (`start`) is another than the one that it would have by counting.
- An image keeps alt, width, height and link. A footnote says letters with looks of these rules, and its reference has
  none. Any other embed becomes its name in brackets, such as `[decision]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cowrite.convert import values
from cowrite.convert.comment_pieces import kept_marks
from cowrite.convert.numbering import NO_COUNTS, count, next_number
from cowrite.core.text.direction import is_from_right, shown_side
from cowrite.core.text.footnotes import embed_of, footnote_of
from cowrite.core.text.richtext import (
    COLUMN,
    EMBED_CHARACTER,
    NO_ATTRIBUTES,
    PAGE_BREAK,
    SOFT_BREAK,
    TABLE,
    Line,
    Span,
    joined,
    without,
)

DIVIDER = Span(EMBED_CHARACTER, embed={"divider": True})

_INLINE = {
    "bold": bool,
    "italic": bool,
    "underline": bool,
    "strike": bool,
    "code": bool,
    "link": values.address,
    "color": values.hex_colour,
    "background": values.hex_colour,
    "font": values.font,
    "size": values.size,
    "script": values.script,
}
_BLOCK = {
    "header": values.header,
    TABLE: values.row_id,
    COLUMN: values.column_width,
    "list": values.list_kind,
    "indent": values.indent,
    "start": values.start,
    "blockquote": bool,
    "code-block": values.code_language,
    "align": values.align,
    "direction": values.direction,
}


_Marks = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Gives of attributes the marks of suggestions and of pieces that are kept."""


def _no_marks(_attributes: Mapping[str, Any]) -> Mapping[str, Any]:
    return NO_ATTRIBUTES


def normal_lines(lines: Iterable[Line], *, keeps_suggested: bool = False) -> list[Line]:
    """The same lines in normal form.

    Args:
        lines: in any form.
        keeps_suggested: whether spans and lines keep the marks that say what is suggested, and their pieces.
    """
    marks = kept_marks if keeps_suggested else _no_marks
    normal = [normal for line in lines for normal in _normal_line(line, marks)]
    return _numbered(normal) if any("start" in line.attributes for line in normal) else normal


def spans_from(lines: Iterable[Line]) -> list[Span]:
    """The rich text of lines, each ended by a line break with its block attributes.

    The same as `core.text.richtext.spans_of`, in linear time however many lines there are.
    """
    return joined(span for line in lines for span in (*line.spans, Span("\n", line.attributes)))


def is_divider(line: Line) -> bool:
    """Whether this line is a divider and nothing else."""
    return len(line.spans) == 1 and line.spans[0].embed is not None and "divider" in line.spans[0].embed


def image_of(span: Span) -> str | None:
    """The `sha256:` name of an image; None for any other span."""
    name = span.embed.get("image") if span.embed is not None else None
    return name if isinstance(name, str) and values.IMAGE_NAME.fullmatch(name) else None


def _numbered(lines: list[Line]) -> list[Line]:
    """Lines without the numbers that they state where they have these anyway, or none at all."""
    result: list[Line] = []
    counts = NO_COUNTS
    for line in lines:
        block = line.attributes
        kind, depth, start = block.get("list"), block.get("indent", 0), block.get("start")
        if start is not None and (kind != "ordered" or start == next_number(counts, depth)):
            line = Line(line.spans, without(block, "start"))
        counts, _ = count(counts, kind, depth, start)
        result.append(line)
    return result


def _normal_line(line: Line, marks: _Marks) -> list[Line]:
    block = _normal(line.attributes, _BLOCK)
    begins_page = bool(line.attributes.get(PAGE_BREAK)) and TABLE not in block
    lines: list[Line] = []
    part: list[Span] = []
    for span in line.spans:
        if span.embed is not None and span.embed.get("divider"):
            if TABLE in block:
                part.append(Span(SOFT_BREAK, marks(span.attributes)))
                continue
            here = marks(span.attributes)  # they are those of the breaks beside it, too, which it alone has made
            if part:
                lines.append(_assembled(part, {**block, **here}, marks))
            lines.append(Line((Span(EMBED_CHARACTER, here, {"divider": True}) if here else DIVIDER,), here))
            part = []
            continue
        part.append(_normal_span(span, marks))
    own = marks(line.attributes)
    if part or not lines:
        lines.append(_assembled(part, {**block, **own}, marks))
    else:
        lines[-1] = Line(lines[-1].spans, own)
    if begins_page:
        lines[0] = Line(lines[0].spans, {**lines[0].attributes, PAGE_BREAK: True})
    return lines


def _assembled(spans: list[Span], block: dict[str, Any], marks: _Marks) -> Line:
    if "code-block" in block:
        if any(span.embed is not None for span in spans):
            block = without(block, "code-block")
        else:
            spans = [Span(span.text, marks(span.attributes)) for span in spans]
            block = without(block, "header", "list")
    if "align" in block or "direction" in block:
        block = _turned(block, "".join(span.text for span in spans if span.embed is None))
    return Line(tuple(joined(spans)), block)


def _turned(block: dict[str, Any], text: str) -> dict[str, Any]:
    """Block attributes without a direction and a side that say nothing of a line with this text."""
    letters = without(block, "direction")
    from_right = is_from_right(block, text)
    if from_right == is_from_right(letters, text):
        block = letters
    begins = shown_side({}, from_right=from_right)
    return {name: value for name, value in block.items() if name != "align" or value != begins}


def _normal_span(span: Span, marks: _Marks) -> Span:
    attributes = {**_normal(span.attributes, _INLINE), **marks(span.attributes)}
    if span.embed is None:
        return Span(values.clean(span.text).replace(EMBED_CHARACTER, ""), attributes)
    if (words := footnote_of(span.embed)) is not None:
        return Span(EMBED_CHARACTER, marks(span.attributes), embed_of(_normal_span(each, _no_marks) for each in words))
    if (name := image_of(span)) is None:
        return Span(f"[{values.clean(next(iter(span.embed), 'object'))}]", attributes)
    kept = {"link": attributes["link"]} if "link" in attributes else {}
    kept |= marks(attributes)
    return Span(EMBED_CHARACTER, {**_image_attributes(span.attributes), **kept}, {"image": name})


def _image_attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    alt = attributes.get("alt")
    result: dict[str, Any] = {}
    if isinstance(alt, str) and (alt := " ".join(values.clean(alt).split())):
        result["alt"] = alt
    for name in ("width", "height"):
        if (length := values.pixels(attributes.get(name))) is not None:
            result[name] = length
    return result


def _normal(attributes: Mapping[str, Any], rules: Mapping[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    if not attributes:
        return result
    for name, rule in rules.items():
        value = attributes.get(name)
        if value is not None and value is not False and (value := rule(value)) is not None and value is not False:
            result[name] = value
    return result
