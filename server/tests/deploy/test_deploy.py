"""What is in `deploy/`: as far as it can be held against the program without a container engine."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml

from cowrite_server.addresses import client_address
from cowrite_server.commands.cli import _parser
from cowrite_server.settings.configuration import read_settings, settings_of
from cowrite_server.settings.settings import Settings
from cowrite_server.store.sqlite.database import FILE_NAME
from engines import missing
from house import House
from sync_clients import until

CHECKOUT = Path(__file__).resolve().parents[3]
DEPLOY = CHECKOUT / "server" / "deploy"


COMMANDS = re.findall(r"^    ([a-z]+) ", _parser().format_help(), re.MULTILINE)
"""All commands of cowrite-server."""

assert {"serve", "restore", "audit"} <= set(COMMANDS)


@pytest.fixture(scope="module")
def options() -> dict[str, set[str]]:
    """The options of each command of cowrite-server."""
    known = {}
    for command in COMMANDS:
        with redirect_stdout(StringIO()) as said, suppress(SystemExit):
            _parser().parse_args([command, "--help"])
        known[command] = set(re.findall(r"--[a-z][a-z-]*", said.getvalue()))
    return known


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The compose file."""
    content = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def instructions(name: str) -> list[str]:
    """The values of an instruction in the container file."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return re.findall(rf"^{name} (.*)$", text, re.MULTILINE)


def held(command: list[str], options: dict[str, set[str]]) -> None:
    """A command line names a command and options that exist."""
    assert command[0] in options, command
    named = {word.partition("=")[0] for word in command if word.startswith("--")}
    assert named <= options[command[0]], command


def commands_in(text: str) -> list[list[str]]:
    """The command lines of cowrite-server in a text, those that go over several lines included."""
    text = re.sub(r"\\\n\s*#?", " ", text)
    found = re.findall(rf"(?:^|[\s`/#])cowrite-server ((?:{'|'.join(COMMANDS)}) [^`\n]*)", text)
    return [shlex.split(each) for each in found]


@pytest.mark.parametrize("name", ["README.md", "Containerfile", "compose.yaml", "cowrite-server.service"])
def test_every_command_that_is_named_exists_with_its_options(name: str, options: dict[str, set[str]]) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    for command in commands_in(text):
        held([word for word in command if not word.startswith("$")], options)
    for more in re.findall(r'OPTIONS=([^"]*)"', text):
        held(["serve", *shlex.split(more)], options)
    assert commands_in(text) or name == "Containerfile"


def test_the_image_is_made_of_what_is_there_and_starts_the_server(options: dict[str, set[str]]) -> None:
    for copy in instructions("COPY"):
        if not copy.startswith("--from"):
            assert all((CHECKOUT / each).exists() for each in copy.split()[:-1]), copy
    for file in re.findall(r"-r (\S+)", " ".join(instructions("RUN"))):
        assert (CHECKOUT / file).exists()
    assert json.loads(instructions("ENTRYPOINT")[-1]) == ["cowrite-server"]
    held(json.loads(instructions("CMD")[-1]), options)
    assert instructions("USER")[-1] != "root"
    assert instructions("EXPOSE") == ["8765"]


@pytest.mark.parametrize("name", ["README.md", "Containerfile"])
def test_the_image_is_built_in_the_one_format_that_has_a_health_check(name: str) -> None:
    built = re.findall(r"podman build (.*)", (DEPLOY / name).read_text(encoding="utf-8"))
    assert built
    assert all("--format docker" in each for each in built)


async def test_the_image_is_healthy_while_its_database_is_away(house: House) -> None:
    ann = await house.client()
    _, *arguments = json.loads(instructions("HEALTHCHECK")[0].partition("CMD ")[2])
    with closing(sqlite3.connect(house.folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await ann.write("x")
        await until(lambda: not house.server.ready)
        asked = [each.replace("8765", str(house.server.port)) for each in arguments]
        process = await asyncio.create_subprocess_exec(sys.executable, *asked)
        assert await process.wait() == 0
        other.execute("COMMIT")
    await ann.until_saved()


def test_what_the_image_sets_a_variable_or_an_option_sets_otherwise() -> None:
    image = dict(re.findall(r"(COWRITE_SERVER_\w+)=(\S+)", " ".join(instructions("ENV"))))

    def settings(*more: str, **given: str) -> Settings:
        flags = vars(_parser().parse_args([*json.loads(instructions("CMD")[-1]), *more]))
        return settings_of(read_settings(flags, image | given))

    usual = settings()
    assert (usual.store, usual.host, usual.insecure) == ("sqlite:/var/lib/cowrite-server", "0.0.0.0", True)
    nodes = "postgresql://cowrite@postgres/cowrite"
    assert settings(COWRITE_SERVER_STORE=nodes).store == settings("--store", nodes).store == nodes
    assert settings(COWRITE_SERVER_HOST="127.0.0.1").host == "127.0.0.1"


def test_the_services_of_the_compose_file_fit_together(compose: dict[str, Any], options: dict[str, set[str]]) -> None:
    services = compose["services"]
    held(services["cowrite"]["command"], options)
    assert {"--store", "--bus"} <= set(services["cowrite"]["command"])
    store = services["cowrite"]["command"][2]
    assert store == f"postgresql://{services['postgres']['environment']['POSTGRES_USER']}@postgres/cowrite"
    passwords = [
        services["cowrite"]["environment"]["PGPASSWORD"],
        services["postgres"]["environment"]["POSTGRES_PASSWORD"],
    ]
    assert passwords[0] == passwords[1]
    assert passwords[0].startswith("${POSTGRES_PASSWORD:?")
    for service in services.values():
        depends = service.get("depends_on", [])
        assert set(depends) <= set(services)
        for name in depends if isinstance(depends, dict) else ():
            assert "healthcheck" in services[name]
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in compose["volumes"] or (DEPLOY / source).exists()
    build = services["cowrite"]["build"]
    assert (DEPLOY / build["context"]).resolve() == CHECKOUT
    assert (CHECKOUT / build["dockerfile"]) == DEPLOY / "Containerfile"


def test_the_unit_is_sound_and_hardened(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd here")
    unit = (DEPLOY / "cowrite-server.service").read_text(encoding="utf-8")
    there = tmp_path / "cowrite-server.service"
    there.write_text(unit.replace("/opt/cowrite-server/bin/cowrite-server", sys.executable), encoding="utf-8")
    assert "\nRestart=always\n" in unit
    assert "\nStartLimitIntervalSec=0\n" in unit  # or it would be given up while a database is away
    assert "\nRestartPreventExitStatus=2\n" in unit  # of wrong use
    assert "\nProcSubset=pid\n" not in unit  # or there would be no metrics of the process
    assert "PGPASSFILE" not in unit  # a credential of a dynamic user is readable to more than libpq puts up with
    for check in (["verify"], ["security", "--offline=true", "--threshold=20"]):
        done = subprocess.run(["systemd-analyze", *check, there], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout


def calls_in(names: str) -> set[str]:
    """System calls that systemd means by names of calls and of sets (`@`)."""
    calls: set[str] = set()
    for name in names.split():
        if not name.startswith("@"):
            calls.add(name)
            continue
        command = ["systemd-analyze", "syscall-filter", name]
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[1:]
        calls |= calls_in(" ".join(line for line in listed if not line.strip().startswith("#")))
    return calls


def test_under_the_unit_a_child_process_can_stand_back_behind_the_server() -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd here")
    unit = (DEPLOY / "cowrite-server.service").read_text(encoding="utf-8")
    allowed: set[str] = set()
    for forbids, names in re.findall(r"^SystemCallFilter=(~?)(.*)$", unit, re.MULTILINE):
        allowed = allowed - calls_in(names) if forbids else allowed | calls_in(names)
    assert "setpriority" in allowed  # refused, it would be passed over, and people would wait for the child
    assert not allowed & {"sched_setscheduler", "sched_setaffinity", "chown", "mount", "reboot"}


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_the_proxies_lead_to_the_port_of_the_server(name: str) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    assert "8765" in text
    assert "/metrics" in text  # which is nobody's outside
    assert re.search(r"upgrade.* websocket\b", text, re.IGNORECASE)  # but for people in a room that is called so
    assert text.count("{") == text.count("}")


def test_nginx_is_reached_by_both_kinds_of_address() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert "listen 443 ssl;" in text
    assert "listen [::]:443 ssl;" in text  # the line above is IPv4 alone


def test_nginx_passes_on_what_a_websocket_and_the_limits_need() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for header in ("Upgrade $http_upgrade", 'Connection "upgrade"', "X-Forwarded-For $proxy_add_x_forwarded_for"):
        assert f"proxy_set_header {header};" in text
    assert "proxy_set_header Host $http_host;" in text  # `$host` is without the port that a page's origin names


@pytest.mark.parametrize("name", ["compose.yaml", "cowrite-server.service"])
def test_a_server_behind_a_proxy_believes_it_for_whom_it_asks(name: str) -> None:
    assert "--proxies" in (DEPLOY / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("proxy", ["10.89.0.7", "172.18.0.7", "192.168.0.7"])
def test_the_nodes_of_the_compose_file_believe_a_proxy_on_each_of_its_networks(
    compose: dict[str, Any], proxy: str
) -> None:
    options = vars(_parser().parse_args(compose["services"]["cowrite"]["command"]))
    proxies = settings_of(read_settings(options, {})).proxies
    assert client_address(proxy, ("203.0.113.5",), proxies) == "203.0.113.5"


def test_the_proxy_nginx_understands_its_configuration(tmp_path: Path) -> None:
    for program in ("nginx", "openssl"):
        if shutil.which(program) is None:
            missing(program)
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    subprocess.run([*make, "-keyout", key, "-out", certificate], capture_output=True, check=True)
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8").replace("/etc/ssl/docs.example.org", str(tmp_path))
    if not Path("/proc/net/if_inet6").exists():
        text = text.replace("listen [::]:443", "# listen [::]:443")
    (tmp_path / "site.conf").write_text(text, encoding="utf-8")
    (tmp_path / "nginx.conf").write_text(f"events {{}}\nhttp {{ include {tmp_path}/site.conf; }}\n", encoding="utf-8")
    done = subprocess.run(["nginx", "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
