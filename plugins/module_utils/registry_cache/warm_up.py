# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fills a pull-through cache before a fleet pulls the image.

The registry downloads each blob twice on a first miss, and once more for each client that asks before the blob is stored. So manifests are requested from
the cache, which stores them and their tags, and blobs are downloaded from the upstream into the cache's storage, each of them once.
"""

from __future__ import annotations

import json
from typing import Any, Callable, Mapping, NamedTuple, Sequence

from ..errors import NoAnswer, StepFailed
from ..image.platform import is_for, platform_of_descriptor
from ..image.reference import Reference
from ..registry.client import Registry
from ..registry.http import Answer
from ..step import Outcome, Step
from .storage import Storage

_ADVICE = {
    401: "Check the credentials for the upstream",
    403: "Check whether these credentials may read the image",
    404: "Check the image's name and tag, and whether it needs credentials",
    429: "The upstream limits pulls: wait, or log in with an account that has a higher limit",
}
# An index may list indexes, but not itself. More manifests than this for one image mean that the storage is corrupt.
MANIFESTS = 1000


class Cached(NamedTuple):
    """The state of an image in the cache: whether it is complete, and the digests of its blobs and of missing blobs, with their sizes."""

    complete: bool
    blobs: Mapping[str, Any] = {}
    missing: Mapping[str, Any] = {}


def require_login(upstream: Registry) -> None:
    """Raises StepFailed unless the upstream accepts the login as the cache sends it, or NoAnswer."""
    answer = upstream.ask("GET", "/v2/")
    if answer.headers.get("www-authenticate", "").lower().startswith("basic") or upstream.sends_password:
        raise StepFailed(
            f"{upstream.base} uses Basic authentication, and the cache supports token authentication only",
            "Use an upstream with token authentication, such as Docker Hub, or one that needs no login",
        )
    if answer.status != 200:
        raise StepFailed(
            f"{upstream.base} does not accept the login: it answered {answer.status}",
            "Correct upstream_username and upstream_password; with two-factor authentication, use an access token as password",
        )


def upstream_digest(upstream: Registry, reference: Reference) -> str:
    """The digest of an image, by a request that registries do not count as a pull. Raises StepFailed or NoAnswer."""
    answer = _answered(upstream, reference.familiar, upstream.head_manifest(reference.repository, reference.version))
    return answer.headers.get("docker-content-digest", "")


def look(storage: Storage, reference: Reference, digest: str, platforms: Sequence[str]) -> Cached:
    """The state of an image in the cache for these platforms. Raises StepFailed if the image has none of them, or if its manifests are not valid."""
    if reference.tag and not reference.digest and storage.tagged(reference.repository, reference.tag) != digest:
        return Cached(False)
    blobs: dict[str, Any] = {}
    waiting, read = [digest], 0
    while waiting:
        read += 1
        text = storage.manifest(reference.repository, waiting.pop())
        if text is None:
            return Cached(False)
        manifest = decoded(text, reference)
        waiting += children(reference, manifest, platforms)
        blobs.update(_blobs(manifest))
        if read + len(waiting) > MANIFESTS:
            raise _broken(reference, f"it has more than {MANIFESTS} manifests")
    missing = {blob: size for blob, size in blobs.items() if not storage.has_blob(reference.repository, blob)}
    return Cached(not missing, blobs, missing)


def decoded(text: str | bytes, reference: Reference) -> dict[str, Any]:
    """A decoded manifest or index. Raises StepFailed if it is not valid."""
    try:
        manifest = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _broken(reference, f"it is not valid JSON: {error}") from error
    if not isinstance(manifest, dict):
        raise _broken(reference, "it is not a JSON object")
    return manifest


def _broken(reference: Reference, reason: str) -> StepFailed:
    return StepFailed(
        f"The manifest of {reference.familiar} is not valid: {reason}",
        "Check the upstream and the proxies on the way; to let the cache download it again, delete the repository from its storage directory",
    )


def children(reference: Reference, manifest: dict[str, Any], platforms: Sequence[str]) -> list[str]:
    """Digests of the manifests of these platforms in an index; none for a manifest. Raises StepFailed if the index has none of the platforms."""
    entries = [
        (platform_of_descriptor(entry.get("platform") or {}), entry["digest"])
        for entry in manifest.get("manifests") or ()
    ]
    chosen = [digest for found, digest in entries if any(is_for(found, wanted) for wanted in platforms)]
    if entries and not chosen:
        offered = ", ".join(sorted(str(found) for found, _digest in entries if found))
        raise StepFailed(
            f"{reference.familiar} is not offered for {', '.join(platforms)}, but for {offered}",
            "Correct platforms, or remove the image from the list",
        )
    return chosen


class FetchManifests(Step):
    """Request an image's manifests from the cache, which stores them. The value is the state of the image in the cache afterwards."""

    undoable = False

    def __init__(self, cache: Registry, storage: Storage, reference: Reference, platforms: Sequence[str]) -> None:
        self.summary = f"fetch the manifests of {reference.familiar}"
        self._cache, self._storage, self._reference, self._platforms = cache, storage, reference, platforms

    def predict(self, engine: object) -> Outcome:
        return Outcome(True, Cached(False))

    def apply(self, engine: object) -> Outcome:
        answer = self._get(self._reference.version)
        for digest in children(self._reference, decoded(answer.body, self._reference), self._platforms):
            self._get(digest)
        return Outcome(
            True, look(self._storage, self._reference, answer.headers.get("docker-content-digest", ""), self._platforms)
        )

    def _get(self, version: str) -> Answer:
        return _answered(
            self._cache, self._reference.familiar, self._cache.get_manifest(self._reference.repository, version)
        )


class FetchBlob(Step):
    """Download one blob from the upstream into the cache's storage; the value is the number of bytes."""

    undoable = False

    def __init__(
        self, upstream: Registry, storage: Storage, reference: Reference, digest: str, size: int | None = None
    ) -> None:
        self.summary = f"fetch {digest[:19]} of {reference.familiar}"
        self._upstream, self._storage, self._reference = upstream, storage, reference
        self._digest, self._size = digest, size

    def apply(self, engine: object) -> Outcome:
        return Outcome(True, self._storage.put_blob(self._reference.repository, self._digest, self._download))

    def _download(self, write: Callable[[bytes], Any]) -> None:
        try:
            answer = self._upstream.get_blob(self._reference.repository, self._digest, write, self._size)
        except NoAnswer as error:
            raise StepFailed(
                f"The download of {self._digest} failed. {error.message}",
                "Run the task again: blobs that are complete stay in the cache",
            ) from error
        _answered(self._upstream, self._reference.familiar, answer)


def _answered(registry: Registry, name: str, answer: Answer) -> Answer:
    if answer.status != 200:
        raise StepFailed(
            f"{registry.base} answered {answer.status} when asked for {name}",
            _ADVICE.get(answer.status, "Check the log of that registry"),
        )
    return answer


def _blobs(manifest: dict[str, Any]) -> dict[str, Any]:
    """Sizes of config and layers by digest; without layers that are stored at other addresses."""
    config: dict[str, Any] | None = manifest.get("config")
    own = [layer for layer in manifest.get("layers") or () if not layer.get("urls")]
    return {part["digest"]: part.get("size") for part in ([config] if config else []) + own}
