"""Bars above and below the views, in narrow windows and large letters."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from cowrite.gui.board.board_bar import BoardBar
from cowrite.gui.ideas.coverage_bar import CoverageBar
from cowrite.gui.ideas.outline import Alike
from cowrite.gui.ideas.proposals_strip import ProposalsStrip
from helpers.letters import set_letters


def test_the_bars_of_board_and_ideas_fit_into_a_narrow_window_of_large_letters(qtbot: QtBot) -> None:
    coverage, strip, board = CoverageBar(), ProposalsStrip(), BoardBar()
    for bar in (coverage, strip, board):
        qtbot.addWidget(bar)
        set_letters(bar, 20)
        bar.ensurePolished()
        bar.show()
    coverage.show_coverage(12, 60, ["Somewhere to sit"])
    strip.show_alike([Alike(("note:1", "note:2"), "Somewhere to sit", ("A bench", "Benches"))] * 10)
    for bar in (coverage, strip, board):
        assert bar.minimumSizeHint().width() <= 480, bar.accessibleName()
    coverage.resize(480, coverage.heightForWidth(480))
    assert coverage.minimumSizeHint().height() == coverage.height()
    for each in (coverage.only, coverage.next):
        qtbot.waitUntil(lambda each=each: coverage.rect().contains(each.geometry()))
