# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task that does not describe the whole container changes only what it names and keeps everything else."""

from __future__ import annotations

import pytest

DESCRIBED = {
    "name": "web",
    "image": "busybox",
    "command": ["sleep", "3600"],
    "stop_signal": "KILL",
    "grace": 0.1,
    "env": {"MODE": "prod"},
    "labels": {"a": "b"},
    "user": "0:0",
    "hostname": "web.example.org",
    "published_ports": ["18090:80", "127.0.0.1::81"],
    "volumes": ["kept:/srv", "/anonymous"],
    "tmpfs": ["/scratch:size=1m"],
    "mounts": [{"target": "/m", "type": "volume"}],
    "networks": [{"name": "front", "aliases": ["www"], "ipv4_address": "10.96.0.10"}],
    "healthcheck": {"test": "true", "interval": "1m"},
    "ulimits": ["nofile:64:128"],
    "restart_policy": "unless-stopped",
    "init": True,
}
VOLATILE = {"Id", "Created", "Name", "State", "Mounts", "NetworkSettings", "GraphDriver", "RestartCount"}
VOLATILE |= {"ResolvConfPath", "HostnamePath", "HostsPath", "LogPath", "Storage"}


@pytest.fixture
def front(host):
    ipam = {"Driver": "default", "Config": [{"Subnet": "10.96.0.0/24"}]}
    identities = [
        host.api.create_network(name, ipam=ipam if name == "front" else None)["Id"] for name in ("front", "back")
    ]
    yield
    host.clear()
    for identity in identities:
        host.api.remove_network(identity)


def settings(container):
    """The settings, mounts and addresses of a container."""
    fixed = {
        key: value for key, value in container.items() if not key.startswith(tuple(VOLATILE)) and key.endswith("Config")
    }
    # The Engine writes an absent value as null, 0 or false, before a start and after it.
    host = {key: value or None for key, value in fixed["HostConfig"].items()}
    host.pop("Mounts")
    config = dict(fixed["Config"], Volumes=None, Env=sorted(fixed["Config"]["Env"]))
    mounts = sorted((mount["Destination"], mount.get("Name"), mount["RW"]) for mount in container["Mounts"])
    networks = container["NetworkSettings"]["Networks"]
    addresses = {name: (endpoint["IPAMConfig"], (endpoint["Aliases"] or [])[:1]) for name, endpoint in networks.items()}
    # An anonymous volume is bound by its name after a replacement; that it is the same one is seen in mounts.
    host["Binds"] = [bind for bind in host["Binds"] if bind.startswith("kept:")]
    return {"host": host, "config": config, "mounts": mounts, "networks": addresses}


@pytest.mark.parametrize("host", ["e20", "e26", "e28"], indirect=True)
def test_options_that_a_task_does_not_set_are_kept(host, front):
    created = host.run("container_run", **DESCRIBED)
    assert created["rc"] == 0, created["msg"]
    before = settings(host.inspect("web"))
    host.api.exec_start(
        host.api.exec_create("web", ["sh", "-c", "echo data > /anonymous/file; echo data > /m/file"])["Id"]
    )
    for task in (
        {"restart": True},
        {"state": "stopped", "image": "busybox"},
        {"state": "started"},
        {"paused": True},
        {"paused": False},
        {"recreate": True},
        {"state": "stopped", "force_kill": True},
        {"state": "present", "recreate": True},
        {"recreate": True},
    ):
        predicted = host.run("container_run", check=True, name="web", grace=0.1, **task)
        result = host.run("container_run", name="web", grace=0.1, **task)
        assert result["rc"] == 0, (task, result["msg"])
        assert predicted["actions"] == result["actions"], task
        assert settings(host.inspect("web")) == before, task
    kept = host.api.exec_create("web", ["cat", "/anonymous/file", "/m/file"])["Id"]
    assert host.api.exec_start(kept) == b"data\ndata\n"
    again = host.run("container_run", **DESCRIBED)
    assert (again["rc"], again["actions"]) == (0, []), again["diff"]

    added = host.run("container_run", name="web", grace=0.1, env={"ADDED": 1}, networks=[{"name": "back"}])
    assert added["rc"] == 0, added["msg"]
    after = settings(host.inspect("web"))
    assert {"ADDED=1", "MODE=prod"} <= set(after["config"]["Env"])
    assert set(after["networks"]) == {"front", "back"}
    assert (after["host"], after["mounts"]) == (before["host"], before["mounts"])
    complete = host.run("container_run", **DESCRIBED)
    assert "create container web" in complete["actions"]
    assert settings(host.inspect("web"))["config"] == before["config"]
