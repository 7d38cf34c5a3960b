# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The image of a container, pulled as the task says."""

from __future__ import annotations

from typing import Any, Generator, Mapping

from ..image import plan
from ..image.reference import parse_reference
from ..image.steps import PullOptions

_POLICIES = {True: "always", False: "missing", "True": "always", "False": "missing"}
RETRIES = 3


def pull_steps(engine: Any, params: Mapping[str, Any]) -> Generator[Any, Any, Any]:
    """The inspected image, with the login that the user's Docker config has. In check mode None if a pull would bring another one."""
    reference = parse_reference(params["image"], "image")
    login = engine.images.stored_login(reference.registry) if reference.registry else None
    options = PullOptions(login=login, retries=RETRIES, check=params["pull_check_mode_behavior"])
    return plan.ensure(engine, reference, _POLICIES.get(params["pull"], params["pull"]), params.get("platform"), options)
