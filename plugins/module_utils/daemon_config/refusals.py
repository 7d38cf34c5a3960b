# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Explains why dockerd refuses a configuration: which option of the task is wrong, what it must be, and a valid example.

The patterns match messages of dockerd 20.10 to 28.5.
"""

from __future__ import annotations

import difflib
import json
import re
from typing import Any, Callable, Iterable, NamedTuple, Sequence

from ..errors import BadOption, FlotillaError, Missing
from ..masking import mask_credentials
from .daemon_json import BREAKS_LIVE_RESTORE, RELOADABLE

# Types of Go with their names in YAML, and how to convert a value if that is unambiguous.
_TYPES = {
    "bool": "true or false",
    "int": "a number",
    "string": "a string",
    "[]string": "a list of strings",
    "[]net.IP": "a list of IP addresses",
    "map[string]string": "a dictionary of strings",
    "map[string]bool": "a dictionary of true or false",
}
_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
# Lines that contain the reason come before lines that only refer to help.
_REASON = re.compile(
    r"^(?:Status: )?(?:unable to (?:configure|parse)|unknown (?:shorthand )?flag|invalid argument|flag needs an argument|Error\b)"
)
_NO_REASON = re.compile(r"^(?:See 'dockerd|Usage:|time=|A self-sufficient runtime)|level=(?:info|debug|warning)")


class Configuration(NamedTuple):
    """The configuration that dockerd validated: daemon.json, the flags of all tasks, and ``known_flags()``, the flags that dockerd has."""

    document: dict[str, Any]
    flags: tuple[str, ...]
    known_flags: Callable[[], list[str]]


def reason_in(output: str) -> str:
    """The line of dockerd's output with the reason, without the repeated file name."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    reasons = [line for line in lines if _REASON.search(line)]
    others = [line for line in lines if not _NO_REASON.search(line)]
    line = (reasons[:1] or others[:1] or lines[-1:] or ["it gave no reason"])[0]
    line = re.sub(r"^Status: |, Code: \d+$", "", line)
    line = re.sub(r"^unable to configure the Docker daemon with file \S+: (?:invalid JSON: )?", "", line)
    return line.rstrip(". ")


def explain(output: str, asked: Configuration) -> FlotillaError:
    """The error for an output of dockerd."""
    reason = reason_in(output)
    for pattern, rule in _RULES:
        match = re.search(pattern, reason)
        error = match and rule(asked, match)
        if error:
            break
    else:
        error = _general(asked, reason)
    error.advice = f"The Engine reports: {mask_credentials(reason)}. Nothing was changed"
    return error


Rule = Callable[[Configuration, "re.Match[str]"], "FlotillaError | None"]


def _unknown_flag(asked: Configuration, match: re.Match[str]) -> FlotillaError:
    name = match.group(1)
    given = _given(asked.flags, name)
    if given is None:
        return _unit()
    close = difflib.get_close_matches(name.partition("=")[0], asked.known_flags(), 1)
    given = str(mask_credentials(given))
    example = 'flags: ["{}"]'.format(given.replace(name.partition("=")[0], close[0], 1)) if close else ""
    return BadOption("flags", "must be flags that this dockerd has (see dockerd --help)", got=given, example=example)


def _flag_value(asked: Configuration, match: re.Match[str]) -> FlotillaError:
    name = match.group(1).split(", ")[-1].split(" ")[-1]
    given = _given(asked.flags, *match.group(1).split(", "))
    return (
        _unit()
        if given is None
        else BadOption("flags", f"must give {name} a value that dockerd accepts", got=mask_credentials(given))
    )


def _unit() -> FlotillaError:
    return Missing("The command line of docker.service is not valid, apart from this task")


def _twice(asked: Configuration, match: re.Match[str]) -> FlotillaError:
    key = match.group(1)
    if _given(asked.flags, "--" + key, "--" + re.sub(r"s$", "", key)):
        return BadOption(
            "flags",
            f"must not set {key}, because daemon.json sets it too; dockerd takes it from one of them only",
            got=list(asked.flags),
        )
    values = asked.document.get(key)
    flags = [f"--{re.sub(r's$', '', key)}={value}" for value in (values if isinstance(values, list) else [values])]
    return BadOption(
        "options",
        f"must not set {key}, because docker.service sets it on the command line; add it with flags",
        got={key: mask_credentials(values)},
        example=f"flags: {json.dumps(mask_credentials(flags))}",
    )


def _unknown_key(asked: Configuration, match: re.Match[str]) -> FlotillaError:
    names = match.group(1).split(", ")
    known = {flag[2:] for flag in asked.known_flags()}
    known |= {name + "s" for name in known} | RELOADABLE | BREAKS_LIVE_RESTORE
    close = [found for name in names for found in difflib.get_close_matches(name, known - {name}, 1)]
    hint = f" (similar: {', '.join(close)})" if close else ""
    if any(name in ("http-proxy", "https-proxy", "no-proxy") for name in names):
        hint = "; before Docker Engine 23.0 proxies are set with environment"
    return BadOption("options", f"must only have options that this Engine supports{hint}", got=", ".join(names))


