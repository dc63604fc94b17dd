"""Links: the address of a shared document together with the secret that opens it.

`cowrite://HOST:PORT/ROOM#SECRET`, or `cowrites://` where the connection is encrypted with TLS. The secret stands in
the fragment, the part of an address that programs do not send along or write into logs by themselves. Addresses of
Yjs servers, `ws(s)://HOST:PORT/ROOM?key=SECRET`, are links too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from cowrite.errors import CowriteError
from cowrite_server.hosts import is_host, is_loopback
from cowrite_server.wire.protocol import DEFAULT_PORT, ROOM_NAME, ROOM_NAME_LENGTH

_SCHEMES = {  # scheme to (TLS, port where the link names none)
    "cowrite": (False, DEFAULT_PORT),
    "cowrites": (True, 443),
    "ws": (False, 80),
    "wss": (True, 443),
}
_SECRET = re.compile(r"[!-~]*")  # visible ASCII: it travels in an HTTP header
_SECRET_LENGTH = 4096  # characters; a token of an identity provider may have hundreds
_WRAPPING = (
    "<>\"'`()[]{}«»‹›“”„‚‘’「」『』《》〈〉【】（）［］、。，．،؛ \t\r\n\u00a0\u3000\u200b\ufeff"
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""What a link has around it where it is copied from: quotes, brackets, signs that end a sentence in other scripts, and
what programs for messages put there so that it turns nothing of a text that is read from the right."""
_ENDING = ".,;:!?"  # what stands behind a link at the end of a sentence, and at the end of no secret
_BREAK = re.compile(r"\s*[\r\n]\s*")  # which a program for messages has put into a long link
_SHOWN = 80  # characters of a bad link that an error repeats


class BadLink(CowriteError):
    """Text that was meant as a link and is none.

    Attributes:
        text: the text without what may be its secret, shortened.
        reason: what is wrong with it, as the second half of a sentence.
    """

    def __init__(self, text: str, reason: str) -> None:
        """`text` may contain the secret: it is taken out here."""
        self.text = _without_secret(text)
        self.reason = reason
        super().__init__(f"{self.text or 'This'} is not a link to a shared document: {reason}.")


@dataclass(frozen=True, slots=True)
class Link:
    """Where a shared document is, and what opens it. Treat `str(link)` like a key: whoever has it can come in.

    Attributes:
        host: name or address of the server; an IPv6 address without brackets.
        port: its TCP port.
        room: name of the document there.
        secret: what opens it; empty for a server that lets everybody in.
        tls: whether the connection is encrypted.
    """

    host: str
    port: int
    room: str
    secret: str = field(default="", repr=False)
    tls: bool = False

    @classmethod
    def parse(cls, text: str) -> Link:
        """Reads a link as people paste it: spaces, quotes and brackets around it do not matter.

        Raises:
            BadLink: it is no link; the error says why without repeating the secret.
        """
        bare = text.strip(_WRAPPING)
        if "#" in bare:  # a server without secrets may have a document of which the name ends so
            bare = bare.strip(_WRAPPING + _ENDING)
        try:
            parts = urlsplit(_BREAK.sub("", bare))
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise BadLink(text, "its server address cannot be read") from error
        if parts.scheme not in _SCHEMES:
            raise BadLink(text, "it does not begin with cowrite://")
        if any(map(str.isspace, parts.geturl())):
            raise BadLink(text, "there is a space in it")
        if parts.username is not None or parts.password is not None:
            raise BadLink(text, "it has a user name before its server address")
        if not is_host(host):
            raise BadLink(text, "its server address cannot be read")
        if port == 0:
            raise BadLink(text, "0 is not a port")
        room = parts.path.removeprefix("/")
        if not room:
            raise BadLink(text, "it names no document after the server address")
        if len(room) > ROOM_NAME_LENGTH:
            raise BadLink(text, f"its document name is longer than {ROOM_NAME_LENGTH} characters")
        if not ROOM_NAME.fullmatch(room):
            raise BadLink(text, "its document name has characters that no document name has")
        secret = _secret(parts)
        if not _SECRET.fullmatch(secret):
            raise BadLink(text, "its last part, the secret, has characters that no secret has")
        if len(secret) > _SECRET_LENGTH:
            raise BadLink(text, f"its last part, the secret, is longer than {_SECRET_LENGTH} characters")
        tls, default_port = _SCHEMES[parts.scheme]
        return cls(host, default_port if port is None else port, room, secret, tls)

    @property
    def address(self) -> str:
        """Host and port as they stand in an address, an IPv6 host in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def place(self) -> str:
        """Server and room, without the secret: the same for all links to one document."""
        return f"{self.address}/{self.room}"

    @property
    def stays_here(self) -> bool:
        """Whether it leads to a server on this computer by an address that no other one has."""
        return is_loopback(self.host)

    @property
    def websocket_url(self) -> str:
        """The room's WebSocket address, without the secret."""
        return f"{'wss' if self.tls else 'ws'}://{self.address}/{self.room}"

    def __str__(self) -> str:
        """The link as it is handed to a teammate, secret included."""
        scheme = "cowrites" if self.tls else "cowrite"
        return f"{scheme}://{self.address}/{self.room}" + (f"#{self.secret}" if self.secret else "")


def _secret(parts: SplitResult) -> str:
    if parts.fragment:
        return unquote(parts.fragment)
    return parse_qs(parts.query).get("key", [""])[0]


def _without_secret(text: str) -> str:
    """Scheme and server address of what was meant as a link: everything else may be the secret or hold it."""
    scheme, separator, rest = text.strip(_WRAPPING).partition("://")
    if not separator:
        return ""
    address = re.split(r"[/#?%\s]", rest, maxsplit=1)[0]
    return f"{scheme}://{address.rpartition('@')[2]}"[:_SHOWN]
