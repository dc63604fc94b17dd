"""Decisions as rich text, which every format writes from: records with headings, and cards within a draft.

The headings are those of MADR 4.0.0 (https://adr.github.io/madr/), so that a record written as Markdown is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from cowrite.convert.comment_pieces import kept_marks, piece_mark
from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.cards import GONE, UNDECIDED, Card, CardSource, embedded
from cowrite.core.decisions.decisions import Decision
from cowrite.core.decisions.parts import Choice
from cowrite.core.decisions.records import (
    FROM_MODEL,
    STATUS_WORDS,
    Record,
    model_wording,
    superseded_words,
    supersedes_words,
)
from cowrite.core.decisions.reviews import Finding, Review
from cowrite.core.text.richtext import PAGE_BREAK, Line, Span, without
from cowrite.core.text.suggested_text import suggested_line, with_marks
from cowrite.core.text.table import row_id, within_cell

LinkTo = Callable[[str], str]
"""From a decision's id to the address of its record; empty for none."""

_ENDS = ("?", "!", ".", "…")
_SIGNS = {"+": "Good", "-": "Bad", "−": "Bad", "–": "Bad"}
_FOUND = {Finding.HELD: "it held", Finding.CHANGED: "it changed", Finding.SUPERSEDED: "it was superseded"}


def record_lines(record: Record, level: int = 1, link: LinkTo = lambda _id: "") -> list[Line]:
    """One record.

    Args:
        record: it.
        level: of the heading over all of it; those within are deeper.
        link: where the records of other decisions are.
    """
    decision = record.decision
    lines = [heading_line(decision.name or "Decision", level)]
    lines += _section("Context and Problem Statement", level, _paragraphs(decision.context or decision.question))
    lines += _section("Considered Options", level, [item_line(_span(each.text)) for each in decision.options])
    lines += _section("Decision Outcome", level, list(_outcome(decision)), always=True)
    lines += _section("Consequences", level + 1, [_signed(each) for each in _rows(decision.consequences)])
    lines += _section("Confirmation", level + 1, _paragraphs(decision.confirmation))
    argued = [choice for choice in decision.options if choice.pros or choice.cons]
    options = [line for choice in argued for line in _option(choice, level + 2)]
    lines += _section("Pros and Cons of the Options", level, options)
    return lines + _section("More Information", level, list(_more(record, link)))


def log_lines(records: Iterable[Record], title: str) -> list[Line]:
    """All records below one heading."""
    lines = [heading_line(title, 1)]
    for record in records:
        first, *rest = record_lines(record, 2)
        lines += [first, *facts_lines(record), *rest]
    return lines


def facts_lines(record: Record) -> list[Line]:
    """What stands above a record where there is no front matter: status, date, who decided and how."""
    return [fact_line(name, value) for name, value in facts(record.decision).items() if value]


def fact_line(name: str, value: str) -> Line:
    """A fact with its name, as an item of a list."""
    return item_line((Span(f"{name}:", {"bold": True}), Span(f" {value}")))


def facts(decision: Decision) -> Mapping[str, str]:
    """Status, date, decision-makers and rule in words."""
    return {
        "Status": STATUS_WORDS[decision.status],
        "Date": decision.decided_on,
        "Decision-makers": decision.decider,
        "Rule": decision.rule,
        "Owner": decision.owner,
        "Review": decision.review_on,
    }


def action_words(action: Action) -> str:
    """An action in words: when …, who will …, until when."""
    occasion = f"{action.when.rstrip(' ,.')}: " if action.when else ""
    details = ", ".join(each for each in (action.owner, f"due {action.due}" if action.due else "") if each)
    return f"{occasion}{action.what}{f' ({details})' if details else ''}"


def review_words(review: Review) -> str:
    """A look back in words: when, whether it held, and what was said."""
    return f"{review.on}: {_FOUND[review.finding]}{f'. {review.note}' if review.note else ''}"


def with_cards(lines: Iterable[Line], card: CardSource) -> list[Line]:
    """The lines of a draft with its embedded decisions in words; text beside one stands on lines of its own, or in a
    cell in parts of its line."""
    return [each for line in lines for each in _with_cards(line, card)]


def _with_cards(line: Line, card: CardSource) -> Iterator[Line]:
    if not any(embedded(span.embed) is not None for span in line.spans):
        yield line
        return
    parts: list[Line] = []
    part: list[Span] = []
    for span in line.spans:
        id = embedded(span.embed)
        if id is None:
            part.append(span)
            continue
        marks = kept_marks(span.attributes)
        if part:
            of_break = {**marks, **piece_mark(part[-1].attributes)}
            parts.append(with_marks(Line(tuple(part), line.attributes), of_break))
            part = []
        parts += (suggested_line(each, marks) for each in card_lines(card(id)))
    if part:
        parts.append(Line(tuple(part), line.attributes))
    if row_id(line.attributes):
        yield Line(tuple(within_cell([Line(each.spans) for each in parts])), line.attributes)
        return
    parts[-1] = with_marks(parts[-1], kept_marks(line.attributes))
    if PAGE_BREAK in line.attributes:
        yield from _beginning_page(parts)
    else:
        yield from parts


