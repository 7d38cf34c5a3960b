# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of ready and drain. What performs them is imported for members that have these options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .members import Member

# pylint: disable=import-outside-toplevel
if TYPE_CHECKING:
    from ..ledger import Steps


def check(member: Member) -> None:
    """Raise BadOption for invalid values."""
    if member.ready is not None or member.drain is not None:
        from . import gates

        gates.check(member.ready, member.drain)


def ready(member: Member, container: Any) -> Steps:
    """After a start."""
    if member.ready is not None:
        from .gates import AwaitReady

        yield AwaitReady(container, member.ready)


def works(member: Member, container: Any) -> Steps:
    """Whether a container that an interrupted run started is ready."""
    if member.ready is None:
        return True
    from .gates import IsReady

    return (yield IsReady(container, member.ready)).value


def drain(member: Member, container: Any) -> Steps:
    """Before a stop."""
    if member.drain is not None:
        from .gates import Drain

        yield Drain(container, member.drain)
