# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters as Ansible makes them, and an engine in memory that stores containers as real ones do.

The stored shapes are recorded from Docker 20.10.24, 26.1.5 and 28.5.2; 29's are made from its release notes and source.
"""

from __future__ import annotations

import copy
import itertools
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.flotilla.docker.plugins.module_utils.arguments import CONNECTION
from ansible_collections.flotilla.docker.plugins.module_utils.container import plan, table
from ansible_collections.flotilla.docker.plugins.module_utils.container.option import at, put  # pylint: disable=unused-import
from ansible_collections.flotilla.docker.plugins.module_utils.errors import ApiError, Conflict, NotFound
from ansible_collections.flotilla.docker.plugins.module_utils.runner import Ledger

IMAGE_ID = "sha256:" + "ab" * 32
OTHER_IMAGE_ID = "sha256:" + "cd" * 32
_SPEC = dict(CONNECTION, **table.argument_spec())
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
_STATE = {"Status": "created", "Running": False, "Paused": False, "Restarting": False, "OOMKilled": False, "Dead": False, "ExitCode": 0, "Error": ""}
# Docker version to what it stores in another way than 28.5.
_OWN_WAYS = {
    "20.10": {"KernelMemory": 0, "CgroupnsMode": "host", "NetworkMode": "default", "RestartPolicy": {"Name": "", "MaximumRetryCount": 0}},
    "26.1": {"CgroupnsMode": "host"},
    "28.5": {},
    "29": {"PortBindings": {}},
}
_API = {"20.10": "1.41", "26.1": "1.45", "28.5": "1.51", "29": "1.51"}
DOCKER_VERSIONS = tuple(_API)


def params(**given: Any) -> Any:
    """The module's parameters as Ansible hands them over, for a task with these options."""
    result = ArgumentSpecValidator(_SPEC).validate(dict({"name": "web", "image": "busybox"}, **given))
    assert not result.error_messages, result.error_messages
    return result.validated_parameters


def device(host: str, inside: str, permissions: str) -> Any:
    """A device as the API has it."""
    return {"PathOnHost": host, "PathInContainer": inside, "CgroupPermissions": permissions}


def stored(body: Any, overrides: Any = (), docker: str = "28.5", name: str = "web", identity: str = "1" * 64, image: Any = None) -> Any:
    """What inspection shows of a container that was created from a body."""
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
            {"HostConfig": host, "NetworkSettings": inspected["NetworkSettings"], **{"Config": config}} if not path.startswith("Config.") else config,
            path,
            value,
        )
    return inspected


def _inherit(config: Any, given: Any) -> None:
    if not config["Entrypoint"]:
        config["Cmd"] = config["Cmd"] or given.get("Cmd")
        config["Entrypoint"] = given.get("Entrypoint")
    names = {line.split("=")[0] for line in config["Env"] or ()}
    config["Env"] = list(config["Env"] or ()) + [line for line in given.get("Env") or () if line.split("=")[0] not in names]
    config["Labels"] = dict(given.get("Labels") or {}, **(config["Labels"] or {}))
    for field in ("User", "WorkingDir", "StopSignal"):
        config[field] = config.get(field) or given.get(field) or ""
    config["ExposedPorts"] = dict(given.get("ExposedPorts") or {}, **(config.get("ExposedPorts") or {}))


def image(name: str = "busybox:latest", identity: str = IMAGE_ID, **config: Any) -> Any:
    """An inspected image."""
    return {
        "Id": identity,
        "RepoTags": [name],
        "RepoDigests": [],
        "Os": "linux",
        "Architecture": "amd64",
        "RootFS": {"Layers": ["sha256:1"]},
        "Config": dict({"Cmd": ["sh"], "Env": ["PATH=/bin"]}, **config),
    }


