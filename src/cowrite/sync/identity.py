"""By what a server knows this person again, and what it calls them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from urllib.parse import quote

from cowrite_server.wire.names import NAME_UNITS

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Identity:
    """Who joins.

    Attributes:
        secret: known to this person and one server only; empty for somebody who is not to be known again.
        name: what the others read.
    """

    secret: str = field(default="", repr=False)
    name: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a request to join."""
        headers = {"Cowrite-Member": self.secret} if self.secret else {}
        name = self.name.strip()[:NAME_UNITS]
        if name:
            headers["Cowrite-Name"] = quote(name, safe="", errors="replace")
        return headers


def new_member_secret() -> str:
    """A secret that nobody can guess, and longer than MEMBER_SECRET_UNITS."""
    return secrets.token_urlsafe(_SECRET_BYTES)
