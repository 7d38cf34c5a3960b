# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""network_create on real Engines: containers keep their connections, and nothing is changed without being asked."""

from __future__ import annotations

import docker
import proxy
import pytest
import waiting
from ansible_collections.flotilla.docker.plugins.module_utils.engine.networks import Networks
from ansible_collections.flotilla.docker.plugins.module_utils.errors import ApiError

ALL_ENGINES = pytest.mark.parametrize("host", ["e20", "e26", "e28"], indirect=True)
MTU = {"driver_options": {"com.docker.network.driver.mtu": 1400}}
SUBNET = {"ipam_config": [{"subnet": "10.77.0.0/24", "gateway": "10.77.0.1"}]}
PREDEFINED = {"bridge", "host", "none"}


@pytest.fixture
def engine(host):
    """The host with busybox, and without networks of others."""
    remove_networks(host)
    host.need("busybox")
    yield host
    host.clear()
    remove_networks(host)


def remove_networks(host):
    def listed():
        networks = [network for network in host.api.networks() if network["Name"] not in PREDEFINED]
        return sorted(networks, key=lambda network: network["ConfigOnly"])

    waiting.remove_all(listed, lambda network: host.api.remove_network(network["Id"]))


def names(host):
    return {network["Name"] for network in host.api.networks()} - PREDEFINED


def network(host, name="front"):
    return host.api.inspect_network(name)


def create(host, name="front", **options):
    result = host.run("network_create", name=name, **options)
    assert result["rc"] == 0, result["msg"]
    return result


def container(host, name, start=True, network=None, **settings):
    """Create a container through the API, to use no code of this collection."""
    body = {"Image": "busybox", "Cmd": ["sleep", "3600"], "StopSignal": "KILL", "HostConfig": {}}
    for field in ("PortBindings",):
        if field in settings:
            body["HostConfig"][field] = settings.pop(field)
    if "MacAddress" in settings and docker.utils.version_lt(host.api._version, "1.44"):
        body["MacAddress"] = settings.pop("MacAddress")
    if network:
        body["HostConfig"]["NetworkMode"] = network
        body["NetworkingConfig"] = {"EndpointsConfig": {network: settings}}
    identity = host.api.create_container_from_config(body, name)["Id"]
    if start:
        host.api.start(identity)
    return identity


def endpoint(host, name, network="front"):
    return host.inspect(name)["NetworkSettings"]["Networks"][network]


def same(host, check=False, **options):
    """A result after a check run that predicted the same actions."""
    predicted = host.run("network_create", check=True, **options)
    result = host.run("network_create", **options)
    assert result["rc"] == 0, result["msg"]
    assert (predicted["actions"], predicted["changed"]) == (result["actions"], result["changed"])
    return result


def assert_refused(host, result, *words):
    """The module fails with these words and without a traceback, and has changed nothing."""
    assert result["rc"] == 1
    assert not result.get("changed", False)
    for word in words:
        assert word in result["msg"]
    assert "Internal error" not in result["msg"]


@ALL_ENGINES
def test_prediction_run_and_repetition_agree(engine):
    container(engine, "web")
    options = dict(name="front", labels={"tier": "front"}, connected=["web"], **MTU, **SUBNET)
    assert same(engine, **options)["actions"] == ["create network front", "connect container web to network front"]
    repeated = same(engine, **options)
    assert not repeated["changed"]
    assert [entry["Name"] for entry in repeated["network"]["Containers"].values()] == ["web"]
    assert repeated["network"]["Containers"] == network(engine)["Containers"]
    assert same(engine, name="front", state="absent", force=True)["actions"] == [
        "disconnect container web from network front",
        "remove network front",
    ]
    assert not same(engine, name="front", state="absent")["changed"]


