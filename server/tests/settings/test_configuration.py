"""Settings: from the command line, the environment and a TOML file, in this order; and none without documentation."""

from __future__ import annotations

import dataclasses
import os
import re
import sys
from dataclasses import MISSING
from pathlib import Path

import pytest

from commands import run_forked
from cowrite_server.settings.configuration import Option, options, read_settings, settings_of, unknown_variables
from cowrite_server.settings.settings import LogFormat, Settings
from cowrite_server.store.opening import sqlite_folder
from cowrite_server.wire.protocol import Limits
from cowrite_server.wrong_use import (
    BadSetting,
    ConfigurationUnreadable,
    MissingSetting,
    SettingsInSection,
    UnknownSetting,
)

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
NO_NUMBERS = ("1_0", " 5", "5 ", "+5", "٣", "1e3", "0x10", "")
"""What Python takes for a number in part, and nobody writes on purpose."""

NO_MEASURES = ("nan", "inf", "-inf", "-1", "-1e-9", "1e300", *NO_NUMBERS)


@pytest.fixture(scope="module")
def shown_help() -> str:
    """What the command says of its options."""
    return run_forked("serve", "--help", env={**os.environ, "COLUMNS": "1000"}).out


def settings(flags: dict[str, object], environment: dict[str, str], toml: Path | None = None) -> Settings:
    """Settings from all three sources."""
    config = {} if toml is None else {"config": str(toml)}
    return settings_of(read_settings({"data": "rooms", **config, **flags}, environment))


def default_words(option: Option) -> str:
    """The default as it stands in the table."""
    default = option.default
    if default is MISSING:
        return "required"
    if default is None or default == ():
        return "none"
    if isinstance(default, bool):
        return "on" if default else "off"
    for unit, size in (("MiB", 2**20), ("KiB", 2**10)):
        if option.kind.expected.startswith("a number of bytes") and default % size == 0:
            return f"`{default // size}{unit}`"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def row(option: Option) -> str:
    """The row of the README's table that a setting must have."""
    return f"| `{option.flag}` | {default_words(option)} | {option.meaning} |"


def test_every_setting_has_a_flag_a_variable_a_key_and_its_documentation(shown_help: str) -> None:
    for option in options():
        assert re.search(rf"^  {option.flag}[ ,]", shown_help, re.MULTILINE), option.flag
        assert option.meaning, option.flag
        assert option.meaning.replace("`", "") in shown_help.replace("`", "")
        assert row(option) in README.splitlines()
        words = option.flag.removeprefix("--").replace("-", "_")  # by this rule the README names variables and keys
        assert (option.variable, option.name) == (f"COWRITE_SERVER_{words.upper()}", words)


def test_the_help_says_what_stands_behind_an_option(shown_help: str) -> None:
    for words in ("data DIR", "tls-cert FILE", "queue-bytes BYTES", "ping-seconds SECONDS", "log-format {text,json}"):
        assert re.search(rf"^  --{words}\s", shown_help, re.MULTILINE), words


def test_every_field_is_a_setting() -> None:
    fields = {field.name for owner in (Settings, Limits) for field in dataclasses.fields(owner)} - {"limits"}
    assert {option.field for option in options()} == fields
    names = [option.name for option in options()]
    assert len(set(names)) == len(names)


def test_the_table_has_no_setting_that_there_is_not() -> None:
    section = README.partition("\n## Settings\n")[2].partition("\n### ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `--")]
    assert len(rows) == len(options())


def test_the_command_line_is_stronger_than_the_environment_and_that_than_the_file(tmp_path: Path) -> None:
    toml = tmp_path / "server.toml"
    toml.write_text('port = 1\nhost = "::1"\nqueue_bytes = "2MiB"\nroom_clients = 9\nopen = true\n')
    environment = {"COWRITE_SERVER_PORT": "2", "COWRITE_SERVER_HOST": "localhost", "COWRITE_SERVER_OPEN": "no"}
    made = settings({"port": "3"}, environment, toml)
    assert (made.port, made.host, made.queue_bytes) == (3, "localhost", 2 * 2**20)
    assert (made.limits.room_clients, made.anybody) == (9, False)
    assert settings({}, environment, toml).port == 2
    assert settings({}, {}, toml).anybody is True
    assert settings({}, {"COWRITE_SERVER_CONFIG": str(toml)}).port == 1
    assert settings({}, {}) == Settings(store="sqlite:rooms")


