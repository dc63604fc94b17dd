"""Tokens of a team's identity provider: JSON Web Tokens (RFC 7519), signed with HS256 or RS256.

A token names a person (`sub`, and perhaps `name`), when it ends (`exp`), and in the claim `rooms` what they may do
where: an object from names of rooms to roles, in which `*` stands for all other rooms. The kind of key decides which
algorithm a signature may have, never the token: else a public key could be passed off as a shared secret.
"""

from __future__ import annotations

import codecs
import json
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cowrite_server.errors import ExtraMissing, TokenKeysUnusable, TokenRefused
from cowrite_server.settings.settings import Settings
from cowrite_server.watched_files import WatchedFiles
from cowrite_server.wire.protocol import Role

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

_logger = logging.getLogger(__name__)

SECRET_BYTES = 32
"""The shortest shared secret: as long as the hash of HS256 (RFC 7518, section 3.2)."""

RSA_BITS = 2048
"""The shortest RSA key (RFC 7518, section 3.3)."""

FILE_BYTES = 1 << 20
"""The most that a file with keys may have; a device may have no end."""

LEEWAY_SECONDS = 10
"""By so much the clocks of server and provider may differ."""

_PEM = b"-----BEGIN "
_OTHER_PEM = {
    b"PRIVATE KEY-----": "it holds a private key, which is for the identity provider alone; give the public one",
    b"-----BEGIN CERTIFICATE": (
        "it holds a certificate; give its public key, which `openssl x509 -pubkey -noout -in FILE` prints"
    ),
}
"""What else is in files of this kind, by a part of it."""

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16"}
_ALL_ROOMS = "*"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a token says, as far as it concerns one room.

    Attributes:
        person: whom it names, told apart from the persons of other issuers.
        name: what they are called, or None.
        role: what they may do in the room.
        expires: when it is no longer good, in milliseconds since 1970: LEEWAY_SECONDS after the end that it names.
    """

    person: str
    name: str | None
    role: Role
    expires: int


@dataclass(frozen=True, slots=True)
class _Keys:
    secret: bytes | None
    public: Mapping[str | None, Sequence[RSAPublicKey]]
    """By name; while a provider changes its keys there may be several of one name, or several without."""


class Tokens:
    """Checks tokens with the keys of one identity provider."""

    def __init__(self, settings: Settings) -> None:
        """Reads the keys.

        Args:
            settings: where the keys are, and what tokens must name.

        Raises:
            ExtraMissing: what it needs is not installed.
            TokenKeysUnusable: a file with keys cannot be read, or a key is too weak.
        """
        _jwt()
        self._settings = settings
        paths = (settings.jwt_secret, settings.jwt_key, settings.jwt_jwks)
        self._files = WatchedFiles(*(path for path in paths if path is not None))
        self._keys = _read_keys(settings)

    @staticmethod
    def wanted(settings: Settings) -> bool:
        """Whether the settings name keys."""
        return any((settings.jwt_secret, settings.jwt_key, settings.jwt_jwks))

    @staticmethod
    def is_token(secret: str) -> bool:
        """Whether what a client joins with is a token; the secret of an invite has no dots."""
        return secret.count(".") == 2

    def refresh(self) -> None:
        """Takes up new keys if their files have changed; to be called again and again. Bad ones change nothing."""
        try:
            if self._files.read_again(self._read):
                _logger.info("The keys for tokens were read again.")
        except TokenKeysUnusable as error:
            _logger.error("%s Those before stay in use.", error)

    def _read(self) -> None:
        self._keys = _read_keys(self._settings)

    def read(self, token: str, room: str) -> Claim:
        """Checks a token.

        Args:
            token: what the client gave.
            room: name of the room that it wants to join.

        Returns:
            What the token says.

        Raises:
            TokenRefused: it is not signed by the provider, not for now, or not for this room.
        """
        import jwt

        try:
            header = jwt.get_unverified_header(token)
            keys, algorithm = self._keys_for(header.get("alg"), header.get("kid"))
            claims = self._decoded(token, keys, algorithm)
        except jwt.ExpiredSignatureError as error:
            raise TokenRefused("it has expired", expired=True) from error
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise TokenRefused(_plain(error)) from error
        return _claim(claims, room)

    def _decoded(self, token: str, keys: Sequence[Any], algorithm: str) -> dict[str, Any]:
        import jwt

        refused: Exception = ValueError("there is no key")
        for key in keys:
            try:
                claims: dict[str, Any] = jwt.decode(
                    token,
                    key,
                    algorithms=[algorithm],
                    issuer=self._settings.jwt_issuer,
                    audience=self._settings.jwt_audience,
                    leeway=LEEWAY_SECONDS,
                    options={"require": ["exp", "sub"]},
                )
            except jwt.InvalidSignatureError as error:
                refused = error
            else:
                return claims
        raise refused

    def _keys_for(self, algorithm: object, name: object) -> tuple[Sequence[Any], str]:
        if algorithm == "HS256" and self._keys.secret is not None:
            return [self._keys.secret], "HS256"
        if algorithm == "RS256":
            public = self._keys.public
            if isinstance(name, str) and name in public:
                return public[name], "RS256"
            if None in public:  # keys that have no name
                return public[None], "RS256"
            if name is None and len(public) == 1:
                return next(iter(public.values())), "RS256"
        raise TokenRefused("it is signed in a way, or with a key, that this server does not know")


def _claim(claims: Mapping[str, Any], room: str) -> Claim:
    rooms, name = claims.get("rooms"), claims.get("name")
    if not isinstance(rooms, dict):
        raise TokenRefused("its claim `rooms` is missing or is not an object")
    role = rooms.get(room, rooms.get(_ALL_ROOMS))
    if role is None:
        raise TokenRefused("it does not name this room")
    if role not in list(Role):
        raise TokenRefused("it names a role that does not exist")
    if not claims["sub"].strip():
        raise TokenRefused("its claim `sub` is empty, and all who have an empty one would be one person")
    person = json.dumps([claims.get("iss"), claims["sub"]], ensure_ascii=False)
    called = name if isinstance(name, str) and name.strip() else None
    return Claim(person, called, Role(role), (int(claims["exp"]) + LEEWAY_SECONDS) * 1000)


def _read_keys(settings: Settings) -> _Keys:
    secret = None
    if settings.jwt_secret is not None:
        secret = _read_secret(settings.jwt_secret)
        if len(secret) < SECRET_BYTES:
            raise TokenKeysUnusable(settings.jwt_secret, f"a secret needs at least {SECRET_BYTES} bytes")
        if len(set(secret)) == 1:  # as of a file that has lost its content when the power failed
            raise TokenKeysUnusable(settings.jwt_secret, "it holds one sign over and over, which is no secret")
        if secret.startswith(_PEM):  # many may know it, and the library takes no token that is signed with one
            raise TokenKeysUnusable(settings.jwt_secret, "it holds a key in PEM and no secret; give it with --jwt-key")
    public: dict[str | None, list[RSAPublicKey]] = {}
    if settings.jwt_jwks is not None:
        for name, key in _read_set(settings.jwt_jwks):
            public.setdefault(name, []).append(key)
    if settings.jwt_key is not None:
        public.setdefault(None, []).append(_read_pem(settings.jwt_key))
    return _Keys(secret, public)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(FILE_BYTES + 1)
    except OSError as error:
        raise TokenKeysUnusable(path, error.strerror or str(error)) from error
    if len(data) > FILE_BYTES:
        raise TokenKeysUnusable(path, "it is larger than 1 MiB, as no keys are")
    return data


def _read_secret(path: Path) -> bytes:
    try:
        return _as_written(_read(path)).strip()
    except TokenKeysUnusable as error:
        with suppress(OSError):
            if path.exists() or (path.parent != Path() and path.parent.is_dir()):
                raise
        reason = "there is no such file; give a file that holds the secret, not the secret itself"
        raise TokenKeysUnusable(Path("…"), reason) from error  # what was given may be the secret


def _as_written(data: bytes) -> bytes:
    """The text of a file as what it says, where Windows has put a mark before it and another encoding around it."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            with suppress(UnicodeError):
                return data.decode(encoding).encode("ascii")  # else it is no text, and begins so by chance
    return data


