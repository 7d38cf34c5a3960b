# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of daemon.json that the running daemon does not have."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Mapping, NamedTuple, Sequence

from ..masking import mask_address, mask_credentials
from ..shapes import uses_containerd
from .result import insecure_registries, security_options


def _field(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda info: info.get(name)


def _equal(desired: object, running: object) -> bool:
    return desired == running


def _contains(desired: Iterable[Any], running: Sequence[Any] | None) -> bool:
    return all(item in (running or []) for item in desired)


def _same_addresses(desired: Iterable[str], running: Iterable[str] | None) -> bool:
    """The Engine appends a slash to each mirror."""
    return [address.rstrip("/") for address in desired] == [address.rstrip("/") for address in running or []]


def _same_pools(desired: Iterable[Mapping[str, Any]], running: Iterable[Mapping[str, Any]] | None) -> bool:
    return [(pool.get("base"), pool.get("size")) for pool in desired] == [
        (pool.get("Base"), pool.get("Size")) for pool in running or []
    ]


def _same_path(desired: object, running: object) -> bool:
    return str(desired).rstrip("/") == str(running).rstrip("/")


def _cgroup_driver(desired: Iterable[str], running: str | None) -> bool:
    wanted = [option.split("=", 1)[1] for option in desired if option.startswith("native.cgroupdriver=")]
    return not wanted or wanted[-1] == running


def _has_option(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda info: name in [option.get("name") for option in security_options(info)]


class Key(NamedTuple):
    """The field of GET /info that has a key of daemon.json."""

    running: Callable[[dict[str, Any]], Any]
    matches: Callable[[Any, Any], bool] = _equal


KEYS = {
    "data-root": Key(_field("DockerRootDir"), _same_path),
    "debug": Key(_field("Debug")),
    "default-address-pools": Key(_field("DefaultAddressPools"), _same_pools),
    "default-runtime": Key(_field("DefaultRuntime")),
    "exec-opts": Key(_field("CgroupDriver"), _cgroup_driver),
    "experimental": Key(_field("ExperimentalBuild")),
    "insecure-registries": Key(lambda info: insecure_registries(info.get("RegistryConfig") or {}), _contains),
    "labels": Key(_field("Labels"), lambda desired, running: sorted(desired) == sorted(running or [])),
    "live-restore": Key(_field("LiveRestoreEnabled")),
    "log-driver": Key(_field("LoggingDriver")),
    "no-new-privileges": Key(_has_option("no-new-privileges")),
    "registry-mirrors": Key(lambda info: (info.get("RegistryConfig") or {}).get("Mirrors"), _same_addresses),
    "runtimes": Key(lambda info: sorted(info.get("Runtimes") or {}), _contains),
    "selinux-enabled": Key(_has_option("selinux")),
    "storage-driver": Key(_field("Driver")),
    "features.containerd-snapshotter": Key(uses_containerd),
    "proxies.http-proxy": Key(lambda info: mask_address(info.get("HttpProxy") or "")),
    "proxies.https-proxy": Key(lambda info: mask_address(info.get("HttpsProxy") or "")),
    "proxies.no-proxy": Key(_field("NoProxy")),
}


def report(configuration: dict[str, Any] | None, info: dict[str, Any]) -> dict[str, Any] | None:
    """The return value configuration, from facts of the file and GET /info (empty if the daemon did not answer)."""
    if configuration is None:
        return None
    differs, unverified = compare(configuration["keys"], info) if info else (None, None)
    return dict(
        {key: value for key, value in configuration.items() if key != "keys"}, differs=differs, unverified=unverified
    )


def compare(desired: dict[str, Any], info: dict[str, Any]) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Keys that differ, with both values, and keys that GET /info does not have."""
    differs: dict[str, dict[str, Any]] = {}
    unverified = []
    for name, value in sorted(_flat(mask_credentials(desired)).items()):
        key = KEYS.get(name)
        if key is None:
            unverified.append(name)
            continue
        running = key.running(info)
        try:
            same = key.matches(value, running)
        except (AttributeError, TypeError):  # the running Engine cannot use a value of the wrong type
            same = False
        if not same:
            differs[name] = {"configured": value, "running": running}
    return differs, unverified


def _flat(desired: dict[str, Any]) -> dict[str, Any]:
    """features and proxies key by key."""
    flat = {}
    for name, value in desired.items():
        if name in ("features", "proxies") and isinstance(value, dict):
            flat.update({f"{name}.{inner}": item for inner, item in value.items()})
        else:
            flat[name] = value
    return flat
