"""What a failed connection is called."""

from __future__ import annotations

import ssl

from cowrite.sync.failure import failure_of
from cowrite.sync.link import Link


def test_a_certificate_for_another_name_is_told_of_in_one_sentence() -> None:
    error = ssl.SSLCertVerificationError("certificate verify failed")
    error.verify_message = "Hostname mismatch, certificate is not valid for 'docs.example.org'."
    assert failure_of(error, Link("docs.example.org", 443, "room", tls=True)).reason == (
        "This computer does not trust the certificate of docs.example.org:443: "
        "Hostname mismatch, certificate is not valid for 'docs.example.org'."
    )
