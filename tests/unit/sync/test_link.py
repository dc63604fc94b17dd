"""Links as people paste them."""

from __future__ import annotations

from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.sync.link import BadLink, Link

LETTERS = ascii_letters + digits
LINK = Link("example.org", 8765, "plan-7", "s3cr3t-Key_0")


@pytest.mark.parametrize(
    "text",
    [
        "cowrite://example.org:8765/plan-7#s3cr3t-Key_0",
        "  cowrite://example.org:8765/plan-7#s3cr3t-Key_0\n",
        '"cowrite://example.org:8765/plan-7#s3cr3t-Key_0"',
        "<cowrite://example.org:8765/plan-7#s3cr3t-Key_0>",
        "(cowrite://example.org:8765/plan-7#s3cr3t-Key_0)",
        "„cowrite://example.org:8765/plan-7#s3cr3t-Key_0“",
        "\u2068cowrite://example.org:8765/plan-7#s3cr3t-Key_0\u2069",
        "\u200f(cowrite://example.org:8765/plan-7#s3cr3t-Key_0)،",
        "「cowrite://example.org:8765/plan-7#s3cr3t-Key_0」。",
        "(cowrite://example.org:8765/plan-7#s3cr3t-Key_0).",
        "cowrite://example.org:8765/plan-7#s3cr3\r\nt-Key_0",
        "cowrite://example.org:8765/pl \n\tan-7#s3cr3\r\n  t-Key_0",
        "COWRITE://EXAMPLE.ORG:8765/plan-7#s3cr3t-Key_0",
        "cowrite://example.org/plan-7#s3cr3t-Key_0",
        "ws://example.org:8765/plan-7?key=s3cr3t-Key_0",
        "ws://example.org:8765/plan-7?epoch=1&key=s3cr3t-Key_0",
    ],
)
def test_a_link_is_read_however_it_is_wrapped(text: str) -> None:
    assert Link.parse(text) == LINK


@pytest.mark.parametrize(
    ("text", "host", "port", "tls"),
    [
        ("cowrite://[::1]:9000/r#k", "::1", 9000, False),
        ("<cowrites://[2001:db8::7]/r#k>", "2001:db8::7", 443, True),
        ("cowrites://example.org/r#k", "example.org", 443, True),
        ("wss://example.org/r?key=k", "example.org", 443, True),
        ("ws://192.168.1.20/r?key=k", "192.168.1.20", 80, False),
        ("cowrite://adas-laptop.local:8765/r#k", "adas-laptop.local", 8765, False),
        ("cowrite://bücher.example/r#k", "bücher.example", 8765, False),
    ],
)
def test_the_address_of_the_server_is_read(text: str, host: str, port: int, tls: bool) -> None:
    assert Link.parse(text) == Link(host, port, "r", "k", tls)


def test_a_token_of_an_identity_provider_is_a_secret() -> None:
    token = ".".join(["header" * 10, "claims" * 100, "signature" * 60])
    assert Link.parse(f"cowrites://docs.example.org/plan#{token}").secret == token


def test_a_link_to_a_server_for_everybody_has_no_secret() -> None:
    assert Link.parse("cowrite://localhost:8765/scratch") == Link("localhost", 8765, "scratch")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it does not begin with cowrite://"),
        ("s3cr3t", "it does not begin with cowrite://"),
        ("https://example.org/plan#s3cr3t", "it does not begin with cowrite://"),
        ("cowrite://example.org#s3cr3t", "it names no document after the server address"),
        ("cowrite://example.org/#s3cr3t", "it names no document after the server address"),
        ("cowrite:///plan#s3cr3t", "its server address cannot be read"),
        ("cowrite://example.org:99999/plan#s3cr3t", "its server address cannot be read"),
        ("cowrite://[::1/plan#s3cr3t", "its server address cannot be read"),
        ("cowrite://exa mple.org/plan#s3cr3t", "there is a space in it"),
        ("cowrite://example.org/plan#s3cr3t and more", "there is a space in it"),
        ("cowrite://example.org:0/plan#s3cr3t", "0 is not a port"),
        ("cowrite://ada:s3cr3t@example.org/plan", "it has a user name before its server address"),
        ("cowrite://example.org/plan/s3cr3t", "its document name has characters that no document name has"),
        ("cowrite://example.org/plan%23s3cr3t", "its document name has characters that no document name has"),
        (f"cowrite://example.org/{'x' * 129}#s3cr3t", "its document name is longer than 128 characters"),
        (f"cowrite://example.org/plan#s3cr3t{'x' * 4096}", "its last part, the secret, is longer than 4096 characters"),
        ("cowrite://example.org/plan#s3cr3t%0d%0aX:y", "its last part, the secret, has characters that no secret has"),
    ],
)
def test_what_is_no_link_is_refused_with_its_reason_and_without_its_secret(text: str, reason: str) -> None:
    with pytest.raises(BadLink) as caught:
        Link.parse(text)
    assert caught.value.reason == reason
    assert reason in str(caught.value)
    assert "s3cr3t" not in str(caught.value)
    assert "s3cr3t" not in caught.value.text


def test_the_secret_shows_in_the_link_itself_and_nowhere_else() -> None:
    assert str(LINK) == "cowrite://example.org:8765/plan-7#s3cr3t-Key_0"
    assert LINK.websocket_url == "ws://example.org:8765/plan-7"
    assert "s3cr3t" not in repr(LINK)


def test_an_ipv6_host_stands_in_brackets() -> None:
    link = Link("::1", 8765, "r", "k", tls=True)
    assert str(link) == "cowrites://[::1]:8765/r#k"
    assert link.websocket_url == "wss://[::1]:8765/r"


@given(
    host=st.sampled_from(["example.org", "localhost", "10.0.0.7", "::1", "2001:db8::1"]),
    port=st.integers(1, 65535),
    room=st.text(LETTERS + "._~-", min_size=1, max_size=21).filter(lambda room: room[0] in LETTERS),
    secret=st.text(LETTERS + "_-", max_size=43),
    tls=st.booleans(),
)
def test_a_link_survives_being_written_and_read(host: str, port: int, room: str, secret: str, tls: bool) -> None:
    link = Link(host, port, room, secret, tls)
    assert Link.parse(str(link)) == link


@given(st.text())
def test_any_text_is_a_link_or_a_bad_link(text: str) -> None:
    try:
        link: Link | None = Link.parse(text)
    except BadLink:
        link = None
    assert link is None or Link.parse(str(link)) == link


@pytest.mark.parametrize(
    ("host", "stays"),
    [
        ("127.0.0.1", True),
        ("[::1]", True),
        ("localhost", True),
        ("192.168.1.20", False),
        ("localhost.example.org", False),
    ],
)
def test_only_an_address_that_no_other_computer_has_stays_here(host: str, stays: bool) -> None:
    assert Link.parse(f"cowrite://{host}/plan").stays_here is stays
