# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps that change networks."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Iterable, Mapping

from ..errors import ApiError, Missing, NotMet, StepFailed
from ..option import at
from ..step import Outcome, Record, Step
from .endpoint import undo_connection
from .failures import explained
from .lookup import SUFFIX

if TYPE_CHECKING:
    from ..engine.engine import Engine

# Seconds to wait for a Swarm, which answers before it has given a new network its driver and subnets, and before a removed one is gone.
SWARM_PATIENCE = 30.0
RECORD_LABEL = "flotilla.docker.replaced"


def body_of(network: Mapping[str, Any]) -> dict[str, Any]:
    """The create body for a network with the same settings and subnets."""
    same = ("Name", "Internal", "Attachable", "Ingress", "Labels")
    body = {field: network[field] for field in same if network.get(field)}
    if network.get("Scope") == "swarm" and network.get("Driver") != "overlay":
        body["Scope"] = "swarm"
    if not network.get("ConfigOnly"):
        body["Driver"] = network["Driver"]
    source = at(dict(network), "ConfigFrom.Network")
    if source:
        return dict(body, ConfigFrom={"Network": source})
    ipam = network.get("IPAM") or {}
    return dict(
        body,
        Options=network.get("Options") or {},
        EnableIPv6=bool(network.get("EnableIPv6")),
        ConfigOnly=bool(network.get("ConfigOnly")),
        IPAM={
            "Driver": ipam.get("Driver") or "default",
            "Options": ipam.get("Options") or {},
            "Config": ipam.get("Config") or [],
        },
        **({"EnableIPv4": network["EnableIPv4"]} if network.get("EnableIPv4") is not None else {}),
    )


class Remove(Step["Engine"]):
    """Remove a network. This cannot be undone."""

    undoable = False
    final = True

    def __init__(self, network: Mapping[str, Any], before: dict[str, Any] | None = None) -> None:
        self.network = network
        self.summary = f"remove network {network['Name']}"
        self.before = before or {}

    def predict(self, engine: Engine) -> Outcome:
        return Outcome(True, None, self.before, dict.fromkeys(self.before, "absent"))

    def apply(self, engine: Engine) -> Outcome:
        return self.predict(engine) if remove(engine, self.network) else Outcome(False)


class MakeRoom(Step["Engine"]):
    """Remove a network that is recreated. Undone by creating it with its former settings and subnets."""

    def __init__(self, network: Mapping[str, Any]) -> None:
        self.network = network
        self.summary = f"remove network {network['Name']}"

    def apply(self, engine: Engine) -> Outcome:
        remove(engine, self.network)
        return Outcome(True)

    def undo(self, engine: Engine) -> bool | None:
        name = self.network["Name"]
        if any(network["Name"] == name for network in engine.networks.list(name=[name])):
            return False
        engine.networks.create(body_of(self.network))
        return None


