# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docker-py, if it is there. Importing this module never fails: whoever needs the SDK calls require()."""

from __future__ import annotations

import sys
from typing import Any, Tuple, Type

from ..errors import Missing

try:
    import docker
    import requests
    from docker.errors import APIError, DockerException, TLSParameterError  # pylint: disable=unused-import
except ImportError as error:
    docker = requests = None  # type: ignore[assignment]
    IMPORT_ERROR: Any = error

    class DockerException(Exception):  # type: ignore[no-redef]
        """Stands for docker.errors.DockerException where docker-py is absent."""

    class APIError(DockerException):  # type: ignore[no-redef]
        """Stands for docker.errors.APIError where docker-py is absent."""

    class TLSParameterError(DockerException):  # type: ignore[no-redef]
        """Stands for docker.errors.TLSParameterError where docker-py is absent."""

    SDK_ERRORS: Tuple[Type[BaseException], ...] = (DockerException, OSError)
else:
    IMPORT_ERROR = None
    # ValueError: docker-py decodes answers and credentials with json and binascii, both of which raise children of it.
    SDK_ERRORS = (DockerException, requests.exceptions.RequestException, OSError, ValueError)


def require() -> None:
    """Raise Missing unless docker-py can be imported by the Python that runs the module."""
    if IMPORT_ERROR is None:
        return
    raise Missing(
        "The Python package docker (docker-py) is missing for %s: %s" % (sys.executable, IMPORT_ERROR),
        "Install Debian's python3-docker on the managed host, or pip install docker in a venv and set ansible_python_interpreter to it; "
        "the role flotilla.docker.docker_engine does this",
    )


def version() -> Any:
    """docker-py's version such as "7.2.0", or None where it is not installed."""
    return None if docker is None else docker.__version__
