"""What a window asks its server it asks once: real applications, and a real server that tells first what is new."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from cowrite.app.bare_draft.asking import ASKERS
from cowrite.app.history.flow import HistoryFlow
from cowrite.gui.history.name_dialog import NameDialog
from cowrite.sync.peer import SyncPeer
from cowrite_server.wire.encoding import Reader
from cowrite_server.wire.members import InviteWish
from cowrite_server.wire.protocol import Message, Role
from helpers.desk import SAVED, choices, notices, server, write
from helpers.history_desk import key, open_history
from helpers.keys import press_text

pytestmark = pytest.mark.journey

Sent = Counter[Message]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> dict[SyncPeer, Sent]:
    """What each document has sent, by its peer and the type of the message."""
    found: dict[SyncPeer, Sent] = {}
    give = SyncPeer.data_to_send

    def count(peer: SyncPeer) -> list[bytes]:
        messages = give(peer)
        found.setdefault(peer, Counter()).update(Message(Reader(each).var_uint()) for each in messages)
        return messages

    monkeypatch.setattr(SyncPeer, "data_to_send", count)
    return found


def hear(person, draft) -> None:
    """Waits for all that the server has told so far: it answers behind that."""
    answers = []
    draft.shared.members.list(answers.append, answers.append)
    person.until(lambda: answers and not draft.asking._looking._due.isActive())


def test_after_each_act_in_the_dialog_of_people_the_list_is_asked_for_once(sit, team_server, sent) -> None:
    ada, bo = sit("Ada"), sit("Bo")
    draft, mate = ada.join(team_server.invite("plan", "owner")), bo.join(team_server.invite("plan", "viewer"))
    ada.until(lambda: server(draft) == server(mate) == SAVED)
    flow = ada.application.sharing.show_people(draft)
    ada.until(lambda: len(list(flow.dialog.members._rows)) == 2)
    counts = sent[draft.shared._peer]
    bo_is = next(row.member.id for row in flow.dialog.members._rows if row.member.name == "Bo")
    acts = (
        lambda: flow.dialog.members.role_chosen.emit(bo_is, Role.COMMENTER),
        lambda: flow.dialog.invites.invite_requested.emit(InviteWish(Role.VIEWER)),
        lambda: flow.dialog.invites.withdrawal_requested.emit(3, True),
        lambda: flow.dialog.members.removal_requested.emit(bo_is),
    )
    for act in acts:
        ada.until(lambda: not flow._asking._due.isActive() and not draft.asking._looking._due.isActive())
        before, shown = counts[Message.MEMBERS_GET], flow._list
        act()
        ada.until(lambda shown=shown: flow._list is not shown)
        assert counts[Message.MEMBERS_GET] == before + 1
        assert not flow._asking._due.isActive()  # the news came before the answer


def test_who_asks_to_write_and_who_answers_look_once(sit, team_server, sent) -> None:
    ada, bo = sit("Ada"), sit("Bo")
    draft, mate = ada.join(team_server.invite("plan", "owner")), bo.join(team_server.invite("plan", "viewer"))
    ada.until(lambda: "Ask to write" in choices(mate) and server(draft) == server(mate) == SAVED)
    own, other = sent[draft.shared._peer], sent[mate.shared._peer]
    ada.until(lambda: own[Message.ASKERS_GET] and other[Message.ASKERS_GET])
    hear(ada, draft)
    hear(bo, mate)
    before = own[Message.ASKERS_GET], other[Message.ASKERS_GET]
    next(each for each in mate.window.notices.findChildren(QPushButton) if each.text() == "Ask to write").click()
    bo.until(lambda: "You have asked to write" in notices(mate))
    assert not mate.asking._looking._due.isActive()
    ada.until(lambda: "asks to write" in notices(draft))
    assert (own[Message.ASKERS_GET], other[Message.ASKERS_GET]) == (before[0] + 1, before[1] + 1)
    draft.window.notices.answered.emit(ASKERS, "not_now")
    ada.until(lambda: "asks to write" not in notices(draft))
    assert own[Message.ASKERS_GET] == before[0] + 2
    assert not draft.asking._looking._due.isActive()


def test_who_names_a_moment_asks_for_the_moments_once(sit, team_server, sent) -> None:
    ada = sit("Ada")
    draft = ada.join(team_server.invite("plan"))
    ada.until(lambda: server(draft) == SAVED)
    write(draft, "one")
    ada.until(lambda: server(draft) == SAVED)
    window = open_history(ada, draft, moments=1)
    flow = draft.findChild(HistoryFlow)
    count = sent[draft.shared._peer]
    before = count[Message.MOMENTS_GET]
    window.head.name.click()
    ada.until(lambda: window.findChildren(NameDialog))
    (dialog,) = window.findChildren(NameDialog)
    press_text(dialog.name, "First")
    key(dialog.name, Qt.Key.Key_Return)
    ada.until(lambda: [row.name.text for row in window._rows if row.name is not None] == ["First"])
    assert count[Message.MOMENTS_GET] == before + 1
    assert not flow._reload_timer.isActive()
