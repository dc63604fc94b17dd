"""The file of keys: links and invites."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cowrite.invite import Invite
from cowrite.storage.errors import StorageFailed
from cowrite.storage.sharing import Sharing, load_sharing, save_sharing
from cowrite_server.wire.protocol import Role

SOUND = {
    "links": {"a": "cowrite://host/room#secret"},
    "members": {"host:4178/room": "secret"},
    "hosted": {"b": "room"},
    "port": 4178,
    "invites": [{"room": "room", "role": "editor", "id": 1, "secret": "secret"}],
}


def test_keys_come_back_as_they_were(tmp_path: Path) -> None:
    invites = (Invite("room", Role.VIEWER, 1, "s"),)
    sharing = Sharing({"a": "cowrite://host/room#secret"}, {"b": "room"}, 4178, invites, {"host:4178/room": "m" * 43})
    sharing = sharing.with_endpoint("http://localhost:8080/v1", "hush").with_endpoint("http://elsewhere/v1", "")
    assert sharing.endpoints == {"http://localhost:8080/v1": "hush"}
    assert "hush" not in repr(sharing)
    sharing = sharing.with_hosted("c", "once").with_hosted("c", None)
    assert (dict(sharing.hosted), dict(sharing.rooms)) == ({"b": "room"}, {"c": "once"})
    save_sharing(tmp_path / "keys" / "sharing.json", sharing)
    assert load_sharing(tmp_path / "keys" / "sharing.json") == sharing


def test_what_a_newer_version_keeps_among_the_keys_stays_there(tmp_path: Path) -> None:
    path = tmp_path / "sharing.json"
    path.write_text(json.dumps({**SOUND, "badges": {"a": "secret"}}))
    save_sharing(path, load_sharing(path).with_hosted("c", "other"))
    assert json.loads(path.read_text())["badges"] == {"a": "secret"}
    assert load_sharing(path).hosted == {"b": "room", "c": "other"}


def test_an_invite_of_a_role_that_only_a_newer_version_knows_stays_and_takes_no_other_key_along(tmp_path: Path) -> None:
    path = tmp_path / "sharing.json"
    newer = {"room": "room", "role": "reviewer", "id": 2, "secret": "other", "until": 5}
    path.write_text(json.dumps({**SOUND, "invites": [newer, *SOUND["invites"]]}))
    sharing = load_sharing(path)
    assert sharing.kept_aside is None
    assert sharing.links == SOUND["links"]
    assert [invite.role for invite in sharing.invites] == [Role.EDITOR]
    assert "reviewer" not in repr(sharing)
    save_sharing(path, sharing.with_hosted("c", "another"))
    assert json.loads(path.read_text())["invites"] == [*SOUND["invites"], newer]


@pytest.mark.parametrize(
    "broken",
    [
        {"links": ["a"]},
        {"links": {"a": 5}},
        {"hosted": {"b": None}},
        {"members": {"host:4178/room": 7}},
        {"port": "4178"},
        {"port": True},
        {"invites": 7},
        {"invites": [{"room": "room"}]},
        {"invites": [{"room": "room", "role": 5, "id": 1, "secret": "secret"}]},
        {"invites": [{"room": "room", "role": "editor", "id": "1", "secret": "secret"}]},
    ],
)
def test_a_wrong_entry_among_the_keys_sets_their_file_aside_and_that_is_logged(tmp_path, broken, caplog) -> None:
    path = tmp_path / "sharing.json"
    content = json.dumps({**SOUND, **broken})
    path.write_text(content)
    sharing = load_sharing(path)
    assert sharing.links == {}
    assert sharing.kept_aside is not None
    assert sharing.kept_aside.read_text() == content
    assert not path.exists()
    assert str(sharing.kept_aside) in caplog.text
    assert "secret" not in caplog.text
    caplog.clear()


def test_a_file_of_keys_that_is_no_json_is_set_aside_too(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "sharing.json"
    path.write_bytes(b"\0\0\0")
    assert load_sharing(path).kept_aside is not None
    assert "cannot be read" in caplog.text
    caplog.clear()


def test_keys_that_cannot_be_written_say_where(tmp_path: Path) -> None:
    (tmp_path / "keys").write_bytes(b"in the way")
    with pytest.raises(StorageFailed, match="keys"):
        save_sharing(tmp_path / "keys" / "sharing.json", Sharing())


def test_keys_of_an_earlier_version_hold_no_members_and_are_read(tmp_path: Path) -> None:
    path = tmp_path / "sharing.json"
    path.write_text(json.dumps({key: value for key, value in SOUND.items() if key != "members"}))
    sharing = load_sharing(path)
    assert sharing.links == SOUND["links"]
    assert sharing.members == {}


def test_the_secret_for_a_place_is_never_replaced() -> None:
    sharing = Sharing().with_member("host:4178/room", "first").with_member("host:4178/room", "second")
    assert sharing.members == {"host:4178/room": "first"}


def test_no_secret_shows_where_keys_are_printed() -> None:
    assert "secret" not in repr(Sharing(links={"a": "secret"}, members={"b": "secret"}))
