# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that isolate the container from the host: capabilities, namespaces, devices, kernel parameters."""

from __future__ import annotations

import json
from typing import Any, Iterable, Mapping

from ... import yaml_types
from ...errors import BadOption
from ...option import MapOption, Option, loose_pairs, pairs
from .. import convert, normal, show

# A value of "docker run --security-opt" that the CLI converts to other fields; the API would refuse it.
_UNCONFINED_PATHS = "systempaths=unconfined"


class SecurityOptions(MapOption):
    """Security options by the part before the equals sign. systempaths=unconfined becomes empty lists of masked and read-only paths."""

    def write(self, body: dict[str, Any], desired: Mapping[str, Any]) -> None:
        plain = {key: value for key, value in desired.items() if key != _UNCONFINED_PATHS}
        super().write(body, plain)
        if _UNCONFINED_PATHS in desired:
            body["HostConfig"].update(MaskedPaths=[], ReadonlyPaths=[])

    def observed(self, inspected: dict[str, Any]) -> Any:
        found = super().observed(inspected)
        host = inspected.get("HostConfig") or {}
        if host.get("MaskedPaths") == [] and host.get("ReadonlyPaths") == []:
            found[_UNCONFINED_PATHS] = True
        return found


def _security_options(option: str, value: Iterable[Any]) -> dict[str, Any]:
    return {_with_equals(yaml_types.word(option, entry)): True for entry in value}


def _with_equals(entry: str) -> str:
    # "label:disable" is the old spelling of "label=disable"; "no-new-privileges:true" of "no-new-privileges".
    if "=" not in entry and ":" in entry:
        entry = entry.replace(":", "=", 1)
    return {"no-new-privileges=true": "no-new-privileges"}.get(entry, entry)


def _follows_from_shared_namespaces(task: Mapping[str, Any], name: str, value: object) -> bool:
    """SELinux cannot distinguish a container from a host whose namespaces it shares, so the Engine disables its labels."""
    shares = task.get("privileged") is True or "host" in (task.get("pid_mode"), task.get("ipc_mode"))
    return name == "label=disable" and shares


