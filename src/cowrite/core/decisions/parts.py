"""What a decision has several of: options with their arguments, stances, evidence, grounds and reviews.

Pure. Each is a part of its own in the decision's entry (`core.entries.parts`), so that what several people add at the
same time stays, all of it. Files from before have lists instead, which are read too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cowrite.core.crdt.anchor import Anchor, BadAnchor
from cowrite.core.decisions.grounds import grounds_of
from cowrite.core.decisions.reviews import Finding, Review
from cowrite.core.entries.authors import shown_name
from cowrite.core.entries.entries import Written
from cowrite.core.entries.fields import Fields, member, objects, text, truth
from cowrite.core.entries.parts import Parts, changed, parts_in
from cowrite.core.text.model_words import is_of_model


@dataclass(frozen=True, slots=True)
class Argument:
    """What speaks for or against an option.

    Attributes:
        text: in words.
        note: the id of the note it comes from, or empty.
        model_text: what the model wrote of it, whatever people have made of it since; empty for a person's.
        id: which of the decision's arguments it is; empty while it is in no document. Says nothing of what it is.
    """

    text: str
    note: str = ""
    id: str = field(default="", compare=False)
    model_text: str = ""

    @property
    def is_of_model(self) -> bool:
        """Whether it has words of the model."""
        return is_of_model(self.text, self.model_text)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the options of a decision.

    Attributes:
        text: what it is.
        pros: what speaks for it.
        cons: what speaks against it.
        note: the id of the note or group that it comes from, or empty.
        is_chosen: whether it is what was decided.
        model_text: see `Argument.model_text`.
        id: see `Argument.id`.
    """

    text: str
    pros: tuple[Argument, ...] = ()
    cons: tuple[Argument, ...] = ()
    note: str = ""
    is_chosen: bool = False
    id: str = field(default="", compare=False)
    model_text: str = ""

    @property
    def is_of_model(self) -> bool:
        """Whether it has words of the model."""
        return is_of_model(self.text, self.model_text)


