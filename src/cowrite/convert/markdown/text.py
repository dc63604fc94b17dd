"""Text inside a line of Markdown: what has to be escaped so that it is read back as the text it was.

Rules of CommonMark 0.31 (https://spec.commonmark.org/0.31.2/) with GitHub's strikethrough. Only what would be taken
for markup is escaped, so that snake_case, C:\\Users and AT&T stay as people wrote them.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from enum import Enum

from cowrite.convert.markdown.formulas import FORMULA, begins_formula
from cowrite.convert.marks import Event, Tag, nested, style_tag
from cowrite.core.text.footnotes import is_footnote
from cowrite.core.text.richtext import SOFT_BREAK, Span

_SPECIAL = re.compile(r"_+|[\\`*\[\]<&~!^$]")
_SPECIAL_OR_FORMULA = re.compile(f"{FORMULA.pattern}|{_SPECIAL.pattern}", re.DOTALL)
_ENTITY = re.compile(r"&#?\w{1,40};")
_LIST_NUMBER = re.compile(r"([0-9]{1,9})([.)])(?=\s|$)")
_HARD_BREAK = re.compile(f"{SOFT_BREAK}(?=([^\\W\\d_])?)")
"""A line break within a line, and whether a letter follows: anything else could begin a block there."""
_BACKTICKS = re.compile("`+")
_AUTOLINK = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]{1,31}:[^<>\x00-\x20]*", re.ASCII)
IMAGE_ALONE = re.compile(r"<img [^<>]*>")
"""A line that is one such tag is read as a block of HTML, which goes on to the next blank line."""

_DELIMITERS = {"bold": "**", "italic": "_", "strike": "~~"}
_TAGS = {"bold": "b", "italic": "i", "strike": "s", "underline": "u"}


class Within(Enum):
    """What a line's content stands in, which says what its start and end could be taken for."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    """Its start is not taken for a list or a quote, and its end must not look like a closing row of #."""
    CELL = "cell"
    """Nothing there begins or ends a block."""


def inline(spans: Sequence[Span], names: Sequence[str], within: Within = Within.PARAGRAPH) -> str:
    """The Markdown of one line's content.

    Args:
        spans: the content, in normal form.
        names: what to write for each embed among them, in order: the address of an image, the label of a footnote.
        within: what it stands in.
    """
    events = nested(spans)
    sources = _sources(events, list(names), within)
    for at, event in enumerate(events):
        if isinstance(event, Tag) and event.opens and not sources[at]:
            sources[at], sources[event.partner] = _markup(events, sources, at, event)
    return "".join(source or "" for source in sources)


def _sources(events: list[Event], names: list[str], within: Within) -> list[str | None]:
    """The text of all spans; None for the tags, except for those around an autolink, which need no markup."""
    sources: list[str | None] = [None] * len(events)
    in_link = False
    may_hold_formula = _signs(events, names) > 1
    for at, event in enumerate(events):
        if isinstance(event, Tag):
            in_link = event.opens if event.mark[0] == "link" else in_link
            continue
        first, last = at == 0, at == len(events) - 1
        if event.embed is not None:
            name = names.pop(0)
            sources[at] = f"[^{name}]" if is_footnote(event.embed) else _image(event, name)
        elif "code" in event.attributes:
            sources[at] = _code(event.text, in_link)
        elif not first and not last and _is_autolink(events, at, event.text):
            sources[at - 1], sources[at], sources[at + 1] = "<", event.text, ">"
        else:
            place = {"first": first, "last": last, "in_link": in_link, "may_hold_formula": may_hold_formula}
            source = _text(event.text, within=within, **place)
            before = None if first else events[at - 1]
            begins_note = isinstance(before, Span) and is_footnote(before.embed) and source.startswith(":")
            sources[at] = f"\\{source}" if begins_note else source
    return sources


def _signs(events: Sequence[Event], names: Sequence[str]) -> int:
    """How many signs there are at which a formula may begin or end."""
    held = (event.mark if isinstance(event, Tag) else (event.text, event.attributes) for event in events)
    return sum(str(each).count("$") for each in (*held, *names))


def _is_autolink(events: list[Event], at: int, text: str) -> bool:
    before = events[at - 1]
    around = isinstance(before, Tag) and before.partner == at + 1 and before.mark == ("link", text)
    return around and _AUTOLINK.fullmatch(text) is not None and _ENTITY.search(text) is None


def _markup(events: list[Event], sources: list[str | None], at: int, tag: Tag) -> tuple[str, str]:
    kind, value = tag.mark
    if kind == "link":
        return "[", f"]({destination(value)})"
    if kind == "style":
        name = style_tag(value)
        return (f"<{name}>" if name == "mark" else f'<span style="{attribute(value)}">'), f"</{name}>"
    if kind == "script":
        name = "sup" if value == "super" else "sub"
    elif kind in _DELIMITERS and _delimits(kind, _around(events, sources, at), _around(events, sources, tag.partner)):
        return _DELIMITERS[kind], _DELIMITERS[kind]
    else:
        name = _TAGS[kind]
    return f"<{name}>", f"</{name}>"


def _around(events: list[Event], sources: list[str | None], at: int) -> tuple[str, str]:
    """The characters before and after a tag, as kinds. All markup begins and ends with punctuation."""
    before = after = " "
    if at > 0:
        before = (sources[at - 1] or "*")[-1] if isinstance(events[at - 1], Span) else "*"
    if at + 1 < len(events):
        after = (sources[at + 1] or "*")[0] if isinstance(events[at + 1], Span) else "*"
    return _kind(before), _kind(after)


