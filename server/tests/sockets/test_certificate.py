"""TLS: a certificate that is renewed while people write, and no clear text where others could read it."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import ssl
import threading
import time
from pathlib import Path
from typing import NoReturn

import pytest

from certificates import Files
from cowrite_server.errors import CertificateUnusable
from cowrite_server.sockets.certificate import Certificate
from cowrite_server.watched_files import keep_fresh
from cowrite_server.wire.protocol import Close
from cowrite_server.wrong_use import ClearTextBeyondLoopback
from house import MakeHouse
from plain_rights import with_plain_rights
from server_process import ServerProcess
from sync_clients import PATIENCE, Client, until


async def trusted(port: int, context: ssl.SSLContext) -> bool:
    """Whether the server shows a certificate that a context trusts."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    except ssl.SSLCertVerificationError:
        return False
    writer.close()
    return True


async def until_trusted(port: int, context: ssl.SSLContext) -> None:
    """Waits until the server shows a certificate that a context trusts."""
    async with asyncio.timeout(PATIENCE):
        while not await trusted(port, context):  # noqa: ASYNC110 - only a new connection shows it
            await asyncio.sleep(0.02)


def out_of_files(*_: object) -> NoReturn:
    """Opens a file where the system lets the process open none."""
    raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))


async def enter(url: str, context: ssl.SSLContext) -> Client:
    """A client that trusts one certificate."""
    client = await Client().open(url, ssl=context)
    await client.until_synced()
    return client


async def test_a_renewed_certificate_is_for_new_connections_and_those_that_stand_go_on(tmp_path: Path) -> None:
    files = Files(tmp_path)
    old = await files.renew()
    async with ServerProcess(tmp_path / "data", *files.options, "--open", "--watch-seconds", "0.02") as server:
        port = int(server.url.rpartition(":")[2])
        ann = await enter(server.url, old)
        new = await files.renew()
        await until_trusted(port, new)
        assert not await trusted(port, old)
        ben = await enter(server.url, new)
        await ann.write("on the old one")
        await ben.until(lambda: ben.text == ann.text)
        await ann.until_saved()
        assert ann.closed is None
        for client in (ann, ben):
            await client.leave()


async def test_a_broken_certificate_changes_nothing_and_is_named_in_the_log(
    make_house: MakeHouse, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "cowrite_server")
    files = Files(tmp_path)
    old = await files.renew()
    house = await make_house(tls_cert=files.cert, tls_key=files.key, watch_seconds=0.02)
    for harm in (lambda: files.cert.write_text("no certificate"), lambda: files.key.write_text(""), files.key.unlink):
        caplog.clear()
        harm()
        async with asyncio.timeout(PATIENCE):
            while "stays in use" not in caplog.text:  # noqa: ASYNC110 - nobody could set an event for it
                await asyncio.sleep(0.01)
        assert str(files.cert) in caplog.text
        assert await trusted(house.server.port, old)
    new = await files.renew()
    await until_trusted(house.server.port, new)
    await until(lambda: "was read again" in caplog.text)  # which is said once it is in use
    assert caplog.text.count("was read again") == 1


async def test_a_renewed_certificate_that_could_not_be_read_at_once_is_taken_up_when_it_can(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = Files(tmp_path)
    await files.renew()
    certificate = Certificate(files.cert, files.key, now)
    ends = certificate.ends
    await files.renew(days=3)
    certificate.refresh()  # sees it, and at the next look that it is at rest
    with monkeypatch.context() as full:
        full.setattr(Path, "open", out_of_files)
        for _ in range(3):
            certificate.refresh()
    assert certificate.ends == ends
    assert caplog.text.count("Too many open files") == 1
    caplog.clear()
    certificate.refresh()
    assert certificate.ends > ends


async def test_everybody_is_heard_while_a_file_is_on_a_drive_that_hangs() -> None:
    reading, goes_on, heard = threading.Event(), threading.Event(), []

    class Hanging:
        def refresh(self) -> None:
            reading.set()
            heard.append(goes_on.wait(PATIENCE))

    watching = asyncio.create_task(keep_fresh([Hanging()], 0.01))
    await asyncio.to_thread(reading.wait)
    goes_on.set()
    await until(lambda: heard)
    assert heard[0]
    watching.cancel()


async def test_a_certificate_that_is_mended_is_taken_up_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "cowrite_server")
    files = Files(tmp_path)
    await files.renew()
    certificate = Certificate(files.cert, files.key, now)
    files.key.unlink()
    certificate.refresh()  # sees it, and at the next look that it is at rest
    certificate.refresh()
    assert "stays in use" in caplog.text
    await files.renew()
    for _ in range(3):
        certificate.refresh()
    assert caplog.text.count("was read again") == 1


async def test_a_renewed_key_that_gets_its_owner_later_is_taken_up(tmp_path: Path) -> None:
    files = Files(tmp_path)
    await files.renew()
    options = (*files.options, "--watch-seconds", "0.02")
    async with ServerProcess(tmp_path / "data", *options, before=with_plain_rights()) as server:
        new = await files.renew(mode=0)
        await until(lambda: "stays in use" in server.errors)
        files.key.chmod(0o600)
        await until_trusted(server.port, new)


DAY = 24 * 60 * 60 * 1000


def now() -> int:
    return time.time_ns() // 1_000_000