def _device_requests(option: str, value: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    wanted = {}
    for entry in value:
        if entry.get("count") and entry.get("device_ids"):
            raise BadOption(
                f"{option}.count",
                "and device_ids are mutually exclusive",
                got=entry["count"],
                example=f"{option}: [{{driver: nvidia, count: -1}}]",
            )
        request = {
            "Driver": entry.get("driver") or "",
            "Count": entry.get("count") or 0,
            "DeviceIDs": entry.get("device_ids") or None,
            "Capabilities": _device_capabilities(f"{option}.capabilities", entry.get("capabilities")) or None,
            "Options": loose_pairs(f"{option}.options", entry.get("options") or {}) or None,
        }
        wanted[_request_name(request)] = request
    return wanted


def _device_capabilities(option: str, value: Iterable[Iterable[object]] | None) -> list[list[str]]:
    """Lists of words: alternatives, of which a device must have all words of one."""

    def example(likely: str) -> str:
        return "device_requests: [{capabilities: [[gpu]]}]"

    return [[yaml_types.text(option, word, example) for word in entry] for entry in value or []]


def _requests_by_name(value: Iterable[dict[str, Any]] | None) -> dict[str, Any]:
    return {_request_name(request): request for request in value or []}


def _request_name(request: dict[str, Any]) -> str:
    return json.dumps(normal.device_request(request), sort_keys=True)


def _sysctls(option: str, value: Mapping[Any, Any]) -> dict[str, str]:
    return pairs(option, value)


def _set_rows(name: str, path: str, flag: str, text: tuple, **more: Any) -> MapOption:
    return MapOption(
        name,
        spec={"type": "list", "elements": "str"},
        path=f"HostConfig.{path}",
        flag=flag,
        read=more.pop("read", lambda value: dict.fromkeys(value or [], True)),
        emit=list,
        help=text,
        parse=more.pop("parse", convert.members),
        **more,
    )


def _capabilities_read(value: Iterable[str] | None) -> dict[str, bool]:
    return convert.capabilities("capabilities", value or [])


def _namespace(option: str, value: str) -> str:
    return value.strip()


def _devices_read(value: Iterable[dict[str, Any]] | None) -> dict[str, Any]:
    return {normal.path(entry["PathInContainer"]): entry for entry in value or []}


ROWS = (
    _set_rows(
        "capabilities",
        "CapAdd",
        "--cap-add",
        ("Linux capabilities to add, such as V(NET_ADMIN), with or without C(CAP_), in any case. V(ALL) adds all.",),
        parse=convert.capabilities,
        read=_capabilities_read,
    ),
    _set_rows(
        "cap_drop",
        "CapDrop",
        "--cap-drop",
        ("Linux capabilities to drop.",),
        parse=convert.capabilities,
        read=_capabilities_read,
    ),
    Option(
        "privileged",
        spec={"type": "bool"},
        path="HostConfig.Privileged",
        flag="--privileged",
        along=lambda host, value: {
            field: [] if host.get(field) == [] else None for field in ("MaskedPaths", "ReadonlyPaths")
        },
        help=("Give the container extended privileges on the host.",),
    ),
    Option(
        "read_only",
        spec={"type": "bool"},
        path="HostConfig.ReadonlyRootfs",
        flag="--read-only",
        help=("Mount the container's root file system read-only.",),
    ),
    SecurityOptions(
        "security_opts",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.SecurityOpt",
        flag="--security-opt",
        parse=_security_options,
        read=lambda value: {_with_equals(entry): True for entry in value or []},
        emit=list,
        follows=_follows_from_shared_namespaces,
        help=(
            "Options for SELinux, AppArmor, seccomp and new privileges, such as V(no-new-privileges).",
            "V(systempaths=unconfined) removes the protection of paths in C(/proc) and C(/sys), as with docker run.",
        ),
    ),
    Option(
        "masked_paths",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.MaskedPaths",
        normal=normal.paths,
        help=("Paths to mask in the container instead of the Engine's default list. An empty list masks none.",),
    ),
    Option(
        "readonly_paths",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.ReadonlyPaths",
        normal=normal.paths,
        help=(
            "Paths that are read-only in the container instead of the Engine's default list. An empty list makes none read-only.",
        ),
    ),
    Option(
        "cgroup_parent",
        spec={"type": "str"},
        path="HostConfig.CgroupParent",
        flag="--cgroup-parent",
        normal=normal.path,
        help=("Parent cgroup of the container.",),
    ),
    Option(
        "cgroupns_mode",
        spec={"type": "str", "choices": ["host", "private"]},
        path="HostConfig.CgroupnsMode",
        flag="--cgroupns",
        since="1.41",
        help=("Cgroup namespace. The Engine's default depends on the cgroup version.",),
    ),
    Option(
        "ipc_mode",
        spec={"type": "str"},
        default="private",
        path="HostConfig.IpcMode",
        flag="--ipc",
        parse=_namespace,
        help=("IPC namespace: V(private), V(shareable), V(host), V(none) or V(container:name).",),
    ),
    Option(
        "pid_mode",
        spec={"type": "str"},
        path="HostConfig.PidMode",
        flag="--pid",
        parse=_namespace,
        help=("PID namespace: V(host) or V(container:name).",),
    ),
    Option(
        "userns_mode",
        spec={"type": "str"},
        path="HostConfig.UsernsMode",
        flag="--userns",
        parse=_namespace,
        help=("User namespace: V(host) disables the Engine's remapping.",),
    ),
    Option(
        "uts",
        spec={"type": "str"},
        path="HostConfig.UTSMode",
        flag="--uts",
        parse=_namespace,
        help=("UTS namespace: V(host) shares the host's name.",),
    ),
    MapOption(
        "sysctls",
        spec={"type": "dict"},
        path="HostConfig.Sysctls",
        flag="--sysctl",
        parse=_sysctls,
        normal=normal.whitespace,
        help=("Kernel parameters of the container's namespaces.",),
    ),
    MapOption(
        "devices",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.Devices",
        flag="--device",
        parse=convert.devices,
        read=_devices_read,
        normal=normal.device,
        emit=lambda devices: list(devices.values()),
        show=show.devices,
        help=("Devices of the host, each as V(path on host:path in container:permissions).",),
    ),
    MapOption(
        "device_requests",
        spec={
            "type": "list",
            "elements": "dict",
            "options": {
                "capabilities": {
                    "help": "Sets of capabilities that the device must have, such as V([[gpu]]). All of one set are required.",
                    "type": "list",
                    "elements": "list",
                },
                "count": {"help": "Number of devices. V(-1) means all.", "type": "int"},
                "device_ids": {"help": "Ids of the devices.", "type": "list", "elements": "str"},
                "driver": {"help": "Driver of the devices, such as V(nvidia).", "type": "str"},
                "options": {"help": "Options for the driver.", "type": "dict"},
            },
        },
        path="HostConfig.DeviceRequests",
        flag="--gpus",
        parse=_device_requests,
        read=_requests_by_name,
        emit=lambda requests: list(requests.values()),
        matches=lambda desired, observed: True,  # the name of a request is the whole request
        since="1.40",
        show=lambda requests: list(requests.values()),
        help=("Devices that a driver provides, such as GPUs.",),
    ),
    Option(
        "device_cgroup_rules",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.DeviceCgroupRules",
        flag="--device-cgroup-rule",
        normal=normal.device_rules,
        help=("Rules of the device cgroup, such as V(c 42:* rmw).",),
    ),
)
