"""AssistantOptions: what a person has chosen about the assistant, beside whether it is on and which model it uses.

Runs on any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

NAME = "assistant_options"
"""Under which they stand among the settings."""


@dataclass(frozen=True, slots=True)
class AssistantOptions:
    """The choices.

    Attributes:
        was_asked: whether the person has said yes or no to the assistant, or let the question pass.
        after_pause: whether suggestions come by themselves after a pause.
        endpoint_url: where a model runs elsewhere; empty for nowhere. Its key is not among the settings.
        endpoint_model: its name there.
        uses_endpoint: whether that one is asked instead of the model here.
    """

    was_asked: bool = False
    after_pause: bool = False
    endpoint_url: str = ""
    endpoint_model: str = ""
    uses_endpoint: bool = False

    @classmethod
    def of(cls, others: Mapping[str, Any]) -> Self:
        """Those among the settings that no other part knows; the default for each that could not be used."""
        plain = others.get(NAME)
        if not isinstance(plain, Mapping):
            return cls()
        known = {field.name: plain[field.name] for field in fields(cls) if field.name in plain}
        default = cls()
        return cls(**{name: value for name, value in known.items() if type(value) is type(getattr(default, name))})

    def plain(self) -> dict[str, Any]:
        """As they stand among the settings."""
        return asdict(self)
