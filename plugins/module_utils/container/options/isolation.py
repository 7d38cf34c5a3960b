# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that set the container apart from the host: capabilities, namespaces, devices, kernel settings."""

from __future__ import annotations

import json
from typing import Any

from ...errors import BadOption
from .. import convert
from ..option import MapOption, Option

# The words of "docker run --security-opt" that the CLI turns into other fields; the API would refuse them.
_UNCONFINED_PATHS = "systempaths=unconfined"


class SecurityOptions(MapOption):
    """Security options by what stands before the sign. systempaths=unconfined becomes empty lists of masked and read-only paths."""

    def write(self, body: dict[str, Any], desired: Any) -> None:
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


def _security_options(option: str, value: Any) -> dict[str, Any]:
    return {_with_equals(convert.text(option, entry)): True for entry in value}


def _with_equals(entry: str) -> str:
    # "label:disable" is the old spelling of "label=disable"; "no-new-privileges:true" of "no-new-privileges".
    if "=" not in entry and ":" in entry:
        entry = entry.replace(":", "=", 1)
    return {"no-new-privileges=true": "no-new-privileges"}.get(entry, entry)


def _device_requests(option: str, value: Any) -> dict[str, Any]:
    wanted = {}
    for entry in value:
        if entry.get("count") is not None and entry.get("device_ids"):
            raise BadOption("%s.count" % option, entry["count"], "give either a count or device_ids", "%s: [{driver: nvidia, count: -1}]" % option)
        request = {
            "Driver": entry.get("driver") or "",
            "Count": entry.get("count") or 0,
            "DeviceIDs": entry.get("device_ids") or None,
            "Capabilities": entry.get("capabilities") or None,
            "Options": convert.loose_pairs("%s.options" % option, entry.get("options") or {}) or None,
        }
        wanted[_request_name(request)] = request
    return wanted


def _requests_by_name(value: Any) -> dict[str, Any]:
    return {_request_name(request): request for request in value or []}


def _request_name(request: dict[str, Any]) -> str:
    return json.dumps({key: entry for key, entry in request.items() if entry}, sort_keys=True)


def _sysctls(option: str, value: Any) -> dict[str, str]:
    return convert.loose_pairs(option, value)


def _set_rows(name: str, path: str, flag: str, text: tuple, **more: Any) -> MapOption:
    return MapOption(
        name,
        spec={"type": "list", "elements": "str"},
        path="HostConfig.%s" % path,
        flag=flag,
        read=more.pop("read", lambda value: {entry: True for entry in value or []}),
        emit=list,
        help=text,
        parse=more.pop("parse", convert.members),
        **more,
    )


def _capabilities_read(value: Any) -> dict[str, bool]:
    return convert.capabilities("capabilities", value or [])


def _namespace(option: str, value: str) -> str:
    return value.strip()


def _devices_read(value: Any) -> dict[str, Any]:
    return {entry["PathInContainer"]: entry for entry in value or []}