def test_every_setting_can_be_given_in_each_way(tmp_path: Path) -> None:
    texts = {"a port from 0 to 65535": "7", "true or false": "true", "text or json": "json", "a path": "there"}
    texts["an IP address, or a network that is not all of IPv4 or IPv6, such as 127.0.0.1 or 10.0.0.0/8,"] = (
        "10.0.0.0/8"
    )
    texts["the beginning of an address, such as https://docs.example.org, or `*`"] = "*"
    texts["debug or info or warning or error"] = "error"
    for option in options():
        text = texts.get(option.kind.expected, "3000")
        toml = tmp_path / f"{option.name}.toml"
        toml.write_text(f'{option.name} = ["{text}"]' if option.many else f'{option.name} = "{text}"')
        flag: object = [text] if option.many else text
        rest = {} if option.field == "store" else {"data": "x"}
        given = [
            read_settings({option.name: flag, **rest}, {}),
            read_settings(rest, {option.variable: text}),
            read_settings({"config": str(toml), **rest}, {}),
        ]
        assert given[0] == given[1] == given[2]
        assert settings_of(given[0]) != Settings(store="sqlite:x"), option.name


def test_several_values_are_separated_by_commas_or_stand_in_an_array(tmp_path: Path) -> None:
    toml = tmp_path / "server.toml"
    toml.write_text('allow_origin = ["https://a.example", "https://b.example"]\nlog_format = "json"')
    expected = ("https://a.example", "https://b.example")
    assert settings({}, {}, toml).allow_origin == expected
    assert settings({}, {}, toml).log_format is LogFormat.JSON
    variable = {"COWRITE_SERVER_ALLOW_ORIGIN": "https://a.example, https://b.example"}
    assert settings({}, variable).allow_origin == expected
    assert settings({"allow_origin": ["https://a.example", "https://b.example"]}, {}).allow_origin == expected
    assert settings({"allow_origin": ["https://a.example,https://b.example"]}, {}).allow_origin == expected


def test_an_unknown_key_is_named_with_its_file_and_the_one_that_is_meant(tmp_path: Path) -> None:
    toml = tmp_path / "server.toml"
    toml.write_text("prot = 1\n")
    with pytest.raises(UnknownSetting, match=r"server\.toml.*prot.*perhaps port") as caught:
        settings({}, {}, toml)
    assert (caught.value.path, caught.value.name) == (toml, "prot")


def test_a_mark_at_the_beginning_of_a_file_is_no_part_of_it(tmp_path: Path) -> None:
    toml = tmp_path / "server.toml"
    toml.write_text("port = 4000\n", encoding="utf-8-sig")
    assert settings({}, {}, toml).port == 4000


@pytest.mark.parametrize("name", ["serve", "port"])
def test_a_section_is_named_and_where_settings_stand(tmp_path: Path, name: str) -> None:
    toml = tmp_path / "server.toml"
    toml.write_text(f'data = "rooms"\n[{name}]\nport = 1\n')
    with pytest.raises(
        SettingsInSection, match=rf"server\.toml has the section \[{name}\].* at the beginning"
    ) as caught:
        settings({}, {}, toml)
    assert (caught.value.path, caught.value.name) == (toml, name)


def test_an_empty_variable_names_no_file() -> None:
    assert settings({}, {"COWRITE_SERVER_CONFIG": ""}) == settings({}, {})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"port = ", "Invalid value"),
        (b"port = 1\nport = 2", "a setting stands in it twice"),
        (
            b'store = "sqlite:C:\\Users\\ada"',
            "column 21.; a path with backslashes stands between single quotes",
        ),
        ("port = 4000".encode("utf-16-le"), "is not in UTF-8; save it as that"),
        ("port = 4000".encode("utf-16"), "is not in UTF-8; save it as that"),  # as Windows' own shell redirects
    ],
)
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    toml = tmp_path / "server.toml"
    toml.write_bytes(content)
    with pytest.raises(ConfigurationUnreadable, match=rf"server\.toml.*{words}"):
        settings({}, {}, toml)
    with pytest.raises(ConfigurationUnreadable, match=r"missing\.toml"):
        settings({}, {}, tmp_path / "missing.toml")


