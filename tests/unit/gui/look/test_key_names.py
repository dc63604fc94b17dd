"""Keys in sentences, on a Mac and elsewhere."""

from __future__ import annotations

import pytest

from cowrite.gui.look.key_names import with_keys


@pytest.mark.parametrize(
    ("sentence", "on_a_mac"),
    [
        ("Find in the guide (Ctrl+F)", "Find in the guide (⌘F)"),
        ("Give this version a name (Ctrl+Alt+V)", "Give this version a name (⌥⌘V)"),
        ("Accept the decision (Ctrl+Enter)", "Accept the decision (⌘↩)"),
        ("Ctrl+click or Alt+Enter opens it", "⌘-click or ⌥↩ opens it"),
        ("Space ticks, Alt+Up and Alt+Down move it", "Space ticks, ⌥↑ and ⌥↓ move it"),
        ("Ctrl+Shift+1 to 5, and a + of one’s own", "⇧⌘1 to 5, and a + of one’s own"),
    ],
)
def test_on_a_mac_keys_have_the_signs_of_its_menus_and_elsewhere_their_names(sentence: str, on_a_mac: str) -> None:
    assert with_keys(sentence, is_mac=True) == on_a_mac
    assert with_keys(sentence, is_mac=False) == sentence