@ALL_ENGINES
def test_difference_is_refused_with_values_members_and_remedy(engine):
    create(engine, labels={"tier": "front"})
    container(engine, "web", network="front")
    container(engine, "db", start=False, network="front")
    before = network(engine)
    for check in (True, False):
        result = engine.run("network_create", check=check, name="front", labels={"tier": "back"}, **MTU)
        assert_refused(
            engine,
            result,
            "driver_options.com.docker.network.driver.mtu is not set, must be '1400'",
            "labels.tier is 'front', must be 'back'",
            "db (created), web (running)",
            "recreate: when_needed",
        )
    assert network(engine) == before


@ALL_ENGINES
def test_recreate_keeps_endpoints_of_running_and_stopped_members(engine):
    create(engine, **SUBNET)
    settings = {"Aliases": ["www"], "IPAMConfig": {"IPv4Address": "10.77.0.9", "LinkLocalIPs": ["169.254.8.9"]}}
    if engine.name == "e28":
        settings["GwPriority"] = 7
    container(engine, "web", network="front", DriverOpts={"a": "b"}, **settings)
    container(engine, "db", network="front", Aliases=["database"])
    engine.api.kill("db")
    container(engine, "new", start=False, network="front")
    result = same(engine, name="front", recreate="when_needed", **MTU, **SUBNET)
    assert result["actions"].count("create network front") == 1
    assert network(engine)["Options"]["com.docker.network.driver.mtu"] == "1400"
    web = endpoint(engine, "web")
    for key, value in settings.items():
        assert set(value) <= set(web[key]) if key == "Aliases" else web[key] == value
    assert web["DriverOpts"] == {"a": "b"}
    for name in ("db", "new"):
        engine.api.start(name)
        assert endpoint(engine, name)["NetworkID"] == network(engine)["Id"]
    assert "database" in endpoint(engine, "db")["Aliases"]
    assert names(engine) == {"front"}
    assert not same(engine, name="front", recreate="when_needed", **MTU, **SUBNET)["changed"]


def test_recreate_keeps_what_the_task_does_not_set(engine):
    engine.api.create_network("front", internal=True, labels={"a": "b"}, ipam={"Config": [{"Subnet": "10.78.0.0/24"}]})
    create(engine, recreate="when_needed", **MTU)
    found = network(engine)
    assert found["Internal"]
    assert found["Labels"]["a"] == "b"
    assert found["IPAM"]["Config"][0]["Subnet"] == "10.78.0.0/24"


@ALL_ENGINES
def test_overlapping_subnet_is_refused_naming_the_other_network(engine):
    create(engine, "other", **SUBNET)
    create(engine)
    container(engine, "web", network="front")
    before = network(engine)
    for check in (True, False):
        for name in ("front", "third"):
            result = engine.run("network_create", check=check, name=name, recreate="when_needed", **SUBNET)
            assert_refused(engine, result, "network other has 10.77.0.0/24", "got '10.77.0.0/24'")
    assert network(engine) == before
    assert names(engine) == {"front", "other"}


@ALL_ENGINES
def test_connections_and_network_are_restored_when_recreating_fails(engine):
    create(engine, **SUBNET)
    container(engine, "web", network="front", Aliases=["www"], IPAMConfig={"IPv4Address": "10.77.0.9"})
    container(engine, "db", network="front")
    container(engine, "off", start=False, network="front", Aliases=["spare"])
    address = {"ipv4_address": "10.77.0.20"}
    result = engine.run(
        "network_create",
        name="front",
        recreate="when_needed",
        members=[dict(address, name="web"), dict(address, name="db"), {"name": "off"}],
        **MTU,
        **SUBNET,
    )
    assert result["rc"] == 1
    assert result["failed_step"].startswith("connect container ")
    assert result["not_undone"] == []
    assert not result["changed"]
    assert "Network front exists; connected running containers: db, web" in result["msg"]
    assert "com.docker.network.driver.mtu" not in network(engine)["Options"]
    assert endpoint(engine, "web")["IPAMConfig"] == {"IPv4Address": "10.77.0.9"}
    assert "www" in endpoint(engine, "web")["Aliases"]
    engine.api.start("off")
    assert "spare" in endpoint(engine, "off")["Aliases"]
    assert names(engine) == {"front"}


