# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Return values about images."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Sequence

from ..layers.model import Layer
from ..shapes import container_name, iso_time
from ..step import Outcome
from .platform import platform_of
from .progress import Progress
from .reference import Reference, parse_known
from .steps import Pulled


def familiar_names(names: Iterable[str] | None) -> list[str]:
    """Names as docker images shows them, from any form that Engines return; without "<none>:<none>"."""
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


def pulled(reference: Reference, outcome: Outcome, layers: Sequence[Layer], all_fields: bool = False) -> dict:
    """One image of image_pull. ``outcome`` is that of a Pull, or of a check that no pull was needed; ``all_fields`` is about the layers."""
    value = outcome.value
    image, progress, remote = value.image or {}, value.progress, value.remote
    described = layers_pulled(layers, progress, all_fields)
    asked = (
        {
            "remote": {
                "state": "known" if remote.digest and not remote.reason else "unknown",
                "source": remote.source,
                "reason": remote.reason,
            }
        }
        if remote
        else {}
    )
    return {
        **asked,
        "rate_limit": remote.rate_limit if remote else None,
        "reference": reference.familiar,
        # If the id is not known in check mode, later tasks need a name that they can use.
        "id": image.get("Id") or reference.familiar,
        "digest": _digest(reference, value),
        "platform": platform_text(image),
        "changed": outcome.changed,
        "layer_count": len(layers),
        "layers": described,
        "bytes": max(sum(layer["bytes"] or 0 for layer in described), progress.bytes if progress else 0),
        "seconds": round(value.seconds, 3),
        "attempts": value.attempts,
    }


def _digest(reference: Reference, value: Pulled) -> str | None:
    """The digest in the registry; without a pull, the digest on the host."""
    if value.progress and value.progress.digest:
        return value.progress.digest
    if value.remote and value.remote.digest:
        return value.remote.digest
    digests = reference.digests_in(value.image or {})
    return reference.digest or (digests[0] if digests else None)


def layers_pulled(layers: Sequence[Layer], progress: Progress | None, all_fields: bool = False) -> list[dict]:
    """Each layer with its status in the pull. The stream names layers by the start of their compressed digest."""
    fields = Layer._fields if all_fields else ("index", "diff_id", "chain_id", "digest")
    return [
        {
            **{field: getattr(layer, field) for field in fields},
            "status": _status(layer, progress),
            "bytes": _bytes(layer, progress),
        }
        for layer in layers
    ]


def _status(layer: Layer, progress: Progress | None) -> str | None:
    if progress is None or not progress.pulled:
        return "existed"
    if not progress.existed:
        return "pulled"
    if layer.digest is None:
        return None
    return "existed" if _short(layer) in progress.existed or _short(layer) not in progress.statuses else "pulled"


def _bytes(layer: Layer, progress: Progress | None) -> int | None:
    """Bytes that were downloaded for a layer, as the Engine reported, or its compressed size if the Engine did not report. None if unknown."""
    status = _status(layer, progress)
    if progress is None or status == "existed":
        return 0
    reported = progress.downloaded.get(_short(layer)) if layer.digest else None
    return (reported or layer.compressed_size) if status == "pulled" else None


def _short(layer: Layer) -> str:
    return (layer.digest or ":").split(":", 1)[1][:12]


def containers_by_image(containers: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Names of containers, running or not, by the id of the image that they were created from."""
    users: dict[str, list[str]] = {}
    for container in containers:
        users.setdefault(container["ImageID"], []).append(container_name(container))
    return users


def platform_text(image: Mapping[str, Any]) -> str | None:
    """An inspected image's platform, such as "linux/amd64"."""
    platform = platform_of(image)
    return str(platform) if platform else None


def _known(size: object) -> Any:
    """Engines write -1 for a size that they did not compute."""
    return None if size in (None, -1) else size
