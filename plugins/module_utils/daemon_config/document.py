# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""daemon.json as a value: what is asked merged over what is there, and what a change means for the running daemon."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List

Document = Dict[str, Any]

# What dockerd takes over on SIGHUP. features is left out: the image store that it chooses is not.
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
# A restart with one of these changed takes containers down in spite of live-restore.
BREAKS_LIVE_RESTORE = frozenset(
    ("bip", "bridge", "data-root", "default-address-pools", "exec-root", "features", "fixed-cidr", "iptables", "storage-driver", "userns-remap")
)


def merge(present: Document, asked: Document, remembered: Document) -> Document:
    """``asked`` over ``present``, without what an earlier run wrote (``remembered``) and nobody asks for any more.

    Dictionaries are merged key by key, lists are taken as a whole. What somebody else has changed since then stays.
    """
    merged = _forget(present, asked, remembered)
    for key, value in asked.items():
        seen = merged.get(key)
        if isinstance(value, dict) and isinstance(seen, dict):
            before = remembered.get(key)
            value = merge(seen, value, before if isinstance(before, dict) else {})
        merged[key] = value
    return merged


def _forget(present: Document, asked: Document, remembered: Document) -> Document:
    kept = dict(present)
    for key, written in remembered.items():
        if key in asked or key not in kept:
            continue
        if isinstance(written, dict) and isinstance(kept[key], dict):
            rest = _forget(kept[key], {}, written)
            kept.pop(key)
            kept.update({key: rest} if rest else {})
        elif kept[key] == written:
            kept.pop(key)
    return kept


def changed_keys(before: Document, after: Document) -> List[str]:
    """Top-level options that are not the same in both."""
    return sorted(key for key in {**before, **after} if before.get(key) != after.get(key) or (key in before) != (key in after))


def restart_keys(keys: Iterable[str]) -> List[str]:
    """Those that the daemon reads at its start only."""
    return [key for key in keys if key not in RELOADABLE]
