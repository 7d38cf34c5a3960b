# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What modules return about images."""

from __future__ import annotations

import datetime
from typing import Any, Iterable, List, Mapping, Optional, Sequence

from .platform import platform_of
from .reference import parse_known


def familiar_names(names: Optional[Iterable[str]]) -> List[str]:
    """Names as docker images shows them, whichever form the engine uses; without "<none>:<none>"."""
    return [known.familiar for known in (parse_known(name) for name in names or ()) if known]


def listed(image: Mapping[str, Any], containers: Sequence[str]) -> dict:
    """One entry of GET /images/json."""
    references = familiar_names(image.get("RepoTags"))
    return {
        "id": image["Id"],
        "references": references,
        "digests": familiar_names(image.get("RepoDigests")),
        "size": image["Size"],
        "shared_size": _known(image.get("SharedSize")),
        "created": iso_time(image.get("Created")),
        "labels": image.get("Labels") or {},
        "dangling": not references,
        "containers": list(containers),
    }


def platform_text(image: Mapping[str, Any]) -> Optional[str]:
    """An inspected image's platform, such as "linux/amd64"."""
    platform = platform_of(image)
    return str(platform) if platform else None


def iso_time(seconds: Any) -> Optional[str]:
    """Unix seconds as an ISO 8601 time."""
    if not isinstance(seconds, int) or seconds <= 0:
        return None
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _known(size: Any) -> Any:
    """Engines write -1 for a size that they did not compute."""
    return None if size in (None, -1) else size
