# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps that change volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterable, Mapping

from .. import explanations
from ..errors import ApiError, Interrupted, StepFailed, Unreachable
from ..object_options import differences, sentences
from ..option import Option
from ..step import Outcome, Step
from .options import ROWS, fate_of_data

if TYPE_CHECKING:
    from ..engine.engine import Engine

_RULES = (
    explanations.Rule(
        "quota",
        r"no quota support",
        advice="Limits need a data directory on XFS mounted with pquota. Remove driver_options.size, or use a volume with a device of its own",
    ),
    explanations.Rule(
        "driver",
        r"plugin \"?([^\"]+?)\"? not found|looking up volume plugin ([^:]+):|dial unix .*\.sock",
        advice="The volume driver cannot be reached; nothing was created or deleted. Start it, and see: docker plugin ls",
    ),
)


def default_volume(name: str) -> Create:
    """The step that creates a volume with the Engine's defaults."""
    return Create({"Name": name}, {})


def explained(error: ApiError) -> ApiError:
    """The error, with advice for known messages about volumes."""
    rule = explanations.explain(_RULES, error.explanation)
    if rule:
        error.advice = rule.advice
    return error


def body_of(volume: Mapping[str, Any]) -> dict[str, Any]:
    """The create body for a volume with the same settings."""
    return {
        "Name": volume["Name"],
        "Driver": volume["Driver"],
        "DriverOpts": volume.get("Options") or {},
        "Labels": volume.get("Labels") or {},
    }


class Create(Step["Engine"]):
    """Create a volume. Undone by removing it: it is empty.

    ``desired`` is compared with the answer, because the Engine returns an existing volume as if it had created it.
    """

    def __init__(
        self,
        body: Mapping[str, Any],
        desired: Mapping[Option, Any],
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        self.body = dict(body)
        self.desired = desired
        self.summary = f"create volume {self.body['Name']}"
        self.before = before or {}
        self.after = after or {}
        self.created = False

    def predict(self, engine: Engine) -> Outcome:
        return Outcome(True, None, self.before, self.after)

    def apply(self, engine: Engine) -> Outcome:
        try:
            found = engine.volumes.create(self.body)
        except (Unreachable, Interrupted):
            self.created = True  # not certain; undo checks it
            raise
        except ApiError as error:
            raise explained(error) from error
        unlike = differences(ROWS, self.desired, found, track=False)
        if unlike:
            raise StepFailed(
                f"Volume {self.body['Name']} was created by another client at the same time, with other options: {'; '.join(sentences(unlike))}",
                "Run the task again",
            )
        self.created = True
        return self.predict(engine)

    def undo(self, engine: Engine) -> bool | None:
        if not self.created or engine.volumes.find(self.body["Name"]) is None:
            return False
        engine.volumes.remove(self.body["Name"])
        return None


class Remove(Step["Engine"]):
    """Remove a volume. This cannot be undone."""

    undoable = False
    final = True

    def __init__(self, volume: Mapping[str, Any], force: bool = False) -> None:
        self.volume = volume
        self.force = force
        self.summary = removal(volume)

    def predict(self, engine: Engine) -> Outcome:
        return Outcome(True, None, {"state": "present"}, {"state": "absent"})

    def apply(self, engine: Engine) -> Outcome:
        removed = _remove(engine, self.volume["Name"], self.force)
        return self.predict(engine) if removed else Outcome(False)


class MakeRoom(Step["Engine"]):
    """Remove a volume that is recreated. Undone by creating it with the same options; its data is not restored."""

    def __init__(self, volume: Mapping[str, Any]) -> None:
        self.volume = volume
        self.summary = removal(volume)

    def apply(self, engine: Engine) -> Outcome:
        _remove(engine, self.volume["Name"], False)
        return Outcome(True)

    def undo(self, engine: Engine) -> bool | None:
        if engine.volumes.find(self.volume["Name"]):
            return False
        engine.volumes.create(body_of(self.volume))
        return None


def removal(volume: Mapping[str, Any]) -> str:
    """The entry of actions for removing a volume, which says what happens to its data."""
    fate = fate_of_data(volume)
    return f"remove volume {volume['Name']} " + (f"({fate})" if fate else "and its data")


def _remove(engine: Engine, name: str, force: bool) -> bool:
    try:
        return engine.volumes.remove(name, force)
    except ApiError as error:
        raise explained(error) from error


def users(engine: Engine, name: str) -> list[str]:
    """Containers that use a volume, with their states; stopped ones too. One request."""
    return sorted(_called(entry) for entry in engine.containers.list(volume=[name]) if _mounts(entry, name))


def _called(entry: Mapping[str, Any]) -> str:
    own = [name.lstrip("/") for name in entry.get("Names") or () if name.count("/") <= 1]
    return f"{own[0] if own else entry['Id'][:12]} ({entry.get('State')})"


def _mounts(entry: Mapping[str, Any], name: str) -> bool:
    mounts: Iterable[Mapping[str, Any]] = entry.get("Mounts") or ()
    # Podman's list has no mounts; its filter is exact.
    return not mounts or any(mount.get("Name") == name for mount in mounts)
