"""State vectors read as numbers."""

from __future__ import annotations

import pytest

from cowrite.core.crdt.structs import read_clocks
from cowrite.sync.state_vector import EMPTY, is_ahead
from cowrite_server.wire.encoding import MalformedMessage
from helpers.sync_fakes import TextDocument

CLIENT_2_AT_17 = bytes.fromhex("010211")


def test_it_names_each_client_and_how_much_of_it_is_known() -> None:
    assert read_clocks(EMPTY) == {}
    assert read_clocks(CLIENT_2_AT_17) == {2: 17}


def test_it_reads_what_the_crdt_writes() -> None:
    document = TextDocument("Hello")
    assert read_clocks(document.state_vector()) == {document.client: 5}


@pytest.mark.parametrize(
    ("left", "right", "ahead"),
    [
        ("010211", "010211", False),
        ("010212", "010211", True),
        ("010210", "010211", False),
        ("00", "010211", False),
        ("010211", "00", True),
        ("010211", "02021103 01", False),
        ("0203010211", "0202110301", False),
        ("0203020211", "0202110301", True),
    ],
)
def test_one_is_ahead_of_another_when_it_knows_anything_that_the_other_does_not(
    left: str, right: str, ahead: bool
) -> None:
    assert is_ahead(bytes.fromhex(left), bytes.fromhex(right)) is ahead


@pytest.mark.parametrize("damaged", [b"", b"\x01", b"\x01\x02", b"\xff\xff"])
def test_a_damaged_one_is_refused(damaged: bytes) -> None:
    with pytest.raises(MalformedMessage):
        read_clocks(damaged)
