"""The menu of a row or a page, for what buttons elsewhere do with what it stands for.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget


def open_button_menu(
    entries: Sequence[tuple[str, QAbstractButton | Callable[[], object]]], parent: QWidget, at: QPoint
) -> None:
    """Opens a menu that presses buttons; those that are not there now have no entry. It goes when it is closed.

    Args:
        entries: what stands in it, and the button that it presses, or what it does where no button does that.
        parent: whose menu it is.
        at: where, on the screen.
    """
    menu = QMenu(parent)
    menu.setToolTipsVisible(True)  # an entry that is off says why, as its button does
    for text, button in entries:
        if not isinstance(button, QAbstractButton):
            menu.addAction(text).triggered.connect(lambda _checked, act=button: act())
            continue
        if button.isHidden():
            continue
        action = menu.addAction(text)
        action.setEnabled(button.isEnabled())
        action.setToolTip("" if button.isEnabled() else button.toolTip())
        action.setCheckable(button.isCheckable())
        action.setChecked(button.isChecked())
        action.triggered.connect(button.click)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)
