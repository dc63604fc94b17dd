"""What a failed connection is called."""

from __future__ import annotations

import ssl

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.frames import Close

from cowrite.sync.failure import failure_of
from cowrite.sync.link import Link


def test_a_certificate_for_another_name_is_told_of_in_one_sentence() -> None:
    error = ssl.SSLCertVerificationError("certificate verify failed")
    error.verify_code = 62
    error.verify_message = "Hostname mismatch, certificate is not valid for 'docs.example.org'."
    assert failure_of(error, Link("docs.example.org", 443, "room", tls=True)).reason == (
        "This computer does not trust the certificate of docs.example.org:443: "
        "Hostname mismatch, certificate is not valid for 'docs.example.org'; tell whoever runs the server."
    )


def test_whose_certificate_is_not_valid_yet_may_have_a_computer_with_a_wrong_date() -> None:
    error = ssl.SSLCertVerificationError("certificate verify failed")
    error.verify_code, error.verify_message = 9, "certificate is not yet valid"
    assert failure_of(error, Link("docs.example.org", 443, "room", tls=True)).reason.endswith(
        "certificate is not yet valid; check the date of this computer."
    )


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("WRONG_VERSION_NUMBER", "does not speak TLS as the link says"),
        ("TLSV1_ALERT_PROTOCOL_VERSION", "speaks only old versions of TLS"),
    ],
)
def test_nobody_is_advised_to_use_a_link_without_tls(reason: str, said: str) -> None:
    error = ssl.SSLError(1, "the test says so")
    error.reason = reason
    told = failure_of(error, Link("docs.example.org", 443, "room", tls=True)).reason
    assert said in told
    assert "cowrite://" not in told


@pytest.mark.parametrize(
    ("code", "said", "told"),
    [
        (
            4432,
            "This document is moving;\ntry again later.",
            "(code 4432): “This document is moving; try again later.”",
        ),
        (4433, "<img src=//example.org/>", "(code 4433): “‹img src=//example.org/>”"),
        (4434, "", "(code 4434)."),
    ],
)
def test_why_a_server_of_a_later_version_ends_a_connection_is_told_in_its_words_and_is_no_markup(
    code: int, said: str, told: str
) -> None:
    failure = failure_of(ConnectionClosedError(Close(code, said), None, None), Link("example.org", 443, "room"))
    assert failure.reason == f"The server ended the connection {told}"
    assert not failure.final
