# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans the steps from the present state to what a task describes. Reads, never changes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generator, Mapping, NamedTuple, Sequence

from .. import declared
from ..errors import ApiError, NotMet
from ..object_options import change, create_body, declaration, differences, sentences
from ..option import Option
from ..option_table import Difference, desired_values, require_api
from ..step import Check, Outcome, Step
from . import options, steps

if TYPE_CHECKING:
    from ..engine.engine import Engine

Steps = Generator[Step, Outcome, Any]


class Task(NamedTuple):
    """A task for one volume."""

    name: str
    params: Mapping[str, Any]
    desired: Mapping[Option, Any]

    @property
    def values(self) -> dict[str, Any]:
        """API values by option name."""
        return {option.name: value for option, value in self.desired.items()}


class Decided(NamedTuple):
    """The result of decide. ``volume`` is set if it need not be read again for the report."""

    volume: dict[str, Any] | None
    warnings: tuple[str, ...] = ()


def decide(engine: Engine, params: Mapping[str, Any]) -> Steps:
    """Create, recreate or remove until the volume is as the task describes it."""
    options.check_name(params["name"])
    absent = params["state"] == "absent"
    task = Task(params["name"], params, {} if absent else desired_values(options.ROWS, params))
    require_api(task.desired, engine)
    volume = _find(engine, task)
    if absent:
        yield from _remove(engine, task, volume)
        return Decided(None)
    driver = task.values.get("driver") or (volume or {}).get("Driver") or "local"
    if driver == "local":
        options.check_local(task.name, task.values.get("driver_options") or {})
    if volume is None:
        body = _body(create_body(task.name, task.desired, params["track_declared"]))
        yield steps.Create(
            body, task.desired, {"state": "absent"}, dict({"state": "present"}, **declaration(task.desired))
        )
        return Decided(None)
    return (yield from _change(engine, task, volume))


def _find(engine: Engine, task: Task) -> dict[str, Any] | None:
    try:
        return engine.volumes.find(task.name)
    except ApiError as error:
        if task.params["state"] == "absent" and task.params["force"]:
            return {"Name": task.name, "Driver": "", "Options": {}}
        raise steps.explained(error) from error


def _body(body: dict[str, Any]) -> dict[str, Any]:
    """The create body. The rows have the paths of an inspection, where the driver options have another name."""
    given = body.pop("Options", None)
    return dict(body, **{options.CREATE_OPTIONS: given}) if given else body


def _change(engine: Engine, task: Task, volume: Mapping[str, Any]) -> Steps:
    found = differences(options.ROWS, task.desired, volume, task.params["track_declared"])
    where = options.location(volume)
    mode = task.params["recreate"]
    # Different labels never justify deleting data.
    serious = [one for one in found if one.option.name != "labels" and not one.only_removed]
    due = found if where else [one for one in found if one.option.name != "labels"]
    if mode == "always" or (mode != "never" and due):
        yield from _recreate(engine, task, volume, found)
        return Decided(None)
    if serious:
        raise _differs(engine, task, volume, found)
    warnings = []
    if found:
        warnings.append(
            f"Volume {task.name} differs from the task in labels or options that the Engine cannot change. The volume is kept as it is: "
            f"{'; '.join(sentences(found))}"
        )
    return Decided(dict(volume), tuple(warnings))


def _differs(engine: Engine, task: Task, volume: Mapping[str, Any], found: Sequence[Difference]) -> NotMet:
    before, after = change(found)
    used_by = steps.users(engine, task.name)
    fate = options.fate_of_data(volume)
    remedy = (
        f"Set recreate: when_needed to recreate it; {fate}"
        if fate
        else "Correct the task; or set recreate: when_needed and data: delete to recreate the volume without its data"
    )
    return NotMet(
        f"Volume {task.name} differs from the task, and the Engine cannot change a volume in place: {'; '.join(sentences(found))}. "
        f"Used by containers: {', '.join(used_by) or 'none'}",
        remedy,
        differences=sentences(found),
        containers=used_by,
        diff={"before": before, "after": after},
    )


def _recreate(engine: Engine, task: Task, volume: Mapping[str, Any], found: Sequence[Difference]) -> Steps:
    _refuse_users(engine, task.name, "recreated")
    if options.location(volume) is None and task.params["data"] != "delete":
        raise NotMet(
            f"Volume {task.name} is not recreated, because that deletes its data: {'; '.join(sentences(found)) or 'recreate is always'}",
            "Set data: delete to allow it",
            differences=sentences(found),
        )
    body = _new_body(task, volume, found)
    before, after = change(found)
    yield Check(f"check that the Engine accepts the new volume {task.name}", lambda target: _try(target, body))
    yield steps.MakeRoom(volume)
    yield steps.Create(body, task.desired, before, after)


def _new_body(task: Task, volume: Mapping[str, Any], found: Sequence[Difference]) -> dict[str, Any]:
    """The task's values. Options that it does not set are kept, except those that were removed from the task."""
    removed = {one.option.name: one.removed for one in found}
    driver = task.values.get("driver") or volume["Driver"]
    former = (volume.get("Options") or {}) if driver == volume["Driver"] else {}
    kept = {name: value for name, value in former.items() if name not in removed.get("driver_options", ())}
    labels = {
        name: value
        for name, value in (volume.get("Labels") or {}).items()
        if name not in (*removed.get("labels", ()), declared.LABEL)
    }
    labels.update(task.values.get("labels") or {})
    if task.params["track_declared"]:
        labels[declared.LABEL] = declared.to_label(task.desired)
    return {
        "Name": task.name,
        "Driver": driver,
        options.CREATE_OPTIONS: dict(kept, **(task.values.get("driver_options") or {})),
        "Labels": labels,
    }


def _try(engine: Engine, body: Mapping[str, Any]) -> None:
    name = f"{body['Name']}.flotilla-probe"
    try:
        engine.volumes.create(dict(body, Name=name, Labels={}))
    except ApiError as error:
        raise steps.explained(error) from error
    finally:
        engine.volumes.remove(name)


def _remove(engine: Engine, task: Task, volume: Mapping[str, Any] | None) -> Steps:
    if volume is None:
        return
    _refuse_users(engine, task.name, "removed")
    if options.location(volume) is None and task.params["data"] != "delete":
        raise NotMet(
            f"Volume {task.name} is not removed, because that deletes its data",
            "Set data: delete to allow it",
        )
    yield steps.Remove(volume, task.params["force"])


def _refuse_users(engine: Engine, name: str, what: str) -> None:
    used_by = steps.users(engine, name)
    if used_by:
        raise NotMet(
            f"Volume {name} cannot be {what}, because containers use it: {', '.join(used_by)}",
            "Remove these containers first",
            containers=used_by,
        )
