"""Timers that call once, or again and again."""

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
    timer = repeated(parent, act, delay, precision)
    timer.setSingleShot(True)
    return timer


def repeated(
    parent: QObject,
    act: Callable[[], object] | SignalInstance,
    interval: int,
    precision: Qt.TimerType = Qt.TimerType.CoarseTimer,
) -> QTimer:
    """A timer that does something again and again while it runs. It is not started.

    Args:
        parent: Qt parent, on whose thread it calls.
        act: what is called, or emitted.
        interval: milliseconds from one time to the next.
        precision: how exactly these are kept.
    """
    # WORKAROUND: PySide does not find `interval=` as an argument in a Turkish locale, where a small i has another
    # capital letter than that of `setInterval`.
    timer = QTimer(parent, timerType=precision)
    timer.setInterval(interval)
    timer.timeout.connect(act)
    return timer


def every_minute(parent: QObject, act: Callable[[], object]) -> QTimer:
    """A timer that looks each minute, while it runs, whether what is shown of hours and days still holds: none can be
    set for midnight, beyond which a computer sleeps. It is not started.

    Args:
        parent: Qt parent, on whose thread it calls.
        act: what is called.
    """
    return repeated(parent, act, _MINUTE, Qt.TimerType.VeryCoarseTimer)