@ALL_ENGINES
def test_new_network_is_tried_before_the_old_one_is_removed(engine):
    create(engine, **SUBNET)
    identity = network(engine)["Id"]
    container(engine, "web", network="front")
    options = {"driver_options": {"com.docker.network.driver.mtu": "much"}}
    result = engine.run("network_create", name="front", recreate="when_needed", **options)
    assert_refused(engine, result, "mtu", "check that the Engine accepts the new network front")
    assert network(engine)["Id"] == identity
    assert list(network(engine)["Containers"]) == [engine.inspect("web")["Id"]]
    assert names(engine) == {"front"}


def test_interrupted_recreate_is_finished_by_the_next_run(engine, tmp_path, capfd):
    create(engine, **SUBNET)
    container(engine, "web", network="front", Aliases=["www"])
    with proxy.recording(engine.socket, tmp_path, withheld="/disconnect") as passing:
        run = engine.start("network_create", docker_host=passing.address, name="front", recreate="always", **SUBNET)
        waiting.until(lambda: passing.withholds)
        run.signal(9)
        assert run.result() is None
    assert names(engine) == {"front", "front.flotilla-replaced"} or names(engine) == {"front.flotilla-replaced"}
    same(engine, name="front", **SUBNET)
    assert "www" in endpoint(engine, "web")["Aliases"]
    assert names(engine) == {"front"}
    assert "interrupted" in capfd.readouterr().err


@ALL_ENGINES
def test_fixed_mac_address_survives_or_is_refused_in_advance(engine):
    create(engine)
    container(engine, "web", network="front", MacAddress="02:42:0a:00:00:55")
    identity = network(engine)["Id"]
    result = engine.run("network_create", name="front", recreate="when_needed", **MTU)
    if engine.name == "e20":
        assert result["rc"] == 0, result["msg"]
    else:
        assert_refused(engine, result, "container web has the fixed MAC address 02:42:0a:00:00:55")
        assert network(engine)["Id"] == identity
    assert endpoint(engine, "web")["MacAddress"] == "02:42:0a:00:00:55"
    asked = engine.run("network_create", name="front", members=[{"name": "web", "mac_address": "02:42:0a:00:00:66"}])
    assert_refused(engine, asked, "members[].mac_address needs Engine API 1.54", "container_run")


@ALL_ENGINES
def test_removed_label_is_removed_only_with_consent(engine, capfd):
    create(engine, labels={"a": "1", "b": "2"})
    identity = network(engine)["Id"]
    result = same(engine, name="front", labels={"a": "1"})
    assert not result["changed"]
    assert "labels.b is '2', which is no longer in the task" in capfd.readouterr().err
    assert network(engine)["Id"] == identity
    assert same(engine, name="front", labels={"a": "1"}, recreate="when_needed")["changed"]
    assert "b" not in network(engine)["Labels"]
    assert not same(engine, name="front", labels={"a": "1"})["changed"]


@ALL_ENGINES
def test_defaults_of_the_engine_are_not_a_difference(engine):
    options = {
        "name": "front",
        "driver": "bridge",
        "internal": False,
        "enable_ipv4": True,
        "scope": "local",
        "ipam_driver": "default",
        "driver_options": {"com.docker.network.driver.mtu": 1400, "com.docker.network.bridge.enable_icc": True},
        "ipam_config": [{"subnet": "10.77.0.0/24"}],
    }
    assert same(engine, **options)["changed"]
    assert not same(engine, **options)["changed"]
    assert not same(engine, name="front", **MTU)["changed"]


@ALL_ENGINES
def test_network_names_are_matched_exactly(engine):
    identity = create(engine)["network"]["Id"]
    for start in (identity, identity[:12], identity[:2]):
        assert not engine.run("network_create", name=start, state="absent")["changed"]
    assert names(engine) == {"front"}
    assert create(engine, identity[:2])["changed"]
    assert names(engine) == {"front", identity[:2]}