def _beginning_page(parts: Iterable[Line]) -> Iterator[Line]:
    """Parts of a line that begins a page, the first of which does so."""
    for number, each in enumerate(parts):
        rest = without(each.attributes, PAGE_BREAK)
        yield Line(each.spans, rest if number else {**rest, PAGE_BREAK: True})


def card_lines(card: Card | None) -> list[Line]:
    """A card as a quotation."""
    quote = {"blockquote": True}
    if card is None:
        return [Line((Span(GONE, {"italic": True}),), quote)]
    details = " · ".join((card.status, *card.details))
    return [
        Line((Span(f"Decision: {card.question}" if card.question else "Decision", {"bold": True}),), quote),
        *(Line((Span(row),), quote) for row in _rows(card.outcome or UNDECIDED)),
        Line((Span(details, {"italic": True}),), quote),
    ]


def _outcome(decision: Decision) -> Iterator[Line]:
    chosen = [choice.text for choice in decision.options if choice.is_chosen]
    outcome = _rows(decision.outcome)
    because = bool(outcome) and outcome[0].lower().startswith("because")
    if chosen:
        names = ", ".join(f'"{text}"' for text in chosen)
        word = "Chosen option" if len(chosen) == 1 else "Chosen options"
        yield Line((Span(f"{word}: {names}{f', {outcome[0]}' if because else '.'}"),))
    for row in outcome[1 if chosen and because else 0 :]:
        yield Line((Span(row),))
    if not outcome and not chosen:
        yield Line((Span(f"{UNDECIDED}."),))


def _option(choice: Choice, level: int) -> list[Line]:
    pros = [item_line(_span(f"Good, because {_because(each.text)}")) for each in choice.pros]
    cons = [item_line(_span(f"Bad, because {_because(each.text)}")) for each in choice.cons]
    return [heading_line(choice.text or "Option", level), *pros, *cons]


def _more(record: Record, link: LinkTo) -> Iterator[Line]:
    decision = record.decision
    for word, id, question in (
        (supersedes_words(decision), decision.supersedes, record.supersedes),
        (superseded_words(decision), decision.superseded_by, record.superseded_by),
    ):
        if question:
            address = link(id)
            end = () if question.rstrip().endswith(_ENDS) else (Span("."),)
            yield Line((Span(f"{word} "), Span(question, {"link": address} if address else {}), *end))
    yield from _list("How it was decided:", [decision.rule] if decision.rule else [])
    yield from _list("Who makes sure that it is kept:", [decision.owner] if decision.owner else [])
    yield from _list("What people said:", [stance.words for stance in decision.stances])
    yield from _list("The vote:", record.vote)
    yield from _list("Dissent:", _rows(decision.dissent))
    yield from _list("Ideas that led to it:", [" ".join(words.split()) for words in record.notes.values()])
    yield from _list("Evidence:", [_quoted(each.quote, each.now) for each in record.quotes])
    yield from _list("Actions:", [f"{'Done: ' if each.is_done else ''}{action_words(each)}" for each in record.actions])
    yield from _list("Reviews:", list(map(review_words, decision.reviews)))
    if decision.review_on:
        yield Line((Span(f"To be looked at again on {decision.review_on}."),))
    yield from _list(f"{FROM_MODEL}:", model_wording(record))
    if decision.assist:
        yield Line((Span("Drafted by a language model and accepted by a person."),))


def _quoted(quote: str, now: str | None) -> str:
    words = f"“{' '.join(quote.split())}”"
    if now == quote:
        return words
    return f"{words} (no longer there)" if now is None else f"{words} (now: “{' '.join(now.split())}”)"


def _list(title: str, rows: Sequence[str]) -> list[Line]:
    return [Line((Span(title),)), *(item_line(_span(row)) for row in rows)] if rows else []


def _section(title: str, level: int, lines: list[Line], *, always: bool = False) -> list[Line]:
    return [heading_line(title, level + 1), *lines] if lines or always else []


def heading_line(text: str, level: int) -> Line:
    """A heading of some words."""
    return Line((Span(" ".join(text.split())),), {"header": min(level, 6)})


def _paragraphs(text: str) -> list[Line]:
    return [Line((Span(row),)) for row in _rows(text)]


def _rows(text: str) -> list[str]:
    return [row.strip() for row in text.splitlines() if row.strip()]


def _signed(row: str) -> Line:
    kind = _SIGNS.get(row[0])
    words = row[1:].strip() if kind else row
    return item_line(_span(f"{kind or 'Neutral'}, because {_because(words)}"))


def _because(words: str) -> str:
    """What follows "because": a row of words without a "because" of its own."""
    plain = " ".join(words.split())
    return plain[len("because ") :] if plain.lower().startswith("because ") else plain


def _span(text: str) -> tuple[Span, ...]:
    return (Span(" ".join(text.split())),)


def item_line(spans: Sequence[Span], indent: int = 0) -> Line:
    """An item of a list, so many levels deep."""
    return Line(tuple(spans), {"list": "bullet", **({"indent": indent} if indent else {})})
