# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image of a container, pulled as the task says."""

from __future__ import annotations

from typing import Any, Generator, Mapping, Optional

from ..image import plan
from ..image.platform import Platform, platform_of
from ..image.reference import Reference, parse_reference
from ..image.steps import PullOptions

_POLICIES = {True: "always", False: "missing", "True": "always", "False": "missing"}
RETRIES = 3


def pull_steps(engine: Any, params: Mapping[str, Any]) -> Generator[Any, Any, Any]:
    """The inspected image, with the login that the user's Docker config has. In check mode None if a pull would bring another one."""
    reference = parse_reference(params["image"], "image")
    login = engine.images.stored_login(reference.registry) if reference.registry else None
    options = PullOptions(login=login, retries=RETRIES, check=params["pull_check_mode_behavior"])
    steps = plan.ensure(engine, reference, _POLICIES.get(params["pull"], params["pull"]), params.get("platform"), options)
    outcome = None
    try:
        while True:
            outcome = yield steps.send(outcome)
    except StopIteration as end:
        return end.value or _had_under_another_name(engine, reference, outcome)


def _had_under_another_name(engine: Any, reference: Reference, outcome: Any) -> Any:
    """What a check says would be pulled may be here already, and be what the container runs: only the tag would move."""
    remote = outcome.value.remote if outcome else None
    if not remote or not remote.digest:
        return None
    # In the containerd image store a digest is the image's id, and what has lost its tag is found by that alone.
    return engine.images.find(reference._replace(digest=remote.digest).key) or engine.images.find(remote.digest)


def platform_of_container(engine: Any, inspected: Mapping[str, Any]) -> Optional[Platform]:
    """What a container was made for. Engines before 28 show only the system of it, so there its image says."""
    descriptor = (inspected.get("ImageManifestDescriptor") or {}).get("platform") or {}
    if descriptor.get("architecture"):
        return platform_of({"Os": descriptor.get("os"), "Architecture": descriptor["architecture"], "Variant": descriptor.get("variant")})
    return platform_of(engine.images.find(inspected["Image"]) or {})