@dataclass(frozen=True, slots=True)
class Stance:
    """What one person said of a decision.

    Attributes:
        voter: their name; empty where nobody is to know.
        position: what they said, in a word.
        reason: why, in their words.
        id: see `Argument.id`.
    """

    voter: str = ""
    position: str = ""
    reason: str = ""
    id: str = field(default="", compare=False)

    @property
    def words(self) -> str:
        """Who said what, and why."""
        who = f"{self.voter}: " if self.voter else ""
        return f"{who}{self.position}{f', {self.reason}' if self.reason else ''}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage of the draft that a decision rests on.

    Attributes:
        quote: its words when it was taken.
        start: anchor of its first character.
        stop: anchor behind its last character.
        id: see `Argument.id`.
    """

    quote: str
    start: Anchor
    stop: Anchor
    id: str = field(default="", compare=False)


NAMES = ("options", "stances", "evidence", "grounds", "reviews")
"""The fields of a decision that are parts."""
_FOR, _AGAINST = "for", "against"


def read_parts(fields: Fields) -> dict[str, Any]:
    """The fields of a decision that are parts, from those of its entry; what makes no sense is passed over."""
    evidence = (_evidence(id, part) for id, part in parts_in(fields, "evidence", _listed(fields, "evidence")).items())
    return {
        "options": _options(fields),
        "stances": tuple(
            Stance(shown_name(text(part, "voter")), text(part, "position"), text(part, "reason"), id)
            for id, part in parts_in(fields, "stance", _listed(fields, "stances")).items()
        ),
        "evidence": tuple(each for each in evidence if each is not None),
        "grounds": grounds_of(
            (text(part, "sentence"), text(part, "on"))
            for part in parts_in(fields, "ground", _listed_grounds(fields)).values()
        ),
        "reviews": tuple(
            Review(
                text(part, "on"),
                member(Finding, part, "finding", Finding.HELD),
                text(part, "note"),
                shown_name(text(part, "by")),
                id,
            )
            for id, part in parts_in(fields, "review", _listed(fields, "reviews")).items()
        ),
    }


def stored_parts(fields: Fields, wanted: Mapping[str, Sequence[Any]], draw: Callable[[], str]) -> dict[str, Any]:
    """What is to be set in a decision's entry so that it has the parts that are wanted.

    Args:
        fields: of the entry; empty for a new one.
        wanted: for each of some NAMES all parts that there are to be. Those that have an id are changed where they are
            another's; those without one are new.
        draw: gives an id that nobody else draws.
    """
    found: dict[str, Any] = {}
    for name, parts in wanted.items():
        if name == "options":
            found |= _stored_options(fields, parts, draw)
        elif name == "grounds":
            pairs = [(ground.sentence, id) for ground in parts for id in ground.ids]
            grounds = {_pair(*pair): {"sentence": pair[0], "on": pair[1]} for pair in pairs}
            found |= changed(fields, "ground", _listed_grounds(fields), [grounds])
        else:
            kind, plain = _PLAIN[name]
            listed = _listed(fields, name)
            found |= changed(fields, kind, listed, [{each.id or draw(): plain(each) for each in parts}])
    return found


_PLAIN: Mapping[str, tuple[str, Callable[[Any], dict[str, Any]]]] = {
    "stances": (
        "stance",
        lambda each: {"voter": Written(each.voter), "position": each.position, "reason": Written(each.reason)},
    ),
    "evidence": (
        "evidence",
        lambda each: {"quote": each.quote, "start": each.start.to_json(), "stop": each.stop.to_json()},
    ),
    "reviews": ("review", lambda each: {"on": each.on, "finding": each.finding, "note": each.note, "by": each.by}),
}


def _options(fields: Fields) -> tuple[Choice, ...]:
    sides: dict[tuple[str, str], list[Argument]] = {}
    for id, part in parts_in(fields, "argument", _listed_arguments(fields)).items():
        of = text(part, "option"), text(part, "side")
        sides.setdefault(of, []).append(Argument(text(part, "text"), text(part, "note"), id, text(part, "model_text")))
    return tuple(
        Choice(
            text(part, "text"),
            tuple(sides.get((id, _FOR), ())),
            tuple(sides.get((id, _AGAINST), ())),
            text(part, "note"),
            truth(part, "is_chosen"),
            id,
            text(part, "model_text"),
        )
        for id, part in parts_in(fields, "option", _listed(fields, "options")).items()
    )


def _stored_options(fields: Fields, choices: Iterable[Choice], draw: Callable[[], str]) -> dict[str, Any]:
    named = [replace(choice, id=choice.id or draw()) for choice in choices]
    options = {each.id: {**_taken_over(each), "is_chosen": each.is_chosen} for each in named}
    arguments = [
        {each.id or draw(): {"option": choice.id, "side": side, **_taken_over(each)} for each in side_of}
        for choice in named
        for side, side_of in ((_FOR, choice.pros), (_AGAINST, choice.cons))
    ]
    return {
        **changed(fields, "option", _listed(fields, "options"), [options]),
        **changed(fields, "argument", _listed_arguments(fields), arguments),
    }


def _taken_over(part: Choice | Argument) -> dict[str, Any]:
    return {"text": Written(part.text), "note": part.note, "model_text": part.model_text}


def _evidence(id: str, fields: Fields) -> Evidence | None:
    try:
        start, stop = (Anchor.from_json(fields.get(name)) for name in ("start", "stop"))
    except BadAnchor:
        return None
    return Evidence(text(fields, "quote"), start, stop, id)


# What files from before have as lists. Their parts are called by their places, which nobody draws as an id.


def _listed(fields: Fields, name: str) -> Parts:
    return {str(at): each for at, each in enumerate(objects(fields, name))}


def _listed_arguments(fields: Fields) -> Parts:
    return {
        f"{option}.{side}.{at}": {**each, "option": option, "side": side}
        for option, choice in _listed(fields, "options").items()
        for side, name in ((_FOR, "pros"), (_AGAINST, "cons"))
        for at, each in enumerate(objects(choice, name))
    }


def _listed_grounds(fields: Fields) -> Parts:
    pairs = [
        (text(each, "sentence"), id)
        for each in objects(fields, "grounds")
        for id in (each.get("ids") or () if isinstance(each.get("ids"), list) else ())
        if isinstance(id, str)
    ]
    return {_pair(*pair): {"sentence": pair[0], "on": pair[1]} for pair in pairs}


def _pair(sentence: str, id: str) -> str:
    """The id of a ground: whoever says the same of a sentence at the same time writes the same part."""
    return hashlib.sha256(f"{sentence}\n{id}".encode()).hexdigest()[:16]
