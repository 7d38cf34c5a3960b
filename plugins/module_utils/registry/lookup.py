# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asks a registry about an image as the Engine would, but with HEAD requests, which Docker Hub does not count as pulls."""

from __future__ import annotations

import platform
import re
from typing import TYPE_CHECKING, Any, Callable, Iterator, Mapping
from urllib.request import getproxies

from ..errors import NoAnswer, PullFailed, SearchFailed
from ..image.failures import pull_failed
from ..image.login import Login, Logins
from ..image.source import Remote, Verdict, ask_engine
from ..shapes import DOCKER_HUB_REGISTRY
from .client import Registry, rate_limit, retry_after
from .endpoints import Endpoint, endpoints, mirrors
from .http import Answer, fetch
from .search import registry_tags, unreachable
from .versions import newest_first

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..image.reference import Reference

# Failures of the registry itself that may hide the answer of a mirror.
_MASKING = ("name", "refused", "timed_out", "tls", "cut", "server_error", "login_required", "unknown_image", "unknown")
# What OpenSSL says of an answer without TLS.
_PLAIN_HTTP = re.compile("WRONG_VERSION_NUMBER|record layer failure")
# If this process finds no listener, an Engine on the same host finds none either.
_SILENCE = ("name", "refused", "timed_out")
# How an Engine reports these statuses.
_MESSAGES = {
    401: "401 Unauthorized: authentication required",
    403: "403 Forbidden: denied",
    404: "404 Not Found: manifest unknown",
}
_MIRROR_KINDS = {200: None, 401: "login_required", 403: "denied", 404: "unknown_image", 429: "rate_limited"}
_TRANSIENT = ("rate_limited", "server_error", "refused", "timed_out", "cut")


