# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Masks values that look secret, and user and password in addresses, in results, diffs and logs."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Sequence

from ..masking import MASK, credentials_of, is_secret, mask_value

HIDDEN = "not shown, because it is not valid"


def mask_env(env: Mapping[str, Any], named: Iterable[str] = ()) -> dict[str, Any]:
    """Variables with secret values masked."""
    return {name: MASK if is_secret(str(name), named) else mask_value(str(name), value) for name, value in env.items()}


def mask_labels(labels: Mapping[str, Any]) -> dict[str, Any]:
    """Labels without user and password of addresses. Their names say nothing: "auth" is in those of authors and of routers."""
    return {name: mask_value(str(name), value) for name, value in labels.items()}


def mask_lines(lines: Sequence[str] | None, named: Iterable[str] = ()) -> Any:
    """The same for "NAME=value" lines, as inspect shows them."""
    return [_mask_line(line, named) for line in lines] if lines else lines


def _mask_line(line: str, named: Iterable[str]) -> str:
    name, sign, value = line.partition("=")
    return name + sign + (MASK if sign and is_secret(name, named) else mask_value(name, value))


def secret_values(env: Mapping[str, Any] | None, named: Iterable[str] | None) -> set[str]:
    """Values of a task's env that must not appear anywhere. Short ones would mask every other word, so they are masked by place only."""
    found: set[str] = set()
    for name, value in (env or {}).items():
        if not is_secret(str(name), named or ()):
            found |= credentials_of(str(name), str(value))
        elif len(str(value)) >= 6:
            found.add(str(value))
    return found


def mask_params(params: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """A task's parameters as they may be shown, and the values that may appear nowhere.

    Also called for invalid parameters, so values can have any type.
    """
    named = params.get("secret_env")
    named = [str(name) for name in named] if isinstance(named, list) else []
    env, labels = params.get("env"), params.get("labels")
    masked = dict(params)
    hidden: set[str] = set()
    if isinstance(env, dict):
        masked["env"] = mask_env(env, named)
        hidden |= secret_values(env, named)
    elif env:
        masked["env"] = HIDDEN
    if isinstance(labels, dict):
        masked["labels"] = mask_labels(labels)
        hidden |= {text for name, value in labels.items() for text in credentials_of(str(name), str(value))}
    elif labels:
        masked["labels"] = HIDDEN
    return masked, hidden
