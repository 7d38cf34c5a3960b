# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When are two values equal? Each rule takes what is desired and what is observed."""

from __future__ import annotations

from typing import Any


def equal(desired: Any, observed: Any) -> bool:
    """Both say the same; the Engine stores an absent value as null, 0, an empty string or an empty list."""
    return desired == observed or (not desired and not observed)


def contains(desired: Any, observed: Any) -> bool:
    """Every field that is asked for is there with that value; others may be there too."""
    if not isinstance(desired, dict):
        return equal(desired, observed)
    return all(contains(value, (observed or {}).get(key)) for key, value in desired.items())


def restart_policy_equal(desired: Any, observed: Any) -> bool:
    """"no" may be stored as an empty name; retries count only where they are asked for."""
    desired, observed = desired or {}, observed or {}
    if (desired.get("Name") or "no") != (observed.get("Name") or "no"):
        return False
    return "MaximumRetryCount" not in desired or desired["MaximumRetryCount"] == (observed.get("MaximumRetryCount") or 0)


def bindings_equal(desired: Any, observed: Any) -> bool:
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


def _binding_fits(wanted: dict[str, Any], seen: dict[str, Any]) -> bool:
    if wanted["HostPort"] != (seen.get("HostPort") or ""):
        return False
    if wanted["HostIp"] is None:
        return (seen.get("HostIp") or "") in ("", "0.0.0.0", "::")
    return wanted["HostIp"] == (seen.get("HostIp") or "")


def same_members(desired: Any, observed: Any) -> bool:
    """The same entries, in any order."""
    return sorted(desired or [], key=str) == sorted(observed or [], key=str)
