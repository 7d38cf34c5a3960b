# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images of the Engine."""

from __future__ import annotations

import json
from typing import Any, Iterator, Mapping, Optional

from ..errors import NotFound
from . import credentials, sdk
from .api import Api


class Images:
    """One method per API call; None for "not found"."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def find(self, reference: str, platform: Optional[str] = None) -> Optional[dict[str, Any]]:
        """The inspected image by name, digest or id, or None. ``platform`` picks one of several where the API can (1.49)."""
        wanted = _platform_object(platform) if "/" in (platform or "") and self._api.speaks("1.49") else None
        try:
            return self._api.get("inspect image %s" % reference, "/images/{0}/json", reference, platform=wanted)
        except NotFound:
            return None

    def list(self, **params: Any) -> list[dict[str, Any]]:
        """Images as GET /images/json gives them."""
        return self._api.get("list images", "/images/json", **params)

    def history(self, reference: str) -> list[dict[str, Any]]:
        """Newest first, without a mark for steps that made no layer. Empty where the image has none."""
        return self._api.get("read the history of %s" % reference, "/images/{0}/history", reference) or []

    def pull(
        self, name: str, tag: str, platform: Optional[str] = None, login: Optional[Mapping[str, str]] = None, stall_timeout: Optional[float] = None
    ) -> Iterator[dict[str, Any]]:
        """The messages of a pull. ``tag`` may be a digest; ``login`` has the keys of Docker's config."""
        return self._api.stream(
            "pull %s" % name, "POST", "/images/create", fromImage=name, tag=tag, platform=platform, headers=_login_headers(login), stall_timeout=stall_timeout
        )

    def distribution(self, reference: str, login: Optional[Mapping[str, str]] = None, within: Optional[float] = None) -> dict[str, Any]:
        """GET /distribution: the registry's digest and platforms, asked by the daemon, in so many seconds. Docker Hub counts it as a pull."""
        return self._api.get("ask the registry about %s" % reference, "/distribution/{0}/json", reference, headers=_login_headers(login), within=within)

    def remove(self, reference: str, force: bool = False, prune: bool = True) -> list[dict[str, str]]:
        """What was untagged and deleted."""
        return self._api.delete("remove image %s" % reference, "/images/{0}", reference, force=force, noprune=not prune) or []

    def stored_login(self, registry: str) -> Optional[dict[str, str]]:
        """What the Docker config of the user who runs the module has for a registry, through its credential helpers; None without an entry."""
        return credentials.stored_login(self._api.client._auth_configs, registry)


def _login_headers(login: Optional[Mapping[str, str]]) -> Optional[dict[str, str]]:
    return {"X-Registry-Auth": sdk.docker.auth.encode_header(dict(login)).decode("ascii")} if login else None


def _platform_object(platform: str) -> str:
    return json.dumps(dict(zip(("os", "architecture", "variant"), platform.split("/"))))
