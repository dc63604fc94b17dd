"""The addresses that stand in links to this computer."""

from __future__ import annotations

from cowrite.sync.addresses import ordered, reachable_hosts


def test_the_local_network_comes_first_then_the_name_then_the_wide_world() -> None:
    found = ["2001:db9::5", "203.0.114.9", "fd00::2", "100.101.102.103", "192.168.1.20"]
    assert ordered(found, "Adas-Laptop") == (
        "192.168.1.20",
        "adas-laptop.local",
        "100.101.102.103",
        "203.0.114.9",
        "fd00::2",
        "2001:db9::5",
    )


def test_addresses_that_nobody_else_can_use_are_left_out() -> None:
    assert (
        ordered(["127.0.0.1", "127.0.1.1", "::1", "169.254.7.7", "fe80::1", "0.0.0.0", "::", "224.0.0.1"], None) == ()
    )


def test_each_address_stands_once_and_the_one_that_the_system_prefers_first() -> None:
    assert ordered(["192.168.7.2", "10.0.0.5", "192.168.7.2", "10.0.0.5"], None) == ("192.168.7.2", "10.0.0.5")


def test_a_name_that_is_announced_already_is_not_announced_twice_over() -> None:
    assert ordered([], "Adas-MacBook.local") == ("adas-macbook.local",)


def test_a_name_that_cannot_stand_in_an_address_is_left_out() -> None:
    assert ordered([], "adas_rechner") == ()
    assert ordered([], "") == ()


def test_this_computers_own_addresses_are_found_in_a_usable_form() -> None:
    hosts = reachable_hosts()
    name = next((host for host in hosts if host.endswith(".local")), None)
    assert hosts == ordered([host for host in hosts if host != name], name)
