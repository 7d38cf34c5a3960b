# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The return values of docker_daemon_config."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping

from ..errors import FlotillaError
from ..masking import mask_credentials

if TYPE_CHECKING:
    from .host import DaemonHost
    from .plan import Done


def of(host: DaemonHost, params: Mapping[str, Any], done: Done) -> dict[str, Any]:
    """The return values, without the address of a rootless Engine."""
    asked = params["status"] and params["state"] == "present"
    status = {"status": read_status(host)} if asked else {}
    return dict(done._asdict(), options=mask_credentials(done.options, by_name=True), **status)


def read_status(host: DaemonHost) -> dict[str, Any] | None:
    """What docker_daemon_status returns; None if the address of the Engine is not valid."""
    # Most tasks do not ask for it.
    # pylint: disable-next=import-outside-toplevel
    from ..daemon_status import observation, status

    # pylint: disable-next=import-outside-toplevel
    from ..engine import connection

    options = host.connection
    try:
        later = connection.later(options)
    except FlotillaError:
        return None
    return dict(status.describe(later.address, observation.look(later, options["timeout"])), left_out=[])
