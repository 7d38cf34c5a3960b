# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A row of an option table, which has everything about one option of container_run, network_create or volume_create."""

from __future__ import annotations

from typing import Any, Callable, Mapping

from . import yaml_types
from .errors import BadOption

STRICT = "strict"
IGNORE = "ignore"
ALLOW_MORE = "allow_more_present"


# API values of a task by option name
Task = Mapping[str, Any]
Follows = Callable[[Task, str, Any], bool]


def never(task: Task, name: str, value: object) -> bool:
    """Default of ``follows``: no other option sets this one."""
    return False


def as_is(value: object) -> Any:
    """The value itself."""
    return value


def equal(desired: object, observed: object) -> bool:
    """Whether both are the same; the Engine stores an absent value as null, 0, an empty string or an empty list."""
    return desired == observed or (not desired and not observed)


def contains(desired: object, observed: object) -> bool:
    """Whether every requested field has its value; other fields may exist."""
    if not isinstance(desired, dict):
        return equal(desired, observed)
    found = observed if isinstance(observed, dict) else {}
    return all(contains(value, found.get(key)) for key, value in desired.items())


class Option:
    """An option whose value is one thing: a scalar, or a list whose order matters.

    ``path`` is its place in the create body and in inspect, such as "HostConfig.Memory".
    ``parse(name, value)`` converts the task's value to the API value, or raises BadOption; ``normal`` makes API values comparable.
    ``live`` is the field of POST /containers/{id}/update that changes it in place, and ``reset`` the value there that clears it, if
    there is one; ``since`` is the oldest API version that supports it.
    ``from_image`` is its path in the image's Config, where the image gives a default.
    ``show`` converts an API value to the form in which a task has it.
    ``range`` is the minimum and the maximum. ``kernel(info)`` says by the Engine's /info whether the kernel can enforce it: None
    if only the answer to create shows it. ``info`` is the field of /info with the Engine's default.
    ``default`` is the API value that means the same as no value, and ``empty_is_image`` says that an empty value means the image's value.
    ``follows(task, name, value)`` says that the Engine set an observed value because of other options of the task
    ({option name: API value}); ``name`` is the member of a MapOption. ``implied(task)`` is the value that the Engine sets because of them.
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
        flag: str | None = None,
        parse: Callable[[str, Any], Any] = lambda name, value: value,
        normal: Callable[[Any], Any] = as_is,
        matches: Callable[[Any, Any], bool] = equal,
        live: str | None = None,
        reset: object = None,
        since: str | None = None,
        from_image: str | None = None,
        mode: str | None = None,
        partners: dict[str, Any] | None = None,
        show: Callable[[Any], Any] = as_is,
        range: tuple[int, int] | None = None,
        kernel: Callable[[Mapping[str, Any]], bool | None] | None = None,
        info: str | None = None,
        default: object = None,
        empty_is_image: bool = False,
        follows: Follows = never,
        implied: Callable[[Task], Any] = lambda task: None,
        along: Callable[[Mapping[str, Any], Any], dict[str, Any]] = lambda host, value: {},
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
        # options that belong to this one, such as restart_retries to restart_policy: name -> (spec, help, flag)
        self.partners = partners or {}
        self.show = show
        self.range = range
        self.kernel = kernel
        self.info = info
        self.default = default
        self.empty_is_image = empty_is_image
        self.follows = follows
        self.implied = implied
        self.along = along

    def __repr__(self) -> str:
        return f"Option({self.name})"

    def desired(self, params: dict[str, Any]) -> Any:
        """The API value in the task; None if the task does not set the option."""
        value = params.get(self.name)
        # An empty text, which a template may produce for an undefined variable, means the default. For a list, Ansible makes [""] of it.
        return None if value in (None, "", [""]) else self.parse(self.name, value)

    def observed(self, inspected: dict[str, Any]) -> Any:
        """The API value that the container has."""
        return at(inspected, self.path)

    def given_by_image(self, image: dict[str, Any]) -> Any:
        """The value that the container has if the task does not set the option."""
        return at(image.get("Config") or {}, self.from_image) if self.from_image else None

    def write(self, body: dict[str, Any], desired: Any) -> None:
        """Put the value into a create body, in which the fields of Config are at the top level."""
        put(body, self.path, desired)

    def requires(self, desired: Any) -> str | None:
        """The oldest API version that can express this value."""
        return self.since

    def shown(self, value: Any, params: Mapping[str, Any]) -> dict[str, Any]:
        """The value in the form of a task, by the names of the option and those that belong to it. ``params`` are the task's."""
        return {self.name: None if value is None else self.show(value)}

    def names(self, desired: Any) -> list[str]:
        """The names that the label stores for a declared value: names of members, never values."""
        return []

    def merged(self, observed: Any, desired: Any) -> Any:
        """The value for a container that keeps what a task does not set."""
        return desired

    def same(self, desired: Any, observed: Any) -> bool:
        """Whether two API values mean the same to the Engine."""
        return self.matches(self.normal(desired), self.normal(observed))

    def is_unset(self, inspected: dict[str, Any]) -> bool:
        """Whether the object has the value that it would have without the option."""
        observed = self.observed(inspected)
        return not self.normal(observed) if self.default is None else self.same(self.default, observed)


