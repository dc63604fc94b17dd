"""Plans of people in a room of whom some may not edit and send whatever bytes they like, each by a seed.

Whatever of forged updates is let through, every copy shows the same text, and shows as much changed as the role may.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pycrdt import Array, Doc, Map, Text

from cowrite_server.document.entry_values import contents_of
from cowrite_server.document.suggested_entries import ASSIST, client_of
from cowrite_server.document.updates import EMPTY_UPDATE
from cowrite_server.document.view import View
from cowrite_server.wire.protocol import Reason, Role
from forged_updates import Forger
from role_world import EDITOR, FORGER, OTHER, SECOND, SUE, Sender, World, plain_in, shown_in
from table import begin, body, claims, elsewhere, root

STEPS = 25
"""What one plan has, one after the other."""

_ROLES = (Role.SUGGESTER, Role.SUGGESTER, Role.SUGGESTER, Role.COMMENTER, Role.VIEWER)
_TEXT = ("a", "bc", "Ünï", "x👍y", "👩‍👩‍👧", "\n", "two words")
_ALLOWED = {Role.SUGGESTER: ("suggestions", "comments"), Role.COMMENTER: ("comments",), Role.VIEWER: ()}


class PlanFailed(AssertionError):
    """Something was let through that must not be, or an honest person was refused."""


@dataclass
class Report:
    """What came of the updates of plans, by role and outcome."""

    outcomes: Counter[str] = field(default_factory=Counter)


class _Plan:
    """One plan, carried out as it is made."""

    def __init__(self, seed: int, report: Report) -> None:
        self.chance = random.Random(f"roles {seed}")
        self.world = World(self.chance)
        self.report = report
        self.people = {
            EDITOR: Sender("editor", Role.EDITOR),
            SECOND: Sender("second", Role.OWNER),
            SUE: Sender("sue", Role.SUGGESTER, "Sue"),
        }
        self.forger = Sender("forger", Role.SUGGESTER)

    def run(self) -> None:
        """Carries it out.

        Raises:
            PlanFailed: something was let through that must not be, or an honest person was refused.
        """
        chance = self.chance
        for _ in range(STEPS):
            roll = chance.random()
            if roll < 0.12:
                self._edit(EDITOR)
            elif roll < 0.18:
                self._edit(SECOND)
            elif roll < 0.24:
                self._pass_on(chance.choice((EDITOR, SECOND)))
            elif roll < 0.34:
                self._suggest()
            elif roll < 0.38:
                self._show()
            else:
                self._forge()
        for client in (EDITOR, SECOND):
            self._pass_on(client)
        shown = [shown_in(copy) for copy in self.world.copies()]
        if any(each != shown[0] for each in shown):
            raise PlanFailed(f"copies differ in the end: {shown}")

    def _edit(self, client: int) -> None:
        doc = self.world.docs[client]
        with doc.transaction():
            for _ in range(self.chance.choice((1, 1, 2))):
                self._change(doc)
        if self.chance.random() < 0.5:
            self._pass_on(client)

    def _change(self, doc: Doc[Any]) -> None:
        """One change of an editor: among others, a suggestion is accepted or rejected."""
        chance, text = self.chance, body(doc)
        begin_, end = self._stretch(doc)
        match chance.randrange(9):
            case 0 | 1 | 2:
                text.insert(begin_, chance.choice(_TEXT))
            case 3 if begin_ < end:
                del text[begin_:end]
            case 4 if begin_ < end:
                text.format(begin_, end, {"bold": chance.choice((True, None))})
            case 5 if begin_ < end:
                text.format(begin_, end, {"insertion": None})  # accepted
            case 6:
                text.insert_embed(begin_, chance.choice(({"image": "x"}, Map({"cell": Text("one")}))), {})
            case 7:
                comments = root(doc, "comments")
                comments["c2"] = Map({"text": Text("nested"), "list": Array([1])})
            case _:
                with suppress(KeyError):
                    del root(doc, "comments")["c2"]

    def _write_as_honest(self, doc: Doc[Any]) -> None:
        """One change, of a suggester or at times of an editor."""
        if self.chance.random() < 0.15:
            self._change(doc)
        else:
            _write_suggestion(doc, self.chance, self._stretch)

    def _stretch(self, doc: Doc[Any]) -> tuple[int, int]:
        """Two places of the body, in the library's units."""
        places = [0]
        for span in View.of(doc).spans:
            for letter in (span.text or b"x").decode():
                places.append(places[-1] + (len(letter.encode()) if span.text is not None else 1))
        first = self.chance.randrange(len(places))
        return places[first], places[min(first + self.chance.randrange(6), len(places) - 1)]

    def _pass_on(self, client: int) -> None:
        """What somebody has written reaches the room; they learn of the rest."""
        world, doc = self.world, self.world.docs[client]
        update = doc.get_update(world.sent[client])
        world.send(self.people[client], update)
        doc.apply_update(world.intake.replica.arrived())
        world.sent[client] = doc.get_state()

    def _suggest(self) -> None:
        """An honest suggester writes, often without having heard of what others wrote."""
        chance, world, sue = self.chance, self.world, self.people[SUE]
        doc = world.docs[SUE]
        if chance.random() < 0.4:
            doc.apply_update(world.intake.replica.arrived())
        with doc.transaction():
            for _ in range(chance.choice((1, 2))):
                _write_suggestion(doc, chance, self._stretch)
        if chance.random() < 0.3:
            if chance.random() < 0.5:  # goes on by another id, as after a restart, and sends both at once
                world.docs[SUE] = self._begun_anew(doc.get_update())
            return
        sue.reasons.clear()
        world.send(sue, doc.get_update(world.sent[SUE]))
        doc.apply_update(world.intake.replica.arrived())
        world.sent[SUE] = doc.get_state()
        if sue.closed is not None or not {Reason.MALFORMED, Reason.TOO_LARGE, Reason.INCOMPLETE}.isdisjoint(
            sue.reasons
        ):
            raise PlanFailed(f"an honest suggester was refused: {sue.reasons}")
        refused = any(reason is not None for reason in sue.reasons)
        self.report.outcomes["honest refused" if refused else "honest taken"] += 1
        if refused:  # begins anew, by another id
            world.docs[SUE] = self._begun_anew(world.intake.replica.arrived())
            world.sent[SUE] = world.docs[SUE].get_state()

    def _begun_anew(self, document: bytes) -> Doc[Any]:
        """The honest suggester's document with another client id."""
        doc: Doc[Any] = Doc(client_id=self.chance.randrange(2, 2**31))
        doc.apply_update(document)
        self.world.show(doc.client_id, "sue")
        return doc

    def _show(self) -> None:
        """The forger is seen, under any id."""
        self.world.show(self.chance.choice((FORGER, FORGER + 1, SUE, EDITOR, OTHER, 3)), "forger")

    def _forge(self) -> None:
        chance, world = self.chance, self.world
        self.forger.role = role = chance.choice(_ROLES)
        update = Forger(chance, world, self._write_as_honest).update()
        self.forger.reasons.clear()
        shown, plain = shown_in(world.live), plain_in(world.live)
        kept = elsewhere(world.live, *_ALLOWED[role])
        claimed = _claims(world.live)
        taken = world.send(self.forger, update)
        outcome = "refused" if taken is None else "nothing new" if taken == EMPTY_UPDATE else "taken"
        self.report.outcomes[f"{role} {outcome}"] += 1
        is_news = taken is not None and taken != EMPTY_UPDATE
        for copy in world.copies() if is_news else [world.live]:
            if plain_in(copy) != plain:
                raise PlanFailed(f"{role} changed the text from {plain} to {plain_in(copy)} by {update.hex()}")
            if role is not Role.SUGGESTER and shown_in(copy) != shown:
                raise PlanFailed(f"{role} changed suggestions from {shown} to {shown_in(copy)} by {update.hex()}")
            if elsewhere(copy, *_ALLOWED[role]) != kept:
                raise PlanFailed(f"{role} changed {kept} to {elsewhere(copy, *_ALLOWED[role])} by {update.hex()}")
            if not _claims(copy).items() >= claimed.items():
                raise PlanFailed(f"{role} speaks for others by {update.hex()}: {_claims(copy)}")
        if is_news and len({repr(shown_in(copy)) for copy in world.copies()}) > 1:
            shown_now = [shown_in(copy) for copy in world.copies()]
            raise PlanFailed(f"{role} made copies differ by {update.hex()}: {shown_now}")
        if is_news and world.intake.replica.waits:
            raise PlanFailed(f"{role} made something wait by {update.hex()}")


