# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images of the Engine."""

from __future__ import annotations

from typing import Any, Iterator, Optional

from ..errors import NotFound
from .api import Api


class Images:
    """One method per API call; None for "not found"."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def find(self, reference: str) -> Optional[dict[str, Any]]:
        """The inspected image by name, digest or id, or None."""
        try:
            return self._api.get("inspect image %s" % reference, "/images/{0}/json", reference)
        except NotFound:
            return None

    def list(self, **params: Any) -> list[dict[str, Any]]:
        """Images as GET /images/json gives them."""
        return self._api.get("list images", "/images/json", **params)

    def history(self, reference: str) -> list[dict[str, Any]]:
        """Newest first, without a mark for steps that made no layer. Empty where the image has none."""
        return self._api.get("read the history of %s" % reference, "/images/{0}/history", reference) or []

    def pull(self, name: str, tag: str, platform: Optional[str] = None, auth: Optional[str] = None, stall_timeout: Optional[float] = None) -> Iterator[dict[str, Any]]:
        """The messages of a pull. ``tag`` may be a digest; ``auth`` is the X-Registry-Auth header's value."""
        headers = {"X-Registry-Auth": auth} if auth else None
        return self._api.stream(
            "pull %s:%s" % (name, tag), "POST", "/images/create", fromImage=name, tag=tag, platform=platform, headers=headers, stall_timeout=stall_timeout
        )

    def distribution(self, reference: str, auth: Optional[str] = None) -> dict[str, Any]:
        """GET /distribution: the registry's digest and platforms, asked by the daemon. Docker Hub counts it as a pull."""
        return self._api.get("ask the registry about %s" % reference, "/distribution/{0}/json", reference)

    def remove(self, reference: str, force: bool = False, prune: bool = True) -> list[dict[str, str]]:
        """What was untagged and deleted."""
        return self._api.delete("remove image %s" % reference, "/images/{0}", reference, force=force, noprune=not prune) or []
