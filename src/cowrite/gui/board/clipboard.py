"""BoardClipboard: notes on the clipboard. To cowrite they are notes again, to a draft lines that know which of them the
assistant wrote, to others lines of text or a picture.

Runs on the GUI thread. Nothing that comes from a clipboard or is dropped is executed or fetched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QByteArray, QMimeData, QPointF
from PySide6.QtGui import QGuiApplication, QImage

from cowrite.bridge.file.image_files import StoreImage, are_large, image_of_file
from cowrite.bridge.file.pictures import data_url, is_picture, pasted, shown
from cowrite.convert.data_images import image_data
from cowrite.convert.notes.list import LONGEST_NOTE, MOST_NOTES, too_long, too_many
from cowrite.core.board.items import (
    COLOURS,
    LARGEST_FRAME,
    LARGEST_NOTE,
    Frame,
    Group,
    Hand,
    Link,
    Note,
    Place,
    Tie,
    place_of,
)
from cowrite.core.board.layout import bounds, free, gridded, reading_order, snapped
from cowrite.core.board.model_words import words_of
from cowrite.core.document.assists import UNKNOWN, AssistRecord
from cowrite.core.entries.fields import member, text
from cowrite.core.text.offsets import without_lone_surrogates
from cowrite.core.text.richtext import MARK, Span, joined
from cowrite.gui.board.acts import BoardActs
from cowrite.gui.board.board_scene import BoardScene
from cowrite.gui.page.clipboard import model_lines, new_mime, put_own, records_of_mime
from cowrite.gui.page.picture_files import NO_IMAGE, PictureFiles
from cowrite.sync.blob import Blob

BOARD_TYPE = "application/x-cowrite-board+json"
MOST = 2000
"""Links, frames and files that are taken from one clipboard."""
_BULLET = re.compile(r"^\s*(?:[-*+•◦▪–]\s+|\d{1,3}[.)]\s+|#{1,6}\s+)?(?:\[[ xX]\]\s+)?")
_IMAGE = Place(0, 0, 220, 180)


def listed(words: str) -> list[str]:
    """The ideas in a text: each line is one, without its bullet or number, and without the sign of quotation where all
    lines have it, as in a decision's card; empty lines are none."""
    lines = [line for line in without_lone_surrogates(words).splitlines() if line.strip()]
    if len(lines) > 1 and all(line.startswith(">") for line in lines):
        lines = [line.removeprefix(">") for line in lines]
    ideas = (_BULLET.sub("", line).strip() for line in lines)
    return [idea for idea in ideas if idea]


