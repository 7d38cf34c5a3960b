# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Converts role variables, which are text if they come from -e name=value, from surveys or from inventories in INI format."""

from __future__ import annotations

import re
import shlex
from typing import Any

import yaml
from ansible.errors import AnsibleFilterError
from ansible.module_utils.parsing.convert_bool import boolean

_EXAMPLES = {
    "bool": "true",
    "int": "90",
    "float": "12.5",
    "list": "[first, second]",
    "numbers": "[200, 204]",
    "dict": "{name: value}",
}
_SCALARS = ("bool", "int", "float")
_ARTICLES = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "list": "a list",
    "numbers": "a list of whole numbers",
    "dict": "a dictionary",
}


def as_type(value: object, kind: str, name: str, elements: str = "") -> Any:
    """``value`` of the variable ``name`` as bool, int, float, str, list or dict. ``elements``: "str" or "int", the type of the members of a list or dict."""
    if value is None or value == "":
        if kind in _SCALARS:
            raise _error(kind, name, value)
        return {"str": "", "list": [], "dict": {}}[kind]
    if kind == "str":
        return _text(value)
    try:
        found = {"bool": _bool, "int": _int, "float": _float, "list": _list, "dict": _dict}[kind](value)
        if elements == "int":
            return [_int(item) for item in found]
    except (ValueError, TypeError, yaml.YAMLError) as error:
        raise _error("numbers" if elements == "int" else kind, name, value) from error
    if elements == "str":
        return {key: _text(item) for key, item in found.items()} if kind == "dict" else [_text(item) for item in found]
    return found


def _error(kind: str, name: str, value: object) -> AnsibleFilterError:
    # A long text, or one in braces, may contain a password.
    got = (
        f" (got {value!r})"
        if kind in _SCALARS
        else f" (got {'text' if isinstance(value, str) else type(value).__name__})"
    )
    return AnsibleFilterError(f"{name} must be {_ARTICLES[kind]}{got}. Example: {name}: {_EXAMPLES[kind]}")


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _bool(value: object) -> bool:
    return boolean(value, strict=True)


def _int(value: object) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError(value)
    return int(value)


def _float(value: object) -> float:
    if isinstance(value, bool):
        raise ValueError(value)
    return float(str(value))


def _list(value: object) -> list[Any]:
    if isinstance(value, (list, tuple)):
        return list(value)
    if not isinstance(value, str):
        if isinstance(value, dict):
            raise TypeError(value)
        return [value]
    text = value.strip()
    if text.startswith("[") or re.match(r"-\s", text):
        found = yaml.safe_load(text)
        if not isinstance(found, list):
            raise ValueError(value)
        return found
    if text.startswith("{"):
        return [_dict(text)]
    return [item.strip() for item in re.split(r"[,\n]", text) if item.strip()]


def _dict(value: object) -> dict[str, Any]:
    if isinstance(value, str):
        value = _dict_of_text(value.strip())
    if not isinstance(value, dict):
        raise TypeError(value)
    return dict(value)


def _dict_of_text(text: str) -> Any:
    pairs = [word.partition("=") for word in shlex.split(text.replace(",", " "))] if "=" in text else []
    if pairs and not text.startswith("{") and all(separator for _name, separator, _value in pairs):
        return {name: value for name, _separator, value in pairs}
    return yaml.safe_load(text)


class FilterModule:
    """The filter as Ansible finds it."""

    def filters(self) -> dict[str, Any]:
        return {"as_type": as_type}
