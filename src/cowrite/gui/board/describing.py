"""What is on the board in words, for a screen reader and for tooltips. Runs on the GUI thread."""

from __future__ import annotations

from cowrite.core.board.items import Hand, Link, Note, Tie
from cowrite.gui.board.area_items import FrameItem, GroupItem
from cowrite.gui.board.board_scene import BoardItem, BoardScene
from cowrite.gui.board.note_item import NoteItem
from cowrite_server.counting import counted


def described(item: BoardItem, scene: BoardScene) -> str:
    """An item in words.

    Args:
        item: it.
        scene: the board on which it is.
    """
    if isinstance(item, NoteItem):
        return _note(item.note, scene.title_of(item.note.group), item.count)
    if isinstance(item, GroupItem):
        count = len(scene.members(item.id))
        whose = ", title from the assistant" if item.shown.is_of_model else ""
        return f"Group “{item.shown.title}”, {counted(count, 'note')}{whose}"
    if isinstance(item, FrameItem):
        return f"Frame “{item.frame.title}”"
    return _link(item.link, scene)


def _note(note: Note, group: str, count: int) -> str:
    words = [note.text or ("Image" if note.image else "Empty note")]
    words += [f"by {note.author}"] if note.author else []
    words += [f"in the group “{group}”"] if group else []
    words += ["only you see this"] if note.is_sealed else []
    words += ["by the assistant, not adopted"] if note.hand is Hand.MODEL else []
    words += [f"stands for {count} more"] if count else []
    words += ["late"] if note.is_late else []
    words += ["locked"] if note.is_locked else []
    return ", ".join(words)


def _link(link: Link, scene: BoardScene) -> str:
    items = (scene.item(id) for id in (link.start, link.end))
    start, end = (item.note.words if isinstance(item, NoteItem) else "" for item in items)
    tie = "is related to" if link.tie is Tie.RELATED else link.tie.value
    return f"Link: “{start}” {tie} “{end}”"
