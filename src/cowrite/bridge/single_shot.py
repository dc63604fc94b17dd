"""Timers that call once, or once a minute."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, SignalInstance

_MINUTE = 60_000  # milliseconds


def single_shot(
    parent: QObject,
    act: Callable[[], object] | SignalInstance,
    delay: int = 0,
    precision: Qt.TimerType = Qt.TimerType.CoarseTimer,
) -> QTimer:
    """A timer that does something once each time that it is started.

    Args:
        parent: Qt parent, on whose thread it calls.
        act: what is called, or emitted.
        delay: milliseconds from its start, unless `start` is told others.
        precision: how exactly these are kept.
    """
    timer = QTimer(parent, singleShot=True, interval=delay, timerType=precision)
    timer.timeout.connect(act)
    return timer


def every_minute(parent: QObject, act: Callable[[], object]) -> QTimer:
    """A timer that looks each minute, while it runs, whether what is shown of hours and days still holds: none can be
    set for midnight, beyond which a computer sleeps. It is not started.

    Args:
        parent: Qt parent, on whose thread it calls.
        act: what is called.
    """
    timer = QTimer(parent, interval=_MINUTE, timerType=Qt.TimerType.VeryCoarseTimer)
    timer.timeout.connect(act)
    return timer
