"""The words of the status bar."""

from __future__ import annotations

import pytest

from cowrite.paths import resources
from cowrite.sync.status import Kind, Status, working_offline
from cowrite_server.wire.protocol import Close, Reason


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (Status(Kind.SAVED), "Shared from this computer"),
        (Status(Kind.SYNCING), "Beginning to share"),
        (Status(Kind.WAITING, 2), "Sharing, 2 changes waiting"),
        (Status(Kind.OFFLINE, 1), "Not shared at the moment, 1 change waiting"),
        (Status(Kind.REFUSED, 1, reason=Reason.READ_ONLY), "You may read this document but not change it"),
    ],
)
def test_whoever_shares_from_this_computer_is_told_of_no_server_on_which_their_work_were_safer(status, sentence):
    assert status.sentence_of_host == sentence


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (Status(Kind.LOCAL), "Saved on this computer"),
        (Status(Kind.CONNECTING), "Connecting"),
        (Status(Kind.CONNECTING, 2), "Connecting, 2 changes waiting"),
        (Status(Kind.SYNCING), "Catching up with the server"),
        (Status(Kind.SAVED), "Saved on the server"),
        (Status(Kind.WAITING, 1), "Saving on the server, 1 change waiting"),
        (Status(Kind.OFFLINE), "Offline, all changes saved on the server"),
        (Status(Kind.OFFLINE, 1), "Offline, 1 change waiting"),
        (Status(Kind.OFFLINE, 12), "Offline, 12 changes waiting"),
        (Status(Kind.OFFLINE, 1200), "Offline, 1,200 changes waiting"),
        (Status(Kind.OFFLINE, confirms=False), "Offline, saved on this computer"),
        (Status(Kind.OFFLINE, rests=True), "Offline for a minute: too much was sent"),
        (Status(Kind.OFFLINE, 12, rests=True), "Offline for a minute: too much was sent, 12 changes waiting"),
        (Status(Kind.SHARED, confirms=False), "Connected, saved on this computer"),
        (
            Status(Kind.REFUSED, 1, reason=Reason.TOO_LARGE, limit="document_bytes"),
            "This document is as large as the server accepts",
        ),
        (
            Status(Kind.REFUSED, 1, reason=Reason.TOO_LARGE, limit="room_blob_bytes", most=2**30),
            "The images of this document are together as large as the server accepts (1024 MB)",
        ),
        (
            Status(Kind.REFUSED, 1, reason=Reason.TOO_LARGE, limit="message_bytes", most=1),
            "A change is larger than the server accepts at once (1 byte)",
        ),
        (Status(Kind.REFUSED, 1, reason=Reason.READ_ONLY), "You may read this document but not change it"),
        (
            Status(Kind.REFUSED, 1, reason=Reason.ONLY_SUGGESTING),
            "You may suggest changes to this document but not make them",
        ),
        (Status(Kind.REFUSED, 1, reason=Reason.ONLY_COMMENTING), "You may comment on this document but not change it"),
        (Status(Kind.REFUSED, 1, reason=Reason.INCOMPLETE), "A change builds on text that the server does not have"),
        (Status.closed(Close.WITHDRAWN, 0), "This link does not let you in any more"),
        (Status.closed(Close.NOT_INVITED, 0), "This link does not open this document"),
        (Status.closed(Close.NO_SUCH_ROOM, 0), "This link names no document"),
    ],
)
def test_the_status_bar_says(status: Status, sentence: str) -> None:
    assert status.sentence == sentence


@pytest.mark.parametrize("close", [close for close in Close if close.final])
def test_every_final_close_has_a_short_sentence_and_a_long_one(close: Close) -> None:
    status = Status.closed(close, 0)
    assert status.final
    assert not status.sentence.endswith(".")
    assert status.advice == close.sentence


@pytest.mark.parametrize("reason", list(Reason))
def test_every_refusal_says_that_the_work_is_kept_here(reason: Reason) -> None:
    assert "kept on this computer" in Status(Kind.REFUSED, 1, reason=reason).advice


def test_whoever_waits_for_a_server_that_never_saves_is_told_whom_to_tell() -> None:
    assert "tell whoever runs the server" in Status(Kind.WAITING, 1).advice


def test_the_tooltip_of_an_offline_document_says_what_happened() -> None:
    assert Status(Kind.OFFLINE, detail="Nothing answers.").advice == "Nothing answers."


NOT_SHOWN = {Kind.REFUSED, Kind.WITHDRAWN, Kind.EPOCH_CHANGED, Kind.CLOSED}
"""Kinds that have no sentence by themselves: a reason or the server's close says it."""


def test_the_guide_has_every_sentence_of_the_status_bar_about_the_server() -> None:
    page = (resources() / "guide" / "saving.md").read_text("utf-8")
    limits = ("document_bytes", "document_seconds", "message_bytes", "update_seconds", "blob_bytes", "room_blob_bytes")
    said = {
        *(Status(kind, 3).sentence for kind in Kind if kind not in NOT_SHOWN | {Kind.OFFLINE}),
        *(
            Status(Kind.OFFLINE, waiting, confirms=confirms).sentence
            for waiting in (0, 12)
            for confirms in (True, False)
        ),
        Status(Kind.OFFLINE, 12, rests=True).sentence,
        working_offline(12),
        *(Status(Kind.REFUSED, 1, reason=reason).sentence for reason in Reason),
        *(Status(Kind.REFUSED, 1, reason=Reason.TOO_LARGE, limit=limit).sentence for limit in limits),
        Status.closed(Close.WITHDRAWN, 0).sentence,
    }
    assert [sentence for sentence in sorted(said) if sentence not in page] == []


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (Status(Kind.SAVED), "Saving on the server, 2 changes waiting"),
        (Status(Kind.OFFLINE, 1), "Offline, 3 changes waiting"),
    ],
)
def test_what_is_sealed_here_alone_waits_like_changes_do(status: Status, sentence: str) -> None:
    assert status.with_more(2).sentence == sentence
    assert status.with_more(0) == status