def _read_pem(path: Path) -> RSAPublicKey:
    data = _read(path)
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        return _strong(path, load_pem_public_key(data))
    except (ValueError, UnsupportedAlgorithm) as error:
        what = next((what for mark, what in _OTHER_PEM.items() if mark in data), "it holds no public key in PEM")
        raise TokenKeysUnusable(path, what) from error


def _read_set(path: Path) -> list[tuple[str | None, RSAPublicKey]]:
    data = _read(path)
    jwt = _jwt()
    try:
        stated = json.loads(data)
        entries = [each for each in stated["keys"] if each.get("alg") in (None, "RS256")]  # the library fails at "none"
        if not entries and stated["keys"]:
            raise TokenKeysUnusable(path, "it has no RSA key for signatures")
        found = jwt.PyJWKSet.from_dict({**stated, "keys": entries}).keys
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError, jwt.PyJWTError) as error:
        raise TokenKeysUnusable(path, "it holds no JSON Web Key Set") from error
    keys: list[tuple[str | None, RSAPublicKey]] = []
    unusable: TokenKeysUnusable | None = None
    for each in found:
        if each.key_type != "RSA" or not _signs(each):
            continue
        try:
            # A name that is no text is none: no token can name it.
            keys.append((each.key_id if isinstance(each.key_id, str) else None, _strong(path, each.key)))
        except TokenKeysUnusable as error:
            unusable = error
            _logger.warning(
                "The key %r in %s is passed over, and no token that it signs is accepted: %s.",
                each.key_id,
                path,
                error.reason,
            )
    if not keys:
        raise unusable or TokenKeysUnusable(path, "it has no RSA key for signatures")
    return keys


def _signs(key: Any) -> bool:
    return key.public_key_use in (None, "sig") and key.algorithm_name == "RS256"


def _strong(path: Path, key: object) -> RSAPublicKey:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    if not isinstance(key, RSAPublicKey):
        raise TokenKeysUnusable(path, "it holds no public RSA key")
    if key.key_size < RSA_BITS:
        raise TokenKeysUnusable(path, f"an RSA key needs at least {RSA_BITS} bits")
    return key


def _jwt() -> Any:
    try:
        import cryptography  # noqa: F401 - PyJWT comes without it where the extra was not asked for
        import jwt
    except ImportError as error:
        raise ExtraMissing("A token of an identity provider", "jwt") from error
    return jwt


def _plain(error: Exception) -> str:
    """The library's words without what they quote of the token, which anybody may have written."""
    return str(error).partition(":")[0].rstrip(".") or "it cannot be read"