@pytest.mark.skipif(sys.platform == "win32", reason="no file is without an end there")
def test_a_file_without_an_end_is_not_read_to_it() -> None:
    endless = Path("/dev/zero")
    with pytest.raises(ConfigurationUnreadable, match="larger than 1 MiB"):
        settings({}, {}, endless)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "70000"),
        ("port", "many"),
        ("queue_bytes", "1 MB"),
        ("queue_bytes", "0"),
        ("queue_bytes", "1023"),
        ("queue_bytes", "-1MiB"),
        *((name, value) for name in ("port", "metrics_port", "room_clients") for value in NO_NUMBERS),
        *(("queue_bytes", value) for value in ("٩٩٩٩", "1_024", "+1024", " 1024", "1e6", "٩MiB")),
        ("room_clients", "2147483649"),
        *((name, value) for name in ("idle_seconds", "commit_seconds", "history_fine_days") for value in NO_MEASURES),
        *((name, "0.99") for name in ("waiting_seconds", "idle_seconds", "sweep_seconds", "ping_seconds")),
        ("silence_seconds", "1e-9"),
        ("merge_seconds", "1e-9"),
        ("drain_seconds", "0"),
        ("retry_most_seconds", "31622401"),
        ("room_clients", "1.5"),
        ("open", "perhaps"),
        ("log_format", "xml"),
        *((name, value) for name in ("host", "metrics_host") for value in ("", "*", "[::]", "127.0.0.1:80")),
        ("history_fine_days", "1e300"),
        ("allow_origin", "docs.example.org"),
        *(("proxies", value) for value in ("caddy", "0.0.0.0/0", "::/0", "::ffff:0:0/96")),
    ],
)
def test_a_value_that_a_setting_cannot_have_is_named_with_its_source(tmp_path: Path, name: str, value: str) -> None:
    variable = f"COWRITE_SERVER_{name.upper()}"
    with pytest.raises(BadSetting, match=variable):
        settings({}, {variable: value})
    toml = tmp_path / "server.toml"
    toml.write_text(f'{name} = "{value}"')
    with pytest.raises(BadSetting, match=rf"{name} in .*server\.toml"):
        settings({}, {}, toml)
    toml.write_text(f"{name} = [[1]]")
    with pytest.raises(BadSetting):
        settings({}, {}, toml)


def test_a_proxy_may_be_named_as_a_socket_for_both_kinds_of_addresses_gives_it() -> None:
    named = settings({"proxies": ["::ffff:127.0.0.1, ::ffff:10.0.0.0/104"]}, {})
    assert named.proxies == ("127.0.0.1/32", "10.0.0.0/8")


def test_a_bad_value_is_named_as_it_was_written_and_alone(tmp_path: Path) -> None:
    toml = tmp_path / "server.toml"
    toml.write_text("room_clients = true")
    with pytest.raises(BadSetting, match="cannot be true:"):
        settings({}, {}, toml)
    for written in ("2020-01-01", "07:32:00"):
        toml.write_text(f"port = {written}")
        with pytest.raises(BadSetting, match=f"cannot be {written}:"):
            settings({}, {}, toml)
    with pytest.raises(BadSetting, match=r"--proxies cannot be '10\.0\.0\.0/33':"):
        settings({"proxies": ["127.0.0.1", "10.0.0.1, 10.0.0.0/33"]}, {})


@pytest.mark.parametrize("name", ["data", "store", "host", "tls_cert", "tls_key", "jwt_secret", "jwt_jwks"])
def test_a_path_or_a_name_with_a_nul_is_named_with_its_file(tmp_path: Path, name: str) -> None:
    toml = tmp_path / "server.toml"
    toml.write_text(f'{name} = "sqlite:a\\u0000b"')
    with pytest.raises(BadSetting, match=rf"{name} in .*server\.toml"):
        settings({}, {}, toml)


def test_a_bound_of_a_setting_is_a_value_that_it_can_have_and_the_error_says_it() -> None:
    numbers = [option for option in options() if type(option.default) in (int, float)]
    assert numbers
    for option in numbers:
        with pytest.raises(BadSetting, match=option.kind.expected) as refused:
            settings({}, {option.variable: "-1"})
        bounds = re.findall(r"from ([\d.]+)(?: to ([\d.]+))?", str(refused.value))
        assert len(bounds) == 1, str(refused.value)
        for bound in filter(None, bounds[0]):
            settings({}, {option.variable: bound})


def test_a_folder_has_to_be_given() -> None:
    with pytest.raises(MissingSetting, match=r"--data.*COWRITE_SERVER_DATA"):
        read_settings({}, {})