async def test_a_certificate_out_of_its_time_is_used_and_named_once(
    make_house: MakeHouse, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = Files(tmp_path)
    context = await files.renew()
    house = await make_house(tls_cert=files.cert, tls_key=files.key, watch_seconds=0.02)
    assert await trusted(house.server.port, context)
    assert named(caplog) == []
    clock = [now()]
    certificate = Certificate(files.cert, files.key, lambda: clock[0])
    for days, words in ((3, "has expired on"), (-4, "is not good before")):
        clock[0] += days * DAY
        for _ in range(3):
            certificate.refresh()
        assert [words in sentence for sentence in named(caplog)] == [True]
        assert str(files.cert) in named(caplog)[0]
        clock[0] = now()
        certificate.refresh()
        caplog.clear()
    clock[0] += 3 * DAY
    late = Certificate(files.cert, files.key, lambda: clock[0])  # as a server that starts
    await files.renew()
    late.refresh()
    late.refresh()  # when the files are at rest, it is read again, and is as late as the one before
    assert ["has expired on" in sentence for sentence in named(caplog)] == [True, True]


def named(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was said about certificates."""
    return [each.getMessage() for each in caplog.records if each.name == "cowrite_server.sockets.certificate"]


async def test_a_certificate_that_cannot_be_used_is_refused_in_words(tmp_path: Path) -> None:
    files = Files(tmp_path)
    await files.renew()
    first = files.key.read_text()
    await files.renew()
    files.key.write_text(first)
    with pytest.raises(CertificateUnusable, match="the key is another certificate's"):
        Certificate(files.cert, files.key, now)
    for content, fault in {
        "no key": f"the file {files.key} holds no private key in PEM",
        first.replace("BEGIN", "BEGIN ENCRYPTED"): "the key has a password; write it without one",
        "x" * 2**20 + "x": f"the file {files.key} is larger than 1 MiB, as no certificate and no key is",
        first[:60]: "look whether the files are whole",
    }.items():
        files.key.write_text(content)
        with pytest.raises(CertificateUnusable, match=fault):
            Certificate(files.cert, files.key, now)
    with pytest.raises(CertificateUnusable, match=f"{files.cert} holds no private key in PEM; give it with --tls-key"):
        Certificate(files.cert, None, now)
    files.cert.write_text(first)
    with pytest.raises(CertificateUnusable, match=f"the file {files.cert} holds no certificate in PEM"):
        Certificate(files.cert, files.key, now)
    files.key.unlink()
    with pytest.raises(CertificateUnusable, match=f"the file {files.key} cannot be read"):
        Certificate(files.cert, files.key, now)


async def test_a_certificate_that_protects_too_little_is_refused_with_what_would_do(tmp_path: Path) -> None:
    files = Files(tmp_path)
    await files.renew(weak=True)
    with pytest.raises(CertificateUnusable, match="it protects too little; have one made with an RSA key of 2048 bits"):
        Certificate(files.cert, files.key, now)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1", "docs.example.org"])
async def test_clear_text_beyond_this_machine_is_refused(make_house: MakeHouse, host: str) -> None:
    with pytest.raises(ClearTextBeyondLoopback, match="--insecure"):
        await make_house(host=host)


async def test_clear_text_beyond_this_machine_is_there_for_those_who_say_so(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path, "--host", "0.0.0.0", "--insecure") as server:
        assert server.url.startswith("ws://0.0.0.0:")


async def test_metrics_which_speak_no_tls_are_for_this_machine_unless_somebody_says_otherwise(tmp_path: Path) -> None:
    files = Files(tmp_path)
    await files.renew()
    options = ("--tls-cert", str(files.cert), "--tls-key", str(files.key), "--metrics-port", "0")
    elsewhere = ("--metrics-host", "0.0.0.0")
    with pytest.raises(AssertionError, match="--insecure"):
        await ServerProcess(tmp_path / "data", *options, *elsewhere).__aenter__()
    async with ServerProcess(tmp_path / "data", *options, *elsewhere, "--insecure") as server:
        assert server.url.startswith("wss://")


async def test_a_server_with_a_certificate_listens_everywhere(make_house: MakeHouse, tmp_path: Path) -> None:
    files = Files(tmp_path)
    context = await files.renew()
    house = await make_house(host="0.0.0.0", tls_cert=files.cert, tls_key=files.key)
    assert await trusted(house.server.port, context)
    client = await Client(answers=False).open(f"wss://127.0.0.1:{house.server.port}", ssl=context)
    assert (await client.until_closed()).code == Close.NOT_INVITED
    await client.leave()


@pytest.mark.parametrize(
    ("names", "host"),
    [
        ("DNS:*.example.org,DNS:docs.example.org,DNS:other.example.org", "docs.example.org"),
        (f"DNS:docs.example.org,DNS:{socket.gethostname()}", socket.gethostname()),
        ("DNS:*.example.org", socket.gethostname()),
    ],
)
async def test_links_lead_to_a_name_of_the_certificate_or_to_the_machine_if_there_is_none(
    make_house: MakeHouse, tmp_path: Path, names: str, host: str
) -> None:
    files = Files(tmp_path)
    await files.renew(names=names)
    server = (await make_house(host="0.0.0.0", tls_cert=files.cert, tls_key=files.key)).server
    assert server.address == f"wss://{host}:{server.port}"