class Engine:
    """An engine in memory. ``failures`` maps a verb such as "start" to the error that it raises for the container "web" that is new."""

    def __init__(self, docker: str = "28.5", api: Any = None, images: Any = (), networks: Any = ("bridge", "front", "back")) -> None:
        self.docker = docker
        self.api_version = api or _API[docker]
        self.address = "tcp://engine:2375"
        self.is_podman = False
        self.can_update = True
        self.known_images = list(images) or [image()]
        self.known_networks = set(networks)
        self.known = {}
        self.failures = {}
        self.calls = []
        self._numbers = itertools.count(1)
        self.containers = self.images = self.networks = self.daemon = self

    def speaks(self, version: str) -> bool:
        return tuple(map(int, self.api_version.split("."))) >= tuple(map(int, version.split(".")))

    def find(self, name: str, platform: Any = None) -> Any:
        """A container, image or network: their names do not overlap here."""
        if name in self.known_networks:
            return {"Name": name}
        found = self._container(name)
        if found:
            return copy.deepcopy(found)
        return next((known for known in self.known_images if name == known["Id"] or name in known["RepoTags"]), None)

    def list(self, **filters: Any) -> Any:
        wanted = [pattern.strip("^$/?").split("(")[0].replace("\\", "") for pattern in filters.get("name", ())]
        return [
            {"Id": container["Id"], "Names": [container["Name"]], "Image": container["Config"]["Image"], "Ports": []}
            for container in self.known.values()
            if not wanted or container["Name"][1:].split(".flotilla")[0] in wanted
        ]

    def stored_login(self, registry: str) -> None:
        """Nobody has logged in."""

    def info(self) -> Any:
        limits = ("MemoryLimit", "SwapLimit", "OomKillDisable", "CPUShares", "CpuCfsPeriod", "CpuCfsQuota", "CPUSet", "PidsLimit")
        return dict({name: True for name in limits}, Runtimes={"runc": {}})

    def ignored(self, body: Any) -> Any:
        return {}

    def create(self, name: str, body: Any, platform: Any = None) -> Any:
        self._note("create", name)
        if self._container(name):
            raise Conflict("create container %s" % name, 409, "The container name is already in use")
        identity = "%064d" % next(self._numbers)
        given = next(
            known
            for known in self.known_images
            if known["RepoTags"][0].split(":")[0] == body["Image"].split(":")[0] and known["RepoTags"][0] in (body["Image"], body["Image"] + ":latest")
        )
        self.known[identity] = stored(body, docker=self.docker, name=name, identity=identity, image=given)
        return {"Id": identity, "Warnings": []}

    def start(self, key: str) -> None:
        self._note("start", key)
        self._state(key, Status="running", Running=True)
        for endpoint in self._known(key)["NetworkSettings"]["Networks"].values():
            endpoint.setdefault("MacAddress", "8e:f9:b6:80:b8:ea")

    def stop(self, key: str, *timeouts: Any) -> None:
        self._note("stop", key)
        self._state(key, Status="exited", Running=False, Paused=False)

    def restart(self, key: str, *timeouts: Any) -> None:
        self._note("restart", key)
        self._state(key, Status="running", Running=True)

    def pause(self, key: str) -> None:
        self._state(key, Paused=True, Status="paused")

    def unpause(self, key: str) -> None:
        self._state(key, Paused=False, Status="running")

    def rename(self, key: str, name: str) -> None:
        self._note("rename", key)
        self._known(key)["Name"] = "/" + name

    def update(self, key: str, body: Any) -> Any:
        self._note("update", key)
        self._known(key)["HostConfig"].update(body)
        return {}

    def remove(self, key: str, volumes: bool = False, force: bool = False) -> None:
        self._note("remove", key)
        container = self._container(key)
        if container:
            del self.known[container["Id"]]

    def connect(self, network: str, key: str, endpoint: Any) -> None:
        self._note("connect", network)
        if network not in self.known_networks:
            raise NotFound("connect", 404, "network %s not found" % network)
        self._known(key)["NetworkSettings"]["Networks"][network] = dict(endpoint)

    def disconnect(self, network: str, key: str) -> None:
        self._note("disconnect", network)
        del self._known(key)["NetworkSettings"]["Networks"][network]

    def logs(self, key: str, tail: Any = None) -> bytes:
        return b""

    def names(self) -> Any:
        """Names and ids of all containers."""
        return {container["Name"][1:]: identity for identity, container in self.known.items()}

    def _note(self, verb: str, key: str) -> None:
        self.calls.append(verb)
        if verb in self.failures:
            raise self.failures.pop(verb)

    def _state(self, key: str, **fields: Any) -> None:
        self._known(key)["State"].update(fields)

    def _known(self, key: str) -> Any:
        container = self._container(key)
        if container is None:
            raise NotFound("find %s" % key, 404, "No such container: %s" % key)
        return container

    def _container(self, key: str) -> Any:
        return next((container for container in self.known.values() if key in (container["Id"], container["Name"][1:])), None)


def refused(verb: str) -> ApiError:
    """What a real engine answers to something that cannot be."""
    return ApiError("%s container web" % verb, 500, "it does not work")


def run(engine: Engine, check: bool = False, **given: Any) -> Ledger:
    """One run of container_run; its ledger has the actions. The watch after a start is left out."""
    ledger = Ledger()
    ledger.perform(plan.decide(engine, params(**dict({"grace": 0.0}, **given))), engine, check)
    return ledger
