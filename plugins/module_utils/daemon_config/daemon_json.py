# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Merges options into daemon.json, and decides which changes need a restart or a reload of the daemon."""

from __future__ import annotations

import json
from typing import Any, Dict

Document = Dict[str, Any]

# Options that dockerd reloads on SIGHUP. Without features, because dockerd does not reload the image store, which is one of them.
RELOADABLE = frozenset(
    (
        "authorization-plugins",
        "debug",
        "default-runtime",
        "insecure-registries",
        "labels",
        "live-restore",
        "max-concurrent-downloads",
        "max-concurrent-uploads",
        "max-download-attempts",
        "registry-mirrors",
        "runtimes",
        "shutdown-timeout",
    )
)
# Those of them that SIGHUP resets when they are gone from the file. Without its key, the daemon keeps any other option as it is.
RESET_BY_RELOAD = frozenset(
    ("authorization-plugins", "max-concurrent-downloads", "max-concurrent-uploads", "max-download-attempts")
)
# What the daemon uses where the file has no such key.
DEFAULTS: Document = {
    "debug": False,
    "default-runtime": "runc",
    "insecure-registries": [],
    "labels": [],
    "live-restore": False,
    "registry-mirrors": [],
    "runtimes": {},
    "shutdown-timeout": 15,
}
# If one of these changes, a restart stops containers in spite of live-restore.
BREAKS_LIVE_RESTORE = frozenset(
    (
        "bip",
        "bridge",
        "data-root",
        "default-address-pools",
        "exec-root",
        "features",
        "fixed-cidr",
        "iptables",
        "storage-driver",
        "userns-remap",
    )
)


def merge(observed: Document, desired: Document, before: Document, others: Document) -> Document:
    """Merge ``desired`` into ``observed``, without what the same section set ``before`` and does not set now.

    Dictionaries are merged key by key, lists are replaced, and a value None removes its key. What ``others`` set and what
    was changed by other means is kept.
    """
    kept = without_earlier(observed, before, overlay(others, desired, keep_nulls=True))
    return overlay(kept, desired)


def without_earlier(observed: Document, before: Document, asked: Document) -> Document:
    """``observed`` without what was set ``before`` and is not ``asked`` for now, if it still has the same value."""
    kept = dict(observed)
    for key, written in before.items():
        if key not in kept:
            continue
        now = asked.get(key)
        if isinstance(written, dict) and isinstance(kept[key], dict) and (key not in asked or isinstance(now, dict)):
            rest = without_earlier(kept.pop(key), written, now or {})
            kept.update({key: rest} if rest or key in asked else {})
        elif key not in asked and kept[key] == written:
            kept.pop(key)
    return kept


def overlay(below: Document, above: Document, keep_nulls: bool = False) -> Document:
    """``above`` over ``below``: dictionaries key by key, everything else as a whole. A value None removes its key."""
    merged = dict(below)
    for key, value in above.items():
        if value is None and not keep_nulls:
            merged.pop(key, None)
        elif isinstance(value, dict):
            seen = merged.get(key)
            merged[key] = overlay(seen if isinstance(seen, dict) else {}, value, keep_nulls)
        else:
            merged[key] = value
    return merged


def without(document: Document, removed: Document) -> Document:
    """``document`` without every key of ``removed``, dictionaries key by key."""
    rest: Document = {}
    for key, value in document.items():
        other = removed.get(key)
        if key not in removed:
            rest[key] = value
        elif isinstance(value, dict) and isinstance(other, dict):
            inner = without(value, other)
            rest.update({key: inner} if inner else {})
    return rest


def changed_keys(before: Document, after: Document) -> list[str]:
    """Top-level options that are not the same in both."""
    return sorted(
        key for key in {**before, **after} if before.get(key) != after.get(key) or (key in before) != (key in after)
    )


def restart_keys(before: Document, after: Document) -> list[str]:
    """Those that change and that a reload does not apply."""
    return [key for key in changed_keys(before, after) if not _applied_by_reload(key, before, after)]


def reload_keys(before: Document, after: Document) -> list[str]:
    """Those that change and that a reload applies."""
    return [key for key in changed_keys(before, after) if _applied_by_reload(key, before, after)]


def _applied_by_reload(key: str, before: Document, after: Document) -> bool:
    if key not in RELOADABLE:
        return False
    removed = after.get(key) is None
    return not removed or key in RESET_BY_RELOAD or before.get(key) in (None, DEFAULTS[key])


def text_of(options: Document) -> str | None:
    """The text of daemon.json with these options; None (no file) if there are none."""
    return json.dumps(options, indent=2, sort_keys=True, ensure_ascii=False) + "\n" if options else None
