# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps secrets out of results, diffs, messages and logs: values whose names look secret, and credentials in addresses."""

from __future__ import annotations

import json
import re
from typing import Any, Iterable, Mapping

MASK = "********"
_IN_ADDRESS = "***"
_LOOKS_SECRET = re.compile(
    r"passw|passphrase|secret|token|credential|private|api_?key|access_?key|auth|_key$|^key$|_pw$|_pwd$|dsn|database_url|connection_string",
    re.IGNORECASE,
)

# Keys and variables whose value is the address of a proxy: http-proxy, HTTPS_PROXY, HttpProxy; NO_PROXY is a list of names.
_PROXY_NAME = re.compile(r"(?<!no)(?<!no[_-])proxy$", re.IGNORECASE)
# The user in an SSH address is not secret, and a password in it is refused.
_URL = re.compile(r"(?<![\w+.-])(?!ssh://)([A-Za-z][\w+.-]*://)(\S+)")
# user:password@host without a scheme; name:tag@sha256:... is an image.
_BARE = re.compile(r"(?<![\w/@:])[^\s:@/=,\"'()\[\]{}]*:(?!//)\S+@(?!sha\d{3}:)(?=[\w\[])")


def mask_credentials(value: object, by_name: bool = False) -> Any:
    """The value with user and password of every address masked, also in lists and dicts.

    ``by_name`` also hides texts in dicts whose keys look secret, such as splunk-token.
    """
    if isinstance(value, str):
        return _masked_text(value)
    if isinstance(value, dict):
        return {key: _masked_item(str(key), item, by_name) for key, item in value.items()}
    if isinstance(value, list):
        return [mask_credentials(item, by_name) for item in value]
    return value


def mask_address(address: str) -> str:
    """The address of a proxy, with or without a scheme, without user and password. Any character may be part of a password."""
    scheme, rest = re.match(r"([A-Za-z][\w+.-]*://)?(.*)", address, re.DOTALL).groups()  # type: ignore[union-attr]
    before, at, host = rest.rpartition("@")
    return f"{scheme or ''}{_IN_ADDRESS}@{host}" if at else address


def credentials_in(value: object) -> set[str]:
    """user:password of every proxy in dicts, to mask these texts everywhere. Short ones are only masked in place, because they would mask other words."""
    found: set[str] = set()
    for name, item in value.items() if isinstance(value, dict) else ():
        if isinstance(item, str) and _PROXY_NAME.search(str(name)):
            before = item.rpartition("@")[0].rpartition("://")[2]
            found.update([before] if len(before) >= 6 else [])
        found |= credentials_in(item)
    return found


def mask_value(name: str, value: object) -> Any:
    """The value of a variable or label without user and password of addresses in it; ``name`` says whether it is the address of a proxy."""
    return _masked_item(name, value, by_name=False)


def credentials_of(name: str, value: str) -> set[str]:
    """user:password of the addresses in a value, for what must appear nowhere, unless the password is so short that it would hide other words."""
    found = []
    if _PROXY_NAME.search(name):
        found = [value.rpartition("@")[0].rpartition("://")[2]]
    elif "@" in value:
        found = [match.group(2).rpartition("@")[0] for match in _URL.finditer(value) if _masked_url(match) != match[0]]
    return {text for text in found if len(text.partition(":")[2]) >= 6}


def mask_file(text: str) -> list[str]:
    """Lines of a file with secrets masked: JSON, or a systemd unit."""
    try:
        value = json.loads(text)
    except ValueError:
        return [_masked_line(line) for line in text.splitlines()]
    return json.dumps(mask_credentials(value, by_name=True), indent=2, sort_keys=True, ensure_ascii=False).splitlines()


def is_secret(name: str, named: Iterable[str] = ()) -> bool:
    """Whether a variable's value must not be shown."""
    return name in named or (bool(_LOOKS_SECRET.search(name)) and not name.upper().endswith(("_FILE", "_PATH")))


def _masked_item(name: str, item: object, by_name: bool) -> Any:
    if not isinstance(item, str):
        return mask_credentials(item, by_name)
    if by_name and is_secret(name):
        return MASK
    return mask_address(item) if _PROXY_NAME.search(name) else _masked_text(item)


def _masked_line(line: str) -> str:
    """A line of a systemd unit."""
    variable = re.match(r'(Environment="?)(\w+)=(.*?)("?)$', line, re.DOTALL)
    if variable is None:
        return _masked_text(line)
    start, name, value, end = variable.groups()
    return f"{start}{name}={_masked_item(name, value, by_name=True)}{end}"


def _masked_text(text: str) -> str:
    if "@" not in text:
        return text
    flag = re.match(r"(--[\w-]+)=(.*)$", text, re.DOTALL)
    if flag and _PROXY_NAME.search(flag.group(1)):
        return f"{flag.group(1)}={mask_address(flag.group(2))}"
    return _BARE.sub(f"{_IN_ADDRESS}@", _URL.sub(_masked_url, text))


def _masked_url(match: re.Match[str]) -> str:
    scheme, rest = match.groups()
    authority = rest.split("/", 1)[0]
    port = authority.rpartition(":")[2] if ":" in authority else "0"
    # With a slash in the password, the text before it looks like host and port.
    if "@" in rest and ("@" in authority or not port.isdigit()):
        return f"{scheme}{_IN_ADDRESS}@{rest.rpartition('@')[2]}"
    return str(match.group(0))


# In mount options such as those of CIFS: "username=web,password=...,vers=3.0".
_IN_OPTIONS = re.compile(r"(^|,)(\s*[\w-]*(?:passw\w*|pass|secret|token))=([^,]*)", re.IGNORECASE)


def mask_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options of a driver with secrets masked, those inside a list of mount options too."""
    return {
        name: MASK
        if is_secret(name)
        else mask_value(name, _IN_OPTIONS.sub(rf"\1\2={MASK}", value) if isinstance(value, str) else value)
        for name, value in options.items()
    }


def secrets_in_options(options: Mapping[str, Any]) -> set[str]:
    """The values that mask_options masks, if they are long enough not to occur in other words."""
    found = {str(value) for name, value in options.items() if is_secret(name)}
    for value in options.values():
        if isinstance(value, str):
            found.update(match[2] for match in _IN_OPTIONS.findall(value))
    return {value for value in found if len(value) >= 6}