def _wrong_type(asked: Configuration, match: re.Match[str]) -> FlotillaError:
    # Go 1.24 and newer write the names of Go structures before the option: CommonConfig.DNSConfig.dns.
    path, kind = re.sub(r"^([A-Z]\w*\.)+", "", match.group(1)).split("."), match.group(2)
    key = path[0]
    value = asked.document.get(key)
    expected = _TYPES.get(kind, f"a value of the type {kind}")
    bad = _values_of_other_types(value, path[1:], kind)
    fixed = _converted(value, path[1:], kind)
    return BadOption(
        "options",
        f"must have {expected} as {'.'.join(path)}" + (f" {' and '.join(bad)}" if bad and len(path) == 1 else ""),
        got={key: mask_credentials(value, by_name=True)},
        example="" if fixed is None else f"options: {json.dumps({key: mask_credentials(fixed, by_name=True)})}",
    )


def _values_of_other_types(value: object, path: Sequence[str], kind: str) -> list[str]:
    """Names of the wrong values in a dictionary: older Engines do not report them."""
    if path or not isinstance(value, dict) or kind not in ("string", "bool"):
        return []
    wanted = str if kind == "string" else bool
    return [str(name) for name, item in value.items() if not isinstance(item, wanted)]


def _converted(value: object, path: Sequence[str], kind: str) -> Any:
    """The value converted to the right type, if that is unambiguous; None otherwise."""
    if isinstance(value, dict) and kind in ("string", "bool", "int"):
        changed = {
            name: item if path and name != path[0] else _converted(item, path[1:], kind) for name, item in value.items()
        }
        return None if None in changed.values() else changed
    convert = _CONVERSIONS.get(kind)
    return convert(value) if convert else None


def _as_string(value: object) -> str | None:
    if isinstance(value, bool):
        return json.dumps(value)
    return str(value) if isinstance(value, (str, int, float)) else None


def _as_bool(value: object) -> bool | None:
    return value if isinstance(value, bool) else _WORDS.get(str(value).lower())


def _as_int(value: object) -> int | None:
    return int(str(value)) if re.match(r"^-?\d+$", str(value)) else None


def _as_list(value: object) -> list[str] | None:
    return [value] if isinstance(value, str) else None


def _as_map(value: object) -> dict[str, str] | None:
    if not isinstance(value, list) or not all("=" in str(item) for item in value):
        return None
    return dict(str(item).split("=", 1) for item in value)


# Go type to what makes a value of it, or None if that is not certain
_CONVERSIONS: dict[str, Callable[[object], Any]] = {
    "string": _as_string,
    "bool": _as_bool,
    "int": _as_int,
    "[]string": _as_list,
    "[]net.IP": _as_list,
    "map[string]string": _as_map,
}


def _general(asked: Configuration, reason: str) -> FlotillaError:
    """The error for an option that the reason quotes."""
    reason = re.sub(r"^(?:merged )?configuration validation from file(?: and command line flags)? failed: ", "", reason)
    keys = {
        key: value
        for key, value in asked.document.items()
        if any(_quotes(reason, text) for text in (key, *_texts(value)))
    }
    flags = [flag for flag in asked.flags if _quotes(reason, flag.rpartition("=")[2])]
    if flags and not keys:
        return BadOption("flags", "must be accepted by this Engine", got=mask_credentials(flags))
    return BadOption(
        "options", "must be accepted by this Engine", got=mask_credentials(keys or asked.document, by_name=True)
    )


def _quotes(reason: str, text: str) -> bool:
    return bool(text) and re.search(rf"(?<![\w.-]){re.escape(text)}(?![\w-])", reason) is not None


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif not isinstance(value, bool):
        yield str(value)


def _given(flags: Sequence[str], *names: str) -> str | None:
    """The flag that begins with one of these names."""
    return next((flag for flag in flags if flag in names or flag.split("=", 1)[0] in names), None)


# pattern of the reason, and a function that returns the error, or None if it does not apply
_RULES: tuple[tuple[str, Rule], ...] = (
    (r"unknown flag: (\S+)", _unknown_flag),
    (r"unknown shorthand flag: .* in (\S+)", _unknown_flag),
    (r'invalid argument .* for "([^"]+)" flag', _flag_value),
    (r"flag needs an argument: (?:'\w' in )?(\S+)", _flag_value),
    (r"directives? (?:are|is) specified both as a flag and in the configuration file: ([\w-]+)", _twice),
    (r"directives don't match any configuration option: (.+)", _unknown_key),
    (r"cannot unmarshal \S+ into Go struct field Config\.([\w.-]+) of type (\S+)", _wrong_type),
)
