# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Advice for known messages of the Engine about networks."""

from __future__ import annotations

from .. import explanations
from ..errors import ApiError

_RULES = (
    explanations.Rule(
        "kernel",
        r"^operation not supported",
        advice="The kernel of the host does not support this driver; use another one",
    ),
    explanations.Rule(
        "interface",
        r"invalid subinterface|parent interface|link not found",
        advice="Name a network interface of the host in driver_options.parent, as ip link shows it",
    ),
    explanations.Rule(
        "plugin",
        r"plugin .*not found",
        advice="Correct driver and ipam_driver, or install the plugin: docker plugin ls",
    ),
    explanations.Rule(
        "pools",
        r"could not find an available|address pools have been fully subnetted",
        advice="Set a free subnet in ipam_config, or remove unused networks",
    ),
    explanations.Rule(
        "address",
        r"(?i)address already in use|address is already|already allocated",
        advice="Choose an address that no container and no gateway has: docker network inspect shows them",
    ),
)


def explained(error: ApiError) -> ApiError:
    """The error, with advice for known messages about networks."""
    rule = explanations.explain(_RULES, error.explanation)
    if rule and not error.advice:
        error.advice = rule.advice
    return error
