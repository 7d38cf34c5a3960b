# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Converts values for a diff to the form in which a task has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Iterable, Mapping, Tuple

if TYPE_CHECKING:
    from ..option import Option
    from ..option_table import Difference

# Before and after of a diff, by option names.
Change = Tuple[Dict[str, Any], Dict[str, Any]]


def shown(values: Mapping[Option, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """Option names to values in the form of a task, with secrets masked."""
    return {name: word for option, value in values.items() for name, word in option.shown(value, params).items()}


def change(differences: Iterable[Difference], params: Mapping[str, Any]) -> Change:
    """Before and after of a diff. For an option with several members, only those that differ."""
    before, after = {}, {}
    for difference in differences:
        seen, wanted = (difference.option.shown(value, params) for value in (difference.observed, difference.desired))
        names = [name for name in wanted if len(wanted) == 1 or seen.get(name) != wanted[name]]
        before.update({name: seen.get(name) for name in names})
        after.update({name: wanted[name] for name in names})
    return before, after