class Lookup:
    """Sends requests to registries from this host. ``config`` is RegistryConfig of the Engine's /info: mirrors and insecure registries.

    ``sees_the_same`` means that the Engine reaches no other registries than this process.
    """

    def __init__(
        self,
        config: Mapping[str, Any],
        logins: Logins | None = None,
        fetch: Callable[..., Answer] = fetch,
        sees_the_same: bool = False,
    ) -> None:
        self.logins = logins or Logins()
        self._config = config
        self._fetch = fetch
        self._sees_the_same = sees_the_same

    def remote(self, engine: Engine, reference: Reference) -> Remote:
        """The registry's digest, from the Engine if this host cannot reach the registry. Raises PullFailed if a pull would fail permanently."""
        reason, source, silent = "", "", self._sees_the_same
        for endpoint in endpoints(reference.registry, self._config):
            source = endpoint.base
            try:
                answer = self._head(endpoint, reference)
            except NoAnswer as error:
                reason = error.message
                silent = silent and error.kind in _SILENCE
                continue
            silent = False
            digest = answer.headers.get("docker-content-digest")
            if answer.status == 200 and digest:
                return Remote(digest, source=source, rate_limit=rate_limit(answer))
            if answer.status == 429:
                return Remote(
                    reason=f"{source} answered 429: too many requests", source=source, rate_limit=rate_limit(answer)
                )
            if answer.status in _MESSAGES and not endpoint.is_mirror:
                raise self._failed(reference, answer.status)
            reason = f"{source} answered {answer.status}"
        if silent:
            return Remote(reason=reason, source=source)
        remote = ask_engine(engine, reference, self.logins.find(reference.registry))
        return remote if remote.digest else remote._replace(reason=f"{reason}; the Engine: {remote.reason}")

    def explain(self, reference: Reference, failure: PullFailed) -> Verdict:
        """Find the cause of a failed pull: errors of mirrors, which the Engine hides, and how long a rate limit lasts."""
        if failure.kind == "rate_limited":
            return self._limit(reference)
        if failure.kind not in _MASKING:
            return Verdict()
        answers = [self._ask_mirror(mirror, reference) for mirror in mirrors(reference.registry, self._config)]
        if not answers:
            return Verdict()
        decisive = next((kind for _text, kind in answers if kind), None)
        texts = "; ".join(text for text, _kind in answers)
        return Verdict(
            f"The Engine asks mirrors first and hides their errors: {texts}", decisive in _TRANSIENT, decisive
        )

    def budget(self, reference: Reference) -> dict[str, Any] | None:
        """The pull limit in the registry's headers, or None."""
        answer = next(self._answers(reference), None)
        return rate_limit(answer[1]) if answer else None

    def tags(self, reference: Reference, wanted: Callable[[str], bool], most: int) -> list[dict[str, Any]]:
        """Tags of a repository, the newest version first, with digests. Raises SearchFailed.

        If several addresses were tried, the failure of one that answered is reported.
        """
        failures: list[SearchFailed] = []
        for endpoint in endpoints(reference.registry, self._config):
            registry = self._registry(endpoint, reference)
            try:
                names = newest_first(name for name in registry_tags(registry, reference.repository) if wanted(name))
                return [{"name": name, "digest": self._digest(registry, reference, name)} for name in names[:most]]
            except SearchFailed as error:
                failures.append(error)
        # A server that does not speak TLS was asked over plain HTTP last, and that failure is the cause.
        likely = failures[-1 if _PLAIN_HTTP.search(failures[0].message) else 0]
        raise next((error for error in failures if error.kind != "unreachable"), likely)

    def _digest(self, registry: Registry, reference: Reference, tag: str) -> str | None:
        try:
            return registry.head_manifest(reference.repository, tag).headers.get("docker-content-digest")
        except NoAnswer as error:
            raise unreachable(error) from error

    def _failed(self, reference: Reference, status: int) -> PullFailed:
        error = pull_failed(reference, _MESSAGES[status])
        warnings = self.logins.warnings(reference.registry)
        return PullFailed(
            ". ".join([error.message, *warnings]),
            error.advice,
            error.kind,
            error.transient,
            reference=reference.familiar,
        )

    def _limit(self, reference: Reference) -> Verdict:
        found = next(self._answers(reference), None)
        if not found:
            return Verdict(transient=True, kind="rate_limited")
        base, answer = found
        seconds = retry_after(answer)
        text = f"{base} asks to wait {seconds:.0f} s" if seconds is not None else ""
        return Verdict(text, True, "rate_limited", seconds, rate_limit(answer))

    def _answers(self, reference: Reference) -> Iterator[tuple[str, Answer]]:
        """Answers of the addresses that can be reached."""
        for endpoint in endpoints(reference.registry, self._config):
            try:
                yield endpoint.base, self._head(endpoint, reference)
            except NoAnswer:
                continue

    def _ask_mirror(self, mirror: Endpoint, reference: Reference) -> tuple[str, str | None]:
        try:
            status = self._head(mirror, reference).status
        except NoAnswer as error:
            return error.message, error.kind
        return f"{mirror.base} answered {status}", _MIRROR_KINDS.get(status, "server_error")

    def _head(self, endpoint: Endpoint, reference: Reference) -> Answer:
        return self._registry(endpoint, reference).head_manifest(reference.repository, reference.version)

    def _registry(self, endpoint: Endpoint, reference: Reference) -> Registry:
        # Credentials of a registry are not sent to its mirrors.
        login: Login | None = None if endpoint.is_mirror else self.logins.find(reference.registry)
        return Registry(endpoint.base, self._fetch, login, endpoint.ca_path)


def sees_the_same(is_local: bool, info: Mapping[str, Any]) -> bool:
    """Whether the Engine with this /info, reached over a socket of this host, uses the same network as this process, and no proxy, for registries."""
    proxied = info.get("HttpProxy") or info.get("HttpsProxy") or getproxies()
    return is_local and info.get("Name") == platform.node() and not proxied


def hub_budget(login: Login | None, fetch: Callable[..., Answer] = fetch) -> dict[str, Any] | None:
    """Docker Hub's pull limit, read from the image that Docker provides for this purpose. Raises SearchFailed."""
    try:
        answer = Registry(DOCKER_HUB_REGISTRY, fetch, login).head_manifest("ratelimitpreview/test", "latest")
    except NoAnswer as error:
        raise unreachable(error) from error
    if answer.status in (200, 429):
        return rate_limit(answer)
    raise SearchFailed(
        f"Docker Hub answered {answer.status} to the request for the pull limit",
        "Check registry_username and registry_password, or the stored login" if login else "Run the task again later",
        kind="refused",
    )
