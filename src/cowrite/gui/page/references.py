"""Pictures and decisions to which copied rich text refers, for a document that does not have them.

Runs on the GUI thread.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import QByteArray, QMimeData

from cowrite.bridge.file.pictures import data_url, is_picture, portable
from cowrite.core.decisions.cards import Card, CardSource, embedded
from cowrite.core.text.offsets import without_lone_surrogates
from cowrite.core.text.richtext import Line, Span, joined, lines_of, spans_of
from cowrite.sync.blob import Blob

PICTURES_TYPE = "application/x-cowrite-pictures+json"
"""The pictures in the spans as data: addresses, by name, where no HTML that holds them is offered beside."""
CARDS_TYPE = "application/x-cowrite-cards+json"
"""What the decisions in the spans say, by id, for a document that does not have them."""

_IMAGE_SOURCE = re.compile(r'<img src="([^"]*)"')
"""As `convert.html.writer` has it."""


def put_cards(data: QMimeData, spans: Iterable[Span], cards: CardSource | None) -> None:
    """Puts what the decisions in rich text say among what is offered.

    Args:
        data: what is offered.
        spans: the rich text.
        cards: gives its decisions.
    """
    ids = {id for span in spans if cards is not None and (id := embedded(span.embed)) is not None}
    found = {id: card for id in sorted(ids) if cards is not None and (card := cards(id)) is not None}
    if found:
        data.setData(CARDS_TYPE, QByteArray(json.dumps(found).encode()))


def _cards_of_mime(data: QMimeData) -> dict[str, Card]:
    try:
        found = json.loads(bytes(data.data(CARDS_TYPE).data()) or b"{}")
        return {
            str(id): Card(_text(question), _text(outcome), _text(status), tuple(map(_text, details)))
            for id, (question, outcome, status, details, *_others) in found.items()
        }
    except (ValueError, TypeError, AttributeError):
        return {}


def _text(value: object) -> str:
    return without_lone_surrogates(str(value))


def with_words(spans: list[Span], data: QMimeData, cards: CardSource | None) -> list[Span]:
    """Own rich text in which decisions that are not here, as those of another document, are in words.

    Args:
        spans: the rich text.
        data: what was offered with it.
        cards: gives the decisions that are here.
    """
    ids = {id for span in spans if (id := embedded(span.embed)) is not None and (cards is None or cards(id) is None)}
    foreign = {id: card for id, card in _cards_of_mime(data).items() if id in ids} if ids else {}
    if not foreign:
        return spans
    from cowrite.convert.decision_lines import with_cards

    def card(id: str) -> Card | None:
        return foreign.get(id) or (cards(id) if cards is not None else None)

    lines: list[Line] = []
    for line in lines_of(spans, keeps_unknown=True):
        is_foreign = any(embedded(span.embed) in foreign for span in line.spans)
        lines += with_cards([line], card) if is_foreign else [line]
    ended = spans[-1].embed is None and spans[-1].text.endswith("\n")
    in_words = spans_of(lines)
    return in_words if ended or lines[-1].attributes else joined([*in_words[:-1], *_without_break(in_words[-1])])


def _without_break(last: Span) -> list[Span]:
    return [replace(last, text=last.text[:-1])] if last.text != "\n" else []


def with_pictures(
    spans: list[Span], data: QMimeData, store: Callable[[bytes, str], str], has: Callable[[str], bool]
) -> list[Span]:
    """Own rich text with the pictures that are not here yet, as those of another document: their files are in what
    `put_pictures` or the HTML that `clipboard.mime_of` offers beside it.

    Args:
        spans: the rich text.
        data: what was offered with it.
        store: keeps an image's bytes of a media type and gives its name.
        has: whether the image of a name is here.
    """
    from cowrite.convert.data_images import image_data
    from cowrite.convert.normal import image_of

    names = [name for span in spans if (name := image_of(span))]
    lacking = {name for name in names if not has(name)}
    sources = _sources(data, names) if lacking else {}
    found: dict[str, str] = {}
    for name in lacking & sources.keys():
        if (image := image_data(sources[name])) and is_picture(image[0]):
            found[name] = store(*image)  # another name where others could not have read the file as it was
    return [
        replace(span, embed={"image": found[name]}) if (name := image_of(span)) and name in found else span
        for span in spans
    ]


def put_pictures(data: QMimeData, spans: Iterable[Span], image: Callable[[str], Blob | None]) -> bool:
    """Puts the pictures of rich text among what is offered; says whether there are any.

    Args:
        data: what is offered.
        spans: the rich text.
        image: gives the file of an image.
    """
    from cowrite.convert.normal import image_of

    names = {name for span in spans if (name := image_of(span))}
    found = {name: data_url(portable(blob)) for name in sorted(names) if (blob := image(name)) is not None}
    if found:
        data.setData(PICTURES_TYPE, QByteArray(json.dumps(found).encode()))
    return bool(names)


def _sources(data: QMimeData, names: list[str]) -> dict[str, str]:
    """The data: addresses of pictures by their names, as far as they are offered."""
    if data.hasFormat(PICTURES_TYPE):
        try:
            found = json.loads(bytes(data.data(PICTURES_TYPE).data()))
            return {str(name): str(source) for name, source in found.items()}
        except (ValueError, AttributeError):
            return {}
    sources = _IMAGE_SOURCE.findall(data.html())
    return dict(zip(names, sources, strict=True)) if len(sources) == len(names) else {}  # else put together elsewhere
