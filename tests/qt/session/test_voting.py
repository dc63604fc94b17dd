"""Voting: forms for each kind of poll, by keyboard, and results that show disagreement."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QListWidget, QPlainTextEdit, QSpinBox
from pytestqt.qtbot import QtBot

from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind
from cowrite.core.sessions.tally import tally
from cowrite.gui.session.ballot_form import BallotForm
from cowrite.gui.session.ballot_forms import make_form
from cowrite.gui.session.poll_dialog import PollDialog
from cowrite.gui.session.poll_words import headline, rows, spread_in_words, voted_in_words
from cowrite.gui.session.results import ResultBar, Results
from helpers.called import the

OPTIONS = (Option("note:1", "Trees"), Option("note:2", "Benches"), Option("note:3", "A pond"))
ALT = Qt.KeyboardModifier.AltModifier


def poll(kind: PollKind, *ballots: Ballot, **fields) -> Poll:
    options = fields.pop("options", OPTIONS)
    return Poll("poll:1", kind, "Which?", options, budget=3, most=2, ballots=ballots, is_closed=bool(ballots), **fields)


def texts(widget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def shown(qtbot: QtBot, poll: Poll, ballot: Ballot | None = None) -> BallotForm:
    form = make_form(poll, ballot or Ballot())
    qtbot.addWidget(form)
    form.show()
    form.told = []
    form.changed.connect(form.told.append)
    return form


# Forms


def test_dots_are_given_with_the_arrow_keys_and_never_beyond_the_budget(qtbot: QtBot) -> None:
    form = shown(qtbot, poll(PollKind.DOTS))
    trees, benches = the(form, QSpinBox, "Dots for Trees"), the(form, QSpinBox, "Dots for Benches")
    for _ in range(3):
        QTest.keyClick(trees, Qt.Key.Key_Up)
    for _ in range(3):
        QTest.keyClick(benches, Qt.Key.Key_Up)
    assert form.told[-1] == Ballot(dots={"note:1": 2, "note:2": 1})
    assert the(form, QLabel, "Dots left").text() == "0 of your 3 dots left, up to 2 for one idea"

    QTest.keyClick(trees, Qt.Key.Key_Down)
    QTest.keyClick(benches, Qt.Key.Key_Up)
    assert form.told[-1].dots == {"note:1": 1, "note:2": 2}


WITHIN = {
    "note:1": ("Oaks, because they grow old and the birds and beetles of the whole street live in them", *"abcdef")
}
INSIDE = "Oaks, because they grow old and the birds and beetles of…; a; b; c; d; and 2 more"


@pytest.mark.parametrize("kind", [PollKind.DOTS, PollKind.SCORES])
def test_what_is_in_a_group_stands_below_its_title_and_is_read_out_with_its_field(qtbot: QtBot, kind) -> None:
    form = make_form(poll(kind), Ballot(), WITHIN)
    qtbot.addWidget(form)
    form.resize(400, 300)
    form.show()
    inside = the(form, QLabel, "In Trees")
    (title,) = [label for label in form.findChildren(QLabel) if label.text() == "Trees"]
    assert inside.text() == INSIDE
    assert title.geometry().bottom() < inside.geometry().top()
    assert [box.accessibleDescription() for box in form.findChildren(QSpinBox)] == [f"In it: {INSIDE}", "", ""]


def test_what_is_in_a_group_is_part_of_its_line_in_a_ranking(qtbot: QtBot) -> None:
    form = make_form(poll(PollKind.RANKED), Ballot(ranking=("note:1",)), WITHIN)
    qtbot.addWidget(form)
    (ranking,) = form.findChildren(QListWidget)
    assert ranking.item(0).text() == f"1.  Trees\n{INSIDE}"
    assert ranking.item(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Trees, number 1"
    assert ranking.item(0).data(Qt.ItemDataRole.AccessibleDescriptionRole) == f"In it: {INSIDE}"
    assert ranking.item(1).text() == "Benches"


def test_what_is_in_a_group_that_is_proposed_stands_below_the_proposal(qtbot: QtBot) -> None:
    form = make_form(poll(PollKind.CONSENT, options=OPTIONS[:1]), Ballot(), WITHIN)
    qtbot.addWidget(form)
    assert the(form, QLabel, "In it").text() == INSIDE
    assert the(form, QLabel, "Proposal").text() == "Trees"


def test_ones_own_dots_are_there_again(qtbot: QtBot) -> None:
    form = shown(qtbot, poll(PollKind.DOTS), Ballot(dots={"note:3": 2}))
    assert the(form, QSpinBox, "Dots for A pond").value() == 2
    assert form.ballot().dots == {"note:3": 2}
    assert form.told == []


def test_scores_are_given_for_each_criterion_and_can_be_left_out(qtbot: QtBot) -> None:
    form = shown(qtbot, poll(PollKind.SCORES, criteria=("Impact", "Ease")))
    box = the(form, QSpinBox, "Impact of Trees")
    for _ in range(5):
        QTest.keyClick(box, Qt.Key.Key_Up)
    QTest.keyClick(the(form, QSpinBox, "Ease of Benches"), Qt.Key.Key_Up)
    assert form.told[-1].scores == {"Impact": {"note:1": 4}, "Ease": {"note:2": 0}}


def test_a_ranking_is_made_with_space_and_alt_with_the_arrows(qtbot: QtBot) -> None:
    form = shown(qtbot, poll(PollKind.RANKED))
    order = the(form, QListWidget, "Your order")
    QTest.keyClick(order, Qt.Key.Key_Space)
    QTest.keyClick(order, Qt.Key.Key_Down)
    QTest.keyClick(order, Qt.Key.Key_Space)
    QTest.keyClick(order, Qt.Key.Key_Up, ALT)
    assert form.told[-1].ranking == ("note:2", "note:1")
    assert order.item(0).text() == "1.  Benches"
    assert order.item(2).data(Qt.ItemDataRole.AccessibleTextRole) == "A pond, not taken"


def test_an_idea_of_a_ranking_is_dropped_between_others_and_on_none(qtbot: QtBot) -> None:
    order = the(shown(qtbot, poll(PollKind.RANKED)), QListWidget, "Your order")
    assert not any(order.item(row).flags() & Qt.ItemFlag.ItemIsDropEnabled for row in range(order.count()))


def test_who_objects_has_to_say_why(qtbot: QtBot) -> None:
    form = shown(qtbot, poll(PollKind.CONSENT, options=(Option("proposal", "Plant trees"),)))
    the(form, QAbstractButton, "I object").click()
    assert form.told == []
    assert "Say why" in texts(form)
    assert the(form, QLabel, "What is missing").text().endswith("Until then it does not count.")
    QTest.keyClicks(the(form, QLineEdit, "Reason"), "Pollen")
    QTest.keyClick(the(form, QLineEdit, "Reason"), Qt.Key.Key_Return)
    assert form.told == [Ballot(position="objection", reason="Pollen")]


def test_who_agrees_or_abstains_need_not_say_why(qtbot: QtBot) -> None:
    form = shown(qtbot, poll(PollKind.STANCE, options=(Option("proposal", "Plant trees"),)))
    the(form, QAbstractButton, "I agree").click()
    the(form, QAbstractButton, "I abstain").click()
    assert [ballot.position for ballot in form.told] == ["agree", "abstain"]


# Results


def test_a_result_shows_who_differs_and_not_the_winner_alone() -> None:
    ballots = (Ballot(dots={"note:1": 2}, voter="Ada"), Ballot(dots={"note:2": 2}, voter="Bo"),
               Ballot(dots={"note:1": 2, "note:3": 1}, voter="Cy"))  # fmt: skip
    closed = poll(PollKind.DOTS, *ballots)
    first, *_ = rows(closed, tally(closed))
    assert (first.text, first.value, first.is_first) == ("Trees", "4 dots from 2 people", True)
    assert rows(poll(PollKind.DOTS), tally(poll(PollKind.DOTS)))[0].value == "no dots"
    assert sorted(first.marks) == [0.0, 1.0, 1.0]
    assert "furthest apart about “Trees”" in headline(closed, tally(closed))


def test_of_what_got_no_dots_it_is_not_said_that_people_are_of_one_mind() -> None:
    closed = poll(PollKind.DOTS, Ballot(dots={"note:1": 2}), Ballot(dots={"note:1": 2}))
    agreed, *others = rows(closed, tally(closed))
    assert (agreed.value, agreed.spread) == ("4 dots from 2 people", 0.0)
    assert {(row.value, row.spread) for row in others} == {("no dots", None)}


def test_what_is_level_and_what_is_disputed_alike_is_named_together() -> None:
    texts = ("Trees", "A pond", "Benches", "Sand", "x" * 99)
    options = tuple(Option(f"note:{at}", text) for at, text in enumerate(texts))

    def said(*dots: str) -> str:
        closed = poll(PollKind.DOTS, *(Ballot(dots={id: 2}) for id in dots), options=options)
        return headline(closed, tally(closed))

    assert said("note:0", "note:1", "note:2") == (
        "“Trees”, “A pond” and “Benches” are level at the top. "
        "People are furthest apart about “Trees”, “A pond” and “Benches”."
    )
    every = said(*(option.id for option in options))
    assert every.startswith("“Trees”, “A pond”, “Benches”, “Sand” and 1 more are level at the top.")
    assert said("note:4", "note:4") == f"“{'x' * 99}” is at the top."
    assert "“xxx" in said("note:0", "note:4")
    assert "x…”" in said("note:0", "note:4")


def test_the_most_disputed_stands_first_where_differences_are_talked_about() -> None:
    ballots = (Ballot(scores={"Impact": {"note:1": 5, "note:2": 0}}, voter="Ada"),
               Ballot(scores={"Impact": {"note:1": 5, "note:2": 5}}, voter="Bo"))  # fmt: skip
    closed = poll(PollKind.SCORES, *ballots, criteria=("Impact",))
    assert next(row.text for row in rows(closed, tally(closed))) == "Trees"
    disputed = rows(closed, tally(closed), by_spread=True)[0]
    assert (disputed.text, spread_in_words(disputed.spread)) == ("Benches", "far apart")


def test_the_rules_for_ballots_that_break_one_stand_beside_the_result_only_where_there_was_such_a_ballot(
    qtbot: QtBot,
) -> None:
    def said(*ballots: Ballot) -> str:
        widget = Results(poll(PollKind.DOTS, *ballots))
        qtbot.addWidget(widget)
        return texts(widget)

    over = said(Ballot(dots={"note:1": 9, "note:2": 9}))
    assert "loses them one after the other" in over
    assert "2 dots from 1 person" in over
    within = Ballot(dots={"note:1": 2, "note:2": 1}, voter="Ada")
    assert "loses them" not in said(within)
    assert "Of two ballots under one name" not in said(within)
    assert "Of two ballots under one name" in said(within, Ballot(dots={"note:3": 1}, voter="Ada"))


def test_a_bar_says_to_a_screen_reader_what_it_shows(qtbot: QtBot) -> None:
    closed = poll(PollKind.DOTS, Ballot(dots={"note:1": 2}, voter="A"), Ballot(dots={"note:2": 2}, voter="B"))
    widget = Results(closed)
    qtbot.addWidget(widget)
    names = [bar.accessibleName() for bar in widget.findChildren(ResultBar)]
    assert names[0] == "Trees, 2 dots from 1 person, far apart, A 2"


@pytest.mark.parametrize(
    ("kind", "ballots", "said"),
    [
        (PollKind.DOTS, [{"dots": {"note:1": 2}}, {"dots": {"note:1": 1}}, {}], "Ada 2, Bo 1"),
        (PollKind.SCORES, [{"scores": {"": {"note:1": 4}}}, {}, {"scores": {"": {"note:1": 0}}}], "Ada 4, Cy 0"),
        (PollKind.RANKED, [{"ranking": ("note:1", "note:2")}, {"ranking": ("note:1",)}], "Ada no. 1, Bo no. 1"),
        (PollKind.CONSENT, [{"position": "consent"}, {"position": "consent"}], "Ada, Bo"),
    ],
)
def test_names_stand_beside_a_result_unless_nobody_is_to_know_them(kind, ballots, said) -> None:
    by_name = poll(kind, *(Ballot(**fields, voter=("Ada", "Bo", "Cy")[at]) for at, fields in enumerate(ballots)))
    assert rows(by_name, tally(by_name))[0].detail == said
    nameless = poll(kind, *(Ballot(**fields) for fields in ballots))
    assert rows(nameless, tally(nameless))[0].detail == ""


def test_a_proposal_shows_dissent_with_names_and_reasons(qtbot: QtBot) -> None:
    ballots = (Ballot(position="consent", voter="Ada"), Ballot(position="objection", reason="Pollen", voter="Bo"))
    widget = Results(poll(PollKind.CONSENT, *ballots, options=(Option("proposal", "Trees"),)))
    qtbot.addWidget(widget)
    assert "Trees" in texts(widget)
    assert "The proposal does not stand: 1 person objects." in texts(widget)
    assert "Bo (objection): Pollen" in texts(widget)


@pytest.mark.parametrize(
    ("kind", "positions", "said"),
    [
        (PollKind.CONSENT, ["concern"], "nobody consents"),
        (PollKind.STANCE, ["agree", "block", "block"], "2 people block it"),
        (PollKind.STANCE, ["agree", "disagree", "abstain"], "no more agree than disagree"),
        (PollKind.STANCE, ["abstain"], "nobody agrees"),
    ],
)
def test_it_is_said_why_a_proposal_does_not_stand(kind, positions, said) -> None:
    asked = poll(kind, *(Ballot(position=each) for each in positions), options=(Option("proposal", "Trees"),))
    assert headline(asked, tally(asked)) == f"The proposal does not stand: {said}."


def test_a_ranking_shows_its_rounds(qtbot: QtBot) -> None:
    ballots = (Ballot(ranking=("note:1",)), Ballot(ranking=("note:2", "note:1")), Ballot(ranking=("note:1",)))
    widget = Results(poll(PollKind.RANKED, *ballots))
    qtbot.addWidget(widget)
    assert "Round 1: “Trees” 2, “Benches” 1, “A pond” 0" in texts(widget)


def test_it_is_said_how_many_have_voted() -> None:
    assert voted_in_words(2, 5, has_voted=False) == "2 of 5 have voted"
    assert voted_in_words(5, 5, has_voted=True) == "All 5 have voted"
    assert voted_in_words(1, 1, has_voted=True) == "You have voted"
    assert voted_in_words(0, 1, has_voted=False) == "You have not voted yet"
    # Who came later knows nothing of those who have voted and left.
    assert voted_in_words(1, 1, has_voted=False) == "1 has voted, and you have not"
    assert voted_in_words(3, 2, has_voted=True) == "3 have voted"
    # Who only looks on is not asked.
    looking_on = [voted_in_words(voters, people, has_voted=False, may_vote=False) for voters, people in
                  ((0, 1), (1, 1), (1, 2), (2, 2))]  # fmt: skip
    assert looking_on == ["0 of 1 has voted", "1 has voted", "1 of 2 have voted", "All 2 have voted"]


# Opening


def test_enter_takes_a_number_that_was_typed_before_it_opens_the_poll(dialog: PollDialog, qtbot: QtBot) -> None:
    dots = the(dialog, QSpinBox, "Dots for each person")
    dots.setFocus()
    dots.selectAll()
    with qtbot.assertNotEmitted(dialog.open_wanted):
        QTest.keyClicks(dots, "5")
        QTest.keyClick(dots, Qt.Key.Key_Return)
    with qtbot.waitSignal(dialog.open_wanted) as asked:
        QTest.keyClick(dots, Qt.Key.Key_Return)
    assert asked.args[0].budget == 5


@pytest.fixture
def dialog(qtbot: QtBot) -> PollDialog:
    dialog = PollDialog(OPTIONS, PollKind.DOTS)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_a_budget_is_suggested_and_follows_the_ideas_until_one_sets_it(dialog: PollDialog) -> None:
    assert the(dialog, QSpinBox, "Dots for each person").value() == 3
    assert the(dialog, QLabel, "Suggested dots").text() == "Suggested for 3 ideas: 3 dots each."
    options = the(dialog, QListWidget, "What can be voted for")
    options.setFocus()
    options.setCurrentRow(0)
    QTest.keyClick(options, Qt.Key.Key_Space)
    assert [option.text for option in dialog.poll().options] == ["Benches", "A pond"]

    the(dialog, QSpinBox, "Dots for each person").setValue(7)
    QTest.keyClick(options, Qt.Key.Key_Space)
    assert (dialog.poll().budget, dialog.poll().most) == (7, 2)


def test_a_poll_on_fewer_than_two_ideas_is_not_opened(qtbot: QtBot) -> None:
    dialog = PollDialog(OPTIONS[:1], PollKind.RANKED, others=OPTIONS[1:2])
    qtbot.addWidget(dialog)
    with qtbot.assertNotEmitted(dialog.open_wanted):
        the(dialog, QAbstractButton, "Open the poll").click()
    assert "Tick at least two ideas." in texts(dialog)

    lonely = PollDialog(OPTIONS[:1], PollKind.RANKED)
    qtbot.addWidget(lonely)
    with qtbot.assertNotEmitted(lonely.open_wanted):
        the(lonely, QAbstractButton, "Open the poll").click()
    assert "There are not two ideas to choose from yet" in texts(lonely)


def test_a_poll_on_more_ideas_or_criteria_than_are_read_is_not_opened(qtbot: QtBot) -> None:
    many = PollDialog([Option(f"note:{number}", "idea") for number in range(1001)], PollKind.RANKED)
    strict = PollDialog(OPTIONS, PollKind.SCORES, [f"criterion {number}" for number in range(21)])
    for dialog, why in ((many, "These are 1,001 ideas; one"), (strict, "These are 21 criteria; one")):
        qtbot.addWidget(dialog)
        with qtbot.assertNotEmitted(dialog.open_wanted):
            the(dialog, QAbstractButton, "Open the poll").click()
        assert why in texts(dialog)


def test_a_proposal_is_put_in_words(dialog: PollDialog, qtbot: QtBot) -> None:
    box = the(dialog, QComboBox, "Kind of poll")
    box.setCurrentIndex(box.findText("Consent"))
    QTest.keyClicks(the(dialog, QPlainTextEdit, "Proposal"), "Plant trees")
    with qtbot.waitSignal(dialog.open_wanted) as asked:
        the(dialog, QAbstractButton, "Open the poll").click()
    (wanted,) = asked.args
    assert (wanted.kind, wanted.options) == (PollKind.CONSENT, (Option("proposal", "Plant trees"),))


def test_what_is_added_to_a_proposal_that_did_not_stand_comes_behind_it(qtbot: QtBot) -> None:
    dialog = PollDialog(OPTIONS, PollKind.CONSENT, proposal="We meet at nine.")
    qtbot.addWidget(dialog)
    field = the(dialog, QPlainTextEdit, "Proposal")
    QTest.keyClicks(field, " On Tuesdays at ten.")
    assert field.toPlainText() == "We meet at nine. On Tuesdays at ten."


def test_criteria_are_named_by_people(qtbot: QtBot) -> None:
    dialog = PollDialog(OPTIONS, PollKind.SCORES, ("Cost",), is_anonymous=True)
    qtbot.addWidget(dialog)
    field = the(dialog, QLineEdit, "Criteria")
    assert field.text() == "Cost"
    field.setText("Cost,  Joy, ")
    assert dialog.poll().criteria == ("Cost", "Joy")
    assert dialog.poll().is_anonymous


@pytest.mark.parametrize("kind", [PollKind.DOTS, PollKind.RANKED])
def test_a_result_is_no_wider_than_the_page_however_long_a_word_is(qtbot: QtBot, kind: PollKind) -> None:
    options = (Option("note:1", "x" * 400), Option("note:2", "Benches"))
    closed = poll(kind, Ballot(dots={"note:1": 2}, ranking=("note:1", "note:2"), voter="y" * 400), options=options)
    widget = Results(closed)
    qtbot.addWidget(widget)
    assert widget.minimumSizeHint().width() < 400


def test_of_what_nobody_has_scored_no_mean_is_shown_and_of_what_one_has_no_agreement(qtbot: QtBot) -> None:
    ballots = (Ballot(scores={"Impact": {"note:1": 4}}, voter="Ada"),
               Ballot(scores={"Impact": {"note:1": 4, "note:2": 2}}, voter="Bo"))  # fmt: skip
    widget = Results(poll(PollKind.SCORES, *ballots, criteria=("Impact",)))
    qtbot.addWidget(widget)
    names = [bar.accessibleName() for bar in widget.findChildren(ResultBar)]
    assert names == [
        "Trees, 4.0 of 5 from 2 people, of one mind, Impact 4.0 · Ada 4, Bo 4",
        "Benches, 2.0 of 5 from 1 person, Impact 2.0 · Bo 2",
        "A pond, no scores",
    ]


def test_who_changes_their_mind_without_a_reason_is_told_what_counts_until_then(qtbot: QtBot) -> None:
    form = shown(qtbot, poll(PollKind.STANCE, options=OPTIONS[:1]), Ballot(position="agree"))
    the(form, QAbstractButton, "I block it").click()
    assert form.told == []
    assert the(form, QLabel, "What is missing").text().endswith("Until then “I agree” counts.")
    QTest.keyClicks(the(form, QLineEdit, "Reason"), "Too dear")
    QTest.keyClick(the(form, QLineEdit, "Reason"), Qt.Key.Key_Return)
    assert form.told == [Ballot(position="block", reason="Too dear")]
    assert the(form, QLabel, "What is missing").text() == ""


def test_where_there_is_no_room_for_all_criteria_beside_each_other_they_stand_below_each_option(qtbot: QtBot) -> None:
    form = make_form(poll(PollKind.SCORES, criteria=("Cost", "Joy", "Work", "Risk")), Ballot())
    qtbot.addWidget(form)
    form.resize(900, 600)
    form.show()

    def places(name: str) -> list[tuple[int, int]]:
        boxes = [the(form, QSpinBox, f"{each} of {name}") for each in ("Cost", "Joy", "Work", "Risk")]
        return [(each.mapTo(form, QPoint()).x(), each.mapTo(form, QPoint()).y()) for each in boxes]

    name = form.findChildren(QSpinBox)[0].accessibleName().removeprefix("Cost of ")
    assert len({y for _, y in places(name)}) == 1
    form.resize(320, 900)
    qtbot.waitUntil(lambda: len({x for x, _ in places(name)}) == 1)
    qtbot.waitUntil(lambda: all(x < 320 for x, _ in places(name)))
    named = [each.text() for each in form.findChildren(QLabel) if each.isVisible()]
    assert named.count("Joy") == len(form.findChildren(QSpinBox)) / 4
    form.resize(900, 600)
    qtbot.waitUntil(lambda: len({y for _, y in places(name)}) == 1)
