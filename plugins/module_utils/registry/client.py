# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client of the OCI distribution API."""

from __future__ import annotations

import base64
import re
from typing import Any, Callable, Mapping
from urllib.parse import urlencode, urlsplit

from . import link
from .http import Answer, fetch

# Without all four, a registry may convert the manifest and return the digest of the converted one.
MANIFEST_TYPES = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)

Login = Mapping[str, str]


class Registry:
    """One registry at ``base``, such as "https://registry-1.docker.io". ``login`` has the keys of Docker's config."""

    def __init__(
        self, base: str, fetch: Callable[..., Answer] = fetch, login: Login | None = None, ca_path: str | None = None
    ) -> None:
        self.base = base
        self._fetch = fetch
        self._login = {key.lower(): value for key, value in (login or {}).items()}
        self._ca_path = ca_path
        self._authorization: str | None = None

    @property
    def sends_password(self) -> bool:
        """Whether the password itself was sent to the registry, instead of a token."""
        return (self._authorization or "").startswith("Basic ")

    def head_manifest(self, repository: str, version: str) -> Answer:
        """HEAD of a manifest: its digest and the rate limit. Docker Hub does not count it as a pull."""
        return self.ask("HEAD", f"/v2/{repository}/manifests/{version}", MANIFEST_TYPES)

    def get_manifest(self, repository: str, version: str) -> Answer:
        """GET of a manifest. Docker Hub counts it as a pull."""
        return self.ask("GET", f"/v2/{repository}/manifests/{version}", MANIFEST_TYPES)

    def get_blob(self, repository: str, digest: str, write: Callable[[bytes], Any], limit: int | None = None) -> Answer:
        """GET of a blob. Its bytes are passed to ``write``; ``limit`` is their maximum number."""
        path = f"/v2/{repository}/blobs/{digest}"
        answer = self.ask("GET", path, "*/*", write=write, limit=limit)
        if answer.status == 401 and self._authorization:
            # A token is valid for minutes, and the blobs before this one may have taken longer.
            self._authorization = None
            answer = self.ask("GET", path, "*/*", write=write, limit=limit)
        return answer

    def next_page(self, answer: Answer, path: str) -> str | None:
        """The path of the next page of a list, if the answer for ``path`` names one. It is requested from this registry, whatever host the link has."""
        target = link.next_page(answer.headers.get("link", ""), self.base + path)
        if target is None:
            return None
        parts = urlsplit(target)
        return parts.path + ("?" + parts.query if parts.query else "")

    def ask(self, method: str, path: str, accept: str = "application/json", **more: Any) -> Answer:
        """The answer; if the registry requires credentials, the answer to a second request with them."""
        url = self.base + path
        answer = self._send(method, url, accept, **more)
        challenge = answer.headers.get("www-authenticate", "")
        if answer.status != 401 or not challenge or self._authorization:
            return answer
        self._authorization = self._answer_to(challenge)
        return self._send(method, url, accept, **more) if self._authorization else answer

    def _send(self, method: str, url: str, accept: str, **more: Any) -> Answer:
        headers = {"Accept": accept}
        if self._authorization:
            headers["Authorization"] = self._authorization
        return self._fetch(method, url, headers=headers, ca_path=self._ca_path, **more)

    def _answer_to(self, challenge: str) -> str | None:
        if self._login.get("registrytoken"):
            return f"Bearer {self._login['registrytoken']}"
        if challenge.lower().startswith("basic"):
            return self._basic
        parameters = {name.lower(): value for name, value in re.findall(r'(\w+)="([^"]*)"', challenge)}
        return self._bearer(parameters) if parameters.get("realm") else None

    @property
    def _basic(self) -> str | None:
        if not self._login.get("username"):
            return None
        pair = f"{self._login['username']}:{self._login.get('password') or ''}"
        return "Basic " + base64.b64encode(pair.encode("utf-8")).decode("ascii")

    def _bearer(self, challenge: dict[str, str]) -> str | None:
        asked = {key: challenge[key] for key in ("service", "scope") if challenge.get(key)}
        answer = self._token_answer(challenge["realm"], asked)
        try:
            content = answer.json() if answer.status == 200 else {}
        except ValueError:
            content = {}
        token = content if isinstance(content, dict) else {}
        value = token.get("token") or token.get("access_token")
        return f"Bearer {value}" if value else None

    def _token_answer(self, realm: str, asked: dict[str, str]) -> Answer:
        if self._login.get("identitytoken"):
            form = dict(
                asked,
                grant_type="refresh_token",
                refresh_token=self._login["identitytoken"],
                client_id="flotilla.docker",
            )
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            return self._fetch("POST", realm, headers=headers, data=urlencode(form), ca_path=self._ca_path)
        headers = {"Authorization": self._basic} if self._basic else {}
        return self._fetch("GET", f"{realm}?{urlencode(asked)}", headers=headers, ca_path=self._ca_path)


def rate_limit(answer: Answer) -> dict[str, Any] | None:
    """The pull limit in the headers; None if there is none, as for accounts without a limit on Docker Hub."""
    limit, window = _with_window(answer.headers.get("ratelimit-limit"))
    remaining, _window = _with_window(answer.headers.get("ratelimit-remaining"))
    if limit is None and remaining is None:
        return None
    return {
        "limit": limit,
        "remaining": remaining,
        "window": window,
        "source": answer.headers.get("docker-ratelimit-source"),
    }


def retry_after(answer: Answer) -> float | None:
    """Seconds to wait, from the header Retry-After. A date instead of a number is not read: no registry is known to send one."""
    text = answer.headers.get("retry-after", "")
    return float(text) if re.match(r"^\d+$", text) else None


def _with_window(text: str | None) -> tuple[int | None, int | None]:
    match = re.match(r"^(\d+)(?:;w=(\d+))?", text or "")
    return (int(match.group(1)), int(match.group(2)) if match.group(2) else None) if match else (None, None)
