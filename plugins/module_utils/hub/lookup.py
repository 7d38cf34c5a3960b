# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks a registry about an image as the daemon would, but for free: HEAD requests, which Docker Hub does not count as pulls."""

from __future__ import annotations

import platform
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Tuple
from urllib.request import getproxies

from ..errors import PullFailed, SearchFailed
from ..image.failures import pull_failed
from ..image.reference import Reference
from ..image.remote import Remote, ask_engine
from .endpoints import HUB_API, Endpoint, endpoints, mirrors
from .http import Answer, NoAnswer, fetch
from .registry import Login, Registry, rate_limit, retry_after
from .search import natural, registry_tags

# Failures of the registry itself that may hide what a mirror answered.
_MASKING = ("name", "refused", "timed_out", "tls", "cut", "server_error", "login_required", "unknown_image", "unknown")
# Where nobody listens for this process, nobody listens for a daemon beside it either.
_SILENCE = ("name", "refused", "timed_out")
_WORDS = {
    401: "401 Unauthorized: authentication required",
    403: "403 Forbidden: denied",
    404: "404 Not Found: manifest unknown",
    429: "429 Too Many Requests: toomanyrequests",
}


class Verdict(NamedTuple):
    """What registry and mirrors said about a pull that failed. ``text`` is for people."""

    text: str = ""
    transient: bool = False
    kind: Optional[str] = None
    retry_after: Optional[float] = None
    rate_limit: Optional[Dict[str, Any]] = None


class Lookup:
    """``config`` is RegistryConfig of the daemon's /info: mirrors and insecure registries.

    ``sees_the_same`` says that the daemon reaches nothing that this process does not.
    """

    def __init__(self, config: Mapping[str, Any], fetch: Callable[..., Answer] = fetch, sees_the_same: bool = False) -> None:
        self._config = config
        self._fetch = fetch
        self._sees_the_same = sees_the_same

    def remote(self, engine: Any, reference: Reference, login: Optional[Login] = None) -> Remote:
        """The registry's digest; from the daemon where this host cannot ask. Raises PullFailed where a pull would fail for good."""
        reason, silent = "", self._sees_the_same
        for endpoint in endpoints(reference.registry, self._config):
            try:
                answer = self._head(endpoint, reference, login)
            except NoAnswer as error:
                reason = error.message
                silent = silent and error.kind in _SILENCE
                continue
            silent = False
            digest = answer.headers.get("docker-content-digest")
            if answer.status == 200 and digest:
                return Remote(digest, source=endpoint.base, rate_limit=rate_limit(answer))
            if answer.status == 429:
                return Remote(reason="%s answers: too many requests" % endpoint.base, source=endpoint.base, rate_limit=rate_limit(answer))
            if answer.status in (401, 403, 404) and not endpoint.is_mirror:
                raise pull_failed(reference, _WORDS[answer.status])
            reason = "%s answered %d" % (endpoint.base, answer.status)
        if silent:
            return Remote(reason=reason, source=endpoint.base)
        remote = ask_engine(engine, reference, login)
        return remote if remote.digest else remote._replace(reason="%s; the daemon: %s" % (reason, remote.reason))

    def explain(self, reference: Reference, failure: PullFailed, login: Optional[Login] = None) -> Verdict:
        """What lies behind a failed pull: mirrors, whose errors the daemon hides, and how long a rate limit lasts."""
        if failure.kind == "rate_limited":
            return self._limit(reference, login)
        if failure.kind not in _MASKING:
            return Verdict()
        verdicts = [self._ask_mirror(mirror, reference, login) for mirror in mirrors(reference.registry, self._config)]
        if not verdicts:
            return Verdict()
        decisive = next((one for one in verdicts if one[1]), (None, None))[1]
        text = "The daemon asks mirrors first and hides their errors: %s" % "; ".join(words for words, _kind in verdicts)
        return Verdict(text, decisive in ("rate_limited", "server_error", "refused", "timed_out", "cut"), decisive)

    def budget(self, reference: Reference, login: Optional[Login] = None) -> Optional[Dict[str, Any]]:
        """The pull budget that the registry tells in its headers, or None."""
        for endpoint in endpoints(reference.registry, self._config):
            try:
                return rate_limit(self._head(endpoint, reference, login))
            except NoAnswer:
                continue
        return None

    def tags(self, reference: Reference, login: Optional[Login], wanted: Callable[[str], bool], most: int) -> List[Dict[str, Any]]:
        """Tags of a repository, the highest version first, with digests. Raises SearchFailed."""
        failure: Optional[SearchFailed] = None
        for endpoint in endpoints(reference.registry, self._config):
            registry = Registry(endpoint.base, self._fetch, login, endpoint.ca_path)
            try:
                names = [name for name in registry_tags(registry, reference.repository) if wanted(name)]
            except SearchFailed as error:
                failure = failure or error
                continue
            newest = sorted(names, key=natural, reverse=True)[:most]
            return [{"name": name, "digest": registry.head_manifest(reference.repository, name).headers.get("docker-content-digest")} for name in newest]
        raise failure or SearchFailed("%s has no address" % reference.registry, "Check the name", kind="unreachable")

    def _limit(self, reference: Reference, login: Optional[Login]) -> Verdict:
        for endpoint in endpoints(reference.registry, self._config):
            try:
                answer = self._head(endpoint, reference, login)
            except NoAnswer:
                continue
            seconds = retry_after(answer)
            text = "%s asks to wait %d s" % (endpoint.base, seconds) if seconds is not None else ""
            return Verdict(text, True, "rate_limited", seconds, rate_limit(answer))
        return Verdict(transient=True, kind="rate_limited")

    def _ask_mirror(self, mirror: Endpoint, reference: Reference, login: Optional[Login]) -> Tuple[str, Optional[str]]:
        try:
            status = self._head(mirror, reference, login).status
        except NoAnswer as error:
            return error.message, error.kind
        kinds = {200: None, 401: "login_required", 403: "denied", 404: "unknown_image", 429: "rate_limited"}
        return "%s answered %d" % (mirror.base, status), kinds.get(status, "server_error")

    def _head(self, endpoint: Endpoint, reference: Reference, login: Optional[Login]) -> Answer:
        # Credentials of a registry are not its mirror's.
        registry = Registry(endpoint.base, self._fetch, None if endpoint.is_mirror else login, endpoint.ca_path)
        return registry.head_manifest(reference.repository, reference.version)


def sees_the_same(is_local: bool, info: Mapping[str, Any]) -> bool:
    """Whether the daemon with this /info, reached over a socket of this host, asks registries over the same network and without a proxy, as this process."""
    proxied = info.get("HttpProxy") or info.get("HttpsProxy") or getproxies()
    return is_local and info.get("Name") == platform.node() and not proxied


def hub_budget(login: Optional[Login], fetch: Callable[..., Answer] = fetch) -> Optional[Dict[str, Any]]:
    """Docker Hub's pull budget, by the image that Docker keeps for this question. Raises SearchFailed."""
    try:
        answer = Registry(HUB_API, fetch, login).head_manifest("ratelimitpreview/test", "latest")
    except NoAnswer as error:
        raise SearchFailed(error.message, error.advice, kind="unreachable") from error
    if answer.status in (200, 429):
        return rate_limit(answer)
    raise SearchFailed(
        "Docker Hub answered %d to the question about the pull limit" % answer.status, "Check registry_username and registry_password", kind="refused"
    )
