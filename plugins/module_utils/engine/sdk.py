# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docker-py and requests, if they are installed. Importing this module never fails: call require() before using them.

Only docker_py.py and ssh.py import it, and they are imported only when they are used.
"""

from __future__ import annotations

import sys

from ..errors import SdkMissing

try:
    import docker  # pylint: disable=unused-import
    import requests  # pylint: disable=unused-import
except ImportError as error:
    docker = requests = None  # type: ignore[assignment]
    IMPORT_ERROR: ImportError | None = error
else:
    IMPORT_ERROR = None


def require() -> None:
    """Raise Missing unless docker-py can be imported by the Python that runs the module."""
    if IMPORT_ERROR is None:
        return
    raise SdkMissing(
        f"The Python package docker (docker-py) is missing for {sys.executable}: {IMPORT_ERROR}",
        "Install Debian's python3-docker on the managed host, or pip install docker in a venv and set ansible_python_interpreter to it; "
        "the role flotilla.docker.docker_engine installs it",
    )
