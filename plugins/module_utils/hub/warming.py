# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fills a pull-through cache before a fleet asks for the image.

The registry fetches each blob twice on a first miss, and once more for each client that comes before the blob is stored. So manifests come through
the cache, which remembers them and their tags, and blobs come from the upstream straight into the cache's storage: each of them once.
"""

from __future__ import annotations

import json
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from ..errors import StepFailed
from ..image.platform import is_for, platform_of
from ..image.reference import Reference
from ..step import Outcome, Step
from .http import Answer, NoAnswer
from .registry import Registry
from .storage import Storage

_ADVICE = {
    401: "Check the credentials for the upstream",
    403: "Check whether these credentials may read the image",
    404: "Check the image's name and tag, and whether it needs credentials",
    429: "The upstream limits pulls: wait, or log in with an account that may pull more",
}


class Cached(NamedTuple):
    """What the cache has of an image: whether that is all, and the blobs that are needed and not there."""

    complete: bool
    blobs: Tuple[str, ...] = ()
    missing: Tuple[str, ...] = ()


def require_login(upstream: Registry) -> None:
    """Raises StepFailed unless the upstream accepts the login in the way in which the cache will use it, or NoAnswer."""
    answer = upstream.ask("GET", "/v2/")
    if answer.headers.get("www-authenticate", "").lower().startswith("basic") or upstream.sends_password:
        raise StepFailed(
            "%s wants the password itself with each request (Basic), and the cache can log in for tokens only" % upstream.base,
            "Give the cache an upstream that hands out tokens, as Docker Hub does, or one that needs no login",
        )
    if answer.status != 200:
        raise StepFailed(
            "%s does not accept the login: it answered %d" % (upstream.base, answer.status),
            "Correct upstream_username and upstream_password; with two-factor authentication the password is an access token",
        )


def upstream_digest(upstream: Registry, reference: Reference) -> str:
    """The digest of an image, by a request that registries do not count as a pull. Raises StepFailed or NoAnswer."""
    answer = _answered(upstream, reference.familiar, upstream.head_manifest(reference.repository, reference.version))
    return answer.headers.get("docker-content-digest", "")


def look(storage: Storage, reference: Reference, digest: str, platforms: Sequence[str]) -> Cached:
    """What is in the cache of an image for these platforms. Raises StepFailed if the image has none of them."""
    if reference.tag and not reference.digest and storage.tagged(reference.repository, reference.tag) != digest:
        return Cached(False)
    blobs: List[str] = []
    waiting = [digest]
    while waiting:
        text = storage.manifest(reference.repository, waiting.pop())
        if text is None:
            return Cached(False)
        manifest = json.loads(text)
        waiting += children(reference, manifest, platforms)
        blobs += _blobs(manifest)
    missing = [blob for blob in dict.fromkeys(blobs) if not storage.has_blob(reference.repository, blob)]
    return Cached(not missing, tuple(dict.fromkeys(blobs)), tuple(missing))


def children(reference: Reference, manifest: Dict[str, Any], platforms: Sequence[str]) -> List[str]:
    """Digests of the manifests of these platforms in an index; none for what is no index. Raises StepFailed if it has none of them."""
    entries = [(_platform(entry), entry["digest"]) for entry in manifest.get("manifests") or ()]
    chosen = [digest for found, digest in entries if any(is_for(found, wanted) for wanted in platforms)]
    if entries and not chosen:
        there = ", ".join(sorted(str(found) for found, _digest in entries if found))
        raise StepFailed("%s is there for %s only, and not for %s" % (reference.familiar, there, ", ".join(platforms)), "Correct platforms, or leave it out")
    return chosen


class FetchManifests(Step):
    """Asks the cache for an image's manifests, as a client does; the value is what is cached then."""

    def __init__(self, cache: Registry, storage: Storage, reference: Reference, platforms: Sequence[str]) -> None:
        self.summary = "fetch the manifests of %s" % reference.familiar
        self._cache, self._storage, self._reference, self._platforms = cache, storage, reference, platforms

    def predict(self, engine: Any) -> Outcome:
        return Outcome(True, Cached(False))

    def apply(self, engine: Any) -> Outcome:
        answer = self._get(self._reference.version)
        for digest in children(self._reference, answer.json(), self._platforms):
            self._get(digest)
        return Outcome(True, look(self._storage, self._reference, answer.headers.get("docker-content-digest", ""), self._platforms))

    def _get(self, version: str) -> Answer:
        return _answered(self._cache, self._reference.familiar, self._cache.get_manifest(self._reference.repository, version))


class FetchBlob(Step):
    """Brings one blob from the upstream into the cache's storage; the value is its size in bytes."""

    def __init__(self, upstream: Registry, storage: Storage, reference: Reference, digest: str) -> None:
        self.summary = "fetch %s of %s" % (digest[:19], reference.familiar)
        self._upstream, self._storage, self._reference, self._digest = upstream, storage, reference, digest

    def apply(self, engine: Any) -> Outcome:
        return Outcome(True, self._storage.put_blob(self._reference.repository, self._digest, self._download))

    def _download(self, write: Any) -> None:
        try:
            answer = self._upstream.get_blob(self._reference.repository, self._digest, write)
        except NoAnswer as error:
            raise StepFailed("The download of %s ended early. %s" % (self._digest, error.message), "Run it again: what came stays in the cache") from error
        _answered(self._upstream, self._reference.familiar, answer)


def _answered(registry: Registry, name: str, answer: Answer) -> Answer:
    if answer.status != 200:
        raise StepFailed("%s answered %d when asked for %s" % (registry.base, answer.status, name), _ADVICE.get(answer.status, "Look at its log"))
    return answer


def _platform(entry: Dict[str, Any]) -> Any:
    platform = entry.get("platform") or {}
    return platform_of({"Architecture": platform.get("architecture"), "Os": platform.get("os"), "Variant": platform.get("variant")})


def _blobs(manifest: Dict[str, Any]) -> List[str]:
    """Config and layers; a layer that lies elsewhere on the web is not the registry's."""
    config: Optional[Dict[str, Any]] = manifest.get("config")
    own = [layer for layer in manifest.get("layers") or () if not layer.get("urls")]
    return [part["digest"] for part in ([config] if config else []) + own]
