# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns the failures of members into the failure of the set."""

from __future__ import annotations

from typing import Sequence

from ..errors import BadOption, FlotillaError, Missing, StepFailed


def of_member(name: str, error: FlotillaError) -> FlotillaError:
    """The error with the name of its member."""
    facts = {
        key: value for key, value in error.facts.items() if key not in ("kind", "transient", "option", "status_code")
    }
    return (
        StepFailed(f"{name}: {error}", **facts)
        if not isinstance(error, (BadOption, Missing))
        else Missing(f"{name}: {error}", **facts)
    )


def raise_all(errors: Sequence[FlotillaError]) -> None:
    """Raise the errors that were found before anything was changed."""
    if errors:
        raise Missing(" ".join(str(error) for error in errors[:5]) + _more(len(errors)), "Nothing was changed")


def of_set(errors: Sequence[FlotillaError], tried: int) -> FlotillaError:
    """The failure of a set, in which the change of ``tried`` members was tried."""
    return StepFailed(
        "{} of {} containers failed. {}{}".format(
            len(errors), tried, " ".join(str(error) for error in errors[:5]), _more(len(errors))
        ),
        "The value members has the result of each container",
    )


def _more(count: int) -> str:
    return f" And {count - 5} more" if count > 5 else ""
