"""Sizes in points, on screens that make different things of them: Qt has 96 dots for an inch, on a Mac 72.

Runs on the GUI thread.
"""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

_USUAL_DOTS = 96.0


def pixels_per_point() -> float:
    """How many device-independent pixels a point is."""
    return _dots() / 72


def usual_points(points: float) -> float:
    """The size in points that is as high where an inch has 96 dots."""
    return points * _dots() / _USUAL_DOTS


def points_here(points: float) -> float:
    """The other way round: what is as high here as so many points are there."""
    return points * _USUAL_DOTS / _dots()


def _dots() -> float:
    screens = QGuiApplication.screens()
    return screens[0].logicalDotsPerInch() if screens else _USUAL_DOTS
