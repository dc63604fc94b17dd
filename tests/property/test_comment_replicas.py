"""Three people comment, answer, resolve, remove and write at once: nothing that anybody said is lost."""

from __future__ import annotations

from random import Random

import pytest

from cowrite.core.comments.comments import Comments
from cowrite.core.document.document import Document
from cowrite.core.entries.authors import Author
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin
from helpers.copies import meet
from helpers.seeds import seeds

LETTERS = "ab c😀漢é\n"


class Commenter:
    """One person's copy."""

    def __init__(self, number: int, state: bytes, chance: Random) -> None:
        self.document = MendedDocument(client_id=number, clock=lambda: 0)
        self.document.apply_remote(state)
        self.comments = Comments(self.document, chance=Random(number), clock=lambda: number)
        self.me = Author(f"Person {number}", "#2f5fd0", str(number))
        self.chance = chance
        self.said: dict[str, str] = {}
        self.removed: set[str] = set()

    def act(self, number: int) -> None:
        """Does one thing of all that one can do, each as often."""
        placed = self.comments.all()
        word = f"<{self.document.client_id}.{number}>"
        what = self.chance.randrange(8)
        if what == 0 or not placed:
            rope = self.document.rope
            places = [at for at in range(rope.units) if not "\udc00" <= _unit(self.document, at) <= "\udfff"]
            start, stop = sorted(self.chance.sample(places, 2))
            self.said[self.comments.add(start, stop, word, self.me)] = word
            return
        thread = self.chance.choice(placed).thread
        mine = [id for id in (thread.id, *(each.id for each in thread.replies)) if id in self.said]
        match what:
            case 1 | 2:
                self.said[self.comments.reply(thread.id, word, self.me)] = word
            case 3:
                self.comments.resolve(thread)
            case 4:
                self.comments.reopen(thread.id)
            case 5 if mine:
                gone = self.chance.choice(mine)
                self.comments.remove(gone)
                self.removed.add(gone)
            case 6 if mine:
                changed = self.chance.choice(mine)
                self.comments.change(changed, word)
                self.said[changed] = word
            case _:
                self.write()

    def write(self) -> None:
        """Types a letter, or deletes a few."""
        places = [at for at in range(self.document.length) if not "\udc00" <= _unit(self.document, at) <= "\udfff"]
        start, stop = sorted(self.chance.sample(places, 2))
        with self.document.edit(Origin.LOCAL) as edit:
            if self.chance.random() < 0.5:
                edit.insert(start, self.chance.choice(LETTERS))
            elif len(places) > 20:
                edit.delete(start, min(places[places.index(start) + 1], stop) - start)


def _unit(document: Document, at: int) -> str:
    return document.text().encode("utf-16-le")[2 * at : 2 * at + 2].decode("utf-16-le", "surrogatepass")


@pytest.mark.parametrize("seed", seeds(3))
def test_all_that_three_people_say_is_there_and_all_have_the_same(seed):
    chance = Random(seed)
    first = MendedDocument.new(clock=lambda: 0)
    with first.edit(Origin.LOCAL) as edit:
        edit.insert(0, "We plant 👍 herbs.\nAnd 漢字 trees, é.\n")
    people = [Commenter(number, first.state(), chance) for number in (1, 2, 3)]
    for number in range(90):
        chance.choice(people).act(number)
        if chance.random() < 0.2:
            meet(*(each.document for each in chance.sample(people, 2)))
    for _ in range(2):
        for one, other in ((0, 1), (1, 2), (0, 2)):
            meet(people[one].document, people[other].document)

    shown = people[0].comments.all()
    words = {each.thread.id: each.thread.text for each in shown}
    words |= {reply.id: reply.text for each in shown for reply in each.thread.replies}
    for person in people:
        assert person.comments.all() == shown
        for id, word in person.said.items():
            if id not in person.removed:
                assert words[id] == word
    for each in shown:
        if each.place is not None:
            assert people[0].document.rope.text(*each.place)
