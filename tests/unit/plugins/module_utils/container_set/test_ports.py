# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which container of a set frees a host port for which."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.container_set import ports
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption
from ansible_collections.flotilla.docker.plugins.module_utils.shapes import host_ports


def of(name, needed, held, address=""):
    """A container that publishes TCP ports."""
    return ports.Ports(
        name, frozenset(("tcp", address, one) for one in needed), frozenset(("tcp", address, one) for one in held)
    )


SHIFTED = [of("a", [81], [80]), of("b", [82], [81]), of("c", [83], [82])]


def test_container_comes_after_the_one_that_frees_its_port():
    assert list(ports.batches(SHIFTED, 1)) == [["c"], ["b"], ["a"]]
    assert list(ports.batches(SHIFTED, 3)) == [["c"], ["b"], ["a"]]


def test_containers_that_keep_their_ports_keep_their_order():
    same = [of(name, [port], [port]) for name, port in (("a", 80), ("b", 81), ("c", 82))]
    assert list(ports.batches(same, 2)) == [["a", "b"], ["c"]]
    assert ports.freed(same) == set()


def test_ports_that_would_be_exchanged_are_refused():
    with pytest.raises(BadOption, match="of a, b must not be exchanged in one run"):
        list(ports.batches([of("a", [81], [80]), of("b", [80], [81])], 1))


@pytest.mark.parametrize(
    "needed, held, waits",
    [
        ("", "127.0.0.1", True),
        ("0.0.0.0", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.2", False),
    ],
)
def test_ports_of_different_addresses_do_not_exclude_each_other(needed, held, waits):
    found = ports.waits([of("new", [80], [], needed)], [of("old", [], [80], held)])
    assert found == {"new": {"old"} if waits else set()}


def test_protocols_do_not_exclude_each_other():
    bindings = {"53/udp": [{"HostPort": "53"}], "80/tcp": [{"HostPort": "8000-8010"}, {"HostPort": ""}]}
    new, old = host_ports(bindings), host_ports({"53/tcp": [{"HostPort": "53"}]})
    assert new == {("udp", "", 53)}
    assert ports.waits([ports.Ports("new", new)], [ports.Ports("old", held=old)]) == {"new": set()}