@ALL_ENGINES
def test_absent_needs_consent_while_containers_are_connected(engine):
    create(engine)
    container(engine, "web", network="front")
    container(engine, "off", start=False, network="front")
    for check in (True, False):
        result = engine.run("network_create", check=check, name="front", state="absent")
        assert_refused(engine, result, "off (created), web (running)", "force: true")
    assert same(engine, name="front", state="absent", force=True)["actions"][-1] == "remove network front"
    assert endpoint_names(engine, "web") == set()


def endpoint_names(host, name):
    return set(host.inspect(name)["NetworkSettings"]["Networks"])


@pytest.fixture
def swarm(engine):
    """The host as the only manager of a Swarm."""
    engine.api.init_swarm(advertise_addr=engine.address)
    yield engine
    for service in engine.api.services():
        engine.api.remove_service(service["ID"])
    engine.api.leave_swarm(force=True)
    remove_networks(engine)


def overlay_containers(host, name="front"):
    """Names of what is connected on this host: containers, tasks, and the load balancer of services."""
    return sorted(entry["Name"] for entry in network(host, name)["Containers"].values())


@ALL_ENGINES
def test_network_of_a_swarm_is_created_once_changed_and_removed(swarm):
    options = {"name": "front", "driver": "overlay", "attachable": True}
    assert same(swarm, **options)["actions"] == ["create network front"]
    identity = network(swarm)["Id"]
    assert not same(swarm, **options)["changed"]
    assert not same(swarm, name="front")["changed"]
    assert_refused(swarm, swarm.run("network_create", labels={"a": "b"}, **options), "labels.a is not set")
    assert network(swarm)["Id"] == identity
    assert same(swarm, labels={"a": "b"}, recreate="when_needed", **options)["changed"]
    assert network(swarm)["Labels"]["a"] == "b"
    assert not same(swarm, labels={"a": "b"}, **options)["changed"]
    assert names(swarm) & {"front", "front-flotilla-probe"} == {"front"}
    assert same(swarm, name="front", state="absent")["actions"] == ["remove network front"]
    assert not same(swarm, name="front", state="absent")["changed"]


@ALL_ENGINES
def test_swarm_tasks_are_never_disconnected(swarm):
    create(swarm, driver="overlay", attachable=True)
    template = docker.types.TaskTemplate(docker.types.ContainerSpec("busybox", ["sleep", "3600"]))
    swarm.api.create_service(template, "shop", networks=[{"Target": network(swarm)["Id"]}])
    container(swarm, "web", network="front")
    container(swarm, "db")
    waiting.until(lambda: any(name.startswith("shop.1.") for name in overlay_containers(swarm)))
    before = overlay_containers(swarm)
    assert same(swarm, name="front", connected=["web"])["actions"] == []
    assert same(swarm, name="front", connected=["db"])["actions"] == [
        "connect container db to network front",
        "disconnect container web from network front",
    ]
    assert overlay_containers(swarm) == sorted({*before, "db"} - {"web"})
    for options in ({"recreate": "always"}, {"state": "absent", "force": True}):
        for check in (True, False):
            result = swarm.run("network_create", check=check, name="front", **options)
            assert_refused(swarm, result, "Swarm services", "shop")
    assert overlay_containers(swarm) == sorted({*before, "db"} - {"web"})


@ALL_ENGINES
def test_spelling_and_order_of_pools_do_not_matter(engine):
    pools = [{"subnet": "2001:db8:0:0::/64"}, {"subnet": "10.77.0.0/24", "iprange": "10.77.0.128/25"}]
    assert same(engine, name="front", enable_ipv6=True, ipam_config=pools)["changed"]
    pools[0]["subnet"] = "2001:DB8::/64"
    assert not same(engine, name="front", enable_ipv6=True, ipam_config=pools[::-1])["changed"]


