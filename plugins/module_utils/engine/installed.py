# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The version of the installed docker-py, read without importing it."""

from __future__ import annotations

import importlib.metadata
import importlib.util


def docker_py_version() -> str | None:
    """The version of docker-py for the Python that runs the module, such as "7.2.0"; None if it is not installed."""
    if importlib.util.find_spec("docker") is None:
        return None
    try:
        return importlib.metadata.version("docker")
    except importlib.metadata.PackageNotFoundError:
        return None
