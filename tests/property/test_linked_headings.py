"""Links to headings in several copies of a document, in which people do anything to the headings."""

from __future__ import annotations

from random import Random

import pytest

from cowrite.core.document.document import Document
from cowrite.core.entries.authors import Author
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.suggestions.changes import SuggestedChanges
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Delete, Insert, Op, joined, utf16_length
from cowrite.core.writing.heading_links import name_in, names
from cowrite.core.writing.headings import heading_lines
from cowrite.core.writing.lines import delete, press_enter, set_style
from helpers.drafts import Clock, draft
from helpers.seeds import seeds

HEAD = {"header": 1}


class Copy:
    """Somebody's copy of the document, and how they change it."""

    def __init__(self, name: str, state: bytes, random: Random, clock: Clock) -> None:
        self.document = MendedDocument(client_id=random.randrange(1, 2**32), clock=clock)
        self.document.apply_remote(state)
        self.changes = SuggestedChanges(self.document, lambda: Author(name, "", name), chance=random, clock=clock)
        self.sent: list[bytes] = []
        self.document.observe_updates(self._send)
        if name == "suggester":
            self.document.suggester, self.changes.may_edit = self.changes, False
        self.document.mends = name != "reader"

    def act(self, random: Random) -> str:
        """Does something, mostly in or beside a heading."""
        document = self.document
        does = random.choice(
            ["write", "write", "write", "delete", "delete", "break", "style", "undo", "redo", "decide"]
        )
        breaks = [at for at, _ in heading_lines(document.spans())]
        at = random.choice(breaks or [2]) - random.randrange(4) if random.random() < 0.7 else random.randrange(20)
        at = max(0, min(at, document.length - 2))
        if random.random() < 0.4:
            document.steps.begin()
        if does == "write" or (document.suggester and does in ("break", "style", "decide")):
            with document.edit(Origin.LOCAL) as edit:
                edit.insert(at, random.choice(["a", " b", "Z!", "é", "Plan"]))
        elif does == "delete":
            delete(document, at, min(at + random.randrange(1, 5), document.length - 1))
        elif does == "break":
            press_enter(document, at)
        elif does == "style":
            set_style(document, at, at, random.choice(["heading_1", "heading_2", "paragraph"]))
        elif does == "decide":
            random.choice([self.changes.accept, self.changes.reject])([each.id for each in self.changes.all()])
        else:
            getattr(document, does)()
        return does

    def take_sent(self) -> list[bytes]:
        sent, self.sent = self.sent, []
        return sent

    def _send(self, update: tuple[bytes, Origin]) -> None:
        if update[1] is not Origin.REMOTE:
            self.sent.append(update[0])


def copies(random: Random, clock: Clock) -> dict[str, Copy]:
    document = draft(*((each, HEAD) for each in ("Plan", "Beds", "Plan", "Aims")), "")
    with document.edit(Origin.IMPORT) as edit:
        for name in ("plan", "beds", "plan-1", "aims", "nowhere"):
            edit.insert(document.length - 1, "x", {"link": f"#{name}"})
            edit.insert(document.length - 1, " ")
    return {name: Copy(name, document.state(), random, clock) for name in ("ada", "bo", "suggester", "reader")}


def led(document: Document) -> dict[int, int | None]:
    """Where the breaks of the headings stand to which links lead, by the places of these; None for nowhere."""
    found = [(at, heading) for at, heading in heading_lines(document.spans(), stands=True) if heading.text]
    breaks = dict(zip(names(heading for _, heading in found), (at for at, _ in found), strict=True))
    result, at = dict[int, int | None](), 0
    for span in document.spans():
        if "link" in span.attributes:
            result[at] = breaks.get(name_in(str(span.attributes["link"]), breaks))
        at += utf16_length(span.text)
    return result


def moved(at: int | None, ops: list[Op]) -> int | None:
    """Where a character is after some steps; None where it is gone."""
    for op in ops:
        if at is None or op.at > at:
            continue
        if isinstance(op, Insert):
            at += utf16_length(op.span.text)
        elif isinstance(op, Delete):
            at = at - op.length if at >= op.at + op.length else None
    return at


@pytest.mark.parametrize("seed", seeds(8))
def test_whatever_one_does_to_headings_each_link_goes_on_leading_to_its_own(seed: int) -> None:
    random, clock = Random(seed), Clock()
    people = copies(random, clock)
    for step in range(25):
        clock.now += random.choice([1, 2000])
        name = random.choice(["ada", "bo", "suggester"])
        document, ops = people[name].document, list[Op]()
        before = led(document)
        end = document.observe_changes(lambda change, ops=ops: ops.extend(change.ops))
        does = people[name].act(random)
        end()
        after = led(document)
        there = {at for at, heading in heading_lines(document.spans(), stands=True) if heading.text}
        for link, heading in before.items():
            now, wanted = moved(link, ops), moved(heading, ops)
            if does not in ("undo", "redo") and now in after and wanted in there:
                assert after[now] == wanted, (seed, step, name, does)
        while sent := [(name, update) for name, each in people.items() for update in each.take_sent()]:
            for name, update in sent:
                for other in people.keys() - {name}:
                    people[other].document.apply_remote(update)


@pytest.mark.parametrize("seed", seeds(8))
def test_all_copies_agree_on_where_links_lead_once_each_has_mended_its_own_and_a_reader_writes_nothing(
    seed: int,
) -> None:
    random, clock = Random(seed), Clock()
    people = copies(random, clock)
    way: dict[tuple[str, str], list[bytes]] = {(one, other): [] for one in people for other in people if one != other}
    for _ in range(30):
        clock.now += random.choice([1, 2000])
        people[random.choice(["ada", "bo", "suggester"])].act(random)
        for _ in range(random.randrange(6)):
            carry(way, people, random)
    for _ in range(3000):
        if not carry(way, people, random):
            break
    else:
        pytest.fail(f"they go on for ever, seed {seed}")
    first, *others = (joined(each.document.spans()) for each in people.values())
    assert others == [first] * 3, seed


def carry(way: dict[tuple[str, str], list[bytes]], people: dict[str, Copy], random: Random) -> bool:
    """Sends what was written, and has the next message of somebody to somebody arrive; says whether there was one."""
    for (source, _), updates in way.items():
        updates += people[source].sent
    assert not people["reader"].sent
    for each in people.values():
        each.sent.clear()
    waiting = [ends for ends, updates in way.items() if updates]
    if waiting:
        ends = random.choice(waiting)
        people[ends[1]].document.apply_remote(way[ends].pop(0))
    return bool(waiting)
