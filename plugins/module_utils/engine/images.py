# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Images of the Engine."""

from __future__ import annotations

import base64
import json
from typing import Any, Iterator, Mapping

from ..errors import NotFound
from .api import Api, Objects


class Images:
    """One method per API call; None for "not found"."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def find(self, reference: str, platform: str | None = None) -> dict[str, Any] | None:
        """The inspected image by name, digest or id, or None. ``platform`` selects one of several platforms (API 1.49)."""
        try:
            return self._api.get(
                f"inspect image {reference}", "/images/{0}/json", reference, platform=self._object_of(platform)
            )
        except NotFound:
            return None

    def list(self, **params: Any) -> Objects:
        """Images as GET /images/json returns them."""
        return self._api.get("list images", "/images/json", **params)

    def history(self, reference: str, platform: str | None = None) -> Objects:
        """Newest first. Steps without a layer are not marked. Empty if the image has no history. ``platform`` as in find()."""
        return (
            self._api.get(
                f"read the history of {reference}",
                "/images/{0}/history",
                reference,
                platform=self._object_of(platform),
            )
            or []
        )

    def pull(
        self,
        name: str,
        tag: str,
        platform: str | None = None,
        login: Mapping[str, str] | None = None,
        stall_timeout: float | None = None,
    ) -> Iterator[dict[str, Any]]:
        """The messages of a pull. ``tag`` may be a digest; ``login`` has the keys of Docker's config."""
        from .streams import messages  # pylint: disable=import-outside-toplevel  # most tasks only read images

        return messages(
            self._api,
            f"pull {name}",
            "POST",
            "/images/create",
            fromImage=name,
            tag=tag,
            platform=platform,
            headers=_login_headers(login),
            stall_timeout=stall_timeout,
        )

    def distribution(
        self, reference: str, login: Mapping[str, str] | None = None, within: float | None = None
    ) -> dict[str, Any]:
        """GET /distribution: digest and platforms at the registry, which the Engine queries. Docker Hub counts this as a pull."""
        return self._api.get(
            f"query the registry for {reference}",
            "/distribution/{0}/json",
            reference,
            headers=_login_headers(login),
            within=within,
        )

    def remove(self, reference: str, force: bool = False, prune: bool = True) -> Objects:
        """Names that were untagged and ids that were deleted."""
        return (
            self._api.delete(f"remove image {reference}", "/images/{0}", reference, force=force, noprune=not prune)
            or []
        )

    def _object_of(self, platform: str | None) -> str | None:
        if not platform or "/" not in platform or not self._api.speaks("1.49"):
            return None
        return json.dumps(dict(zip(("os", "architecture", "variant"), platform.split("/"))))


def _login_headers(login: Mapping[str, str] | None) -> dict[str, str] | None:
    if not login:
        return None
    return {"X-Registry-Auth": base64.urlsafe_b64encode(json.dumps(dict(login)).encode("ascii")).decode("ascii")}
