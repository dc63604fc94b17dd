"""Which form each kind of poll has.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Mapping

from cowrite.core.sessions.polls import Ballot, Poll, PollKind
from cowrite.gui.session.ballot_form import BallotForm, Within
from cowrite.gui.session.number_forms import DotsForm, ScoresForm
from cowrite.gui.session.position_form import PositionForm
from cowrite.gui.session.ranked_form import RankedForm

_NOTHING: Within = {}


def make_form(poll: Poll, ballot: Ballot, within: Within = _NOTHING) -> BallotForm:
    """The form for a poll, filled in with what was said so far.

    Args:
        poll: it.
        ballot: what lies sealed.
        within: what is in its options.
    """
    kinds: Mapping[PollKind, type[DotsForm | ScoresForm | RankedForm | PositionForm]] = {
        PollKind.DOTS: DotsForm,
        PollKind.SCORES: ScoresForm,
        PollKind.RANKED: RankedForm,
        PollKind.CONSENT: PositionForm,
        PollKind.STANCE: PositionForm,
    }
    return kinds[poll.kind](poll, ballot, within)
