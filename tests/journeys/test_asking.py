"""Whoever may not write asks for it, and owners answer: real applications, a real server."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton

from cowrite.app.bare_draft import asking
from cowrite.app.draft.draft import Draft
from cowrite_server.wire.protocol import Role
from helpers.desk import SAVED, choices, notices, people, server, write

pytestmark = pytest.mark.journey

ALLOW, NOT_NOW, ASK = "Allow as editor", "Not now", "Ask to write"


def told(draft: Draft) -> str:
    """What is said above the page, without the signs that hold names of another direction together."""
    return notices(draft).replace("\u2068", "").replace("\u2069", "")


def press(draft: Draft, words: str) -> None:
    """Presses an answer of a notice above the page."""
    next(each for each in draft.window.notices.findChildren(QPushButton) if each.text() == words).click()


@pytest.mark.parametrize(("role", "may"), [("viewer", "read"), ("commenter", "comment"), ("suggester", "suggest")])
def test_who_asks_to_write_may_once_an_owner_has_pressed_a_button(sit, team_server, role: str, may: str) -> None:
    ada, bo, cy = sit("Ada"), sit("Bo"), sit("Cy")
    draft = ada.join(team_server.invite("plan", "owner"))
    other = cy.join(team_server.invite("plan"))
    mate = bo.join(team_server.invite("plan", role))
    bo.until(lambda: server(draft) == server(other) == SAVED and ASK in choices(mate))
    press(mate, ASK)
    ada.until(lambda: f"Bo, who may {may}, asks to write in this document." in told(draft))
    bo.until(lambda: "Ada is here to answer." in told(mate))
    assert ASK not in choices(mate)
    assert ("Allow as suggester" in choices(draft)) == (role != "suggester")
    assert notices(other) == ""
    press(draft, ALLOW)
    bo.until(lambda: "You may write in this document now." in notices(mate))
    ada.until(lambda: notices(draft) == "")
    write(mate, "from Bo")
    ada.until(lambda: "from Bo" in draft.document.text())


def test_an_owner_who_comes_later_is_told_and_who_is_told_not_now_reads_it(sit, team_server) -> None:
    bo, cy = sit("Bo"), sit("Cy")
    mate = bo.join(team_server.invite("plan", "viewer"))
    other = cy.join(team_server.invite("plan", "commenter"))
    for desk, draft in ((bo, mate), (cy, other)):
        desk.until(lambda draft=draft: ASK in choices(draft))
        press(draft, ASK)
        desk.until(lambda draft=draft: "No owner has joined yet; they see it when they come." in notices(draft))
    ada = sit("Ada")
    draft = ada.join(team_server.invite("plan", "owner"))
    ada.until(lambda: "One other asks as well." in notices(draft))
    dialog = people(ada, draft)
    ada.until(lambda: sum(row._facts.text().startswith("Asks to write") for row in dialog.members._rows) == 2)
    press(draft, NOT_NOW)
    bo.until(lambda: "an owner has answered: not now." in notices(mate))
    assert ASK not in choices(mate)
    mate.asking._again.start(0)  # the server would take it again
    bo.until(lambda: ASK in choices(mate) and "not now" not in notices(mate))
    ada.until(lambda: "who may comment, asks to write" in notices(draft) and "One other" not in notices(draft))
    next(row for row in dialog.members._rows if row.member.name == "Cy").role_chosen.emit(Role.EDITOR)
    ada.until(lambda: notices(draft) == "")
    cy.until(lambda: not other.editor.isReadOnly())
    assert mate.editor.isReadOnly()


def test_who_asks_while_the_owners_are_away_reads_that_they_see_it_when_they_come(sit, team_server) -> None:
    ada, bo = sit("Ada"), sit("Bo")
    draft = ada.join(team_server.invite("plan", "owner"))
    mate = bo.join(team_server.invite("plan", "viewer"))
    bo.until(lambda: ASK in choices(mate) and server(draft) == SAVED)
    draft.window.actions_["work_offline"].trigger()
    dialog = people(bo, mate)

    def is_away() -> bool:
        dialog.refresh_requested.emit()  # nobody is told that somebody has left
        return not next(row for row in dialog.members._rows if row.member.name == "Ada").member.here

    bo.until(is_away)
    press(mate, ASK)
    bo.until(lambda: "No owner is here at the moment; they see it when they come." in notices(mate))


def test_what_an_owner_has_dismissed_comes_back_with_the_next_who_asks(sit, team_server) -> None:
    ada, bo, cy = sit("Ada"), sit("Bo"), sit("Cy")
    draft = ada.join(team_server.invite("plan", "owner"))
    mate, other = (desk.join(team_server.invite("plan", "viewer")) for desk in (bo, cy))
    bo.until(lambda: ASK in choices(mate) and ASK in choices(other) and server(draft) == SAVED)
    press(mate, ASK)
    ada.until(lambda: "asks to write" in notices(draft))
    draft.window.notices._dismiss("askers")
    press(other, ASK)
    ada.until(lambda: "asks to write" in notices(draft))
    assert "Cy" in notices(draft)
    press(draft, ALLOW)
    cy.until(lambda: not other.editor.isReadOnly())
    ada.until(lambda: notices(draft) == "")
    assert mate.editor.isReadOnly()


def test_a_notice_names_the_same_asker_until_they_are_answered_though_one_by_another_link_comes_first(
    sit, team_server
) -> None:
    ada, bo, cy, dee = sit("Ada"), sit("Bo"), sit("Cy"), sit("Dee")
    draft = ada.join(team_server.invite("plan", "owner"))
    crowded, other = team_server.invite("plan", "viewer"), team_server.invite("plan", "viewer")
    for name, desk, link in (("Bo", bo, crowded), ("Cy", cy, crowded), ("Dee", dee, other)):
        mate = desk.join(link)
        desk.until(lambda mate=mate: ASK in choices(mate))
        press(mate, ASK)
        ada.until(lambda name=name: name in [each.name for each in draft.asking.askers])
        assert "Bo, who may read" in told(draft)
    assert [each.name for each in draft.asking.askers] == ["Dee", "Bo", "Cy"]
    press(draft, NOT_NOW)
    ada.until(lambda: {each.name for each in draft.asking.askers} == {"Cy", "Dee"})


def test_who_has_dismissed_the_notice_asks_from_the_list_of_people(sit, team_server) -> None:
    ada, bo = sit("Ada"), sit("Bo")
    draft = ada.join(team_server.invite("plan", "owner"))
    mate = bo.join(team_server.invite("plan", "viewer"))
    bo.until(lambda: ASK in choices(mate) and server(draft) == SAVED)
    mate.window.notices._dismiss("role")
    dialog = people(bo, mate)
    bo.until(dialog.members._ask.isVisible)
    dialog.members._ask.click()
    bo.until(lambda: "You have asked to write here." in dialog.members._why.text())
    assert not dialog.members._ask.isVisible()
    ada.until(lambda: "asks to write" in notices(draft))
    assert not people(ada, draft).members._ask.isVisible()


def test_no_notice_takes_the_place_of_one_that_another_owner_has_answered_before_a_moment_has_passed(
    sit, team_server, monkeypatch
) -> None:
    monkeypatch.setattr(asking, "REST", 60_000)
    ada, bo, cy, dee = sit("Ada"), sit("Bo"), sit("Cy"), sit("Dee")
    draft, others = (desk.join(team_server.invite("plan", "owner")) for desk in (ada, dee))
    mate, next_one = (desk.join(team_server.invite("plan", "viewer")) for desk in (bo, cy))
    for name, asker in (("Bo", mate), ("Cy", next_one)):
        bo.until(lambda asker=asker: ASK in choices(asker))
        press(asker, ASK)
        ada.until(lambda name=name: name in [each.name for each in draft.asking.askers])
    assert "Bo, who may read" in told(draft)
    dee.until(lambda: "Bo, who may read" in told(others))
    press(others, NOT_NOW)
    ada.until(lambda: [each.name for each in draft.asking.askers] == ["Cy"])
    assert notices(draft) == ""
    draft.asking._rest.start(0)  # the moment has passed
    ada.until(lambda: "Cy, who may read" in told(draft))