class BoardClipboard:
    """Copies from a board and pastes on it.

    Args:
        scene, acts: the board.
        store_image: keeps an image and gives its name.
        files: reads image files that take long.
        original: gives the file of an image, or None while it is not here.
    """

    def __init__(
        self,
        scene: BoardScene,
        acts: BoardActs,
        store_image: StoreImage,
        files: PictureFiles,
        original: Callable[[str], Blob | None],
    ) -> None:
        self._scene = scene
        self._acts = acts
        self._store_image = store_image
        self._files = files
        self._original = original
        self.colour = "yellow"
        """Of notes that are made of plain lines."""
        self.refuse: Callable[[str], object] = lambda _why: None
        """Is told in a sentence why nothing of what was pasted or dropped is taken."""
        self.came: Callable[[list[str]], object] = lambda _ids: None
        """Is told the ids of the notes of what took long to read."""

    def copy(self, ids: Iterable[str]) -> bool:
        """Puts notes, with the links between them and their groups, and frames on the clipboard; says whether there
        are any."""
        data = self.mime(ids)
        if data is not None:
            QGuiApplication.clipboard().setMimeData(data)
        return data is not None

    def mime(self, ids: Iterable[str]) -> QMimeData | None:
        """What copying these puts on the clipboard; None where there is nothing to copy."""
        wanted, scene = set(ids), self._scene
        places = {id: item.place for id, item in scene.notes.items() if id in wanted}
        notes = [scene.notes[id].note for id in reading_order(places)]
        frames = [item.frame for id, item in scene.frames.items() if id in wanted]
        if not notes and not frames:
            return None
        held = {note.id for note in notes}
        links = [item.link for item in scene.links.values() if {item.link.start, item.link.end} <= held]
        groups = [scene.groups[id].shown for id in {note.group: None for note in notes} if id in scene.groups]
        files = {name: self._original(name) for name in {note.image for note in notes if note.image}}
        data = new_mime()
        put_notes(data, notes, links, frames, groups, files)
        lines = [" ".join(note.text.split()) for note in notes if note.text] or [frame.title for frame in frames]
        data.setText("\n".join(lines))
        if any(note.hand is not Hand.PERSON and note.text for note in notes):
            spans = _marked(notes)
            put_own(data, spans, self._acts.assists.of(spans))
        picture = self._picture(notes[0].image, files[notes[0].image]) if len(notes) == 1 and files else None
        if picture is not None:
            data.setImageData(picture)
        return data

    def _picture(self, name: str, file: Blob | None) -> QImage | None:
        """The picture of a note, as other programs take it; None where it is not here."""
        # Only those that are looked at are there to be drawn.
        return self._scene.drawing.images(name) or (shown(file.data) if file is not None else None)

    def paste(self, around: QPointF) -> list[str]:
        """Puts what is on the clipboard on the board in one act; gives the ids of the notes."""
        data: QMimeData | None = QGuiApplication.clipboard().mimeData()  # none where nothing was ever copied
        return [] if data is None else self.take(data, around)

    def can_take(self, data: QMimeData) -> bool:
        """Whether there is anything for a board in it."""
        return data.hasFormat(BOARD_TYPE) or data.hasImage() or data.hasText() or data.hasUrls()

    def take(self, data: QMimeData, around: QPointF) -> list[str]:
        """Puts what was pasted or dropped on the board in one act; gives the ids of the notes. Images that take long to
        read come later, see `came`.

        Args:
            data: what it is; the richest form that is offered is taken.
            around: where its middle is to be; what lies there already is not covered.
        """
        if data.hasFormat(BOARD_TYPE):
            content = bytes(data.data(BOARD_TYPE).data())
            own = _read(content)
            if own is not None:
                notes, links, frames, groups = own
                if self._refuses([note.text for note in notes]):
                    return []
                notes = self._with_pictures(notes, content)
                return self._take_own(notes, links, frames, groups, records_of_mime(data), around)
        if data.hasUrls():
            files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()][:MOST]
            if are_large(files):
                self._files.read(files, lambda names: self._come(names, around))
                return []
            if images := [name for name in (image_of_file(file, self._store_image) for file in files) if name]:
                return self._lay_images(images, around)
        if data.hasImage() and not data.hasText():
            image = QImage(data.imageData())
            if not image.isNull():
                name = self._store_image(pasted(image), "image/png")
                return self._lay([Note("", "", _fitting(image), image=name)], around)
        lines, of_model = listed(data.text()), model_lines(data)
        if self._refuses(lines):
            return []
        notes = [
            Note("", line, Place(0, 0), self.colour, hand=hand, model_text=model_text)
            for line in lines
            for hand, model_text in (hand_of(line, of_model),)
        ]
        return self._lay(notes, around)

    def _refuses(self, texts: Sequence[str]) -> bool:
        """Says why notes with these texts are not taken, where they are more than a board takes at once."""
        longest = max(texts, key=len, default="")
        if len(texts) > MOST_NOTES:
            self.refuse(str(too_many(len(texts))))
        elif len(longest) > LONGEST_NOTE:
            self.refuse(str(too_long(longest)))
        return len(texts) > MOST_NOTES or len(longest) > LONGEST_NOTE

    def _come(self, names: Sequence[str], around: QPointF) -> None:
        if not names:
            self.refuse(NO_IMAGE)
        self.came(self._lay_images(names, around))

    def _lay_images(self, names: Sequence[str], around: QPointF) -> list[str]:
        return self._lay([Note("", "", _IMAGE, image=name) for name in names], around)

    def _lay(self, notes: list[Note], around: QPointF) -> list[str]:
        """Puts notes in a grid that lies on nothing."""
        if not notes:
            return []
        laid = gridded([note.place for note in notes], 0, 0)
        dx, dy = self._shift(laid, around)
        return self._acts.write(
            replace(note, place=place.moved(dx, dy)) for note, place in zip(notes, laid, strict=True)
        )

    def _with_pictures(self, notes: list[Note], content: bytes) -> list[Note]:
        """Notes with those of their pictures that are not here yet, as those of another document."""
        sources = json.loads(content).get("images")
        names: dict[str, str] = {}
        for name in {note.image for note in notes if note.image} if isinstance(sources, dict) else ():
            image = image_data(str(sources.get(name, "")))
            if image is not None and is_picture(image[0]) and self._original(name) is None:
                names[name] = self._store_image(*image)
        return [replace(note, image=names.get(note.image, note.image)) for note in notes]

    def _take_own(
        self,
        notes: list[Note],
        links: list[Link],
        frames: list[Frame],
        groups: Mapping[str, Group],
        records: Iterable[AssistRecord],
        around: QPointF,
    ) -> list[str]:
        places = [*(note.place for note in notes), *(frame.place for frame in frames)]
        if not places:
            return []
        dx, dy = self._shift(places, around)
        return self._acts.paste(
            [replace(note, place=note.place.moved(dx, dy)) for note in notes],
            links,
            [replace(frame, place=frame.place.moved(dx, dy)) for frame in frames],
            groups,
            records,
        )

    def _shift(self, places: list[Place], around: QPointF) -> tuple[float, float]:
        """By how much places are moved so that they are around a point and cover nothing."""
        whole = bounds(places)
        x, y = snapped(around.x() - whole.width / 2), snapped(around.y() - whole.height / 2)
        taken = self._scene.places().values()
        found = replace(whole, x=x, y=y)
        if any(found.overlaps(each) for each in taken):
            found = free(found, taken)
        return found.x - whole.x, found.y - whole.y


