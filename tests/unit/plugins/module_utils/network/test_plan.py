# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What network_create decides, on an Engine in memory."""

from __future__ import annotations

import random

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.engine import podman
from ansible_collections.flotilla.docker.plugins.module_utils.errors import FlotillaError, NotMet
from ansible_collections.flotilla.docker.plugins.module_utils.network import steps

from .builders import SPEC, Engine, params

MTU = {"driver_options": {"com.docker.network.driver.mtu": "1400"}}


@pytest.fixture
def engine():
    return Engine()


def test_check_predicts_and_repetition_has_nothing_to_do(engine):
    engine.container("web")
    task = {"labels": {"a": "b"}, "connected": ["web"]}
    predicted = engine.run(check=True, **task)
    assert engine.run(**task) == predicted == ["create network front", "connect container web to network front"]
    assert engine.run(**task) == []


def test_name_filter_finds_no_other_network(engine):
    engine.networks.create({"Name": "front-end"})
    assert engine.run(state="absent") == []
    assert set(engine.networks.known) == {"front-end"}


def test_driver_of_an_existing_network_may_be_left_out(engine):
    engine.networks.create({"Name": "front", "Driver": "overlay"})
    assert engine.run() == []


def test_recreate_keeps_what_the_task_does_not_set(engine):
    engine.networks.create({"Name": "front", "Internal": True, "Labels": {"x": "y"}, "Options": {"o": "1"}})
    engine.run(recreate="when_needed", **MTU)
    assert engine.networks.known["front"]["Internal"]
    assert engine.networks.known["front"]["Labels"]["x"] == "y"
    assert engine.networks.known["front"]["Options"] == {"o": "1", **MTU["driver_options"]}


def test_options_of_another_driver_are_not_kept(engine):
    engine.networks.create({"Name": "front", "Options": {"com.docker.network.bridge.name": "br1"}})
    engine.run(recreate="when_needed", driver="macvlan")
    assert engine.networks.known["front"]["Options"] == {}


def test_everything_is_restored_when_the_new_network_is_refused_after_the_removal(engine):
    """A real Engine would refuse the probe already."""
    engine.run(labels={"old": "1"})
    engine.container("web", "front", Aliases=["www"], IPAMConfig={"IPv4Address": "10.0.0.9"}, GwPriority=5)
    engine.container("off", "front", running=False, Aliases=["spare"])
    before = engine.networks.known["front"]["Labels"]
    create = engine.networks.create

    def once(body):
        if "new" in body.get("Labels", {}):
            raise FlotillaError("no free address pool")
        return create(body)

    engine.networks.create = once
    pools = {"ipam_config": [{"subnet": "10.0.0.0/24"}]}
    with pytest.raises(FlotillaError, match="no free address pool"):
        engine.run(recreate="when_needed", labels={"new": "1"}, **pools)
    assert engine.ledger.not_undone == []
    assert engine.networks.known["front"]["Labels"] == before
    assert engine.endpoint("web")["Aliases"] == ["www"]
    assert engine.endpoint("web")["IPAMConfig"] == {"IPv4Address": "10.0.0.9"}
    assert engine.endpoint("web")["GwPriority"] == 5
    assert engine.endpoint("off")["Aliases"] == ["spare"]
    assert set(engine.networks.known) == {"front"}


def test_refused_probe_changes_nothing(engine):
    engine.run()
    engine.container("web", "front")
    identity = engine.networks.known["front"]["Id"]
    engine.networks.refuse = {"front.flotilla-probe": 0}
    with pytest.raises(FlotillaError, match="no free address pool"):
        engine.run(recreate="always")
    assert engine.networks.known["front"]["Id"] == identity
    assert engine.endpoint("web")


@pytest.mark.parametrize(
    "endpoint, mode, said",
    [
        ({"IPAMConfig": {"IPv4Address": "10.9.0.9"}}, "front", "fixed address 10.9.0.9, which is not in 10.0.0.0/24"),
        ({"MacAddress": "02:42:0a:00:00:09"}, "front", "fixed MAC address 02:42:0a:00:00:09"),
        ({"MacAddress": "00:16:3e:00:00:09"}, "front", "fixed MAC address 00:16:3e:00:00:09"),
        ({}, "id", "was created with the network's id"),
    ],
)
def test_member_that_could_not_be_connected_again_is_named_in_advance(engine, endpoint, mode, said):
    engine.run()
    engine.container("web", "front", **endpoint)
    engine.containers.stored("web")["HostConfig"]["NetworkMode"] = (
        engine.networks.known["front"]["Id"] if mode == "id" else mode
    )
    with pytest.raises(NotMet, match=said):
        engine.run(check=True, recreate="when_needed", ipam_config=[{"subnet": "10.0.0.0/24"}])