class _OnNetwork(Step["Engine"]):
    """A step on a container's endpoint. ``container`` is an id, or a name in check mode."""

    verb = ""

    def __init__(
        self,
        network: str,
        container: str,
        name: str,
        endpoint: Mapping[str, Any],
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        self.network = network
        self.container = container
        self.name = name
        self.endpoint = dict(endpoint)
        self.summary = self.verb.format(name=name, network=network)
        self.before = before or {}
        self.after = after or {}

    def predict(self, engine: Engine) -> Outcome:
        return Outcome(True, None, self.before, self.after)

    def apply(self, engine: Engine) -> Outcome:
        self._do(engine)
        return self.predict(engine)

    def _do(self, engine: Engine) -> None:
        raise NotImplementedError(self.summary)

    def _is_connected(self, engine: Engine) -> bool | None:
        """None if the container does not exist. A failed connection leaves settings without an endpoint in a running container."""
        found = engine.containers.find(self.container)
        if found is None:
            return None
        current = (found["NetworkSettings"].get("Networks") or {}).get(self.network)
        if current is None or not engine.flavour.has_endpoint_ids:
            return current is not None
        return bool(current.get("EndpointID") or not found["State"]["Running"])


class Connect(_OnNetwork):
    """Connect a container. Undone by disconnecting it."""

    verb = "connect container {name} to network {network}"

    def _do(self, engine: Engine) -> None:
        try:
            engine.networks.connect(self.network, self.container, self.endpoint, self.name)
        except ApiError as error:
            raise explained(error) from error

    def undo(self, engine: Engine) -> bool:
        return undo_connection(engine, self.network, self.container)


class Disconnect(_OnNetwork):
    """Disconnect a container. Undone by connecting it with the settings that its endpoint had."""

    verb = "disconnect container {name} from network {network}"

    def _do(self, engine: Engine) -> None:
        engine.networks.disconnect(self.network, self.container, self.name)

    def undo(self, engine: Engine) -> bool | None:
        if self._is_connected(engine) is not False:
            return False
        engine.networks.connect(self.network, self.container, self.endpoint, self.name)
        return None


class KeepRecord(Record["Engine"]):
    """Store what must be restored if the run is killed, in the labels of a config-only network, which uses no addresses."""

    def __init__(self, network: Mapping[str, Any], endpoints: Iterable[tuple[str, str, Mapping[str, Any]]]) -> None:
        self.summary = f"keep a record of network {network['Name']}"
        self.name = network["Name"] + SUFFIX
        self.text = json.dumps({"body": body_of(network), "endpoints": list(endpoints)}, separators=(",", ":"))

    def write(self, engine: Engine) -> None:
        if engine.speaks("1.30") and engine.flavour.has_config_only_networks:
            engine.networks.create({"Name": self.name, "ConfigOnly": True, "Labels": {RECORD_LABEL: self.text}})

    def undo(self, engine: Engine) -> bool | None:
        engine.networks.remove(self.name)
        return False


class DropRecord(Step["Engine"]):
    """Remove the record, because everything was restored."""

    undoable = False
    final = True

    def __init__(self, name: str) -> None:
        self.summary = f"remove the record of network {name}"
        self.name = name + SUFFIX

    def predict(self, engine: Engine) -> Outcome:
        return Outcome(False)

    def apply(self, engine: Engine) -> Outcome:
        if engine.speaks("1.30") and engine.flavour.has_config_only_networks:
            engine.networks.remove(self.name)
        return Outcome(False)


def read_record(record: Mapping[str, Any]) -> dict[str, Any] | None:
    """Body and endpoints of a record; None for a network that is not a record of this collection."""
    try:
        kept = json.loads((record.get("Labels") or {}).get(RECORD_LABEL) or "null")
    except ValueError:
        return None
    return kept if isinstance(kept, dict) and {"body", "endpoints"} <= set(kept) else None


class Require(Step["Engine"]):
    """Fail if an object that the task names does not exist. In check mode this is a warning, because an earlier task may create it."""

    undoable = False

    def __init__(self, summary: str, missing: Missing) -> None:
        self.summary = summary
        self.missing = missing

    def predict(self, engine: Engine) -> Outcome:
        return Outcome(False, warnings=(f"{self.missing.message}. Check mode assumes that an earlier task creates it",))

    def apply(self, engine: Engine) -> Outcome:
        raise self.missing


def of_swarm(network: Mapping[str, Any]) -> bool:
    """Whether a network, or the network that a create body asks for, is one of a Swarm."""
    return network.get("Driver") == "overlay" or network.get("Scope") == "swarm"


def allocated(engine: Engine, network: dict[str, Any] | None) -> dict[str, Any] | None:
    """The network as it is once its Swarm has given it a driver and subnets. Until then the Engine lists it without them."""
    deadline = time.monotonic() + SWARM_PATIENCE
    while network and of_swarm(network) and not network.get("Driver"):
        if time.monotonic() > deadline:
            raise NotMet(
                f"The Swarm has not given network {network['Name']} a driver and subnets within {SWARM_PATIENCE:g} s",
                "See the managers with docker node ls, and the log of the daemon with journalctl --unit docker",
            )
        time.sleep(0.2)
        network = engine.networks.find(network["Id"])
    return network


def remove(engine: Engine, network: Mapping[str, Any]) -> bool:
    """Remove a network, and wait until a Swarm has removed it. False if it does not exist."""
    removed = engine.networks.remove(network["Id"], network["Name"])
    if network.get("Scope") != "swarm":
        return removed
    deadline = time.monotonic() + SWARM_PATIENCE
    while engine.networks.find(network["Id"]):
        if time.monotonic() > deadline:
            raise StepFailed(
                f"Network {network['Name']} still exists {SWARM_PATIENCE:g} s after the Swarm accepted its removal",
                f"See what uses it: docker network inspect --verbose {network['Name']}",
            )
        time.sleep(0.5)
    return removed