@ALL_ENGINES
def test_unknown_container_is_named_before_anything_is_created(engine, capfd):
    container(engine, "web")
    result = engine.run("network_create", name="front", connected=["web", "nonesuch"])
    assert_refused(engine, result, "There is no container nonesuch")
    assert names(engine) == set()
    predicted = engine.run("network_create", check=True, name="front", connected=["web", "nonesuch"])
    assert predicted["changed"]
    assert "earlier task" in capfd.readouterr().err


@ALL_ENGINES
def test_members_are_compared_with_their_settings(engine):
    create(engine, **SUBNET)
    container(engine, "web")
    container(engine, "db", start=False)
    settings = [{"name": "web", "aliases": ["www"], "ipv4_address": "10.77.0.9"}, {"name": "db"}]
    assert same(engine, name="front", members=settings)["changed"]
    assert not same(engine, name="front", members=settings)["changed"]
    assert not same(engine, name="front", connected=[engine.inspect("web")["Id"], "db"])["changed"]
    assert same(engine, name="front", members=[{"name": "web", "aliases": ["site"]}], appends=True)["actions"] == [
        "disconnect container web from network front",
        "connect container web to network front",
    ]
    assert same(engine, name="front", connected=["web"])["actions"] == ["disconnect container db from network front"]
    assert same(engine, name="front", connected=[])["actions"] == ["disconnect container web from network front"]
    assert not same(engine, name="front")["changed"]


@ALL_ENGINES
def test_member_that_lost_its_network_is_connected_again(engine):
    create(engine)
    container(engine, "web", network="front")
    engine.api.kill("web")
    engine.api.remove_network("front")
    create(engine)
    assert same(engine, name="front", connected=["web"])["changed"]
    engine.api.start("web")
    assert not same(engine, name="front", connected=["web"])["changed"]


@ALL_ENGINES
def test_connections_are_restored_when_the_removal_fails(engine, monkeypatch):
    create(engine, **SUBNET)
    container(engine, "web", network="front", Aliases=["www"], IPAMConfig={"IPv4Address": "10.77.0.9"})
    container(engine, "off", start=False, network="front", Aliases=["spare"])

    def refused(self, network, name=""):
        raise ApiError(f"remove network {name}", 403, "network has active endpoints")

    monkeypatch.setattr(Networks, "remove", refused)
    result = engine.run("network_create", name="front", state="absent", force=True)
    assert result["rc"] == 1 and not result["changed"]
    assert "network has active endpoints" in result["msg"] and result["not_undone"] == []
    assert endpoint(engine, "web")["IPAMConfig"] == {"IPv4Address": "10.77.0.9"}
    assert "www" in endpoint(engine, "web")["Aliases"]
    engine.api.start("off")
    assert "spare" in endpoint(engine, "off")["Aliases"]


@ALL_ENGINES
def test_runs_at_the_same_time_create_one_network_and_remove_it_once(engine):
    for options in ({}, {"state": "absent"}):
        runs = [engine.start("network_create", name="front", **options) for _number in range(4)]
        results = [run.result() for run in runs]
        assert [result.get("msg") for result in results if result["rc"]] == []
        assert sum(result["changed"] for result in results) == 1
        named = [found for found in engine.api.networks() if found["Name"] == "front"]
        assert len(named) == (0 if options else 1)


@ALL_ENGINES
def test_network_of_another_client_with_other_options_is_kept(engine, monkeypatch):
    as_asked = Networks.create

    def raced(self, body):
        as_asked(self, {"Name": "front", "Internal": True})
        return as_asked(self, body)

    monkeypatch.setattr(Networks, "create", raced)
    result = engine.run("network_create", name="front", internal=False)
    assert result["rc"] == 1 and not result["changed"]
    assert "was created by another client at the same time, with other options: internal is true" in result["msg"]
    assert network(engine)["Internal"]


