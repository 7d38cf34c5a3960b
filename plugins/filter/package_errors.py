# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Extracts the reasons from the output of a failed package manager."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Iterator

# apt, dnf and zypper, in this order.
_REASONS = re.compile(
    r"Depends: |^E: |^dpkg-deb: error|"
    r"nothing provides|conflicting requests|No package |[Ee]rror in \S+ scriptlet|scriptlet failed|conflicts (with|between)|"
    r"not available|was not found|No provider|Problem: |verification failed|not found on medium|[Cc]url error|"
    r"No space left|more space needed|needs \S+ more space|Status code: |Errors during downloading metadata"
)
_SUMMARIES = re.compile(
    r"held broken packages|additional context:|Sub-process|unmet dependencies|Unable to fetch some archives|Some files failed to download|"
    r"Detailed information:|"
    r"Problem: (conflicting requests)?$",
    re.IGNORECASE,
)
_DPKG_ERROR = re.compile(
    r"dpkg: error processing (?:archive|package) (?:\S*/)?(?P<name>[^\s_:]+)\S* \(-{1,2}[a-z-]+\):$"
)
# dpkg's own lines; the lines between them were printed by the scripts of a package.
_DPKG_LINE = re.compile(
    r"\(Reading database|Preparing to unpack|Unpacking|Setting up|Selecting previously|Removing|Processing triggers|"
    r"Get:|Need to get|After this operation|dpkg: |Errors were encountered| "
)
_SHOWN = 3


def package_errors(result: Mapping[str, Any]) -> list[str]:
    """The lines that say why packages cannot be installed, without duplicates; the message of the task if there are none."""
    printed = [str(line) for key in ("stdout_lines", "stderr_lines") for line in result.get(key) or []]
    refused = list(dict.fromkeys(_dpkg_errors(printed)))
    if refused:
        return refused
    lines = [line.strip() for line in printed]
    lines += [str(line).strip() for key in ("failures", "results") for line in result.get(key) or []]
    lines += [line.strip() for line in str(result.get("msg", "")).splitlines()]
    found = list(dict.fromkeys(re.sub(r"^- ", "", line) for line in lines if _REASONS.search(line)))
    precise = [line for line in found if not _SUMMARIES.search(line)]
    return precise or found or [str(result.get("msg") or "no reason given").strip()]


def _dpkg_errors(lines: list[str]) -> Iterator[str]:
    """What dpkg says about each package that it could not install, with the last lines that the package's script printed."""
    script: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""]):
        match = _DPKG_ERROR.match(line)
        # Packages that only depend on the one that failed are not named.
        if match and "dependency problems" not in following:
            said = f" (it printed: {' / '.join(script[-_SHOWN:])})" if script else ""
            yield f"{match.group('name')}: {following.strip()}{said}"
        script = [] if _DPKG_LINE.match(line) else [*script, line.strip()] if line.strip() else script


class FilterModule:
    """The filter as Ansible finds it."""

    def filters(self) -> dict[str, Any]:
        return {"package_errors": package_errors}
