# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A registry, as a client of the OCI distribution API sees it."""

from __future__ import annotations

import base64
import re
from typing import Any, Callable, Dict, Mapping, Optional, Tuple
from urllib.parse import urlencode

from .http import Answer

# Without all four a registry may convert the manifest, and then names the digest of the converted one.
MANIFEST_TYPES = ", ".join((
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
))

Login = Mapping[str, str]


class Registry:
    """One registry at ``base``, such as "https://registry-1.docker.io". ``login`` has the keys of Docker's config."""

    def __init__(self, base: str, fetch: Callable[..., Answer], login: Optional[Login] = None, ca_path: Optional[str] = None) -> None:
        self.base = base
        self._fetch = fetch
        self._login = {key.lower(): value for key, value in (login or {}).items()}
        self._ca_path = ca_path
        self._authorization: Optional[str] = None

    @property
    def sends_password(self) -> bool:
        """Whether the registry was given the password itself instead of a token."""
        return (self._authorization or "").startswith("Basic ")

    def head_manifest(self, repository: str, version: str) -> Answer:
        """HEAD of a manifest: its digest and the rate limit. Docker Hub does not count it as a pull."""
        return self.ask("HEAD", "/v2/%s/manifests/%s" % (repository, version), MANIFEST_TYPES)

    def get_manifest(self, repository: str, version: str) -> Answer:
        """GET of a manifest. Docker Hub counts it as a pull."""
        return self.ask("GET", "/v2/%s/manifests/%s" % (repository, version), MANIFEST_TYPES)

    def get_blob(self, repository: str, digest: str, write: Callable[[bytes], Any]) -> Answer:
        """GET of a blob, whose bytes are given to ``write``."""
        path = "/v2/%s/blobs/%s" % (repository, digest)
        answer = self.ask("GET", path, "*/*", write=write)
        if answer.status == 401 and self._authorization:
            # A token lives for minutes, and the blobs before this one may have taken longer.
            self._authorization = None
            answer = self.ask("GET", path, "*/*", write=write)
        return answer

    def ask(self, method: str, path: str, accept: str = "application/json", **more: Any) -> Answer:
        """The answer; if the registry asks for credentials, the one with them."""
        url = path if path.startswith("http") else self.base + path
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

    def _answer_to(self, challenge: str) -> Optional[str]:
        if self._login.get("registrytoken"):
            return "Bearer %s" % self._login["registrytoken"]
        if challenge.lower().startswith("basic"):
            return self._basic
        parameters = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
        return self._bearer(parameters) if parameters.get("realm") else None

    @property
    def _basic(self) -> Optional[str]:
        if not self._login.get("username"):
            return None
        pair = "%s:%s" % (self._login["username"], self._login.get("password") or "")
        return "Basic %s" % base64.b64encode(pair.encode("utf-8")).decode("ascii")

    def _bearer(self, challenge: Dict[str, str]) -> Optional[str]:
        asked = {key: challenge[key] for key in ("service", "scope") if challenge.get(key)}
        answer = self._token_answer(challenge["realm"], asked)
        try:
            token = answer.json() if answer.status == 200 else {}
        except ValueError:
            token = {}
        value = token.get("token") or token.get("access_token")
        return "Bearer %s" % value if value else None

    def _token_answer(self, realm: str, asked: Dict[str, str]) -> Answer:
        if self._login.get("identitytoken"):
            form = dict(asked, grant_type="refresh_token", refresh_token=self._login["identitytoken"], client_id="flotilla.docker")
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            return self._fetch("POST", realm, headers=headers, data=urlencode(form), ca_path=self._ca_path)
        headers = {"Authorization": self._basic} if self._basic else {}
        return self._fetch("GET", "%s?%s" % (realm, urlencode(asked)), headers=headers, ca_path=self._ca_path)


def rate_limit(answer: Answer) -> Optional[Dict[str, Any]]:
    """The pull budget as the headers tell it; None where the registry sends none, which Docker Hub does for accounts without a limit."""
    limit, window = _with_window(answer.headers.get("ratelimit-limit"))
    remaining, _window = _with_window(answer.headers.get("ratelimit-remaining"))
    if limit is None and remaining is None:
        return None
    return {"limit": limit, "remaining": remaining, "window": window, "source": answer.headers.get("docker-ratelimit-source")}


def retry_after(answer: Answer) -> Optional[float]:
    """Seconds that the registry asks to wait. A date instead of a number is not read: no registry is known to send one."""
    text = answer.headers.get("retry-after", "")
    return float(text) if re.match(r"^\d+$", text) else None


def _with_window(text: Optional[str]) -> Tuple[Optional[int], Optional[int]]:
    match = re.match(r"^(\d+)(?:;w=(\d+))?", text or "")
    return (int(match.group(1)), int(match.group(2)) if match.group(2) else None) if match else (None, None)