ROWS = (
    _set_rows(
        "capabilities",
        "CapAdd",
        "--cap-add",
        ("Linux capabilities to add, such as V(NET_ADMIN), with or without C(CAP_), in any case. V(ALL) adds all.",),
        parse=convert.capabilities,
        read=_capabilities_read,
    ),
    _set_rows("cap_drop", "CapDrop", "--cap-drop", ("Linux capabilities to take away.",), parse=convert.capabilities, read=_capabilities_read),
    Option("privileged", spec={"type": "bool"}, path="HostConfig.Privileged", flag="--privileged", help=("Give the container nearly all rights on the host.",)),
    Option(
        "read_only", spec={"type": "bool"}, path="HostConfig.ReadonlyRootfs", flag="--read-only", help=("Mount the container's root file system read-only.",)
    ),
    SecurityOptions(
        "security_opts",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.SecurityOpt",
        flag="--security-opt",
        parse=_security_options,
        read=lambda value: {_with_equals(entry): True for entry in value or []},
        emit=list,
        help=(
            "Options for SELinux, AppArmor, seccomp and new privileges, such as V(no-new-privileges).",
            "V(systempaths=unconfined) lifts the protection of paths in C(/proc) and C(/sys), as docker run does.",
        ),
    ),
    Option(
        "masked_paths",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.MaskedPaths",
        matches=lambda desired, observed: sorted(desired) == sorted(observed or []),
        help=("Paths to hide in the container instead of the Engine's own list. An empty list hides none.",),
    ),
    Option(
        "readonly_paths",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.ReadonlyPaths",
        matches=lambda desired, observed: sorted(desired) == sorted(observed or []),
        help=("Paths to make read-only in the container instead of the Engine's own list. An empty list makes none so.",),
    ),
    Option("cgroup_parent", spec={"type": "str"}, path="HostConfig.CgroupParent", flag="--cgroup-parent", help=("Parent cgroup of the container's.",)),
    Option(
        "cgroupns_mode",
        spec={"type": "str", "choices": ["host", "private"]},
        path="HostConfig.CgroupnsMode",
        flag="--cgroupns",
        since="1.41",
        help=("Whether the container has a cgroup namespace of its own. The daemon's default follows the cgroup version.",),
    ),
    Option(
        "ipc_mode",
        spec={"type": "str"},
        path="HostConfig.IpcMode",
        flag="--ipc",
        parse=_namespace,
        help=("IPC namespace: V(private), V(shareable), V(host), V(none) or V(container:name).",),
    ),
    Option("pid_mode", spec={"type": "str"}, path="HostConfig.PidMode", flag="--pid", parse=_namespace, help=("PID namespace: V(host) or V(container:name).",)),
    Option(
        "userns_mode",
        spec={"type": "str"},
        path="HostConfig.UsernsMode",
        flag="--userns",
        parse=_namespace,
        help=("User namespace: V(host) switches the daemon's remapping off.",),
    ),
    Option("uts", spec={"type": "str"}, path="HostConfig.UTSMode", flag="--uts", parse=_namespace, help=("UTS namespace: V(host) shares the host's name.",)),
    MapOption(
        "sysctls", spec={"type": "dict"}, path="HostConfig.Sysctls", flag="--sysctl", parse=_sysctls, help=("Kernel settings of the container's namespaces.",)
    ),
    MapOption(
        "devices",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.Devices",
        flag="--device",
        parse=convert.devices,
        read=_devices_read,
        emit=lambda devices: list(devices.values()),
        help=("Devices of the host, each as V(path on host:path in container:permissions).",),
    ),
    MapOption(
        "device_requests",
        spec={
            "type": "list",
            "elements": "dict",
            "options": {
                "capabilities": {
                    "help": "Sets of what the device must be able to do, such as V([[gpu]]); all of one set must hold.",
                    "type": "list",
                    "elements": "list",
                },
                "count": {"help": "How many devices; V(-1) for all.", "type": "int"},
                "device_ids": {"help": "Ids of the devices.", "type": "list", "elements": "str"},
                "driver": {"help": "Driver that hands them out, such as V(nvidia).", "type": "str"},
                "options": {"help": "Options for the driver.", "type": "dict"},
            },
        },
        path="HostConfig.DeviceRequests",
        flag="--gpus",
        parse=_device_requests,
        read=_requests_by_name,
        emit=lambda requests: list(requests.values()),
        matches=lambda desired, observed: True,  # the whole request is its name
        since="1.40",
        help=("Devices that a driver hands out, such as GPUs.",),
    ),
    Option(
        "device_cgroup_rules",
        spec={"type": "list", "elements": "str"},
        path="HostConfig.DeviceCgroupRules",
        flag="--device-cgroup-rule",
        help=("Rules of the device cgroup, such as V(c 42:* rmw).",),
    ),
)