@pytest.mark.parametrize(
    "api, address", [("1.41", "02:42:0a:00:00:55"), ("1.45", "02:42:0a:00:00:09"), ("1.51", "8e:f9:b6:80:b8:ea")]
)
def test_mac_address_that_the_engine_chose_does_not_prevent_recreation(api, address):
    engine = Engine(api)
    engine.run(ipam_config=[{"subnet": "10.0.0.0/24"}])
    engine.container("web", "front", MacAddress=address, IPAddress="10.0.0.9")
    assert engine.run(recreate="always", ipam_config=[{"subnet": "10.0.0.0/24"}])


def test_new_member_joins_while_the_network_is_recreated(engine):
    engine.run()
    for name in ("web", "db"):
        engine.container(name, "front")
    engine.container("new")
    engine.run(recreate="when_needed", connected=["new", "web"], **MTU)
    assert {name for name in engine.containers.names() if engine.endpoint(name)} == {"new", "web"}
    engine.run(recreate="always", connected=["db"], appends=True)
    assert {name for name in engine.containers.names() if engine.endpoint(name)} == {"new", "web", "db"}


class Swarm(Engine):
    """An Engine whose Swarm gives networks their driver after some looks, or never."""

    def __init__(self, looks):
        super().__init__()
        self.looks = looks
        self.daemon.info = lambda: {"Swarm": {"LocalNodeState": "active", "ControlAvailable": True}}
        self.networks.list = self._unallocated(self.networks.list)

    def _unallocated(self, original):
        def listed(**filters):
            self.looks -= 1
            networks = original(**filters)
            return [dict(network, Scope="swarm", Driver="") for network in networks] if self.looks >= 0 else networks

        return listed


def test_network_of_a_swarm_is_compared_when_it_is_allocated(monkeypatch):
    monkeypatch.setattr(steps.time, "sleep", lambda seconds: None)
    swarm = Swarm(looks=3)
    swarm.networks.create({"Name": "front", "Driver": "overlay", "Scope": "swarm"})
    assert swarm.run(driver="overlay") == [] and swarm.looks < 0


def test_network_that_a_swarm_never_allocates_is_removed_again(monkeypatch):
    monkeypatch.setattr(steps, "SWARM_PATIENCE", 0)
    swarm = Swarm(looks=1000)
    with pytest.raises(NotMet, match="has not given network front a driver and subnets within 0 s. See the managers"):
        swarm.run(driver="overlay")
    assert swarm.networks.known == {}


def test_swarm_driver_needs_a_manager(engine):
    with pytest.raises(FlotillaError, match="docker swarm init"):
        engine.run(check=True, driver="overlay")


@pytest.mark.parametrize(
    "task, said",
    [
        ({"ipam_config": [{"gateway": "10.0.0.1"}]}, r"ipam_config\[\].subnet must be set for each pool"),
        ({"ipam_config": [{"subnet": "172.20.0.5/16"}]}, "must be the address of a subnet: 172.20.0.0/16"),
        ({"ipam_config": [{"subnet": "172.20.0.0"}]}, "must have a prefix length"),
        ({"ipam_config": [{"subnet": "front"}]}, r"must be a subnet \(got 'front'\)"),
        (
            {"ipam_config": [{"subnet": "10.0.0.0/24", "gateway": "10.1.0.1"}]},
            "gateway must be inside subnet 10.0.0.0/24",
        ),
        ({"ipam_config": [{"subnet": "10.0.0.0/24", "iprange": "10.1.0.0/25"}]}, "iprange must be inside subnet"),
        ({"ipam_config": [{"subnet": "10.0.0.0/24"}, {"subnet": "10.0.0.0/25"}]}, "overlap"),
        ({"config_from": "c", "labels": {"a": "b"}}, "config_from cannot be used with labels"),
        ({"config_only": True, "connected": ["web"]}, "config_only cannot be used with connected"),
        ({"enable_ipv4": False}, "enable_ipv4 needs Engine API 1.48"),
        ({"labels": {"a": True}}, "labels.a must be text"),
        ({"members": [{"name": "web", "ipv4_address": "x"}]}, r"members\[\].ipv4_address must be an IPv4 address"),
        ({"connected": ["web"], "members": [{"name": "web"}]}, "must name each container once"),
        ({"name": "host"}, "predefined"),
        (
            {"members": [{"name": "web", "ipv6_address": "10.0.0.9"}]},
            r"ipv6_address must be an IPv6 address .*2001:db8",
        ),
        (
            {"ipam_config": [{"subnet": "10.0.0.0/24"}], "members": [{"name": "web", "ipv4_address": "10.1.0.9"}]},
            r"members\[\].ipv4_address must be in a subnet of network front, which has 10.0.0.0/24 \(got '10.1.0.9'\)",
        ),
        ({"members": [{"name": "web", "ipv4_address": "10.1.0.9"}]}, "a network without ipam_config takes none"),
        ({"ipam_config": [{"subnet": "10.0.0.0/24"}, {"subnet": "10.1.0.0/24"}]}, "one IPv4 subnet at most"),
        ({"ipam_config": [{"subnet": "10.0.0.0/24", "gateway": "10.0.0.255"}]}, "gateway must be free"),
        (
            {"ipam_config": [{"subnet": "10.0.0.0/24", "gateway": "10.0.0.1", "aux_addresses": {"a": "10.0.0.1"}}]},
            "aux_addresses.a must be free",
        ),
        ({"driver_options": {"com.docker.network.bridge.name": "a-very-long-bridge"}}, "at most 15 characters"),
        ({"ingress": True}, "ingress needs driver: overlay"),
        ({"driver": "host"}, "driver must be a driver of which networks can be created"),
        ({"name": "a/b"}, "without slashes"),
    ],
)
def test_bad_option_is_named_with_an_example(task, said):
    with pytest.raises(FlotillaError, match=said):
        Engine("1.45").run(check=True, **task)