@ALL_ENGINES
def test_what_the_engine_would_refuse_fails_in_check_mode_too(engine):
    container(engine, "web")
    for name, mode in (("hosted", "host"), ("alone", "none"), ("beside", "container:web")):
        engine.api.create_container_from_config(
            {"Image": "busybox", "Cmd": ["sleep", "60"], "HostConfig": {"NetworkMode": mode}}, name
        )
    create(engine, "there", **SUBNET)
    other = [{"subnet": "10.78.0.0/24"}]
    for options, word in (
        ({"connected": ["web", "hosted"]}, "container hosted uses the network of the host"),
        ({"connected": ["alone"]}, "container alone has network_mode none"),
        ({"connected": ["beside"]}, "container beside uses the network of another container"),
        ({"ipam_config": other, "members": [{"name": "web", "ipv4_address": "10.9.0.9"}]}, "which has 10.78.0.0/24"),
        ({"members": [{"name": "web", "ipv4_address": "10.9.0.9"}]}, "a network without ipam_config takes none"),
        ({"name": "there", "members": [{"name": "web", "ipv4_address": "10.9.0.9"}]}, "which has 10.77.0.0/24"),
        ({"ipam_config": [{"subnet": "10.78.0.0/24", "gateway": "10.78.0.0"}]}, "gateway must be free"),
        ({"ipam_config": [*other, {"subnet": "10.79.0.0/24"}]}, "must have one IPv4 subnet at most"),
        (
            {"driver_options": {"com.docker.network.bridge.name": "docker0"}},
            "must not be the bridge of another network; network bridge has it",
        ),
        ({"ingress": True}, "ingress needs driver: overlay"),
        ({"driver": "host"}, "driver must be a driver of which networks can be created"),
        ({"driver_options": {"com.docker.network.bridge.name": "a-very-long-bridge"}}, "at most 15 characters"),
    ):
        for check in (True, False):
            assert_refused(engine, engine.run("network_create", check=check, **{"name": "front", **options}), word)
    assert names(engine) == {"there"}


@ALL_ENGINES
def test_predefined_networks_are_refused(engine):
    for name in PREDEFINED:
        for state in ("present", "absent"):
            assert_refused(engine, engine.run("network_create", name=name, state=state), "predefined network", name)


@ALL_ENGINES
def test_configuration_in_use_is_not_removed(engine):
    create(engine, "conf", config_only=True, **SUBNET)
    create(engine, config_from="conf")
    assert not same(engine, name="front", config_from="conf")["changed"]
    assert network(engine)["ConfigFrom"] == {"Network": "conf"}
    assert_refused(
        engine, engine.run("network_create", name="conf", state="absent"), "networks use its configuration: front"
    )
    assert_refused(engine, engine.run("network_create", name="back", config_from="front"), "config_from", "config_only")
    assert_refused(
        engine, engine.run("network_create", name="back", config_from="nonesuch"), "There is no network nonesuch"
    )


@pytest.mark.parametrize("host", ["e20"], indirect=True)
def test_duplicate_names_are_explained(engine):
    for _number in range(2):
        engine.api.create_network("front", check_duplicate=False)
    assert_refused(
        engine, engine.run("network_create", name="front"), "2 networks with the name front", "docker network rm"
    )


@ALL_ENGINES
def test_random_host_ports_are_warned_of(engine, capfd):
    create(engine)
    container(engine, "web", network="front", PortBindings={"80/tcp": [{"HostPort": ""}]})
    same(engine, name="front", recreate="when_needed", **MTU)
    assert "random ports" in capfd.readouterr().err


@ALL_ENGINES
def test_unchanged_network_needs_few_requests(engine, tmp_path):
    create(engine)
    container(engine, "web", network="front")
    for options in ({}, {"connected": ["web"]}):
        with proxy.recording(engine.socket, tmp_path) as passing:
            assert not create(engine, docker_host=passing.address, **options)["changed"]
            assert len(passing.requests) == 3, passing.requests
