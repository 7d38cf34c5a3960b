# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Python interpreters of the managed host, and docker-py in each of them."""

from __future__ import annotations

import os
import sys
from importlib import metadata
from typing import Any

from .programs import read_output

_SYSTEM = "/usr/bin/python3"
# Importing docker would take longer than all other reads.
_PROGRAM = "from importlib import metadata; print(metadata.version('docker'))"


def read_current() -> dict[str, Any]:
    """The interpreter that runs the module. ``is_system``: the distribution's packages of Python modules are for this one."""
    return {
        "executable": sys.executable,
        "version": ".".join(str(part) for part in sys.version_info[:3]),
        "is_system": os.path.realpath(sys.executable) == os.path.realpath(_SYSTEM),
        "docker_py": _own_version(),
    }


def _own_version() -> str:
    try:
        return metadata.version("docker")
    except metadata.PackageNotFoundError:
        return ""


def read_interpreter(path: str) -> dict[str, Any]:
    """Whether there is an interpreter at this path, and the version of its docker-py, "" if it has none."""
    exists = os.path.isfile(path)
    return {"exists": exists, "docker_py": (read_output([path, "-c", _PROGRAM]) or "").strip() if exists else ""}
