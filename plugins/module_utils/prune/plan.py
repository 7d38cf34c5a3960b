# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decides what system_prune removes: containers first, because the objects that they use are unused afterwards."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Callable, Generator, Iterable, Mapping, Sequence

from ..container import convert
from ..errors import BadOption
from ..image.removal import RemoveImage, View
from ..image.removal_rules import ImageUser
from ..step import Outcome, Step
from . import images as unused_images
from . import selection
from .selection import Filters, Item, Keep
from .steps import InTime, PruneBuildCache, Remove, TimeLimit

if TYPE_CHECKING:
    from ..engine.engine import Engine

Steps = Generator[Step[Any], Outcome, Any]
_BY_LABEL = ("label", "label!")
_ALLOWED = {
    "containers": ("until", *_BY_LABEL),
    "images": ("dangling", "until", *_BY_LABEL),
    "networks": ("until", *_BY_LABEL),
    "volumes": ("all", *_BY_LABEL),
    "builder_cache": ("until", "id", "parent", "type", "description", "inuse", "shared", "private"),
}


class Remaining(View):
    """The host without the containers that are removed first."""

    def __init__(self, engine: Engine, names: set[str]) -> None:
        super().__init__(engine, lambda info: set())
        self._gone = names

    def containers(self) -> list[ImageUser]:
        return [container for container in super().containers() if container.name not in self._gone]


def decide(engine: Engine, params: Mapping[str, Any]) -> Steps:
    """The steps of system_prune; returns the module's result."""
    now = time.time()
    filters = {kind: Filters(f"{kind}_filters", params[f"{kind}_filters"], _ALLOWED[kind], now) for kind in _ALLOWED}
    _check(params)
    text = params["builder_cache_keep_storage"]
    keep_storage = convert.size("builder_cache_keep_storage", text) if text else None
    keep = Keep(params["keep"], now)
    limit = TimeLimit(params["prune_timeout"])
    with limit.spend(engine):
        listed = engine.containers.list_with_sizes() if params["containers"] else engine.containers.list()
    gone: list[Item] = []
    if params["containers"]:
        chosen = _chosen(selection.containers(listed), filters["containers"], keep)
        gone = yield from _remove("container", chosen, limit, lambda target, item: target.containers.remove(item.id))
    ids = {item.id for item in gone}
    remaining = [entry for entry in listed if entry["Id"] not in ids]
    if params["images"]:
        yield from _images(engine, filters["images"], keep, remaining, {item.name for item in gone}, limit)
    if params["networks"]:
        with limit.spend(engine):
            unused = selection.networks(engine.networks.list(), remaining, params["protect_stopped"])
        chosen = _chosen(unused, filters["networks"], keep)
        yield from _remove("network", chosen, limit, lambda target, item: target.networks.remove(item.id))
    if params["volumes"]:
        with limit.spend(engine):
            volumes = engine.daemon.volumes_with_sizes()
        unused = selection.volumes(volumes, remaining, filters["volumes"].flag("all", False))
        chosen = _chosen(unused, filters["volumes"], keep)
        yield from _remove("volume", chosen, limit, lambda target, item: target.volumes.remove(item.id))
    if params["builder_cache"]:
        yield from _build_cache(engine, params, filters["builder_cache"], keep_storage, limit)
    return limit.found


def _check(params: Mapping[str, Any]) -> None:
    for kind in _ALLOWED:
        if params[f"{kind}_filters"] and not params[kind]:
            raise BadOption(f"{kind}_filters", f"can only be used with {kind}: true", example=f"{kind}: true")
    if not any(params[kind] for kind in _ALLOWED):
        raise BadOption(
            "containers",
            "or images, networks, volumes or builder_cache must be true: the task names nothing to prune",
            example="images: true",
        )
    if params["prune_timeout"] < 1:
        raise BadOption(
            "prune_timeout", "must be 1 second or more", got=params["prune_timeout"], example="prune_timeout: 600"
        )


def _chosen(unused: Iterable[Item], filters: Filters, keep: Keep) -> list[Item]:
    return [item for item in unused if filters.match(item) and not keep.keeps(item)]


def _remove(
    kind: str, chosen: Sequence[Item], limit: TimeLimit, remove: Callable[[Engine, Item], bool]
) -> Generator[Step[Any], Outcome, list[Item]]:
    gone: list[Item] = []
    removed: list[str] = []
    limit.found[f"{kind}s"] = removed
    space = None if kind == "network" else f"{kind}s_space_reclaimed"
    if space:
        limit.found[space] = 0
    # The Engine lists volumes and networks in any order.
    for item in sorted(chosen, key=lambda item: item.name):
        outcome = yield InTime(Remove(kind, item, remove), limit)
        if outcome.value:
            limit.found["in_use"].append(outcome.value)
            continue
        gone.append(item)
        if not outcome.changed:
            continue
        removed.append(item.id if kind == "container" else item.name)
        if space:
            limit.found[space] += item.size
    return gone


def _images(
    engine: Engine,
    filters: Filters,
    keep: Keep,
    remaining: Sequence[Mapping[str, Any]],
    removed: set[str],
    limit: TimeLimit,
) -> Steps:
    untagged: list[str] = []
    deleted: list[str] = []
    limit.found.update(images={"untagged": untagged, "deleted": deleted}, images_space_reclaimed=0)
    with limit.spend(engine):
        listed = engine.images.list()
        used = {entry["ImageID"] for entry in remaining}
        chosen = unused_images.unused(listed, used, filters, keep)
        everything = engine.images.list(all=True) if chosen else []
        sizes = unused_images.LayerSizes(engine, everything, {item.id for item, _names in chosen})
    view = Remaining(engine, removed)
    for _item, names in chosen:
        for name in names:
            outcome = yield InTime(RemoveImage(name, view, force=False, prune=True), limit)
            untagged += outcome.value["untagged"]
            deleted += outcome.value["deleted"]
            sizes.delete(outcome.value["deleted"])
            limit.found["images_space_reclaimed"] = sizes.freed


def _build_cache(
    engine: Engine, params: Mapping[str, Any], filters: Filters, keep_storage: int | None, limit: TimeLimit
) -> Steps:
    with limit.spend(engine):
        records = engine.daemon.build_cache_records()
    expected = [item for item in selection.build_cache(records, params["builder_cache_all"]) if filters.match(item)]
    query: dict[str, Any] = {"all": params["builder_cache_all"] or None, "filters": filters.values or None}
    if keep_storage is not None:
        query["keep-storage"] = keep_storage
        expected = _over(expected, keep_storage)
    outcome = yield InTime(PruneBuildCache(expected, query, limit.deadline), limit)
    limit.found.update(
        builder_cache_caches_deleted=outcome.value["deleted"],
        builder_cache_space_reclaimed=outcome.value["space"],
    )


def _over(records: Sequence[Item], kept: int) -> list[Item]:
    """The least recently used records above the limit. BuildKit also considers how often they were used, so this is an estimate."""
    total, going = sum(record.size for record in records), []
    for record in sorted(records, key=lambda item: item.created):
        if total <= kept:
            break
        total -= record.size
        going.append(record)
    return going
