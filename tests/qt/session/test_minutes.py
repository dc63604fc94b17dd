"""The minutes of a session in its draft: what stands in them, where, and that they stand there once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QAbstractButton

from cowrite.convert.decision_lines import with_cards
from cowrite.convert.markdown.writer import to_markdown
from cowrite.core.board.items import Hand, Note, Place
from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.decisions import Decision, Status
from cowrite.core.document.assists import mark_of
from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind
from cowrite.core.sessions.sessions import Phase, Worth
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span, lines_of
from cowrite.gui.look.times import DAY as A_DAY
from cowrite.gui.look.times import date
from cowrite.sync.rights import Rights
from helpers.closed_polls import close_poll
from helpers.desk import choices, notices
from helpers.session_table import Table

AT = Place(0, 0)
DAY = int(datetime(2026, 12, 3, 12, tzinfo=UTC).timestamp() * 1000)
TITLE = "Minutes of 3 December 2026: How might we rest?"

MINUTES = """\
## Minutes of 3 December 2026: How might we rest?

- **Took part:** Ada, Bo, Cy, Eve, Fay, Gus
- **Led by:** Ada
- **Constraints:** No money
- **Decision-makers:** the group
- **Rule:** Consent

### Ideas

- **The yard**
  - Trees
  - A pond
- Robes

### Votes

**Which one?**

“The yard” is at the top. People are furthest apart about “The yard”.

- The yard: 3 dots from 1 person (far apart)
- Robes: 1 dot from 1 person (some difference)

**Shall we?**

“Plant trees”

The proposal stands.

- Consent: 1
- Concern: 1
- Objection: 0

### Decisions

> **Decision: Where?**
>
> In the yard
>
> _Accepted_

### Dissent

- Cy: it is loud
- Eve: concern, Too dear

### Actions

- [ ] If it is Monday: buy trees (Bo, due 2026-12-24)
- [x] measure

### Left open

- The vote is still open: What next?
- Not decided yet: Who pays?
- Review 2027-03-01: In the yard

