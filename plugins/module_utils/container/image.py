# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds or pulls the image of a container."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generator, Mapping

from ..image.lookup import find_reference
from ..shapes import PULL_POLICIES

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..image.reference import Reference
    from ..image.source import Remote
    from ..image.steps import Image
    from ..step import Outcome, Step

# Also the booleans of community.docker.
_POLICIES: dict[Any, str] = {**PULL_POLICIES, True: "always", False: "missing", "True": "always", "False": "missing"}
RETRIES = 3


def pull_steps(engine: Engine, params: Mapping[str, Any]) -> Generator[Step, Outcome, Image | None]:
    """The inspected image, pulled with the login in the user's Docker config. In check mode, None if a pull would change it."""
    reference = find_reference(engine, params["image"], "image")
    policy = _POLICIES.get(params["pull"], params["pull"])
    if policy in ("missing", "never") and not params.get("platform"):
        present = engine.images.find(reference.key)
        if present and (present.get("RootFS") or {}).get("Layers"):
            return present
    # pylint: disable=import-outside-toplevel  # an image that is on the host needs none of these
    from ..image import plan
    from ..image.login import Logins
    from ..image.source import EngineSource
    from ..image.steps import PullContext, PullOptions

    options = PullOptions(params.get("platform"), RETRIES, check=params["pull_check_mode_behavior"])
    context = PullContext(EngineSource(Logins(stored=engine.docker_config.find)))
    pulled = yield from plan.ensure(engine, reference, policy, options, context)
    return pulled.image or _had_under_another_name(engine, reference, pulled.remote)


def _had_under_another_name(engine: Engine, reference: Reference, remote: Remote | None) -> Image | None:
    """The container's image if it is the one that check mode would pull, so that only the tag would change."""
    if not remote or not remote.digest:
        return None
    # In the containerd image store the digest is the image's id, and an image without a tag is found only by its id.
    return engine.images.find(reference._replace(digest=remote.digest).key) or engine.images.find(remote.digest)