def put_notes(
    data: QMimeData,
    notes: Sequence[Note],
    links: Iterable[Link],
    frames: Iterable[Frame],
    groups: Collection[Group],
    files: Mapping[str, Blob | None],
) -> None:
    """Puts notes in cowrite's own form among what is offered.

    Args:
        data: what is offered.
        notes, links, frames: what is copied.
        groups: those that the notes name.
        files: the images of the notes by their names, where they are here.
    """
    titles = {group.id: group.title for group in groups}
    content = {
        "notes": [_of_note(note) for note in notes],
        "links": [{"start": link.start, "end": link.end, "tie": link.tie} for link in links],
        "frames": [{"title": frame.title, **_of_place(frame.place)} for frame in frames],
        "groups": titles,
        "group_model_texts": {group.id: group.model_text for group in groups if group.model_text},
        "images": {name: data_url(file) for name, file in files.items()},
    }
    data.setData(BOARD_TYPE, QByteArray(json.dumps(content).encode()))


def model_notes(data: QMimeData | None) -> dict[str, Note]:
    """By their words, with single spaces, those of copied notes that the model wrote."""
    own = _read(bytes(data.data(BOARD_TYPE).data())) if data is not None and data.hasFormat(BOARD_TYPE) else None
    return {note.words: note for note in (own[0] if own else ()) if note.hand is not Hand.PERSON}


def _marked(notes: Iterable[Note]) -> list[Span]:
    """The texts of notes as lines of a draft, in which what the assistant wrote is marked."""
    spans: list[Span] = []
    for note in notes:
        if note.text:
            mark = {MARK: note.assist or UNKNOWN}
            words = [Span(text, mark if is_of_model else {}) for text, is_of_model in words_of(note)]
            spans += [*([Span("\n")] if spans else []), *words]
    return list(joined(spans))


def hand_of(line: str, of_model: Mapping[str, str]) -> tuple[Hand, str]:
    """Whose idea a line is that is pasted as a note, and what the assistant wrote of it: one that it wrote in a draft
    was accepted there. The record says by whom, so it stays behind: no note of an anonymous session leads to its
    author.

    Args:
        line: the line.
        of_model: the lines of the assistant's in what is pasted, see `clipboard.model_lines`.
    """
    model_text = of_model.get(" ".join(line.split()), "")
    return (Hand.ADOPTED if model_text else Hand.PERSON), model_text


def _fitting(image: QImage) -> Place:
    """A note as wide as a picture needs, within bounds."""
    width = min(max(image.width(), 120), 360)
    return replace(_IMAGE, width=width, height=min(max(width * image.height() / max(image.width(), 1), 60), 400))


def _of_place(place: Place) -> dict[str, float]:
    return {"x": place.x, "y": place.y, "width": place.width, "height": place.height}


def _of_note(note: Note) -> dict[str, Any]:
    names = ("id", "text", "colour", "group", "image", "hand", "assist", "lens", "model_text")
    return {**{name: getattr(note, name) for name in names}, **_of_place(note.place)}


def _read(content: bytes) -> tuple[list[Note], list[Link], list[Frame], dict[str, Group]] | None:
    """What another board, or somebody who says so, has put on the clipboard; None where that makes no sense."""
    try:
        read = json.loads(content)
        notes = [
            Note(
                _text(each, "id"),
                _text(each, "text"),
                place_of(each, LARGEST_NOTE),
                _text(each, "colour") if _text(each, "colour") in COLOURS else "yellow",
                group=_text(each, "group"),
                image=_text(each, "image"),
                hand=member(Hand, each, "hand", Hand.PERSON),
                assist=_text(each, "assist"),
                lens=_text(each, "lens"),
                model_text=_text(each, "model_text"),
            )
            for each in read["notes"]
        ]
        links = [
            Link("", _text(each, "start"), _text(each, "end"), member(Tie, each, "tie", Tie.RELATED))
            for each in read["links"][:MOST]
        ]
        frames = [Frame("", _text(each, "title"), place_of(each, LARGEST_FRAME)) for each in read["frames"][:MOST]]
        titles = {str(id): title for id, title in read["groups"].items()}
        model_texts = read.get("group_model_texts") or {}
        groups = {id: Group(id, _text(titles, id), model_text=_text(model_texts, id)) for id in titles}
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return None
    return notes, links, frames, groups


def _text(fields: Mapping[str, Any], name: str) -> str:
    return without_lone_surrogates(text(fields, name))  # JSON can state them, and no document holds them
