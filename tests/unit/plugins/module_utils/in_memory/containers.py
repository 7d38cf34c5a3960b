# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers in memory, stored in the form of real ones.

The answers are recorded from Docker 20.10.24, 26.1.5 and 28.5.2; those of 29 are derived from its release notes and source.
"""

from __future__ import annotations

import copy
import itertools
from typing import Any

from ansible_collections.flotilla.docker.plugins.module_utils.errors import Conflict, NotFound
from ansible_collections.flotilla.docker.plugins.module_utils.option import put

from .images import IMAGE_ID

_CONFIG = {
    "Hostname": "",
    "Domainname": "",
    "User": "",
    "AttachStdin": False,
    "AttachStdout": True,
    "AttachStderr": True,
    "Tty": False,
    "OpenStdin": False,
    "StdinOnce": False,
    "Env": None,
    "Cmd": None,
    "Volumes": None,
    "WorkingDir": "",
    "Entrypoint": None,
    "OnBuild": None,
    "Labels": {},
}
_HOST_CONFIG = {
    "Binds": None,
    "ContainerIDFile": "",
    "LogConfig": {"Type": "json-file", "Config": {}},
    "NetworkMode": "bridge",
    "PortBindings": None,
    "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0},
    "AutoRemove": False,
    "VolumeDriver": "",
    "VolumesFrom": None,
    "ConsoleSize": [0, 0],
    "CapAdd": None,
    "CapDrop": None,
    "CgroupnsMode": "private",
    "Dns": None,
    "DnsOptions": None,
    "DnsSearch": None,
    "ExtraHosts": None,
    "GroupAdd": None,
    "IpcMode": "private",
    "Cgroup": "",
    "Links": None,
    "OomScoreAdj": 0,
    "PidMode": "",
    "Privileged": False,
    "PublishAllPorts": False,
    "ReadonlyRootfs": False,
    "SecurityOpt": None,
    "UTSMode": "",
    "UsernsMode": "",
    "ShmSize": 67108864,
    "Runtime": "runc",
    "Isolation": "",
    "CpuShares": 0,
    "Memory": 0,
    "NanoCpus": 0,
    "CgroupParent": "",
    "BlkioWeight": 0,
    "BlkioWeightDevice": None,
    "BlkioDeviceReadBps": None,
    "BlkioDeviceWriteBps": None,
    "BlkioDeviceReadIOps": None,
    "BlkioDeviceWriteIOps": None,
    "CpuPeriod": 0,
    "CpuQuota": 0,
    "CpuRealtimePeriod": 0,
    "CpuRealtimeRuntime": 0,
    "CpusetCpus": "",
    "CpusetMems": "",
    "Devices": None,
    "DeviceCgroupRules": None,
    "DeviceRequests": None,
    "MemoryReservation": 0,
    "MemorySwap": 0,
    "MemorySwappiness": None,
    "OomKillDisable": False,
    "PidsLimit": None,
    "Ulimits": None,
    "MaskedPaths": ["/proc/acpi", "/proc/kcore"],
    "ReadonlyPaths": ["/proc/bus", "/proc/sys"],
}
_STATE = {
    "Status": "created",
    "Running": False,
    "Paused": False,
    "Restarting": False,
    "OOMKilled": False,
    "Dead": False,
    "ExitCode": 0,
    "Error": "",
}
# Docker version to the values that it stores differently than 28.5.
_OWN_WAYS = {
    "20.10": {
        "KernelMemory": 0,
        "CgroupnsMode": "host",
        "NetworkMode": "default",
        "RestartPolicy": {"Name": "", "MaximumRetryCount": 0},
    },
    "26.1": {"CgroupnsMode": "host"},
    "28.5": {},
    "29": {"PortBindings": {}},
}
API = {"20.10": "1.41", "26.1": "1.45", "28.5": "1.51", "29": "1.51"}
DOCKER_VERSIONS = tuple(API)


def stored(
    body: Any, overrides: Any = (), docker: str = "28.5", name: str = "web", identity: str = "1" * 64, image: Any = None
) -> Any:
    """The inspection of a container that was created from a body."""
    body = copy.deepcopy(body)
    host = dict(copy.deepcopy(_HOST_CONFIG), **_OWN_WAYS[docker])
    for field, value in (body.pop("HostConfig", None) or {}).items():
        host[field] = dict(host[field], **value) if field in ("LogConfig", "RestartPolicy") else value
    if host["Memory"] and not host["MemorySwap"]:
        host["MemorySwap"] = 2 * host["Memory"]
    endpoints = (body.pop("NetworkingConfig", None) or {}).get("EndpointsConfig") or {}
    mode = host["NetworkMode"]
    endpoints.setdefault("bridge" if mode == "default" else mode, {})
    config = dict(copy.deepcopy(_CONFIG), **body)
    _inherit(config, (image or {}).get("Config") or {})
    inspected = {
        "Id": identity,
        "Name": "/" + name,
        "Image": (image or {}).get("Id", IMAGE_ID),
        "RestartCount": 0,
        "State": dict(_STATE),
        "Config": config,
        "HostConfig": host,
        "NetworkSettings": {"Ports": {}, "Networks": endpoints},
    }
    for path, value in dict(overrides).items():
        put(
            {"HostConfig": host, "NetworkSettings": inspected["NetworkSettings"], "Config": config}
            if not path.startswith("Config.")
            else config,
            path,
            value,
        )
    return inspected


def _inherit(config: Any, given: Any) -> None:
    if not config["Entrypoint"]:
        config["Cmd"] = config["Cmd"] or given.get("Cmd")
        config["Entrypoint"] = given.get("Entrypoint")
    names = {line.split("=")[0] for line in config["Env"] or ()}
    config["Env"] = list(config["Env"] or ()) + [
        line for line in given.get("Env") or () if line.split("=")[0] not in names
    ]
    config["Labels"] = dict(given.get("Labels") or {}, **(config["Labels"] or {}))
    for field in ("User", "WorkingDir", "StopSignal"):
        config[field] = config.get(field) or given.get(field) or ""
    config["Volumes"] = dict(given.get("Volumes") or {}, **(config.get("Volumes") or {})) or None
    config["ExposedPorts"] = dict(given.get("ExposedPorts") or {}, **(config.get("ExposedPorts") or {}))


class Containers:
    """Containers. ``known`` are the containers by id, ``log`` is what each has written. ``journal`` is called for each change, and may refuse it."""

    can_update = True

    def __init__(self, journal: Any, images: Any, docker: str) -> None:
        self.known: dict[str, Any] = {}
        self.log = b""
        self._journal = journal
        self._images = images
        self._docker = docker
        self._ids = (f"{number:064d}" for number in itertools.count(1))

    def add(
        self,
        name: str,
        running: bool = True,
        networks: Any = (),
        mode: str = "bridge",
        image: str = IMAGE_ID,
        memory: int = 0,
        ports: Any = (),
        labels: Any = (),
    ) -> Any:
        """Add a container that only needs these fields. ``ports`` are ports of the host by those of the container, such as {"80/tcp": 8080}."""
        identity = next(self._ids)
        bindings = {inside: [{"HostIp": "0.0.0.0", "HostPort": str(port)}] for inside, port in dict(ports).items()}
        self.known[identity] = {
            "Id": identity,
            "Name": "/" + name,
            "Image": image,
            "RestartCount": 0,
            "State": {"Running": running, "Status": "running" if running else "exited"},
            "Config": {"Image": "busybox", "Tty": False, "Env": ["A=b", "PASSWORD=x"], "Labels": dict(labels)},
            "HostConfig": {"NetworkMode": mode, "Memory": memory},
            "NetworkSettings": {"Networks": dict(networks), "Ports": bindings},
            "SizeRw": 10,
        }
        return self.known[identity]

    def end(self, name: str, exit_code: int, out_of_memory: bool = False) -> None:
        """The process of a container exits."""
        self._state(name, Status="exited", Running=False, ExitCode=exit_code, OOMKilled=out_of_memory)

    def stored(self, key: str) -> Any:
        """The stored container, which tests may read and change directly; None if there is none."""
        return next((one for one in self.known.values() if key in (one["Id"], one["Name"][1:])), None)

    def names(self) -> dict[str, str]:
        """Ids of all containers by name."""
        return {container["Name"][1:]: identity for identity, container in self.known.items()}

    def find(self, key: str, size: Any = None) -> Any:
        return copy.deepcopy(self.stored(key))

    def list(self, name: Any = (), network: Any = (), volume: Any = (), **filters: Any) -> Any:
        """Filters that are not named here have no effect."""
        wanted = [pattern.strip("^$/?").split("(")[0].replace("\\", "") for pattern in name]
        return [
            {
                "Id": container["Id"],
                "Names": [container["Name"]],
                "Image": container["Config"]["Image"],
                "ImageID": container["Image"],
                "Labels": dict(container["Config"].get("Labels") or {}),
                "Created": 1,
                "State": container["State"]["Status"],
                "Ports": [],
                "NetworkSettings": copy.deepcopy(container["NetworkSettings"]),
            }
            for container in self.known.values()
            if (not wanted or container["Name"][1:].split(".flotilla")[0] in wanted)
            and (not network or set(network) & set(container["NetworkSettings"]["Networks"]))
            and not volume
        ]

    def list_running(self, **filters: Any) -> Any:
        return [entry for entry in self.list() if entry["State"] == "running"]

    def list_with_sizes(self) -> Any:
        return [dict(entry, SizeRw=self.known[entry["Id"]]["SizeRw"]) for entry in self.list()]

    def ignored(self, body: Any) -> Any:
        return {}

    def create(self, name: str, body: Any, platform: Any = None) -> Any:
        self._journal("create")
        if self.stored(name):
            raise Conflict(f"create container {name}", 409, "The container name is already in use")
        identity = next(self._ids)
        given = self._images.find(body["Image"])
        self.known[identity] = stored(body, docker=self._docker, name=name, identity=identity, image=given)
        return {"Id": identity, "Warnings": []}

    def start(self, key: str) -> None:
        self._journal("start", self._name(key))
        self._state(key, Status="running", Running=True)
        for endpoint in self._existing(key)["NetworkSettings"]["Networks"].values():
            endpoint.setdefault("MacAddress", "8e:f9:b6:80:b8:ea")

    def stop(self, key: str, *timeouts: Any) -> None:
        self._journal("stop")
        self._state(key, Status="exited", Running=False, Paused=False)

    def kill(self, key: str, signal: Any = None) -> None:
        self._journal("kill")
        self._state(key, Status="exited", Running=False, Paused=False)

    def wait(self, key: str, timeout: Any = None) -> int:
        return 137

    def restart(self, key: str, *timeouts: Any) -> None:
        self._journal("restart")
        self._state(key, Status="running", Running=True)

    def pause(self, key: str) -> None:
        self._state(key, Paused=True, Status="paused")

    def unpause(self, key: str) -> None:
        self._state(key, Paused=False, Status="running")

    def rename(self, key: str, name: str) -> None:
        self._journal("rename")
        self._existing(key)["Name"] = "/" + name

    def update(self, key: str, body: Any) -> Any:
        self._journal("update")
        self._existing(key)["HostConfig"].update(body)
        return {}

    def remove(self, key: str, volumes: bool = False, force: bool = False) -> bool:
        self._journal("remove", self._name(key))
        container = self.stored(key)
        if container:
            del self.known[container["Id"]]
        return bool(container)

    def logs(self, key: str, tail: Any = None, **params: Any) -> bytes:
        return self.log

    def path_exists(self, key: str, path: str) -> bool:
        return path == "/srv"

    def stats(self, key: str) -> Any:
        return {}

    def top(self, key: str) -> Any:
        return {"Titles": ["PID"], "Processes": [["1"]]}

    def changes(self, key: str) -> Any:
        return [{"Path": "/run", "Kind": 0}]

    def _name(self, key: str) -> str:
        container = self.stored(key)
        return container["Name"][1:] if container else ""

    def _state(self, key: str, **fields: Any) -> None:
        self._existing(key)["State"].update(fields)

    def _existing(self, key: str) -> Any:
        container = self.stored(key)
        if container is None:
            raise NotFound(f"find {key}", 404, f"No such container: {key}")
        return container