def test_the_command_reads_all_three_and_fails_with_one_sentence(tmp_path: Path) -> None:
    toml = tmp_path / "server.toml"
    toml.write_text("prot = 1\n")
    environment = {**os.environ, "COWRITE_SERVER_DATA": str(tmp_path / "data")}
    for arguments, words in (
        (["serve", "--config", str(toml)], "prot"),
        (["invites", "plan", "--config", str(toml)], "prot"),
        (["serve", "--port", "many"], "--port"),
        (["serve", "--host", "0.0.0.0"], "--insecure"),
        (["serve", "--tls-key", "key.pem"], "--tls-cert"),
        (["serve", "--jwt-issuer", "https://id.example.org"], "--jwt-issuer is of no use without the keys"),
        (["serve", "--jwt-audience", "cowrite"], "give --jwt-secret, --jwt-key or --jwt-jwks, or leave out --jwt-aud"),
        (["serve", "--message-bytes", "1MiB"], "document_bytes (50331648)"),
        (["serve", "--blob-part-bytes", "65MiB"], "blob_part_bytes"),
        (["serve", "--silence-seconds", "5"], "ping_seconds (8) is too large for silence_seconds (5)"),
        (["serve", "--retry-seconds", "3"], "retry_seconds (3) is too large for retry_most_seconds (2)"),
        (["serve", "--excess-seconds", "1"], "message_bytes (67108864) is too large for excess_seconds (1)"),
        (["serve", "--silence-seconds", "8"], "ping_seconds (8) is too large for silence_seconds (8)"),
        (
            ["serve", "--message-bytes", "256KiB", "--document-bytes", "128KiB"],
            "blob_part_bytes (262144) is too large for message_bytes (262144)",
        ),
        (["compact", "--fine-days", "many"], "--fine-days: has to be"),
    ):
        done = run_forked(*arguments, env=environment)
        assert (done.status, done.out, done.errors.count("\n")) == (2, "", 1)
        assert words in done.errors
    assert run_forked("invite", "plan", env=environment).out.startswith("cowrite://")


def test_the_folder_is_a_short_way_to_say_the_store_and_the_stronger_source_wins(tmp_path: Path) -> None:
    assert settings_of(read_settings({"data": "rooms"}, {})).store == "sqlite:rooms"
    assert (
        settings_of(read_settings({"store": "sqlite:there"}, {"COWRITE_SERVER_DATA": "here"})).store == "sqlite:there"
    )
    assert settings_of(read_settings({"data": "here"}, {"COWRITE_SERVER_STORE": "sqlite:there"})).store == "sqlite:here"
    both = {"COWRITE_SERVER_DATA": "here", "COWRITE_SERVER_STORE": "sqlite:there"}
    assert settings_of(read_settings({}, both)).store == "sqlite:there"


def test_a_path_may_begin_in_the_home_folder_where_no_shell_puts_it_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))  # as it is called on Windows
    toml = tmp_path / "toml"
    toml.write_text('data = "~/rooms"\ntls_cert = "~/cert.pem"', encoding="utf-8")
    found = settings_of(read_settings({"config": str(toml)}, {}))
    assert (sqlite_folder(found.store), found.tls_cert) == (tmp_path / "rooms", tmp_path / "cert.pem")
    assert sqlite_folder("sqlite:~/rooms") == tmp_path / "rooms"
    assert settings_of(read_settings({"config": "~/toml"}, {})) == found


def test_a_variable_that_is_no_setting_is_named_with_the_one_that_is_meant() -> None:
    known = {option.variable: "1" for option in options()}
    assert unknown_variables({**known, "COWRITE_SERVER_CONFIG": "server.toml", "COWRITE_HOME": "there"}) == []
    assert unknown_variables({"COWRITE_SERVER_PROT": "1", "COWRITE_SERVER_IMAGE": "2"}) == [
        "The variable COWRITE_SERVER_IMAGE is not a setting and is passed over.",
        "The variable COWRITE_SERVER_PROT is not a setting and is passed over; perhaps COWRITE_SERVER_PORT is meant.",
    ]
    assert unknown_variables({"COWRITE_PORT": "1"}) == [
        "The variable COWRITE_PORT is not a setting and is passed over; perhaps COWRITE_SERVER_PORT is meant."
    ]


@pytest.mark.parametrize("scheme", ["tcp", "udp", "sctp"])
def test_an_address_that_kubernetes_has_set_is_no_port(scheme: str) -> None:
    environment = {"COWRITE_SERVER_DATA": "there", "COWRITE_SERVER_PORT": f"{scheme}://10.0.0.7:8765"}
    assert settings({}, environment).port == Settings(store="").port
    assert settings({"port": "4000"}, environment).port == 4000
    assert unknown_variables(environment) == [
        "The variable COWRITE_SERVER_PORT is an address that Kubernetes has set, and is passed over."
    ]


def test_an_address_is_wrong_where_kubernetes_sets_none() -> None:
    with pytest.raises(BadSetting):
        settings({"port": "tcp://10.0.0.7:8765", "data": "there"}, {})
    with pytest.raises(BadSetting):
        settings({}, {"COWRITE_SERVER_DATA": "there", "COWRITE_SERVER_PORT": "8765x"})


def test_the_command_names_such_a_variable_and_goes_on(tmp_path: Path) -> None:
    arguments = ["invite", "plan", "--data", str(tmp_path), "--url", "wss://docs.example.org"]
    done = run_forked(*arguments, env={**os.environ, "COWRITE_SERVER_PROT": "s3cr3t"})
    assert done.out.startswith("cowrites://docs.example.org/plan#")
    assert done.errors.count("COWRITE_SERVER_PROT") == 1
    assert "s3cr3t" not in done.errors
