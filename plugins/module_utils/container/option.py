# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A row of the option table: everything that is known about one option of container_run."""

from __future__ import annotations

from typing import Any, Callable, Optional

from . import rules

STRICT = "strict"
IGNORE = "ignore"
ALLOW_MORE = "allow_more_present"


def as_is(value: Any) -> Any:
    """The value itself."""
    return value


class Option:
    """An option whose value is one thing: a scalar, or a list whose order matters.

    ``path`` such as "HostConfig.Memory" is where create takes it and where inspect shows it.
    ``parse(name, value)`` makes the API value of the task's value and raises BadOption; ``normal`` makes API values comparable.
    ``live`` is the field of POST /containers/{id}/update that changes it in place, and ``reset`` the value there that clears it, if
    there is one; ``since`` is the oldest API that knows it.
    ``from_image`` is its path in the image's Config, where the image gives a default.
    """

    is_map = False
    default_mode = STRICT

    def __init__(
        self,
        name: str,
        spec: dict[str, Any],
        path: str,
        help: tuple[str, ...] | str,
        aliases: tuple[str, ...] = (),
        flag: Optional[str] = None,
        parse: Callable[[str, Any], Any] = lambda name, value: value,
        normal: Callable[[Any], Any] = as_is,
        matches: Callable[[Any, Any], bool] = rules.equal,
        live: Optional[str] = None,
        reset: Any = None,
        since: Optional[str] = None,
        from_image: Optional[str] = None,
        mode: Optional[str] = None,
        partners: Optional[dict[str, Any]] = None,
    ) -> None:
        self.name = name
        self.spec = spec
        self.path = path
        self.help = help
        self.aliases = aliases
        self.flag = flag
        self.parse = parse
        self.normal = normal
        self.matches = matches
        self.live = live
        self.reset = reset
        self.since = since
        self.from_image = from_image
        self.mode = mode or self.default_mode
        # options that only say more about this one, such as restart_retries of restart_policy: name -> (spec, help, flag)
        self.partners = partners or {}

    def __repr__(self) -> str:
        return "Option(%s)" % self.name

    def desired(self, params: dict[str, Any]) -> Any:
        """The API value that the task asks for; None where it does not say."""
        value = params.get(self.name)
        return None if value is None else self.parse(self.name, value)

    def observed(self, inspected: dict[str, Any]) -> Any:
        """The API value that the container has."""
        return at(inspected, self.path)

    def given_by_image(self, image: dict[str, Any]) -> Any:
        """What the container would have if the task did not say."""
        return at(image.get("Config") or {}, self.from_image) if self.from_image else None

    def write(self, body: dict[str, Any], desired: Any) -> None:
        """Put the value into a create body, whose Config fields stand at the top."""
        put(body, self.path, desired)

    def requires(self, desired: Any) -> Optional[str]:
        """The oldest API version that can express this value."""
        return self.since


class MapOption(Option):
    """An option whose value is a set of named things: env, labels, ports, mounts. Each is compared by itself.

    ``parse`` makes {name: value} of the task's value, ``read`` of the API's value; ``emit`` makes the API's value of the map.
    """

    is_map = True
    default_mode = ALLOW_MORE

    def __init__(self, *args: Any, read: Callable[[Any], dict] = lambda value: dict(value or {}), emit: Callable[[dict], Any] = as_is, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read = read
        self.emit = emit

    def observed(self, inspected: dict[str, Any]) -> Any:
        return self.read(at(inspected, self.path))

    def given_by_image(self, image: dict[str, Any]) -> Any:
        return self.read(at(image.get("Config") or {}, self.from_image)) if self.from_image else {}

    def write(self, body: dict[str, Any], desired: Any) -> None:
        put(body, self.path, self.emit(desired))


def at(tree: Any, path: str) -> Any:
    """The value at "HostConfig.Memory"; None where any part of the way is missing."""
    for part in path.split("."):
        if not isinstance(tree, dict):
            return None
        tree = tree.get(part)
    return tree


def put(body: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a path of a create body. There the fields of Config stand at the top level."""
    parts = path.split(".")
    if parts[0] == "Config":
        parts = parts[1:]
    for part in parts[:-1]:
        body = body.setdefault(part, {})
    body[parts[-1]] = value
