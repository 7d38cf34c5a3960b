# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares a container with the task. Reads, never changes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Mapping, NamedTuple

from .. import declared
from ..errors import StepFailed
from ..image.reference import parse_known, parse_reference
from ..option_table import Difference
from . import table

# pylint: disable=import-outside-toplevel  # what few comparisons need is imported for these
if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..image.platform import Platform
    from .lookup import Found
    from .task import Task


class Compared(NamedTuple):
    """The differences that a change can repair, and warnings about the others."""

    differences: list[Difference]
    warnings: tuple[str, ...]


def compare_settled(engine: Engine, task: Task, found: Found) -> Compared | None:
    """Compare a container that certainly keeps its image; None if more must be read or done first."""
    container = found.container
    if container is None or found.backup or task.state == "absent" or task.unresolved or task.params["recreate"]:
        return None
    if container["State"]["Status"] in ("removing", "dead") or not keeps_image(task, found, container):
        return None
    return None if other_platform(engine, task, container) else compare(engine, task, container, None)


def compare(engine: Engine, task: Task, container: dict[str, Any], image: Mapping[str, Any] | None) -> Compared:
    """Compare with ``image``, the image that the task names, if it had to be inspected."""
    last, base = last_declared(engine, task, container), _base_image(engine, task, container, image)
    refuse_image_labels(task, base)
    desired = task.desired if task.complete else task.named
    differences = table.differences(desired, container, base, task.modes, last, complete=task.complete)
    if not differences:
        return Compared([], ())
    from . import kernel

    differences, warnings = kernel.enforceable(engine, differences, last)
    return Compared(differences, tuple(warnings))


def is_in_state(task: Task, container: Mapping[str, Any]) -> bool:
    """Whether a container with the described settings is also running, stopped or paused as described, with nothing to wait for."""
    state = container["State"]
    if not state["Running"]:
        return not task.runs
    paused = task.params.get("paused")
    return not (
        task.state == "stopped"
        or task.params["restart"]
        or paused not in (None, bool(state.get("Paused")))
        or (task.state == "healthy" and (state.get("Health") or {}).get("Status") != "healthy")
    )


def keeps_image(task: Task, found: Found, container: Mapping[str, Any]) -> bool:
    """Whether it is certain, without inspecting images, that the container has the image that the task names."""
    name = task.params.get("image")
    if not name or task.modes["image"] == "ignore":
        return True
    same = parse_reference(name) == parse_known(container["Config"]["Image"])
    return found.image_unmoved and same and task.params["pull"] not in ("always", True)


def other_platform(engine: Engine, task: Task, container: dict[str, Any]) -> Any:
    """Before and after for the diff if the container was created for another platform than the task's, else None."""
    wanted = task.params.get("platform")
    if not wanted or not task.params.get("image") or task.modes["platform"] == "ignore":
        return None
    from ..image.platform import is_for

    found = platform_of_container(engine, container)
    return None if found is None or is_for(found, wanted) else ({"platform": str(found)}, {"platform": wanted})


def platform_of_container(engine: Engine, inspected: Mapping[str, Any]) -> Platform | None:
    """The platform that a container was created for. Engines before 28 show only the operating system, so the platform of the image is used there."""
    from ..image.platform import platform_of, platform_of_descriptor

    descriptor = (inspected.get("ImageManifestDescriptor") or {}).get("platform") or {}
    if descriptor.get("architecture"):
        return platform_of_descriptor(descriptor)
    return platform_of(engine.images.find(inspected["Image"]) or {})


def refuse_image_labels(task: Task, image: Callable[[], Any]) -> None:
    """Raise StepFailed if strict comparison of labels is impossible, because the image has other labels."""
    if task.modes["labels"] != "strict" or task.params["image_label_mismatch"] != "fail":
        return
    brought = set(((image() or {}).get("Config") or {}).get("Labels") or {})
    surplus = brought - set(next((value for option, value in task.desired.items() if option.name == "labels"), {}))
    if surplus:
        raise StepFailed(
            "The image has labels that the task does not set, and labels of an image cannot be removed: {}".format(
                ", ".join(sorted(surplus))
            ),
            "Set them in labels, or use image_label_mismatch: ignore",
        )


def last_declared(engine: Engine, task: Task, container: dict[str, Any]) -> Any:
    """The record of the options that were declared when the container was created; None if there is none, or if it is not used."""
    return (
        declared.of_labels(container["Config"].get("Labels"))
        if task.params["track_declared"] and not engine.flavour.fills_in_limits
        else None
    )


def _base_image(engine: Engine, task: Task, container: dict[str, Any], image: Mapping[str, Any] | None) -> Any:
    """A function that inspects the image whose settings are the defaults; at most one request, when it is first called."""
    known: list[Any] = []

    def inspect() -> Any:
        if not known:
            current = task.params["image_comparison"] == "current-image" or not task.params.get("image")
            if current:
                known.append(engine.images.find(container["Image"]) or {})
            else:
                known.append(image or engine.images.find(parse_reference(task.params["image"]).key) or {})
        return known[0]

    return inspect
