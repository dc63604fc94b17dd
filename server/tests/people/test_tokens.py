"""Tokens of an identity provider: which are believed, and for which rooms."""

from __future__ import annotations

import base64
import errno
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from cowrite_server.errors import TokenKeysUnusable, TokenRefused
from cowrite_server.people.tokens import LEEWAY_SECONDS, Claim, Tokens
from cowrite_server.settings.settings import Settings
from cowrite_server.wire.protocol import Role

SECRET = b"0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="module")
def other_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture
def by_secret(tmp_path: Path) -> Tokens:
    return Tokens(settings(jwt_secret=write(tmp_path / "secret", SECRET + b"\n")))


@pytest.fixture
def by_key(tmp_path: Path, key: rsa.RSAPrivateKey) -> Tokens:
    return Tokens(settings(jwt_key=write(tmp_path / "key.pem", pem(key))))


def settings(**values: Any) -> Settings:
    return Settings(store="sqlite:unused", **values)


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def key_set(**keys: rsa.RSAPrivateKey) -> bytes:
    entries = []
    for name, key in keys.items():
        entry = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        entries.append(entry | {"kid": name, "alg": "RS256", "use": "sig"})
    return json.dumps({"keys": entries}).encode()


def claims(**changes: Any) -> dict[str, Any]:
    content = {"sub": "ada", "name": "Ada", "exp": int(time.time()) + 60, "rooms": {"plans": "editor"}} | changes
    return {name: value for name, value in content.items() if value is not None}


def by_hand(header: dict[str, Any], content: dict[str, Any], signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), json.dumps(content).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def test_a_token_signed_with_the_shared_secret_says_who_may_do_what_and_until_when(by_secret: Tokens) -> None:
    content = claims()
    claim = by_secret.read(jwt.encode(content, SECRET, "HS256"), "plans")
    assert claim == Claim('[null, "ada"]', "Ada", Role.EDITOR, (content["exp"] + LEEWAY_SECONDS) * 1000)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_secret_is_the_same_in_whatever_way_windows_has_written_it(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "secret", f"{SECRET.decode()}\r\n".encode(encoding))
    tokens = Tokens(settings(jwt_secret=path))
    assert tokens.read(jwt.encode(claims(), SECRET, "HS256"), "plans").name == "Ada"


def test_a_token_signed_with_the_providers_rsa_key_is_believed(by_key: Tokens, key: rsa.RSAPrivateKey) -> None:
    assert by_key.read(jwt.encode(claims(), key, "RS256"), "plans").role is Role.EDITOR


def test_a_key_set_serves_tokens_by_the_name_of_their_key(
    tmp_path: Path, key: rsa.RSAPrivateKey, other_key: rsa.RSAPrivateKey
) -> None:
    tokens = Tokens(settings(jwt_jwks=write(tmp_path / "keys.json", key_set(old=key, new=other_key))))
    for name, signer in (("old", key), ("new", other_key)):
        assert tokens.read(jwt.encode(claims(), signer, "RS256", {"kid": name}), "plans").person == '[null, "ada"]'
    for header in ({"kid": "new"}, {"kid": "unknown"}, {}):
        with pytest.raises(TokenRefused):
            tokens.read(jwt.encode(claims(), key, "RS256", header), "plans")


@pytest.mark.parametrize("names", [{}, {"kid": "same"}], ids=["no-name", "one-name"])
def test_of_keys_that_no_name_tells_apart_each_is_good(
    tmp_path: Path, key: rsa.RSAPrivateKey, other_key: rsa.RSAPrivateKey, names: dict[str, str]
) -> None:
    entries = [jwt.algorithms.RSAAlgorithm.to_jwk(each.public_key(), as_dict=True) | names for each in (key, other_key)]
    tokens = Tokens(settings(jwt_jwks=write(tmp_path / "keys.json", json.dumps({"keys": entries}).encode())))
    for signer in (key, other_key):
        assert tokens.read(jwt.encode(claims(), signer, "RS256", names), "plans").name == "Ada"
    with pytest.raises(TokenRefused):
        tokens.read(jwt.encode(claims(), rsa.generate_private_key(65537, 2048), "RS256", names), "plans")


