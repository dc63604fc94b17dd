"""What the widgets of a session are told and what they tell: frozen values.

Runs anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cowrite.core.sessions import VARIANTS, Phase


@dataclass(frozen=True, slots=True)
class Beginning:
    """How somebody wants a session to begin.

    Attributes:
        question: what it is about.
        constraints: what an answer has to keep to.
        template: the name of the template.
        phases: in their order.
        minutes: lengths that differ from the defaults.
        is_anonymous: whether notes come without names.
        facilitator: the name of who may move it on; everybody may where it is empty.
        decider: who decides.
        rule: how.
        deadline: until when people write (milliseconds since 1970); 0 for no such day.
    """

    question: str
    constraints: str = ""
    template: str = ""
    phases: tuple[Phase, ...] = VARIANTS["full"]
    minutes: Mapping[Phase, int] = field(default_factory=dict)
    is_anonymous: bool = False
    facilitator: str = ""
    decider: str = ""
    rule: str = ""
    deadline: int = 0
