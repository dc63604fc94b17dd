"""Decisions as Markdown in the form of MADR 4.0.0."""

from __future__ import annotations

from dataclasses import replace

import yaml

from cowrite.convert.decision_lines import with_cards
from cowrite.convert.madr import file_names, to_log, to_madr
from cowrite.convert.markdown.reader import from_markdown
from cowrite.convert.markdown.writer import to_markdown
from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.cards import Card
from cowrite.core.decisions.decisions import Decision, Status
from cowrite.core.decisions.parts import Argument, Choice, Stance
from cowrite.core.decisions.records import Quoted, Record
from cowrite.core.decisions.reviews import Finding, Review
from cowrite.core.text.richtext import EMBED_CHARACTER, Line, Span, lines_of
from cowrite.core.text.table import Table, with_tables

DECISION = Decision(
    "decision:1", "What do we plant?", Status.ACCEPTED, "consent", "Ada",
    (
        Choice("Herbs", (Argument("they are cheap"),), (Argument("because they are small"),), is_chosen=True),
        Choice("Roses"),
    ),
    "Because Ada has seeds.\nMint goes into pots.", "+ less water\n- fewer flowers\nthe gate stays", "Bo: too few",
    "Half of them grow in July.", "2027-05-01", "2026-11-25", (Stance("Bo", "agree"),),
    context="The bed is empty.", reviews=(Review("2027-05-01", Finding.HELD, "They grow."),),
)  # fmt: skip


def sections(markdown: str) -> dict[str, str]:
    parts = markdown.split("\n#")
    return {part.partition("\n")[0].lstrip("# "): part.partition("\n")[2].strip() for part in parts}


def test_a_record_has_the_sections_of_madr():
    found = sections(to_madr(Record(DECISION)))

    assert found["What do we plant?"] == ""
    assert found["Context and Problem Statement"] == "The bed is empty."
    assert found["Considered Options"] == "* Herbs\n* Roses"
    assert found["Decision Outcome"].startswith('Chosen option: "Herbs", Because Ada has seeds.')
    assert found["Consequences"].splitlines() == [
        "* Good, because less water", "* Bad, because fewer flowers", "* Neutral, because the gate stays",
    ]  # fmt: skip
    assert found["Confirmation"] == "Half of them grow in July."
    assert found["Herbs"].splitlines() == ["* Good, because they are cheap", "* Bad, because they are small"]
    assert "Roses" not in found


def test_a_decision_without_a_question_goes_by_what_was_decided():
    found = replace(DECISION, question="", outcome="\nWe plant  *mint*.\nIn pots.", context="")
    record, later = (
        Record(found),
        Record(replace(DECISION, id="decision:2", supersedes=found.id), supersedes=found.name),
    )

    assert "\n# We plant \\*mint\\*.\n" in to_madr(record)
    assert file_names([record, later])[found.id] == "0001-we-plant-mint.md"
    assert "We plant" in sections(to_madr(later))["More Information"]
    assert "\n## Decision\n" in to_log([Record(Decision("decision:3", ""))], "All")

    card = Card("", "We plant mint.", "Accepted")
    (line,) = lines_of([Span(EMBED_CHARACTER, {}, {"decision": "decision:1"}), Span("\n")])
    first, outcome, _ = with_cards([line], lambda _id: card)
    assert [span.text for span in (*first.spans, *outcome.spans)] == ["Decision", "We plant mint."]
    assert card.words == "Decision. We plant mint. Accepted."


def test_dissent_votes_evidence_and_actions_are_more_information():
    record = Record(
        DECISION,
        {"note:1": "little\nwater"},
        ("Herbs: 5 dots",),
        (Quoted("we plant", "we plant no"), Quoted("gone", None), Quoted("same", "same")),
        (Action("action:1", "dig", "If it is Monday", "Ada", "2026-12-01"),),
    )
    more = sections(to_madr(record))["More Information"]

    for row in (
        "* Bo: too few", "* Bo: agree", "* Herbs: 5 dots", "* little water", "* “we plant” (now: “we plant no”)",
        "* “gone” (no longer there)", "* “same”", "* If it is Monday: dig (Ada, due 2026-12-01)",
        "* 2027-05-01: it held. They grow.",
    ):  # fmt: skip
        assert row in more


def test_who_sees_that_a_decision_is_kept_is_named_in_a_file_of_its_own():
    more = sections(to_madr(Record(replace(DECISION, owner="Dee"))))["More Information"]
    assert "Who makes sure that it is kept:\n\n* Dee" in more
    assert "Who makes sure that it is kept" not in to_madr(Record(DECISION))


def test_the_front_matter_says_status_date_and_people():
    _, front, _ = to_madr(Record(DECISION)).split("---\n", 2)

    assert {name: str(value) for name, value in yaml.safe_load(front).items()} == {
        "status": "accepted", "date": "2026-11-25", "decision-makers": "Ada", "consulted": "Bo",
    }  # fmt: skip


def test_no_name_breaks_out_of_the_front_matter():
    decision = replace(DECISION, decider='Ada"\n---\nstatus: rejected', decided_on="2026\nstatus: rejected")

    front = yaml.safe_load(to_madr(Record(decision)).split("---\n", 2)[1])

    assert (front["status"], front["decision-makers"]) == ("accepted", 'Ada" --- status: rejected')


