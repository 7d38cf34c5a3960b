# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Limits that the host's kernel cannot enforce. The Engine ignores them with a warning, so they would differ at every run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Collection, Mapping

from .options import limits
from .table import Difference

if TYPE_CHECKING:
    from ..engine.engine import Engine

# Limits in the body of create.
_LIMITS = [row.live for row in limits.ROWS if row.live]


def unenforced(engine: Engine, body: Mapping[str, Any]) -> list[str]:
    """A warning for limits that a rootless Engine without cgroups accepts and does not enforce, which it does not report itself.

    Reads /info only from a rootless Engine, and only for a body with limits.
    """
    named = [name for name in _LIMITS if (body.get("HostConfig") or {}).get(name) not in (None, 0, "", -1)]
    if not named or "/run/user/" not in engine.address or engine.daemon.info().get("CgroupDriver") != "none":
        return []
    return [
        f"{', '.join(named)} will not be enforced: this rootless Engine has no cgroups. Boot the host with cgroup v2"
    ]


def enforceable(
    engine: Engine, differences: list[Difference], last: Mapping[str, Any] | None = None
) -> tuple[list[Difference], list[str]]:
    """The differences that can be repaired, and a warning for each value of the task that this host's kernel cannot enforce.

    Asks the Engine only if a limit that it ignored, or its own default, may be among them. ``last`` is the record in the container's label.
    """
    if not any(map(_is_doubtful, differences)):
        return differences, []
    info = engine.daemon.info()
    dropped = [difference for difference in differences if _was_dropped(difference, info, last or ())]
    kept = [entry for entry in differences if entry not in dropped and not _is_default_of_daemon(entry, info)]
    warnings = [
        f"The host's kernel cannot enforce {difference.option.name}, so the Engine ignores it"
        for difference in dropped
        if not difference.removed
    ]
    return kept, warnings


def _is_doubtful(difference: Difference) -> bool:
    option = difference.option
    return bool(option.kernel and not _was_kept(difference)) or bool(option.info and difference.removed)


def _was_dropped(difference: Difference, info: Mapping[str, Any], last: Collection[str]) -> bool:
    option = difference.option
    if option.kernel is None or difference.desired is None or _was_kept(difference):
        return False
    enforced = option.kernel(info)
    return option.name in last if enforced is None else not enforced


def _is_default_of_daemon(difference: Difference, info: Mapping[str, Any]) -> bool:
    option = difference.option
    if option.info is None or not difference.removed:
        return False
    return option.same(info.get(option.info), difference.observed)


def _was_kept(difference: Difference) -> bool:
    return difference.observed not in (None, 0, "", -1, False, {})
