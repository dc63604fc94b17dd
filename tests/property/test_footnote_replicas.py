"""Footnotes in several copies of a document, in which people write at the same moment and apart."""

from __future__ import annotations

from collections.abc import Collection
from random import Random

import pytest

from cowrite.core.crdt.structs import read_clocks
from cowrite.core.footnotes.here import FootnoteHere
from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.footnotes import Words as Said
from cowrite.core.text.footnotes import embed_of, footnotes_in, text_of
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span, joined, plain_text
from helpers.drafts import Clock, draft
from helpers.network import FakeNetwork
from helpers.seeds import seeds

NAMES = ("ada", "bo", "cy")


class Copy:
    """Somebody's copy of the document, and what they do in it."""

    def __init__(self, state: bytes, client: int, clock: Clock) -> None:
        self.document = MendedDocument(client_id=client, clock=clock)
        self.document.apply_remote(state)
        self.sent: list[bytes] = []
        self.document.observe_updates(self._note)
        self.card: FootnoteHere | None = None
        self.has_undone = False

    def notes(self) -> list[tuple[int, Said]]:
        return list(footnotes_in(self.document.spans()))

    def write(self, random: Random, word: str, known: Collection[str]) -> set[str]:
        """Puts a word into a footnote, with looks of its own or none, and gives those that it takes out."""
        if self.card is None or not self.card.stands or random.random() < 0.4:
            if self.card is not None:
                self.card.close()
            at, _ = random.choice(self.notes())
            self.card = FootnoteHere(self.document, at)
            self.document.steps.begin()
        words, gone = plain_text(self.card.words).split(), set[str]()
        if len(words) > 2 and random.random() < 0.3:
            taken = words.pop(random.randrange(len(words)))
            gone = {each for each in known if each in taken}
        words.insert(random.randrange(len(words) + 1), word)
        looks = [{"bold": True} if ord(each[0]) % 2 else {} for each in words]
        self.card.write([Span(f"{each} ", look) for each, look in zip(words, looks, strict=True)])
        return gone

    def type_within(self, random: Random, letter: str) -> None:
        """Puts a letter into a footnote, or takes some out."""
        if self.card is None or not self.card.stands or random.random() < 0.3:
            if self.card is not None:
                self.card.close()
            self.card = FootnoteHere(self.document, self.notes()[0][0])
            self.document.steps.begin()
        text = plain_text(self.card.words)
        at = random.randrange(len(text) + 1)
        if random.random() < 0.7:
            self.card.write([Span(f"{text[:at]}{letter}{text[at:]}")])
        elif len(text) > 3:
            self.card.write([Span(text[:at] + text[at + random.randrange(1, 3) :])])

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
        first, *others = (read_clocks(each.document.state_vector()) for each in people.values())
        if not said and others == [first] * 2:
            return
        for name, update in said:
            network.send(name, update)
    pytest.fail(f"they go on for ever, seed {seed}")


class Words:
    """Who has put which words into footnotes, and who has taken them out."""

    def __init__(self) -> None:
        self.authors = dict.fromkeys(("fourth", "third", "first", "one"), "")
        self.takers: dict[str, set[str]] = {}

    def act(self, random: Random, name: str, one: Copy) -> None:
        """Has somebody do something, in a footnote or beside one."""
        if not one.notes():
            return  # of what has replaced them a part is still under way
        if random.random() < 0.25:
            one.type_beside(random)
            return
        word = chr(ord("一") + len(self.authors))  # no two have a letter in common
        self.authors[word] = name
        for each in one.write(random, word, self.authors.keys()):
            self.takers.setdefault(each, set()).add(name)

    def check(self, people: dict[str, Copy], seed: int) -> None:
        """All copies have the three footnotes with the words of all, each once; who undoes something may have taken
        back what they wrote or took out."""
        first, *others = (joined(each.document.spans()) for each in people.values())
        assert others == [first] * 2, seed
        for each in people.values():
            assert joined(each.document.stored_spans()) == first, seed
        said = [text_of(span.embed) for span in first if span.embed is not None]
        assert len(said) == 3, (seed, said)
        undone = {name for name, each in people.items() if each.has_undone}
        for word, author in self.authors.items():
            count, takers = "".join(said).count(word), self.takers.get(word, set())
            if author not in undone and not takers & undone:
                assert count == (not takers), (seed, word, author, takers, said)


@pytest.mark.parametrize("seed", seeds(6))
def test_what_several_write_in_a_footnote_apart_is_one_footnote_with_the_words_of_all(seed: int) -> None:
    random, clock, words = Random(seed), Clock(), Words()
    people = copies(random, clock)
    network = FakeNetwork(seed, {name: each.document.apply_remote for name, each in people.items()})
    for _ in range(40):
        clock.now += random.choice([1, 2000])
        match random.randrange(8):
            case 0:
                network.partition_at_random()
            case 1:
                network.heal()
            case _:
                name = random.choice(NAMES)
                words.act(random, name, people[name])
        for name, each in people.items():
            for update in each.take_sent():
                network.send(name, update)
        network.run(random.randrange(6))
    settle(network, people, seed)
    words.check(people, seed)


@pytest.mark.parametrize("seed", seeds(6))
def test_undo_takes_out_of_a_footnote_ones_own_words_alone(seed: int) -> None:
    random, clock, words = Random(seed), Clock(), Words()
    people = copies(random, clock)
    for _ in range(40):
        clock.now += random.choice([1, 2000])
        name = random.choice(NAMES)
        if name == "ada" and random.random() < 0.4:
            people[name].has_undone = True
            random.choice([people[name].document.undo, people[name].document.undo, people[name].document.redo])()
        else:
            words.act(random, name, people[name])
        for _ in range(random.randrange(3)):
            meet(*random.sample(list(people.values()), 2))
    for _ in range(4):
        for one in people.values():
            for other in people.values():
                meet(one, other)
    words.check(people, seed)


def meet(one: Copy, other: Copy) -> None:
    """Has one know all that another knows."""
    other.document.apply_remote(one.document.update_since(other.document.state_vector()))


@pytest.mark.parametrize("seed", seeds(8))
def test_undo_takes_back_ones_letters_within_the_words_that_another_has_written_in_a_footnote(seed: int) -> None:
    random, clock = Random(seed), Clock()
    state = draft("One line.").state()
    mine, mates = (Copy(state, client, clock) for client in (11, 22))
    FootnoteHere(mates.document, 3, is_new=True).write([Span("kept words")])
    meet(mates, mine)
    people = [(mine, iter("αβγδεζηθικλμνξοπρστυφχψω")), (mates, iter("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"))]
    for _ in range(random.randrange(4, 20)):
        clock.now += random.choice([1, 2000])
        one, letters = random.choice(people)
        match random.randrange(6):
            case 0:
                meet_both(mine, mates)
            case 1:
                mine.document.undo()
            case 2:
                mine.document.redo()
            case _ if one.notes():
                one.type_within(random, next(letters))
    meet_both(mine, mates)
    theirs = {each for each in said(mates) if each in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    while mine.document.can_undo():
        mine.document.undo()
        meet_both(mine, mates)
    assert said(mine) == said(mates)
    assert not set("αβγδεζηθικλμνξοπρστυφχψω") & set(said(mine))
    assert theirs <= set(said(mine))
    assert len(mine.notes()) == 1


def said(one: Copy) -> str:
    """What footnotes say."""
    return "|".join(plain_text(words) for _, words in one.notes())


def meet_both(one: Copy, other: Copy) -> None:
    """Has two know all that the other knows, also what is put right then."""
    for _ in range(2):
        meet(one, other)
        meet(other, one)
