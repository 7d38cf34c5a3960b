# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The create body of a container that exists: what a replacement keeps when the task does not describe the whole container."""

from __future__ import annotations

import copy
from typing import Any, Mapping

from .. import declared
from ..network.endpoint import asked
from ..option import MapOption, Option, equal
from . import table

Inspected = Mapping[str, Any]
_OTHERS_NAMESPACE = ("host", "container:")
_PROCESS = ("Config.Cmd", "Config.Entrypoint")


def create_body(
    inspected: Inspected, image: Inspected, desired: Mapping[Option, Any], modes: Mapping[str, str]
) -> dict[str, Any]:
    """The body of POST /containers/create for a container like this one with the values that a task names, without endpoints.

    Settings that come from ``image``, from which it was created, are left out, so that they come from the image again. Anonymous volumes are kept
    by their names, with their data.
    """
    body = copy.deepcopy(dict(inspected["Config"]))
    host = body["HostConfig"] = copy.deepcopy(dict(inspected["HostConfig"]))
    _leave_out_hostname(body, inspected)
    _leave_out_image_values(body, inspected, image)
    _keep_anonymous_volumes(body, inspected)
    for option, value in desired.items():
        host.update(option.along(host, value))
    table.write(body, {option: _merged(option, value, inspected, image, modes) for option, value in desired.items()})
    record = declared.of_labels((inspected["Config"] or {}).get("Labels"))
    if record is not None:
        table.set_label(body, declared.to_label(desired, record))
    return body


def endpoints_of(inspected: Inspected, desired: Mapping[Option, Any]) -> dict[str, Any]:
    """EndpointSettings by network for such a container: those that it has, in a form that a request accepts, and those that the task names.

    With another network mode in the task, the container leaves its present networks.
    """
    named = {option.name: value for option, value in desired.items()}
    mode = inspected["HostConfig"].get("NetworkMode") or "default"
    kept = {} if named.get("network_mode", mode) != mode else _own_endpoints(inspected, mode)
    for name, endpoint in named.get("networks", {}).items():
        kept[name] = dict(kept.get(name, {}), **endpoint)
    return kept


def _own_endpoints(inspected: Inspected, mode: str) -> dict[str, Any]:
    networks = (inspected.get("NetworkSettings") or {}).get("Networks") or {}
    without_asking = {"default": "bridge"}.get(mode, mode if mode in ("bridge", "host", "none") else "")
    record = declared.of_labels((inspected.get("Config") or {}).get("Labels")) or {}
    return {
        name: asked(endpoint, inspected["Id"], f"{name}/mac_address" in record.get("networks", ()))
        for name, endpoint in networks.items()
        if name != without_asking
    }


def _merged(option: Option, value: object, inspected: Inspected, image: Inspected, modes: Mapping[str, str]) -> Any:
    if modes[option.name] == table.STRICT and isinstance(option, MapOption):
        return value
    observed = option.observed(dict(inspected))
    if isinstance(option, MapOption):
        given = option.given_by_image(dict(image))
        observed = {name: seen for name, seen in observed.items() if not _is_given(option, name, seen, given)}
    return option.merged(observed, value)


def _leave_out_hostname(body: dict[str, Any], inspected: Inspected) -> None:
    """The Engine derives the host name from the id, or uses that of a shared namespace."""
    mode = body["HostConfig"].get("NetworkMode") or ""
    if body.get("Hostname") == inspected["Id"][:12] or mode.startswith(_OTHERS_NAMESPACE):
        body.pop("Hostname", None)
    if mode.startswith("container:"):
        body.pop("Domainname", None)


def _leave_out_image_values(body: dict[str, Any], inspected: Inspected, image: Inspected) -> None:
    given = image.get("Config") or {}
    for option in table.OPTIONS:
        if not option.from_image or option.path in _PROCESS:
            continue
        observed, default = option.observed(dict(inspected)), option.given_by_image(dict(image))
        if isinstance(option, MapOption):
            if option.path.startswith("Config."):
                own = {name: seen for name, seen in observed.items() if not _is_given(option, name, seen, default)}
                body.pop(option.from_image, None)
                option.write(body, own)
        elif equal(default, observed):
            body.pop(option.from_image, None)
    body["Volumes"] = {path: {} for path in body.get("Volumes") or {} if path not in (given.get("Volumes") or {})}
    if body.get("Entrypoint") == given.get("Entrypoint"):
        body.pop("Entrypoint", None)
        if body.get("Cmd") == given.get("Cmd"):
            body.pop("Cmd", None)
    elif not body.get("Entrypoint"):
        body["Entrypoint"] = [""]  # null would be the image's entry point again


def _is_given(option: MapOption, name: str, value: object, given: Mapping[str, Any]) -> bool:
    return name == declared.LABEL or (name in given and option.same(given[name], value))


def _keep_anonymous_volumes(body: dict[str, Any], inspected: Inspected) -> None:
    host = body["HostConfig"]
    named = _named_volumes(inspected)
    mounts = host.get("Mounts") or []
    for mount in mounts:
        if mount["Type"] == "volume" and not mount.get("Source") and mount["Target"] in named:
            mount["Source"] = named[mount["Target"]]["Name"]
    binds = list(host.get("Binds") or [])
    bound = {bind.split(":")[1] for bind in binds if ":" in bind} | {mount["Target"] for mount in mounts}
    anonymous = set((inspected["Config"] or {}).get("Volumes") or {}) - bound
    for path in (path for path in named if path in anonymous):
        mode = "" if named[path].get("RW", True) else ":ro"
        binds.append(f"{named[path]['Name']}:{path}{mode}")
        body["Volumes"].pop(path, None)
    if binds:
        host["Binds"] = binds


def _named_volumes(inspected: Inspected) -> dict[str, Mapping[str, Any]]:
    """The volumes that a container has mounted, by path. Anonymous ones have names too."""
    return {
        mount["Destination"]: mount
        for mount in inspected.get("Mounts") or []
        if mount.get("Type") == "volume" and mount.get("Name")
    }