def test_network_without_ipv4_needs_ipv6():
    with pytest.raises(FlotillaError, match="enable_ipv4 can only be false together with enable_ipv6: true"):
        Engine("1.51").run(check=True, enable_ipv4=False)
    assert Engine("1.51").run(check=True, enable_ipv4=False, enable_ipv6=True)


@pytest.mark.parametrize("mode", ["host", "none", "container:db"])
def test_container_without_a_network_of_its_own_is_refused_in_advance(engine, mode):
    engine.run()
    engine.container("web")
    engine.containers.stored("web")["HostConfig"]["NetworkMode"] = mode
    for task in ({"name": "front"}, {"name": "back"}, {"name": "front", "recreate": "always"}):
        with pytest.raises(NotMet, match="container web (uses|has) .*networks of container_run"):
            engine.run(check=True, connected=["web"], **task)


@pytest.mark.parametrize(
    "task, message",
    [
        ({"name": "podman"}, "name must not be a predefined network"),
        ({"members": [{"name": "web", "ipv6_address": "2001:db8::9"}]}, r"members\[\].ipv6_address has no effect"),
        ({"name": "a b"}, "name must have letters, digits"),
        (
            {"recreate": "always"},
            "Podman's API does not show the settings of its containers' endpoints",
        ),
    ],
)
def test_settings_that_podman_ignores_are_refused(task, message):
    engine = Engine("1.41")
    engine.run(name="front")
    engine.container("web", "front")
    engine.flavour = podman.flavour("5.8.6")
    with pytest.raises(FlotillaError, match=message):
        engine.run(check=True, **task)


VALUES = ["", " ", "a", "10.0.0.0/8", "2001:db8::/64", "../x", "web", "0", "\u00fc", "x" * 300, "1.2.3.4", "{}"]


def _value(spec, chance):
    if spec.get("type") == "bool":
        return chance.choice([True, False])
    if spec.get("choices"):
        return chance.choice(spec["choices"])
    if spec.get("type") == "int":
        return chance.choice([-1, 0, 2**40])
    if spec.get("type") == "dict":
        return {chance.choice(VALUES): chance.choice([*VALUES, 1, True, 1.5, None, [], {}]) for _count in range(2)}
    if spec.get("type") == "list":
        if spec.get("elements") == "dict":
            fields = spec["options"]
            entry = {name: _value(field, chance) for name, field in fields.items() if chance.random() < 0.6}
            return [dict(entry, **{name: "web" for name, field in fields.items() if field.get("required")})]
        return [chance.choice(VALUES) for _count in range(2)]
    return chance.choice(VALUES)


@pytest.mark.parametrize("seed", range(60))
def test_any_values_give_a_result_or_an_error_of_this_collection(engine, seed):
    chance = random.Random(seed)
    own = {
        name: spec
        for name, spec in SPEC.items()
        if "docker_host" not in spec.get("aliases", ()) and name not in ("name",)
    }
    engine.networks.create({"Name": "front"})
    for _count in range(20):
        names = chance.sample(sorted(set(own) - {"docker_host", "timeout", "api_version"}), 4)
        task = {name: _value(own[name], chance) for name in names}
        try:
            given = params(**task)
        except AssertionError:
            continue  # Ansible itself refuses it
        try:
            engine.run(check=True, **{key: value for key, value in given.items() if key in task})
        except FlotillaError as error:
            assert str(error)