def test_a_superseded_decision_and_its_successor_link_to_each_others_files():
    old = replace(DECISION, status=Status.SUPERSEDED, superseded_by="decision:2")
    new = Decision("decision:2", "What next?", Status.ACCEPTED, supersedes="decision:1")
    both = [Record(old, superseded_by=new.question), Record(new, supersedes=old.question)]
    files = file_names(both)

    assert files == {"decision:1": "0001-what-do-we-plant.md", "decision:2": "0002-what-next.md"}
    assert 'status: "superseded by 0002-what-next"' in to_madr(both[0], files)
    assert "Superseded by [What next?](0002-what-next.md)\n" in to_madr(both[0], files)
    assert "Supersedes [What do we plant?](0001-what-do-we-plant.md)\n" in to_madr(both[1], files)


def test_a_successor_that_is_only_proposed_is_named_as_such():
    old = replace(DECISION, superseded_by="decision:2")
    new = Decision("decision:2", "What next?", supersedes="decision:1")
    both = [Record(old, superseded_by=new.question), Record(new, supersedes=old.question)]
    files = file_names(both)

    assert 'status: "accepted, to be superseded by 0002-what-next"' in to_madr(both[0], files)
    assert "To be superseded by [What next?](0002-what-next.md)\n" in to_madr(both[0], files)
    assert "To supersede [What do we plant?](0001-what-do-we-plant.md)\n" in to_madr(both[1], files)


def test_file_names_are_safe_whatever_the_question():
    questions = ["../../etc/passwd", "a" * 500, "¿Qué?", "???", ""]
    records = [Record(Decision(f"decision:{n}", question)) for n, question in enumerate(questions)]

    names = list(file_names(records).values())

    assert names[0] == "0001-etc-passwd.md"
    assert len(names[1]) <= 70
    assert names[2:] == ["0003-qué.md", "0004-decision.md", "0005-decision.md"]


def test_signs_that_people_type_stay_text():
    decision = replace(DECISION, question="*What* # now?", context="- no list\n# no heading")
    found = lines_of(from_markdown(to_madr(Record(decision)).split("---\n", 2)[2]))

    words = [("".join(span.text for span in line.spans), dict(line.attributes)) for line in found]
    assert words[0] == ("*What* # now?", {"header": 1})
    assert ("- no list", {}) in words
    assert ("# no heading", {}) in words


def test_a_log_has_all_decisions_below_one_heading():
    log = to_log([Record(DECISION), Record(Decision("decision:2", "What next?"))], "Decisions of “Garden”")

    assert log.startswith("# Decisions of “Garden”\n\n## What do we plant?\n\n* **Status:** Accepted\n")
    assert "\n## What next?\n" in log
    assert "\n### Decision Outcome\n\nNot decided yet.\n" in log


def test_an_embedded_decision_becomes_words_that_markdown_reads_back():
    card = Card("What do we plant?", "Herbs.\nMint.", "Accepted", ("Owner: Ada", "2026-11-25"))
    embed = Span(EMBED_CHARACTER, embed={"decision": "decision:1"})
    lines = [Line((Span("before "), embed, Span("after")), {"list": "bullet"}), Line((Span("end"),))]

    shown = with_cards(lines, {"decision:1": card}.get)
    markdown = to_markdown(shown, lambda name: name)

    assert [("".join(span.text for span in line.spans), dict(line.attributes)) for line in shown] == [
        ("before ", {"list": "bullet"}),
        ("Decision: What do we plant?", {"blockquote": True}),
        ("Herbs.", {"blockquote": True}),
        ("Mint.", {"blockquote": True}),
        ("Accepted · Owner: Ada · 2026-11-25", {"blockquote": True}),
        ("after", {"list": "bullet"}),
        ("end", {}),
    ]
    assert to_markdown(lines_of(from_markdown(markdown)), lambda name: name) == markdown


def test_an_embedded_decision_in_a_cell_is_words_there():
    card = Card("What?", "Herbs.", "Accepted", ())
    embed = Span(EMBED_CHARACTER, embed={"decision": "decision:1"})
    cells = [Line((Span("before "), embed), {"table": "row"}), Line((Span("b"),), {"table": "row"})]

    (table,) = with_tables(with_cards(cells, lambda _id: card))

    assert isinstance(table, Table)
    assert ["".join(span.text for span in cell.spans) for cell in table.rows[0]] == [
        "before \u2028Decision: What?\u2028Herbs.\u2028Accepted",
        "b",
    ]


def test_an_embedded_decision_that_is_gone_says_so():
    (line,) = with_cards([Line((Span(EMBED_CHARACTER, embed={"decision": "decision:9"}),))], {}.get)

    assert line.spans[0].text == "A decision that is no longer here"


def test_a_decision_at_the_beginning_of_a_page_begins_it_once():
    spans = (Span(EMBED_CHARACTER, embed={"decision": "decision:9"}), Span("a"))
    lines = with_cards([Line(spans, {"page-break": True})], {}.get)
    assert [line.attributes for line in lines] == [{"blockquote": True, "page-break": True}, {}]
