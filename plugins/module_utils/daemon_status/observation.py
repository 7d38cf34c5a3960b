# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks at a daemon from the host and over its API, without starting it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import FlotillaError
from ..host import daemon_facts
from . import diagnosis
from .facts import DaemonFacts

if TYPE_CHECKING:
    from ..engine.connection import Later
    from ..engine.engine import Engine


class Observation(NamedTuple):
    """One look at the daemon; ``version`` and ``info`` are empty unless it answered. ``error`` is why it did not, if it was queried."""

    host: DaemonFacts
    diagnosis: diagnosis.Diagnosis
    engine: Engine | None = None
    version: dict[str, Any] = {}
    info: dict[str, Any] = {}
    error: FlotillaError | None = None


def look(later: Later, timeout: float) -> Observation:
    """Ask the host, and the API only where that changes nothing."""
    facts = DaemonFacts(**daemon_facts.read(later.address.url, later.address.socket_path))
    if not diagnosis.may_connect(facts):
        return Observation(facts, diagnosis.not_answered(facts, None))
    try:
        engine = later.connect(timeout=timeout)
        return Observation(facts, diagnosis.answered(facts), engine, engine.daemon.version(), engine.daemon.info())
    except FlotillaError as error:
        return Observation(facts, diagnosis.not_answered(facts, error), error=error)
