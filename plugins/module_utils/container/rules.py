# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules for when two values are equal. Each takes the desired and the observed value."""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from .normal import address


def restart_policy_equal(desired: Mapping[str, Any] | None, observed: Mapping[str, Any] | None) -> bool:
    """ "no" may be stored as an empty name; retries are compared only if the task sets them."""
    desired, observed = desired or {}, observed or {}
    if (desired.get("Name") or "no") != (observed.get("Name") or "no"):
        return False
    return "MaximumRetryCount" not in desired or desired["MaximumRetryCount"] == (
        observed.get("MaximumRetryCount") or 0
    )


def bindings_equal(desired: Iterable[Mapping[str, Any]] | None, observed: Iterable[Mapping[str, Any]] | None) -> bool:
    """The same host ports at the same addresses, in any order. An address that the task leaves open fits "" and 0.0.0.0."""
    desired, observed = list(desired or []), list(observed or [])
    if len(desired) != len(observed):
        return False
    for wanted in desired:
        found = next((seen for seen in observed if _binding_fits(wanted, seen)), None)
        if found is None:
            return False
        observed.remove(found)
    return True


def _binding_fits(wanted: Mapping[str, Any], seen: Mapping[str, Any]) -> bool:
    if wanted["HostPort"] != (seen.get("HostPort") or ""):
        return False
    if wanted["HostIp"] is None:
        return (seen.get("HostIp") or "") in ("", "0.0.0.0", "::")
    return address(wanted["HostIp"]) == address(seen.get("HostIp") or "")
