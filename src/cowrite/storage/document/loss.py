"""What a damage took, from what survived, in words for people."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cowrite.storage.layout import LogRow, Property
from cowrite_server.counting import counted

NOTHING_LEFT = "Nothing of the document could be read"

_NAMED_GAPS = 3  # with more gaps than this, only the first and the last time are told
_NAMED_IMAGES = 5
_PROPERTY_WORDS = {
    Property.DOCUMENT_ID: "its identity (it has a new one and is not shared any more)",
    Property.TITLE: "its title (it has its file’s name instead)",
    Property.LINK: "where it is shared",
    Property.EPOCH: "which server it was shared on (it is not shared any more)",
    Property.ACKNOWLEDGED: "what its server has saved (everything will be sent again)",
    Property.CREATED: "the date of its creation",
}
_KINDS = {"image/png": "PNG image", "image/jpeg": "JPEG image", "image/gif": "GIF image", "image/svg+xml": "SVG image"}


@dataclass(frozen=True, slots=True)
class Gap:
    """Updates in a row that are lost.

    Attributes:
        count: how many.
        after: time of the update before them, milliseconds since 1970; None where none before them is known.
        before: time of the update after them, or of the newest that ever was, likewise.
        is_at_end: whether no update after them is there.
    """

    count: int
    after: int | None
    before: int | None
    is_at_end: bool = False


def gaps(base: LogRow | None, updates: Iterable[LogRow], last: int, last_time: int | None) -> list[Gap]:
    """Which updates between a snapshot and the newest are not there.

    Args:
        base: the snapshot that counts, if there is one.
        updates: the ones after it, by seq.
        last: seq of the newest that ever was.
        last_time: its time, milliseconds since 1970.
    """
    found: list[Gap] = []
    seq, time = (base.seq, base.time) if base else (0, None)
    for update in updates:
        if update.seq > seq + 1:
            found.append(Gap(update.seq - seq - 1, time, update.time))
        seq, time = update.seq, update.time
    if last > seq:
        found.append(Gap(last - seq, time, last_time, is_at_end=True))
    return found


def lost_edits(found: list[Gap], last: int, *, knows_last: bool, newest: int | None, in_room: bool) -> list[str]:
    """What to say about lost updates.

    Args:
        last: how many there ever were, as far as is known.
        knows_last: whether that number is certain.
        newest: time of the newest update that is there, milliseconds since 1970.
        in_room: whether the document is shared, so that lost updates may come back.
    """
    sentences: list[str] = []
    count = sum(gap.count for gap in found)
    if count:
        if len(found) <= _NAMED_GAPS:
            periods = dict.fromkeys(filter(None, (_period(gap.after, gap.before) for gap in found)))
            times = ", and ".join(periods)
        else:
            times = _period(found[0].after, found[-1].before)
        if not knows_last:
            edits = f"at least {counted(count, 'edit')}"
        else:
            edits = f"{count:,} of {last:,} edits" if last > 1 else "its only edit"
        sentences.append(f"{edits}, made {times}" if times else edits)
    if not knows_last:
        since = f" made after {_clock(newest)}" if newest else ""
        sentences.append(f"an unknown number of edits{since}, if there were any")
    if not all(gap.is_at_end for gap in found):
        until = "stays hidden until they come back from the server" if in_room else "is kept in the file but not shown"
        sentences.append(f"text that builds on the lost edits {until}")
    return sentences


def lost_images(images: Mapping[str, Any] | None, found: Collection[str]) -> list[str]:
    """What to say about lost blobs.

    Args:
        images: the file's list of them (`Property.IMAGES`); None where it is lost itself.
        found: names of those that are there.
    """
    if images is None:
        return ["an unknown number of images, if there were more than are shown"]
    lost = {name: facts for name, facts in images.items() if name not in found}
    if not lost:
        return []
    words = [
        f"the {_KINDS.get(media_type, media_type)} of {_amount(size)} added {_clock(time)} ({name[:15]}…)"
        for name, (media_type, size, time) in lost.items()
    ]
    named = ", ".join(words[:_NAMED_IMAGES])
    more = f", and {len(words) - _NAMED_IMAGES} more" if len(words) > _NAMED_IMAGES else ""
    return [f"{len(lost)} of {len(images)} images: {named}{more}"]


def lost_properties(names: Collection[str] | None, found: Collection[str]) -> list[str]:
    """What to say about lost properties.

    Args:
        names: the file's list of them (`Property.NAMES`); None where it is lost itself.
        found: names of those that are there.
    """
    expected = set(names) if names is not None else {Property.DOCUMENT_ID, Property.TITLE, Property.CREATED}
    lost = expected - set(found)
    own = [f"its property {name}" for name in sorted(lost - set(Property))]
    return [*(words for name, words in _PROPERTY_WORDS.items() if name in lost), *own]


def tells_of_new_identity(sentences: Collection[str]) -> bool:
    """Whether the document got a new identity, by what is said to be missing from it."""
    return NOTHING_LEFT in sentences or _PROPERTY_WORDS[Property.DOCUMENT_ID] in sentences


def behind(since: int) -> str:
    """What to say of a file that was copied while it was written, without the log beside it.

    Args:
        since: when the newest was written that is in it, milliseconds since 1970.
    """
    return f"What was written after {_clock(since)} may not be in it"


def _period(after: int | None, before: int | None) -> str:
    if after is None:
        return f"before {_clock(before)}" if before else ""
    if before is None:
        return f"after {_clock(after)}"
    first, last = _clock(after), _clock(before)
    return f"at {first}" if first == last else f"between {first} and {last}"


def _clock(milliseconds: int | None) -> str:
    try:
        moment = datetime.fromtimestamp((milliseconds or 0) / 1000).astimezone()
    except (OverflowError, OSError, ValueError):
        return "an unknown time"
    return moment.strftime("%Y-%m-%d %H:%M")


def _amount(size: int) -> str:
    return f"{size:,} bytes" if size < 10_000 else f"{size // 1000:,} kB"