def _claims(doc: Doc[Any]) -> dict[str, str]:
    """What the entries of suggested changes say that are somebody's, but for how each was decided."""
    held = contents_of(root(doc, "suggestions"))
    return {id: said for id, said in claims(doc).items() if client_of(held[id]) is not None or id.startswith(ASSIST)}


def _write_suggestion(doc: Doc[Any], chance: random.Random, stretch: Callable[[Doc[Any]], tuple[int, int]]) -> None:
    """One change of somebody who keeps to the rules, as cowrite writes them."""
    begin_, end = stretch(doc)
    text, mark = body(doc), {"insertion": f"change:{doc.client_id}"}
    match chance.randrange(7):
        case 0 | 1 | 2:
            looks = {name for span in View.of(doc).spans for name in span.attributes}
            text.insert(begin_, chance.choice(_TEXT), {**dict.fromkeys(looks), **mark})
        case 3 if begin_ < end:
            text.format(begin_, end, {"deletion": chance.choice((mark["insertion"], None))})
        case 4:
            begin(doc, f"change:{doc.client_id}:{chance.randrange(9)}", author="Sue")
        case 5:
            root(doc, "comments")[chance.choice(("c1", f"k{chance.randrange(3)}"))] = Map({"text": "So."})
        case _:
            at = 0
            for span in View.of(doc).spans:  # takes back what is its own
                if span.attributes.get("insertion") == mark["insertion"]:
                    del text[at : at + span.length]
                    return
                at += span.length


def run_plan(seed: int, report: Report) -> None:
    """Carries out one plan.

    Args:
        seed: of which the plan is made.
        report: gets what came of it.

    Raises:
        PlanFailed: something was let through that must not be, or an honest person was refused.
    """
    _Plan(seed, report).run()
