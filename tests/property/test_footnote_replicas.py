"""Footnotes in several copies of a document, in which people write at the same moment and apart."""

from __future__ import annotations

from random import Random

import pytest

from cowrite.core.document import Document
from cowrite.core.footnote_here import FootnoteHere
from cowrite.core.footnotes import Words, embed_of, footnotes_in, text_of
from cowrite.core.origin import Origin
from cowrite.core.richtext import Span, joined, plain_text
from helpers.drafts import Clock, draft
from helpers.network import FakeNetwork
from helpers.seeds import seeds

NAMES = ("ada", "bo", "cy")


class Copy:
    """Somebody's copy of the document, and what they do in it."""

    def __init__(self, state: bytes, client: int, clock: Clock) -> None:
        self.document = Document(client_id=client, clock=clock)
        self.document.apply_remote(state)
        self.sent: list[bytes] = []
        self.document.observe_updates(self._note)
        self.card: FootnoteHere | None = None

    def notes(self) -> list[tuple[int, Words]]:
        return list(footnotes_in(self.document.spans()))

    def write(self, random: Random, token: str, written: set[str], gone: set[str]) -> None:
        """Puts a word into a note, with looks of its own or none, and sometimes takes one out."""
        if self.card is None or not self.card.stands or random.random() < 0.4:
            if self.card is not None:
                self.card.close()
            at, _ = random.choice(self.notes())
            self.card = FootnoteHere(self.document, at)
        words = plain_text(self.card.words).split()
        if len(words) > 2 and random.random() < 0.3:
            taken = words.pop(random.randrange(len(words)))
            gone |= {word for word in written if word in taken}
        words.insert(random.randrange(len(words) + 1), token)
        looks = [{"bold": True} if ord(word[0]) % 2 else {} for word in words]
        self.card.write([Span(f"{word} ", look) for word, look in zip(words, looks, strict=True)])

    def type_beside(self, random: Random) -> None:
        """Types a letter right before or behind a reference, or into the line."""
        at, _ = random.choice(self.notes())
        with self.document.edit(Origin.LOCAL) as edit:
            edit.insert(at + random.choice([0, 1]), random.choice("xé👍"))

    def take_sent(self) -> list[bytes]:
        sent, self.sent = self.sent, []
        return sent

    def _note(self, update: tuple[bytes, Origin]) -> None:
        if update[1] is not Origin.REMOTE:
            self.sent.append(update[0])


def copies(random: Random, clock: Clock) -> dict[str, Copy]:
    document = draft("One line with a note.", "Another with two, of which one is the other.", clock=clock)
    with document.edit(Origin.IMPORT) as edit:
        for at, text in ((60, "fourth"), (38, "third"), (20, "first one")):
            edit.insert_embed(at, embed_of([Span(text, {"italic": True})]))
    return {name: Copy(document.state(), random.randrange(1, 2**32), clock) for name in NAMES}


def settle(network: FakeNetwork, people: dict[str, Copy], seed: int) -> None:
    """Has everything arrive, and what that has put right, until nobody has anything to say."""

    def lacking(source: str, target: str) -> bytes:
        return people[source].document.update_since(people[target].document.state_vector())

    for _ in range(30):
        network.settle(lacking)
        said = [(name, update) for name, each in people.items() for update in each.take_sent()]
        if not said:
            return
        for name, update in said:
            network.send(name, update)
    pytest.fail(f"they go on for ever, seed {seed}")


@pytest.mark.parametrize("seed", seeds(12))
def test_what_several_write_in_a_footnote_apart_is_one_footnote_with_the_words_of_all(seed: int) -> None:
    random, clock = Random(seed), Clock()
    people = copies(random, clock)
    network = FakeNetwork(seed, {name: each.document.apply_remote for name, each in people.items()})
    written, gone = {"fourth", "third", "first", "one"}, set[str]()
    for step in range(40):
        clock.now += random.choice([1, 2000])
        one = people[random.choice(NAMES)]
        match random.randrange(8):
            case 0 | 1 if one.notes():
                one.type_beside(random)
            case 2:
                network.partition_at_random()
            case 3:
                network.heal()
            case _:
                if not one.notes():
                    continue  # of what has replaced them a part is still under way
                token = chr(ord("一") + step)  # no two have a letter in common
                written.add(token)
                one.write(random, token, written, gone)
        for name, each in people.items():
            for update in each.take_sent():
                network.send(name, update)
        network.run(random.randrange(6))
    settle(network, people, seed)
    first, *others = (joined(each.document.spans()) for each in people.values())
    assert others == [first] * 2, seed
    said = [text_of(span.embed) for span in first if span.embed is not None]
    assert len(said) == 3, (seed, said)
    counts = {word: "".join(said).count(word) for word in written | gone}
    assert counts == {word: int(word not in gone) for word in counts}, (seed, said, gone)
    for each in people.values():
        assert joined(each.document.stored_spans()) == first, seed
