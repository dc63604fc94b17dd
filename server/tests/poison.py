"""Messages and updates that do harm, or would if they were taken at their word."""

from __future__ import annotations

from cowrite_server.wire.blobs import blob_message
from cowrite_server.wire.encoding import var_bytes, var_uint
from cowrite_server.wire.protocol import Message, Sync, sync_message

BEFORE_POISON = bytes.fromhex(
    "01080500040104626f6479026865840501036c6c6f010103617272018805050175027c3f8000007c400000002101016d016b02000146"
    "050001620474727565c6050105020162046e756c6c01050205010703"
)
"""A document of client 5, with the text "hello", on which the others work."""

PANIC = bytes.fromhex("01010505080106617272017c3f80000000")
"""An item of client 5 that pretends to be another one; yrs 0.28 panics in BlockSet::exclude when it is added."""

PANIC_IN_A_ROOM = bytes.fromhex(
    "01034d948fe1fb2f2701036d617005696e6e65720127004d2f04746578740204004d30066e657329656400"
)
"""Content of a client whose clock is near its end: yrs 0.28 panics when it is added, also after it was merged."""

CONTRADICTIONS = [
    bytes.fromhex(update)
    for update in (
        "01080500040104626f6479026865840501036c6c6f010103617272018805050175027c3f8000007c400000002101016d016b02000146050001620474727565c6050105020162046e756c6c010502016d016b",
        "01024d404180808080101a01c44d024d1e0162014d014001",
        "02010a0044050a0568616c66200109000300050303b2795d00",
    )
]
"""Updates that yrs takes one after the other, and not when they are merged."""

UNREADABLE_TOGETHER = [
    bytes.fromhex(update)
    for update in (
        (
            "01044d1a464d0004626f6c640474727565c64d1e4d00046c696e6b152268747470733a2f2f6578616d706c652e6f726722c64d03"
            "4d0404626f6c64046e756c6cc64d1c4d04046c696e6b046e756c6c00"
        ),
        (
            "011d4d00040104626f64790173814d0002844d020165844d031d20746578742c20c3a96372697420f09f988020616e6420e697a5"
            "e69cac464d0004626f6c640474727565c64d1a4d00046c696e6b152268747470733a2f2f6578616d706c652e6f726722c64d034d"
            "0404626f6c64046e756c6cc64d1c4d04046c696e6b046e756c6cc64d024d0303616c7403227822c64d1e4d0304626f6c64046e75"
            "6c6cc64d1f4d03046c696e6b046e756c6cc54d204d03157b22696d616765223a227368613235363a6162227dc64c214d0303616c"
            "74046e756c6cc64d224d03046c696e6b152268747470733a2f2f6578616d706c652e6f726722c64d234d0304626f6c6404747275"
            "652101036d617003616e79012701036d61700561727261790008004d26027c3f800000770374776f874d280204004d2905746872"
            "65652701036d617005696e6e65720127004d2f04746578740204004d30066e6573746564070103786d6c03017028004d3705636c"
            "6173730177017807004d370604004d3906696e20584d4c414d1a01c44d024d1e0162014d03010225014001"
        ),
        "01014d10040104626f647921736f6d6520746578742c20c3a96372697420f09f988020616e6420e697a5e69cac00",
    )
]
"""Updates of one client that claim the same units. yrs takes all three; what it writes of them it does not read."""

POISON = bytes.fromhex("02010a0044050a0568616c6620010900030005030378795d00")
"""The word "half" of client 10, and content of client 9 within a character of client 5.

yrs adds the word, gives up on the rest, and leaves the document in between.
"""


OVERLONG = bytes.fromhex("81008100860080000481008400626f647984006c6f6e678000")
"""An update of client 6 with the word "long"; each of its integers takes a byte more than it needs."""

BEHIND_A_GAP = bytes.fromhex("01010705040104626f64790367617000")
"""An update of client 7, the word "gap", which goes on behind what nobody has sent."""


def nested_update(levels: int) -> bytes:
    """An update with one value: arrays within arrays."""
    return b"\x01\x01\x05\x00\x08\x01\x04body" + var_uint(1) + b"\x75\x01" * levels + b"\x7e\x00"


HUGE_CLAIM = b"\xff\xff\xff\xff\x0f\x01\x05\x00"
"""An update, or a state vector, of a billion clients in eight bytes."""

MALFORMED = {
    "nothing": b"",
    "unknown type": b"\x66\x00",
    "unknown type of ours": var_uint(90),
    "a message of the server": var_uint(Message.SAVED) + b"\x01",
    "unknown kind of sync": b"\x00\x03\x00",
    "type without end": b"\x80",
    "type of 70 bits": b"\xff" * 10,
    "kind is missing": b"\x00",
    "length beyond the end": b"\x00\x02\x7f\x00",
    "length of 53 bits": b"\x00\x02" + var_uint(2**53 - 1),
    "goes on after its end": sync_message(Sync.UPDATE, b"\x00\x00") + b"\x00",
    "no state vector": sync_message(Sync.STEP_1, b"\xff\xff"),
    "huge state vector": sync_message(Sync.STEP_1, HUGE_CLAIM),
    "no awareness": bytes((Message.AWARENESS,)) + var_bytes(b"\x05\x01"),
    "awareness of a huge number": bytes((Message.AWARENESS,)) + var_bytes(var_uint(2**50)),
    "short hash": var_uint(Message.BLOB_GET) + b"short",
    "long hash": blob_message(Message.BLOB_GET, bytes(32)) + b"\x00",
}
"""Messages that close their sender, by what is wrong with them."""

BROKEN_UPDATES = {
    "no update": b"\xff\xff\xff",
    "cut off": b"\x01\x01\x05\x00\x04\x01\x04bo",
    "nested": nested_update(100_000),
    "huge": HUGE_CLAIM,
}
"""Updates that are refused, by what is wrong with them."""
