# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables of a task, and files of KEY=VALUE lines on the managed host."""

from __future__ import annotations

import re
from typing import Any, Mapping

from ..errors import BadOption, MissingFile
from ..masking import is_secret
from ..option import pairs


def environment(params: Mapping[str, Any]) -> dict[str, str]:
    """The variables of env and env_file; env takes precedence."""
    secret = params.get("secret_env") or ()
    entries = read_lines("env", "env_file", params.get("env_file"))
    entries.update(pairs("env", params.get("env") or {}, lambda name: is_secret(name, secret)))
    for name in entries:
        if not name or "=" in name or "\0" in name:
            raise BadOption(
                "env",
                "must have names of variables, without =, before the colons",
                got=name.partition("=")[0],
                example="env: {MODE: fast}",
            )
    return entries


def read_lines(option: str, file_option: str, path: str | None) -> dict[str, str]:
    """KEY=VALUE lines of a file on the host; blank lines and lines that start with # are ignored, as docker run does."""
    if not path:
        return {}
    try:
        with open(path, encoding="utf-8") as lines:
            entries = [line.strip("\r\n") for line in lines]
    except (OSError, ValueError) as error:
        raise (MissingFile if isinstance(error, FileNotFoundError) else BadOption)(
            file_option,
            f"must be a readable file on the managed host ({error.strerror if isinstance(error, OSError) else 'it is not UTF-8 text'})",
            got=path,
            example=f"{file_option}: /etc/web/{option}",
        ) from None
    result = {}
    for entry in entries:
        if entry.strip() and not entry.lstrip().startswith("#"):
            key, sign, value = entry.lstrip().partition("=")
            if not key.strip() or not sign or re.search(r"\s", key):
                raise BadOption(
                    file_option,
                    f"must have lines of the form KEY=VALUE, such as MODE=production; this line does not: {key[:40]}",
                    got=path,
                    example=f"{file_option}: /etc/web/{option}",
                )
            result[key] = value
    return result
