# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Masks values that look secret in everything that leaves the module."""

from __future__ import annotations

import re
from typing import Any, Iterable, Mapping

MASK = "********"
_LOOKS_SECRET = re.compile(
    r"passw|passphrase|secret|token|credential|private|api_?key|access_?key|auth|_key$|^key$|_pw$|_pwd$|dsn|database_url|connection_string", re.IGNORECASE
)


def is_secret(name: str, named: Iterable[str] = ()) -> bool:
    """Whether a variable's value must not be shown."""
    return name in named or (bool(_LOOKS_SECRET.search(name)) and not name.upper().endswith(("_FILE", "_PATH")))


def mask_env(env: Mapping[str, Any], named: Iterable[str] = ()) -> dict[str, Any]:
    """Variables with secret values masked."""
    return {name: MASK if is_secret(name, named) else value for name, value in env.items()}


def mask_lines(lines: Any, named: Iterable[str] = ()) -> Any:
    """The same for "NAME=value" lines, as inspect shows them."""
    return [_mask_line(line, named) for line in lines] if lines else lines


def _mask_line(line: str, named: Iterable[str]) -> str:
    name, sign, _value = line.partition("=")
    return name + sign + MASK if sign and is_secret(name, named) else line


def secret_values(env: Any, named: Any) -> set[str]:
    """Values of a task's env that must not appear anywhere. Short ones would mask every other word, so they are masked by place only."""
    return {str(value) for name, value in (env or {}).items() if is_secret(str(name), named or ()) and len(str(value)) >= 6}


def mask_params(params: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """A task's parameters as they may be shown, and the values that may appear nowhere."""
    named = params.get("secret_env") or ()
    env = params.get("env")
    return dict(params, env=mask_env(env, named) if env else env), secret_values(env, named)
