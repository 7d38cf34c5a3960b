# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks and volumes of a set, created before its members by the code of network_create and volume_create."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Mapping, NamedTuple, Sequence

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .. import option_table
from ..errors import BadOption, FlotillaError

# pylint: disable=import-outside-toplevel  # what creates networks and volumes is imported for sets that have some
if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..ledger import Steps


class Kind(NamedTuple):
    """The differences between networks and volumes."""

    spec: Mapping[str, Any]
    decide: Callable[[Any, Mapping[str, Any]], Steps]
    # Options that allow the removal, if the task requests it.
    removal: Mapping[str, Any] = {}


def _networks() -> Kind:
    from ..network import options, plan

    return Kind(option_table.argument_spec(options.CONTROLS + options.ROWS), plan.decide)


def _volumes() -> Kind:
    from ..volume import options, plan

    return Kind(option_table.argument_spec(options.CONTROLS + options.ROWS), plan.decide, {"data": "delete"})


KINDS: Mapping[str, Callable[[], Kind]] = {"networks": _networks, "volumes": _volumes}


def read(params: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The checked options of all networks and volumes of the set, by the name of the option."""
    return {option: [_checked(option, entry, params) for entry in params[option] or []] for option in KINDS}


def make(engine: Engine, wanted: Mapping[str, Sequence[Mapping[str, Any]]]) -> Steps:
    """Create what is missing, and change what differs. Returns warnings."""
    warnings: list[str] = []
    for option, kind in KINDS.items():
        for options in wanted[option]:
            warnings += (yield from _decide(kind(), engine, options)).warnings
    return warnings


def remove(engine: Engine, wanted: Mapping[str, Sequence[Mapping[str, Any]]], params: Mapping[str, Any]) -> Steps:
    """Remove the networks or volumes, if the task requests it."""
    for option, kind in KINDS.items():
        if params[f"remove_{option}"]:
            for options in wanted[option]:
                yield from _decide(kind(), engine, dict(options, state="absent", **kind().removal))


def _decide(kind: Kind, engine: Engine, options: Mapping[str, Any]) -> Steps:
    try:
        return (yield from kind.decide(engine, options))
    except FlotillaError as error:
        # Containers on a network, which the message names; "members" of the set has other entries.
        error.facts.pop("members", None)
        raise


def _checked(option: str, entry: object, params: Mapping[str, Any]) -> dict[str, Any]:
    given = {"name": entry} if isinstance(entry, str) else entry
    if not isinstance(given, dict):
        raise BadOption(option, "must be names or dictionaries of options", got=entry, example=f"{option}: [front]")
    result = ArgumentSpecValidator(dict(KINDS[option]().spec)).validate(given)
    if result.error_messages:
        raise BadOption(
            option,
            "must have options of {}_create only: {}".format(option[:-1], "; ".join(map(str, result.error_messages))),
            example=f"{option}: [{{name: front}}]",
        )
    return dict(result.validated_parameters, timeout=params.get("timeout"))