def _kind(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Zs" or character == "\t":  # the specification's white space, which is not Python's
        return "blank"
    return "mark" if category[0] in "PS" else "word"


def _delimits(kind: str, opening: tuple[str, str], closing: tuple[str, str]) -> bool:
    """Whether delimiters here are read as the emphasis they mean; otherwise HTML tags are written.

    The rules of left- and right-flanking delimiter runs: https://spec.commonmark.org/0.31.2/#delimiter-run
    """
    opens, closes = _left_flanking(*opening), _right_flanking(*closing)
    if kind == "italic":  # an underscore inside a word is a plain character
        opens = opens and (not _right_flanking(*opening) or opening[0] == "mark")
        closes = closes and (not _left_flanking(*closing) or closing[1] == "mark")
    return opens and closes


def _left_flanking(before: str, after: str) -> bool:
    return after != "blank" and (after != "mark" or before != "word")


def _right_flanking(before: str, after: str) -> bool:
    return before != "blank" and (before != "mark" or after != "word")


def destination(address: str) -> str:
    """The address of a link or an image, as it stands between parentheses."""
    address = address.replace("\n", "%0A").replace("\r", "%0D")
    address = _ENTITY.sub(lambda match: "\\" + match[0], address.replace("\\", "\\\\"))
    if not address or re.search(r"[\s\x00-\x20\x7f-\x9f]", address):
        return "<" + re.sub(r"[<>]", r"\\\g<0>", address) + ">"
    return re.sub(r"[()<>]", r"\\\g<0>", address)


def _image(span: Span, name: str) -> str:
    attributes = span.attributes
    if "width" not in attributes and "height" not in attributes:
        return f"![{_text(attributes.get('alt', ''), in_link=True)}]({destination(name)})"
    written = {"src": name, "alt": attributes.get("alt", "")}
    written |= {side: str(attributes[side]) for side in ("width", "height") if side in attributes}
    return "<img " + " ".join(f'{key}="{attribute(value)}"' for key, value in written.items()) + ">"


def attribute(value: str) -> str:
    """A value between double quotes in an HTML tag."""
    return html.escape(value, quote=False).replace('"', "&quot;")


def _code(text: str, in_link: bool) -> str:
    if not text.strip():  # too easily taken for padding
        return f"<code>{_text(text, first=True, last=True, in_link=in_link)}</code>"
    taken = {len(run) for run in _BACKTICKS.findall(text)}
    fence = "`" * next(length for length in range(1, len(taken) + 2) if length not in taken)
    pad = " " if text[0] == "`" or text[-1] == "`" or (text[0] == " " == text[-1]) else ""
    return fence + pad + text + pad + fence


def _text(
    text: str,
    *,
    first: bool = False,
    last: bool = False,
    in_link: bool = False,
    may_hold_formula: bool = True,
    within: Within = Within.PARAGRAPH,
) -> str:
    """Escapes a run of plain text. `first` and `last` say whether it begins or ends the line."""
    head = tail = ""
    if first and text and _is_trimmed(text[0]):
        head, text = f"&#{ord(text[0])};", text[1:]
    if last and text and _is_trimmed(text[-1]):
        tail, text = f"&#{ord(text[-1])};", text[:-1]
    signs = _SPECIAL if in_link else _SPECIAL_OR_FORMULA
    escaped = signs.sub(lambda match: _escaped(match, last, in_link, may_hold_formula), text)
    alone = within is Within.PARAGRAPH
    escaped = _HARD_BREAK.sub(lambda found: "\\\n" if found[1] and alone else "<br>", escaped)
    if first and not head and alone:
        escaped = _escaped_start(escaped)
    if last and not tail and within is Within.HEADING and escaped.endswith("#"):
        escaped = escaped[:-1] + "\\#"
    return head + escaped + tail


def _is_trimmed(character: str) -> bool:
    """Whether a Markdown reader, or a reader of files, may strip this at the edge of a line."""
    return character.isspace() or character == "\ufeff"


def _escaped(match: re.Match[str], last: bool, in_link: bool, may_hold_formula: bool) -> str:
    special, text, end = match[0], match.string, match.end()
    before, after = text[match.start() - 1 : match.start()], text[end : end + 1]
    if special[0] == "$" and len(special) > 1:
        return special  # a formula, which is read as it stands
    match special[0]:
        case "\\":
            needed = not after.isalnum()
        case "_":
            needed = not (before.isalnum() and after.isalnum())
        case "]":
            needed = in_link
        case "<":
            needed = after.isalpha() or after in "/!?" if after else not last
        case "&":
            needed = _ENTITY.match(text, match.start()) is not None
        case "$":
            needed = may_hold_formula and (begins_formula(after) if after else not last)
        case "!" | "^":
            needed = not after and not last
        case _:
            needed = True
    return "\\" + "\\".join(special) if needed else special


def _escaped_start(text: str) -> str:
    """Escapes what a line of Markdown must not begin with: the marks of headings, quotes, lists and rules."""
    if text[:1] in ("#", ">") or (text[:1] in ("-", "+") and (not text[1:2].strip() or text[1] == "-")):
        return "\\" + text
    number = _LIST_NUMBER.match(text)
    return f"{number[1]}\\{text[number.end(1) :]}" if number else text