<br>
"""


def begin(table: Table, **fields: object) -> str:
    return table.begin(Phase.REVIEW, **{"is_revealed": True, "created": DAY, **fields})


def put(table: Table) -> None:
    table.draft.window.actions_["session_minutes"].trigger()


def written(table: Table) -> str:
    """The draft as Markdown, with what is shown of a decision in the place of each."""
    said = with_cards(lines_of(table.draft.document.spans()), table.draft.decisions.card)
    return to_markdown(said, str)


def lines(table: Table) -> list[str]:
    return table.draft.document.text().splitlines()


def held(table: Table) -> str:
    """A session with all that minutes can have; gives its id."""
    id = begin(table, facilitator="Ada", constraints="No\nmoney", decider="the group", rule="Consent")
    brainstorm = table.brainstorm
    trees, pond, robes = brainstorm.board.add(
        [
            Note("", "Trees", AT, author="Bo", session=id, created=1),
            Note("", "A pond", AT, author="Ada", session=id, created=2),
            Note("", "Robes", AT, author="Cy", session=id),
            Note("", "From before", AT, author="Di"),
            Note("", "Of nobody", AT, hand=Hand.MODEL, session=id),
        ]
    )[:3]
    yard = brainstorm.board.group([trees, pond], "The yard")
    poll = brainstorm.polls.open(
        Poll(
            "",
            PollKind.DOTS,
            "Which one?",
            (Option(robes, "Robes"), Option(yard, "The yard")),
            3,
            3,
            session=id,
            created=1,
        )
    )
    close_poll(brainstorm.polls, poll, [Ballot({yard: 3}, voter="Eve"), Ballot({robes: 1}, voter="Bo")])
    proposal = brainstorm.polls.open(
        Poll("", PollKind.CONSENT, "Shall we?", (Option("proposal", "Plant trees"),), session=id, created=2)
    )
    ballots = [Ballot(position="consent", voter="Bo"), Ballot(position="concern", reason="Too dear", voter="Eve")]
    close_poll(brainstorm.polls, proposal, ballots)
    brainstorm.polls.open(Poll("", PollKind.DOTS, "What next?", (Option(trees, "Trees"),), session=id))
    decision = brainstorm.decisions.add(
        Decision(
            "",
            "Where?",
            Status.ACCEPTED,
            outcome="In the yard",
            dissent="Cy: it is loud\n",
            session=id,
            review_on="2027-03-01",
        )
    )
    brainstorm.decisions.add(Decision("", "Who pays?", session=id))
    brainstorm.decisions.actions.add(
        Action("", "buy trees", "If it is Monday", "Bo", "2026-12-24", decision=decision, created=1)
    )
    brainstorm.decisions.actions.add(Action("", "measure", is_done=True, session=id, created=2))
    brainstorm.sessions.say_done(id, Phase.WRITE, "Fay", True)
    brainstorm.sessions.say_worth(id, "Gus", Worth.YES)
    return id


def test_the_minutes_say_what_came_of_a_session(table: Table) -> None:
    held(table)
    put(table)
    assert table.draft.window.views.name == "draft"
    (decision,) = [each.id for each in table.brainstorm.decisions.all() if each.outcome]
    assert [span.embed for span in table.draft.document.spans() if span.embed] == [{"decision": decision}]
    assert written(table) == MINUTES


def test_nothing_that_is_sealed_and_no_ballot_of_an_open_poll_is_in_the_minutes(table: Table) -> None:
    id = table.begin(Phase.WRITE, created=DAY)
    table.write("My secret")
    poll = table.brainstorm.polls.open(
        Poll("", PollKind.DOTS, "Which?", (Option("note:1", "Trees"), Option("note:2", "Ponds")), session=id)
    )
    table.brainstorm.box.put_ballot(poll, Ballot({"note:1": 1}, voter="Ada"))
    put(table)
    assert lines(table) == [
        *(TITLE, "Took part: Ada", "Left open", "The silent notes are still sealed.", "The vote is still open: Which?"),
        *("Nothing has been decided.", ""),
    ]


def test_minutes_of_an_anonymous_session_name_nobody_for_what_they_wrote_or_voted(table: Table) -> None:
    id = begin(table, is_anonymous=True)
    table.brainstorm.board.add([Note("", "Trees", AT, author="Bo", session=id)])
    poll = table.brainstorm.polls.open(
        Poll("", PollKind.CONSENT, "Shall we?", (Option("proposal", "Trees"),), is_anonymous=True, session=id)
    )
    close_poll(table.brainstorm.polls, poll, [Ballot(position="objection", reason="Too dear", voter="Cy")])
    table.brainstorm.sessions.say_done(id, Phase.WRITE, "Fay", True)
    put(table)
    text = table.draft.document.text()
    assert "Took part: Fay\n" in text
    assert "objection, Too dear" in text
    assert "Bo" not in text
    assert "Cy" not in text


def test_minutes_of_an_anonymous_session_do_not_say_who_has_handed_something_in(table: Table) -> None:
    id = begin(table, is_anonymous=True)
    table.brainstorm.sessions.say_contributed(id, "Bo")
    table.brainstorm.sessions.say_done(id, Phase.WRITE, "Fay", True)
    put(table)
    assert "Took part: Fay" in lines(table)


def test_what_the_model_wrote_stays_marked_in_the_minutes(table: Table) -> None:
    id = begin(table)
    text, before = "Lend robes to two classes", "Lend robes to three classes"
    (note,) = table.brainstorm.board.add(
        [Note("", text, AT, hand=Hand.ADOPTED, model_text=before, assist="a1", author="Ada", session=id)]
    )
    poll = table.brainstorm.polls.open(
        Poll("", PollKind.DOTS, "Which one?", (Option(note, text), Option("o", "Mine")), session=id)
    )
    close_poll(table.brainstorm.polls, poll, [Ballot({note: 1}, voter="Bo")])
    put(table)
    marked = [
        (span.text, mark_of(span.attributes)) for span in table.draft.document.spans() if mark_of(span.attributes)
    ]
    assert marked == [("Lend robes to", "a1"), ("classes", "a1")] * 3  # as idea, as what is at the top, as an option
    assert table.draft.document.assists.records().keys() >= {"a1"}


def test_minutes_are_one_step_of_undo_and_come_below_the_line_at_the_caret(table: Table) -> None:
    begin(table)
    document = table.draft.document
    with document.edit(Origin.LOCAL) as edit:
        edit.insert_spans(0, [Span("Before"), Span("\n", {"header": 1}), Span("After")])
    table.draft.editor.set_caret(2)
    before = list(document.spans())
    put(table)
    assert lines(table) == ["Before", TITLE, "Led by: Ada"][:2] + lines(table)[2:]
    assert lines(table)[-1] == "After"
    spans = list(document.spans())
    assert spans[1].attributes == {"header": 1}
    document.undo()
    assert list(document.spans()) == before


def test_minutes_come_at_the_end_where_nobody_has_gone_to_a_place_in_the_text(table: Table) -> None:
    begin(table)
    with table.draft.document.edit(Origin.LOCAL) as edit:
        edit.insert(0, "Before\nAfter")
    table.draft.editor.set_caret(0)
    put(table)
    assert lines(table)[:3] == ["Before", "After", TITLE]


@pytest.mark.parametrize("is_renamed", [False, True])
def test_minutes_that_stand_there_are_shown_and_come_again_only_when_that_is_wanted(
    table: Table, is_renamed: bool
) -> None:
    begin(table)
    put(table)
    if is_renamed:
        with table.draft.document.edit(Origin.LOCAL) as edit:
            edit.insert(3, "What we said")
            edit.delete(0, 3)
            edit.delete(12, 7)
    before = table.draft.document.text()
    put(table)
    assert table.draft.document.text() == before
    assert "stand in the draft already" in notices(table.draft)
    assert "Put them in again" in choices(table.draft)
    table.draft.window.notices.answered.emit("minutes there", "again")
    assert table.draft.document.text().count("How might we rest?") == 2
    assert notices(table.draft) == ""


def test_minutes_that_were_taken_back_are_put_in_anew(table: Table) -> None:
    begin(table)
    put(table)
    table.draft.document.undo()
    assert table.draft.document.text() == "\n"
    put(table)
    assert lines(table)[0] == TITLE
    assert notices(table.draft) == ""


def test_whoever_only_suggests_suggests_the_minutes_once_and_whoever_reads_puts_in_none(table: Table) -> None:
    begin(table)
    table.draft.connection.take_rights(Rights(False, False, True))
    put(table)
    assert table.draft.document.text() == "\n"
    table.draft.connection.take_rights(Rights(False, True, True))
    put(table)
    put(table)
    assert table.draft.document.text().count(TITLE) == 1
    assert table.brainstorm.sessions.minuted(table.flow.session.id) is None


@pytest.mark.parametrize("days", [-1, 1])
def test_minutes_that_were_suggested_where_it_was_another_day_are_known(
    table: Table, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    begin(table)
    table.draft.connection.take_rights(Rights(False, True, True))
    with monkeypatch.context() as far_away:
        far_away.setattr("cowrite.app.session.minutes.date", lambda moment: date(moment + days * A_DAY))
        put(table)
    before = table.draft.document.text()
    assert TITLE not in before
    assert "How might we rest?" in before
    put(table)
    assert table.draft.document.text() == before
    assert "stand in the draft already" in notices(table.draft)


def test_minutes_of_sessions_on_two_days_about_one_question_are_told_apart(table: Table) -> None:
    table.draft.connection.take_rights(Rights(False, True, True))
    begin(table, created=DAY - A_DAY)
    put(table)
    other = lines(table)[0]
    begin(table)
    put(table)
    assert other != TITLE
    assert {other, TITLE} <= set(lines(table))


def test_of_many_notes_those_with_the_most_votes_stand_in_the_minutes(table: Table) -> None:
    id = begin(table)
    notes = table.brainstorm.board.add(
        Note("", f"Idea {number}", AT, session=id, created=number + 1) for number in range(40)
    )
    options = tuple(Option(note, f"Idea {number}") for number, note in enumerate(notes))
    poll = table.brainstorm.polls.open(Poll("", PollKind.DOTS, "Which one?", options, 5, 5, session=id))
    close_poll(table.brainstorm.polls, poll, [Ballot({notes[30]: 3}), Ballot({notes[20]: 1})])
    put(table)
    found = lines(table)
    at = found.index("Ideas")
    assert found[at + 1 : at + 4] == ["Idea 30", "Idea 20", "Idea 0"]
    assert found[at + 24 : at + 26] == ["and 17 more on the board", "Votes"]


def test_the_pages_of_a_session_that_is_over_offer_its_minutes(table: Table) -> None:
    id = begin(table)
    table.find(QAbstractButton, "Put the minutes into the draft", table.view.plain)
    table.two_notes()
    table.flow.leading.end(id)
    table.flow.refresh()
    table.find(QAbstractButton, "Put the minutes into the draft", table.view.plain).click()
    assert lines(table)[0] == TITLE
    poll = table.brainstorm.polls.open(Poll("", PollKind.DOTS, "Which?", (Option("o", "Trees"),), session=id))
    close_poll(table.brainstorm.polls, poll, [Ballot({"o": 1})])
    table.draft.brainstorming.show("session")
    table.flow.refresh()
    table.find(QAbstractButton, "Put the minutes into the draft", table.view.polls).click()
    assert "stand in the draft already" in notices(table.draft)


def test_a_document_without_a_session_says_so(table: Table) -> None:
    put(table)
    assert "There has been no session in this document yet." in notices(table.draft)
