"""Words of people in tooltips, which Qt might take for markup.

Runs on the GUI thread.
"""

from __future__ import annotations

import re

TIP = 80  # characters in a line of a tooltip
LONGEST_TIP = 50 * TIP  # as many lines as have room on a screen; of more, Python takes a second to make lines
_MARKUP = re.compile("<|&(?=lt;)")  # how it begins, as far as Qt looks
_JOINER = "\u2060"  # is not seen, and nothing that it stands in is markup


def plain_tip(text: str) -> str:
    """Words of a tooltip that are never taken for markup: Qt does where they look like that, and would show a picture
    that they name, be it on another computer."""
    return _MARKUP.sub(rf"\g<0>{_JOINER}", text)


def tip_of(text: str) -> str:
    """What people wrote as a tooltip, in lines: Qt wraps only markup, for which the style sheet takes no tooltip. What
    is longer than a screen is cut."""
    text = plain_tip(text if len(text) <= LONGEST_TIP else f"{text[:LONGEST_TIP]}…")
    lines = text.splitlines()
    if all(len(line) <= TIP for line in lines):
        return text
    import textwrap  # nearly all are short

    return "\n".join(textwrap.fill(line, TIP) for line in lines)
