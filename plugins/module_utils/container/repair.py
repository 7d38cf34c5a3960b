# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Repairs that leave the container in place: limits and networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generator, Mapping

from ..network.endpoint import marked, shown
from . import display
from .handle import Handle
from .steps import Connect, Disconnect, Update

if TYPE_CHECKING:
    from ..option_table import Difference


def update_step(
    container: Handle, inspected: Mapping[str, Any], differences: list[Difference], params: Mapping[str, Any]
) -> Update | None:
    """One update of all differences; None if one of them needs a new container."""
    if not differences or not all(_can_change(difference, inspected) for difference in differences):
        return None
    body: dict[str, Any] = {}
    for difference in differences:
        body.update(difference.option.along(inspected["HostConfig"], _value(difference)))
    body.update({difference.option.live: _value(difference) for difference in differences if difference.option.live})
    former, lasting = _former(inspected["HostConfig"], body, differences)
    names = [difference.option.name for difference in differences]
    before, after = display.change(differences, params)
    return Update(container, body, former, names, before, after, lasting)


def _former(
    host: Mapping[str, Any], body: Mapping[str, Any], differences: list[Difference]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The update that goes back, and fields and names of options that the Engine cannot clear in place. It takes an empty value as "leave it"."""
    former, lasting = {}, {}
    options = {difference.option.live: difference.option for difference in differences}
    for field, value in body.items():
        option, before = options.get(field), host.get(field)
        if option is not None and option.reset is not None and option.is_unset({"HostConfig": dict(host)}):
            former[field] = option.reset
        elif before:
            former[field] = before
        elif option is not None and value:
            lasting[field] = option.name
    return former, lasting


def _can_change(difference: Difference, inspected: Mapping[str, Any]) -> bool:
    option = difference.option
    if option.live is None or not _value(difference):
        return False  # in an update, 0 means "no change" to the Engine
    host = inspected["HostConfig"]
    # The option that excludes it cannot be cleared in place.
    return not any(value == 0 and host.get(field) for field, value in option.along(host, _value(difference)).items())


def _value(difference: Difference) -> Any:
    """The value to send: some limits have a special value that clears them."""
    option = difference.option
    clears = difference.desired is None or (option.reset is not None and not option.normal(difference.desired))
    return option.reset if clears else difference.desired


def can_reconnect(differences: list[Difference]) -> bool:
    """Whether connecting again applies the difference: the Engine sets a MAC address at create, and ignores it at connect."""
    return not any(
        endpoint.get("MacAddress")
        and endpoint["MacAddress"] != ((difference.observed.get(name) or {}).get("MacAddress") or "").lower()
        for difference in differences
        for name, endpoint in difference.desired.items()
    )


def repair_networks(
    container: Handle, inspected: Mapping[str, Any], differences: list[Difference], record: bool
) -> Generator[Any, Any, bool]:
    """Connect and disconnect until the endpoints are as described. Returns whether there was a difference.

    ``record``: record on each endpoint that a task declared it.
    """
    attached = (inspected.get("NetworkSettings") or {}).get("Networks") or {}
    for difference in differences:
        for name, endpoint in difference.desired.items():
            if name in attached:
                yield Disconnect(container, name, attached[name])
            option = f"networks.{name}"
            yield Connect(
                container,
                name,
                marked(endpoint) if record else endpoint,
                {option: shown(difference.observed.get(name))},
                {option: shown(endpoint)},
            )
        for name in difference.removed:
            option = f"networks.{name}"
            yield Disconnect(container, name, attached[name], {option: shown(attached[name])}, {option: None})
    return bool(differences)
