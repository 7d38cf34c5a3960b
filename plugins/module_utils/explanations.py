# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Explains messages of other programs by tables of pattern, kind, cause and advice.

A table is a tuple of Rule. If several rules match, the first one applies, so specific rules come before general ones.
"""

from __future__ import annotations

import re
from typing import Iterable, NamedTuple, Sequence


class Rule(NamedTuple):
    """``pattern`` is a regular expression that is searched in a message; ``(?i)`` at its start ignores case.

    ``cause`` says what the message means and ``advice`` what to do. Both may have fields, which explain() fills.
    ``transient``: the same request may succeed later. ``where``: the rule applies only to addresses that start with this text.
    """

    kind: str
    pattern: str
    cause: str = ""
    advice: str = ""
    transient: bool = False
    where: tuple[str, ...] = ("",)


Rules = Sequence[Rule]


def first(rules: Rules, message: str, where: str = "") -> Rule | None:
    """The first rule that matches a message from the address ``where``, or None."""
    return next((rule for rule in rules if where.startswith(rule.where) and re.search(rule.pattern, message)), None)


def explain(rules: Rules, message: str, where: str = "", **fields: object) -> Rule | None:
    """first(), with the fields of cause and advice filled: {0}, {1} ... by the groups of the pattern, {where} by the address, {name} by ``fields``.

    A group that did not match is empty.
    """
    rule = first(rules, message, where)
    if rule is None:
        return None
    match = re.search(rule.pattern, message)
    groups = [group or "" for group in match.groups()] if match else []
    fields["where"] = where
    return rule._replace(cause=rule.cause.format(*groups, **fields), advice=rule.advice.format(*groups, **fields))


def grouped(rules: Rules, messages: Iterable[str]) -> list[tuple[Rule, list[str]]]:
    """Each rule that matches any of the messages, with these messages, in the order of the table."""
    known = list(messages)
    found = ((rule, [message for message in known if re.search(rule.pattern, message)]) for rule in rules)
    return [(rule, matching) for rule, matching in found if matching]