class MapOption(Option):
    """An option whose value is a set of named members, such as env, labels, ports and mounts. Each is compared separately.

    ``parse`` converts the task's value to {name: value}, ``read`` the API's value; ``emit`` converts the map to the API's value.
    ``recorded(value)`` says that an observed member was declared after the object, whose label cannot be changed, was created.
    """

    is_map = True
    default_mode = ALLOW_MORE

    def __init__(
        self,
        *args: Any,
        read: Callable[[Any], dict] = lambda value: dict(value or {}),
        emit: Callable[[dict], Any] = as_is,
        recorded: Callable[[Any], bool] = lambda value: False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.read = read
        self.emit = emit
        self.recorded = recorded

    def observed(self, inspected: dict[str, Any]) -> Any:
        return self.read(at(inspected, self.path))

    def given_by_image(self, image: dict[str, Any]) -> Any:
        return self.read(at(image.get("Config") or {}, self.from_image)) if self.from_image else {}

    def write(self, body: dict[str, Any], desired: Any) -> None:
        put(body, self.path, self.emit(desired))

    def names(self, desired: Any) -> list[str]:
        return sorted(desired)

    def shown(self, value: Any, params: Mapping[str, Any]) -> dict[str, Any]:
        if not value:
            return {self.name: [] if value is not None and self.spec["type"] == "list" else value}
        is_set = self.show is as_is and all(entry is True for entry in value.values())
        return {self.name: sorted(value) if is_set else self.show(value)}

    def merged(self, observed: Any, desired: Any) -> Any:
        return dict(observed or {}, **desired)


def at(tree: object, path: str) -> Any:
    """The value at a path such as "HostConfig.Memory"; None if any part of the path is missing."""
    for part in path.split("."):
        if not isinstance(tree, dict):
            return None
        tree = tree.get(part)
    return tree


def put(body: dict[str, Any], path: str, value: object) -> None:
    """Set the value at a path of a create body, in which the fields of Config are at the top level."""
    parts = path.split(".")
    if parts[0] == "Config":
        parts = parts[1:]
    for part in parts[:-1]:
        body = body.setdefault(part, {})
    body[parts[-1]] = value


def pairs(option: str, value: Mapping[Any, Any], secret: Callable[[str], bool] = lambda name: False) -> dict[str, str]:
    """A dictionary of text to text. ``secret(name)`` says whether a value must not be shown in an error."""
    return {str(key): _pair(option, key, entry, secret(str(key))) for key, entry in value.items()}


def _pair(option: str, key: object, entry: object, secret: bool) -> str:
    return yaml_types.text(f"{option}.{key}", entry, lambda likely: f"{option}: {{{key}: '{likely}'}}", secret)


def loose_pairs(option: str, value: Mapping[Any, Any]) -> dict[str, str]:
    """A dictionary whose values become text; true and false are written as the Engine's drivers expect them."""
    result = {}
    for key, entry in value.items():
        if isinstance(entry, (dict, list)) or entry is None:
            raise BadOption(f"{option}.{key}", "must be a single value", got=entry, example=f"{option}: {{{key}: '1'}}")
        result[str(key)] = str(entry).lower() if isinstance(entry, bool) else str(entry)
    return result
