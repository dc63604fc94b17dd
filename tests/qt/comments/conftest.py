"""A draft on which somebody has commented."""

from __future__ import annotations

import pytest

from cowrite.app.draft.draft import Draft
from helpers.commenting import commented_on
from helpers.desk import Desk


@pytest.fixture
def draft(desk: Desk) -> Draft:
    return commented_on(desk)
