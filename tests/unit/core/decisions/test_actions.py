"""Actions: what somebody will do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cowrite.core.decisions.actions import Action, Actions


@pytest.fixture
def actions(brainstorm) -> Actions:
    return brainstorm.decisions.actions


def test_an_action_comes_back_and_can_be_ticked_off(actions):
    id = actions.add(Action("", "water them", "If it is Monday", "Ada", "2026-12-01"))
    action = actions.get(id)
    actions.change(replace(action, is_done=True))

    assert actions.all() == [
        Action(id, "water them", "If it is Monday", "Ada", "2026-12-01", True, created=action.created)
    ]


def test_a_removed_action_is_not_there(actions):
    id = actions.add(Action("", "water them"))
    actions.remove(id)

    assert actions.get(id) is None
    assert actions.all() == []