def test_a_key_in_a_file_of_its_own_is_good_beside_a_set_with_one_that_has_no_name(
    tmp_path: Path, key: rsa.RSAPrivateKey, other_key: rsa.RSAPrivateKey
) -> None:
    entry = jwt.algorithms.RSAAlgorithm.to_jwk(other_key.public_key(), as_dict=True)
    key_file, key_set_file = write(tmp_path / "key.pem", pem(key)), tmp_path / "keys.json"
    write(key_set_file, json.dumps({"keys": [entry]}).encode())
    tokens = Tokens(settings(jwt_key=key_file, jwt_jwks=key_set_file))
    for signer in (key, other_key):
        assert tokens.read(jwt.encode(claims(), signer, "RS256"), "plans").name == "Ada"


def test_persons_of_two_issuers_are_two_persons(by_secret: Tokens) -> None:
    persons = {
        by_secret.read(jwt.encode(claims(iss=issuer), SECRET, "HS256"), "plans").person
        for issuer in ("https://one.example", "https://two.example", None)
    }
    assert len(persons) == 3


def test_a_star_stands_for_all_rooms_that_the_token_does_not_name(by_secret: Tokens) -> None:
    token = jwt.encode(claims(rooms={"plans": "viewer", "*": "owner"}), SECRET, "HS256")
    assert by_secret.read(token, "plans").role is Role.VIEWER
    assert by_secret.read(token, "others").role is Role.OWNER


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rooms": {"others": "editor"}}, "does not name this room"),
        ({"rooms": {"plans": "king"}}, "a role that does not exist"),
        ({"rooms": {"plans": ["editor"]}}, "a role that does not exist"),
        ({"rooms": ["plans"]}, "`rooms` is missing"),
        ({"rooms": None}, "`rooms` is missing"),
        ({"sub": None}, "sub"),
        ({"sub": 7}, "ubject"),
        ({"sub": " "}, "`sub` is empty"),
        ({"exp": None}, "exp"),
        ({"exp": "soon"}, "exp"),
        ({"nbf": 2**40}, "nbf"),
        ({"aud": "somebody-else"}, "udience"),
    ],
)
def test_a_token_is_refused_that_does_not_say_who_may_do_what_here_and_now(
    by_secret: Tokens, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(TokenRefused, match=reason) as refused:
        by_secret.read(by_hand_signed(claims(**changes)), "plans")
    assert not refused.value.expired


def by_hand_signed(content: dict[str, Any]) -> str:
    # The library refuses to make some tokens that others can make.
    return jwt.PyJWS().encode(json.dumps(content).encode(), SECRET, "HS256")


def test_an_expired_token_is_told_from_a_wrong_one(by_secret: Tokens) -> None:
    with pytest.raises(TokenRefused) as refused:
        by_secret.read(jwt.encode(claims(exp=int(time.time()) - 60), SECRET, "HS256"), "plans")
    assert refused.value.expired


@pytest.mark.parametrize(
    "token",
    [
        by_hand({"alg": "none", "typ": "JWT"}, {"sub": "ada", "exp": 2**40, "rooms": {"plans": "owner"}}),
        by_hand({"alg": "HS256"}, {"sub": "ada", "exp": 2**40, "rooms": {"plans": "owner"}}, b"x" * 32),
        by_hand({"alg": ["HS256"]}, {"sub": "ada"}),
        by_hand({"alg": "HS512"}, {"sub": "ada"}),
        "..",
        "a.b.c",
        "é.é.é",
        "." * 2 + "x" * 100_000,
    ],
    ids=["unsigned", "wrongly-signed", "algorithm-is-a-list", "another-algorithm", "empty", "words", "accents", "long"],
)
def test_what_is_not_signed_by_the_provider_is_refused(by_secret: Tokens, token: str) -> None:
    with pytest.raises(TokenRefused):
        by_secret.read(token, "plans")


def test_a_public_key_is_no_shared_secret(by_key: Tokens, key: rsa.RSAPrivateKey) -> None:
    forged = by_hand({"alg": "HS256"}, claims())
    head = forged.rpartition(".")[0]
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(head.encode(), pem(key))
    with pytest.raises(TokenRefused):
        by_key.read(f"{head}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}", "plans")


def test_issuer_and_audience_must_be_those_of_the_settings(tmp_path: Path) -> None:
    tokens = Tokens(
        settings(jwt_secret=write(tmp_path / "secret", SECRET), jwt_issuer="https://id.example", jwt_audience="cowrite")
    )
    good = {"iss": "https://id.example", "aud": ["cowrite", "wiki"]}
    assert tokens.read(jwt.encode(claims(**good), SECRET, "HS256"), "plans").name == "Ada"
    for wrong in ({"iss": "https://evil.example"}, {"iss": None}, {"aud": "wiki"}, {"aud": None}):
        with pytest.raises(TokenRefused):
            tokens.read(jwt.encode(claims(**(good | wrong)), SECRET, "HS256"), "plans")


def test_new_keys_are_taken_up_and_broken_ones_change_nothing(
    tmp_path: Path, key: rsa.RSAPrivateKey, other_key: rsa.RSAPrivateKey, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(tmp_path / "keys.json", key_set(one=key))
    tokens = Tokens(settings(jwt_jwks=path))
    token = jwt.encode(claims(), other_key, "RS256", {"kid": "two"})

    def replace(data: bytes) -> None:
        new = write(tmp_path / "new", data)
        new.replace(path)
        tokens.refresh()  # sees it
        tokens.refresh()  # and that it is at rest

    replace(key_set(one=key, two=other_key))
    assert tokens.read(token, "plans").name == "Ada"
    replace(b"{")
    assert tokens.read(token, "plans").name == "Ada"
    assert [record.levelname for record in caplog.records if record.name == "cowrite_server.people.tokens"] == ["ERROR"]
    caplog.clear()


def test_new_keys_that_could_not_be_read_at_once_are_taken_up_when_they_can(
    tmp_path: Path,
    other_key: rsa.RSAPrivateKey,
    key: rsa.RSAPrivateKey,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = write(tmp_path / "keys.json", key_set(one=key))
    tokens = Tokens(settings(jwt_jwks=path))

    def out_of_files(_path: Path, _mode: str) -> NoReturn:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    write(tmp_path / "new", key_set(two=other_key)).replace(path)
    tokens.refresh()  # sees it, and at the next look that it is at rest
    with monkeypatch.context() as full:
        full.setattr(Path, "open", out_of_files)
        for _ in range(3):
            tokens.refresh()
    assert caplog.text.count("Too many open files") == 1
    caplog.clear()
    tokens.refresh()
    assert tokens.read(jwt.encode(claims(), other_key, "RS256", {"kid": "two"}), "plans").name == "Ada"


@pytest.mark.parametrize("name", [["one"], {"one": 1}, 1], ids=["list", "object", "number"])
def test_the_name_of_a_key_that_is_no_text_is_none(
    tmp_path: Path, key: rsa.RSAPrivateKey, other_key: rsa.RSAPrivateKey, name: object
) -> None:
    entries = json.loads(key_set(one=key, two=other_key))["keys"]
    entries[0]["kid"] = name
    tokens = Tokens(settings(jwt_jwks=write(tmp_path / "keys.json", json.dumps({"keys": entries}).encode())))
    for signer, header in ((key, {}), (other_key, {"kid": "two"})):
        assert tokens.read(jwt.encode(claims(), signer, "RS256", header), "plans").name == "Ada"


@pytest.mark.filterwarnings("ignore:The RSA key is 1024 bits")  # it is signed with all the same
def test_a_key_of_a_set_that_is_too_weak_is_passed_over_and_named_and_the_others_are_good(
    tmp_path: Path, key: rsa.RSAPrivateKey, caplog: pytest.LogCaptureFixture
) -> None:
    weak = rsa.generate_private_key(65537, 1024)
    path = write(tmp_path / "keys.json", key_set(weak=weak, strong=key))
    tokens = Tokens(settings(jwt_jwks=path))
    assert tokens.read(jwt.encode(claims(), key, "RS256", {"kid": "strong"}), "plans").name == "Ada"
    with pytest.raises(TokenRefused):
        tokens.read(jwt.encode(claims(), weak, "RS256", {"kid": "weak"}), "plans")
    [record] = [each for each in caplog.records if each.name == "cowrite_server.people.tokens"]
    assert record.levelname == "WARNING"
    assert f"The key 'weak' in {path} is passed over" in record.getMessage()
    assert "at least 2048 bits" in record.getMessage()


def test_a_key_that_is_for_no_signature_takes_the_others_of_its_set_nothing(
    tmp_path: Path, key: rsa.RSAPrivateKey, other_key: rsa.RSAPrivateKey
) -> None:
    entries = json.loads(key_set(one=key, two=other_key))["keys"]
    entries[0]["alg"] = "none"
    tokens = Tokens(settings(jwt_jwks=write(tmp_path / "keys.json", json.dumps({"keys": entries}).encode())))
    assert tokens.read(jwt.encode(claims(), other_key, "RS256", {"kid": "two"}), "plans").name == "Ada"
    with pytest.raises(TokenRefused):
        tokens.read(jwt.encode(claims(), key, "RS256", {"kid": "one"}), "plans")


@pytest.mark.parametrize(
    ("field", "data"),
    [
        ("jwt_secret", lambda: b"short\n"),
        ("jwt_secret", lambda: pem(rsa.generate_private_key(65537, 2048))),
        ("jwt_secret", lambda: bytes(64)),
        ("jwt_secret", lambda: b"ab" * 2**20),
        ("jwt_key", lambda: b"no key"),
        ("jwt_key", lambda: pem(ec.generate_private_key(ec.SECP256R1()))),
        ("jwt_key", lambda: pem(rsa.generate_private_key(65537, 1024))),
        ("jwt_jwks", lambda: key_set(a=rsa.generate_private_key(65537, 1024), b=rsa.generate_private_key(65537, 1024))),
        ("jwt_jwks", lambda: b"[]"),
        ("jwt_jwks", lambda: b'{"keys": []}'),
        ("jwt_jwks", lambda: b"[" * 100_000),
        ("jwt_jwks", lambda: b'{"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB", "alg": "none"}]}'),
        ("jwt_jwks", lambda: b'{"keys": [1]}'),
        ("jwt_jwks", lambda: b'{"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "a"}]}'),
    ],
    ids=[
        "short",
        "pem",
        "zeros",
        "large",
        "no-pem",
        "no-rsa",
        "weak",
        "weak-set",
        "no-set",
        "empty-set",
        "deep-set",
        "alg-none",
        "no-keys",
        "no-rsa-in-set",
    ],
)
def test_keys_that_protect_nothing_are_refused_at_the_start(
    tmp_path: Path, field: str, data: Callable[[], bytes]
) -> None:
    path = write(tmp_path / "keys", data())
    with pytest.raises(TokenKeysUnusable) as refused:
        Tokens(settings(**{field: path}))
    assert refused.value.path == path


@pytest.mark.parametrize(
    ("pem", "advice"),
    [
        ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "openssl x509 -pubkey -noout"),
        ("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n", "for the identity provider alone"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n", "give the public one"),
        ("nothing of the kind", "no public key in PEM"),
    ],
)
def test_who_gives_something_else_than_a_public_key_is_told_what_it_is(tmp_path: Path, pem: str, advice: str) -> None:
    with pytest.raises(TokenKeysUnusable, match=advice):
        Tokens(settings(jwt_key=write(tmp_path / "key.pem", pem.encode())))


def test_a_missing_file_with_keys_is_named(tmp_path: Path) -> None:
    for field in ("jwt_key", "jwt_secret"):
        with pytest.raises(TokenKeysUnusable, match=r"nowhere\.pem"):
            Tokens(settings(**{field: tmp_path / "nowhere.pem"}))


@pytest.mark.parametrize("secret", ["my-secret-" * 4, "my-secret/" * 4, "my-secret-" * 40])
def test_a_secret_that_is_given_in_the_place_of_its_file_is_not_repeated(secret: str) -> None:
    with pytest.raises(TokenKeysUnusable, match="not the secret itself") as refused:
        Tokens(settings(jwt_secret=Path(secret)))
    assert "my-secret" not in str(refused.value)
