# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Handles values that YAML or a template converted although text was meant. They become text again if that is unambiguous, else they are refused.

YAML 1.1, which Ansible reads, converts yes, no, on and off to booleans, 22:22 to a number in base 60, and 0777 to an octal number.
"""

from __future__ import annotations

import re
from typing import Callable

from .errors import BadOption
from .masking import MASK

# Usual ports and groups below 60, which may follow the colon of a number in base 60.
_LOW_PORTS = frozenset((20, 21, 22, 23, 25, 37, 43, 49, 53))
_QUOTE = "Put it in quotes, or write | string behind a template"


def text(option: str, value: object, example: Callable[[str], str], secret: bool = False) -> str:
    """A string or an integer as text. ``example(likely)`` is a line of a task with the text that was probably meant."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    likely = _likely(value)
    raise BadOption(
        option,
        f"must be text; {_reading(value)}",
        got=MASK if secret else value,
        example=example(MASK if secret else likely),
    )


def word(option: str, value: object) -> str:
    """A word of a command line, from a string or any number."""
    if isinstance(value, float):
        return str(value)
    return text(option, value, lambda likely: f"{option}: [echo, '{likely}']")


def _reading(value: object) -> str:
    if isinstance(value, bool):
        words = "yes, on or true" if value else "no, off or false"
        return f"YAML read it as a boolean, probably from {words}. {_QUOTE}"
    if isinstance(value, float):
        return f"YAML read it as a number, and digits may have been lost, as in 1.10. {_QUOTE}"
    if value is None:
        return "YAML read it as null, as it reads nothing, ~ and null. Write '' for an empty text"
    return "YAML read it as a list or a dictionary"


def _likely(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, float) else ""


def mac(value: str) -> str:
    """The MAC address that YAML 1.1 reads as this number, or "": 41135085296 is "52:54:00:12:34:56"."""
    number = int(value) if re.match(r"[0-9]{1,15}$", value) else 0
    parts = []
    for _part in range(5):
        number, digit = divmod(number, 60)
        parts.append(digit)
    return ":".join(f"{part:02d}" for part in [number, *reversed(parts)]) if 0 < number < 100 else ""


def pair(value: int) -> str:
    """The text with one colon that YAML 1.1 reads as this number, as in ports and user:group: 541342 is "9022:22"."""
    return f"{value // 60}:{value % 60}"


def port(option: str, value: object) -> str:
    """An entry of a list of ports. A number is a container port, unless it looks like host:container in base 60."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 60:
        host, inside = divmod(value, 60)
        if value > 65535 or (inside in _LOW_PORTS and str(host).endswith(str(inside))):
            raise BadOption(
                option,
                f"must be text; YAML read {pair(value)} without quotes as the number {value} in base 60. Put it in quotes",
                got=value,
                example=f"{option}: ['{pair(value)}']",
            )
    return text(option, value, lambda likely: f"{option}: ['8080:80']")


def user(option: str, value: object) -> str:
    """A user by name or number. A number that looks like user:group in base 60 is refused."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 60:
        first, group = divmod(value, 60)
        if first == group or 1000 <= first <= 1010:
            raise BadOption(
                option,
                f"must be text; YAML may have read {pair(value)} without quotes as the number {value} in base 60. Put it in quotes",
                got=value,
                example=f"{option}: '{pair(value)}'",
            )
    return text(option, value, lambda likely: f"{option}: '1000:1000'")


_MODE = "mounts: [{{type: tmpfs, target: /run, tmpfs_mode: '{}'}}]"


def file_mode(option: str, value: object) -> int:
    """A file mode in octal as a number. 755 and '0755' are 0755; a number that YAML may have made of 0777 is refused."""
    if isinstance(value, int) and not isinstance(value, bool):
        likely = f"0{value:o}"
        if not _is_sensible(str(value)) or _is_sensible(likely[1:]):
            raise BadOption(
                option,
                f"must be text; YAML may have read {likely} without quotes as the octal number {value}. Put it in quotes",
                got=value,
                example=_MODE.format(likely),
            )
    given = text(option, value, lambda likely: _MODE.format("1777"))
    if not re.match(r"^0?o?[0-7]{1,4}$", given):
        raise BadOption(option, "must be an octal file mode", got=value, example=_MODE.format("1777"))
    return int(given.replace("o", ""), 8)


def _is_sensible(digits: str) -> bool:
    """Whether digits are a usual file mode: octal, with no more rights for others than for the group, and for the group than for the owner."""
    if not re.match(r"^1?[0-7]{3}$", digits):
        return False
    owner, group, other = (int(digit) for digit in digits[-3:])
    return owner | group == owner and group | other == group and owner in (4, 5, 6, 7)
