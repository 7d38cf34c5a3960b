# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of an object that the Engine cannot change in place: a network or a volume. Its create body, and its differences."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Sequence

from . import declared
from .masking import mask_options, secrets_in_options
from .option import MapOption, Option
from .option_table import Difference


def create_body(name: str, desired: Mapping[Option, Any], track: bool) -> dict[str, Any]:
    """The body of a create request; with ``track``, its labels have the names of the declared options."""
    body: dict[str, Any] = {"Name": name}
    for option, value in desired.items():
        option.write(body, value)
    if track:
        body["Labels"] = dict(body.get("Labels") or {}, **{declared.LABEL: declared.to_label(desired)})
    return body


def differences(
    rows: Iterable[Option], desired: Mapping[Option, Any], inspected: Mapping[str, Any], track: bool
) -> list[Difference]:
    """Differences between the task and the object; with ``track``, also options that were declared at its creation and are not any more."""
    last = (declared.of_labels(inspected.get("Labels")) or {}) if track else {}
    found = (_difference(row, desired.get(row), row.observed(dict(inspected)), last) for row in rows)
    return [difference for difference in found if difference]


def _difference(row: Option, wanted: Any, seen: Any, last: Mapping[str, Any]) -> Difference | None:
    if isinstance(row, MapOption):
        return _map_difference(row, wanted, seen, last.get(row.name) or ())
    if wanted is not None:
        return None if row.matches(row.normal(wanted), row.normal(seen)) else Difference(row, wanted, seen)
    if row.name in last and row.normal(seen) != row.normal(row.reset) and seen:
        return Difference(row, None, seen, (row.name,))
    return None


def _map_difference(
    row: MapOption, wanted: Mapping[str, Any] | None, seen: Mapping[str, Any], last: Sequence[str]
) -> Difference | None:
    wanted = wanted or {}
    seen = declared.without_record(seen)
    changed = [name for name, value in wanted.items() if not row.matches(value, seen.get(name))]
    removed = [name for name in last if name in seen and name not in wanted]
    if not changed and not removed:
        return None
    return Difference(
        row,
        {name: wanted[name] for name in changed},
        {name: seen[name] for name in changed + removed if name in seen},
        tuple(removed),
    )


def shown(option: Option, value: object) -> Any:
    """A value in the form of a task, with secrets masked. Maps of text are shown by name."""
    if not isinstance(value, dict):
        return value
    return mask_options(declared.without_record(value))


def mask_params(params: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """A task's parameters as they may be shown, and the values that may appear nowhere."""
    masked, hidden = dict(params), set()
    for name in ("driver_options", "ipam_driver_options"):
        if params.get(name):
            masked[name] = mask_options(params[name])
            hidden |= secrets_in_options(params[name])
    return masked, hidden


def change(found: Iterable[Difference]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after of a diff: option names to values."""
    before, after = {}, {}
    for difference in found:
        before[difference.option.name] = shown(difference.option, difference.observed)
        after[difference.option.name] = shown(difference.option, difference.desired)
    return before, after


def declaration(desired: Mapping[Option, Any]) -> dict[str, Any]:
    """All values of a task, for the diff of a new object."""
    return {option.name: shown(option, value) for option, value in desired.items()}


def sentences(found: Iterable[Difference]) -> list[str]:
    """Each difference in words: "internal is false, must be true"."""
    return [text for difference in found for text in _sentences(difference)]


def _sentences(difference: Difference) -> list[str]:
    name = difference.option.name
    seen, wanted = (shown(difference.option, value) for value in (difference.observed, difference.desired))
    if not difference.option.is_map:
        return [f"{name} is {_text(seen)}, {_must(wanted, bool(difference.removed))}"]
    return [
        f"{name}.{member} is {_text((seen or {}).get(member))}, {_must((wanted or {}).get(member), member in difference.removed)}"
        for member in dict.fromkeys([*(wanted or {}), *(seen or {})])
    ]


def _must(wanted: object, removed: bool) -> str:
    return "which is no longer in the task" if removed else f"must be {_text(wanted)}"


def _text(value: object) -> str:
    if value is None:
        return "not set"
    return str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, str) else str(value)
