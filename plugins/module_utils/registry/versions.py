# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order of tags: releases by version, then pre-releases, then words, then names that change their image or are not versions."""

from __future__ import annotations

import re
from typing import Any, Iterable, NamedTuple

LAST, WORD, PRE_RELEASE, RELEASE = range(4)

_VERSION = re.compile(r"^v?(\d+(?:\.\d+)*)(.*)$", re.IGNORECASE)
# Words that mark a pre-release after a version, and how close to the release they are.
_STAGES = {
    "dev": 0, "snapshot": 0, "unstable": 0, "experimental": 0, "ea": 0, "test": 0,
    "a": 1, "alpha": 1, "m": 1,
    "b": 2, "beta": 2, "pre": 2, "preview": 2,
    "c": 3, "cr": 3, "rc": 3,
}  # fmt: skip
_STAGE = re.compile(r"(?:^|[-._])(" + "|".join(_STAGES) + r")[-.]?(\d*)(?=$|[-._])", re.IGNORECASE)
_MOVING = re.compile(
    r"^(latest|edge|main|master|trunk|head|tip|dev|devel|develop|development|rolling|canary|unstable|testing|next)(?=$|[-._])",
    re.IGNORECASE,
)
_NIGHTLY = re.compile(r"(?:^|[-._])(nightly|nightlies|snapshot|canary|daily|weekly)(?=$|[-._\d])", re.IGNORECASE)
_HASH = re.compile(
    r"^(?:(?:sha|git|commit)[-_]?[0-9a-f]{7,64}|[0-9a-f]{7,64}|sha256-[0-9a-f]{64}(?:\..*)?)$", re.IGNORECASE
)
# Tags such as 20260131 are versions; other numbers of seven digits or more are more likely hashes or numbers of builds.
_DATE = re.compile(r"^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$")


class Rank(NamedTuple):
    """Sorts tags by age: the newest is the greatest. Tags with the same rank are variants of one release."""

    group: int
    version: tuple
    stage: tuple = ()


def rank(tag: str) -> Rank:
    """The rank of a tag."""
    if _HASH.match(tag) and not _DATE.match(tag):
        return Rank(LAST, (0,), tuple(natural(tag)))
    if _NIGHTLY.search(tag):
        return Rank(LAST, (1,), tuple(natural(tag)))
    moving = _MOVING.match(tag)
    if moving:
        return Rank(LAST, (3 if moving.group(1).lower() == "latest" else 2,), (moving.group(1).lower(),))
    match = _VERSION.match(tag)
    if not match:
        return Rank(WORD, (), tuple(natural(tag)))
    version = tuple(int(part) for part in match.group(1).split("."))
    stage = _STAGE.search(match.group(2))
    if stage:
        return Rank(PRE_RELEASE, version, (_STAGES[stage.group(1).lower()], int(stage.group(2) or 0)))
    return Rank(RELEASE, version)


def newest_first(tags: Iterable[str]) -> list[str]:
    """Tags in order. Variants follow their release: 1.2, v1.2, 1.2-alpine."""
    return sorted(sorted(tags, key=_variant), key=rank, reverse=True)


def _variant(tag: str) -> tuple[list[Any], bool]:
    """The text after the version, and whether there is a v before it."""
    match = _VERSION.match(tag)
    return natural(match.group(2)) if match else [], not tag[:1].isdigit()


def natural(text: str) -> list[Any]:
    """A key that sorts 1.9 before 1.10."""
    return [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in re.split(r"(\d+)", text)]
