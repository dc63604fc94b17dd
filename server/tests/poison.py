"""Updates that do harm: each can be read, and adding it makes the library fail."""

from __future__ import annotations

from cowrite_server.protocol import var_uint

BEFORE_POISON = bytes.fromhex(
    "01080500040104626f6479026865840501036c6c6f010103617272018805050175027c3f8000007c400000002101016d016b02000146"
    "050001620474727565c6050105020162046e756c6c01050205010703"
)
"""A document of client 5, with the text "hello", on which the others work."""

PANIC = bytes.fromhex("01010505080106617272017c3f80000000")
"""An item of client 5 that pretends to be another one; yrs 0.28 panics in BlockSet::exclude when it is added."""

POISON = bytes.fromhex("02010a0044050a0568616c6620010900030005030378795d00")
"""The word "half" of client 10, and content of client 9 within a character of client 5.

yrs adds the word, gives up on the rest, and leaves the document in between.
"""


def nested_update(levels: int) -> bytes:
    """An update with one value: arrays within arrays."""
    return b"\x01\x01\x05\x00\x08\x01\x04body" + var_uint(1) + b"\x75\x01" * levels + b"\x7e\x00"
