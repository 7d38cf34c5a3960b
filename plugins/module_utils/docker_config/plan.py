# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans a login or logout: reads the stored login, verifies credentials at the registry, and changes what is stored."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Generator, Mapping, NamedTuple

from ..docker_cli import Login, config_file, helper_of, keys_of, registry_key
from ..errors import ApiError, BadOption, StepFailed
from ..explanations import Rule, explain
from ..host import users
from ..step import Outcome, Step
from .file import ConfigFile, stored_in_file
from .helper import Helper

if TYPE_CHECKING:
    from ..engine.connection import Later
    from ..engine.engine import Engine

_FROM_WHERE = "The Engine sends the login, from its own host"
REFUSALS = (
    Rule(
        "denied",
        r"(?i)unauthorized|incorrect username or password|401|authentication required|no basic auth credentials|denied",
        "the registry refused the credentials",
        "Check username and password. Many registries require an access token instead of the password",
    ),
    Rule("rate_limited", r"(?i)toomanyrequests|429", "the registry limits the number of logins", "Try again later"),
    Rule(
        "certificate",
        r"x509|certificate",
        "the Engine does not trust the registry's certificate",
        "Give the registry's CA to the daemon with registry_certificates of docker_daemon_config",
    ),
    Rule(
        "plain_http",
        r"server gave HTTP response to HTTPS client",
        "the registry does not use TLS",
        "Use TLS, or list the registry in insecure-registries of the daemon",
    ),
    Rule(
        "address",
        r"invalid port|invalid character|no such registry",
        "the address is not valid",
        "Correct registry_url",
    ),
    Rule(
        "unreachable",
        r"(?i)no such host|connection refused|i/o timeout|deadline exceeded|no route to host|Client\.Timeout|EOF|server misbehaving",
        "the registry cannot be reached",
        f"Check the address and the network. {_FROM_WHERE}",
    ),
)


class Result(NamedTuple):
    """``stored_in`` is a path or the name of a helper's program."""

    registry: str
    stored_in: str
    status: str | None


class Place:
    """Where the login of one registry is stored: in config.json, or in a credential helper."""

    def __init__(self, config: ConfigFile, registry: str) -> None:
        self.config = config
        self.registry = registry
        self.content = config.read()
        name = helper_of(self.content, registry)
        self.helper = Helper(name, config.owner) if name else None

    @property
    def name(self) -> str:
        """The name for messages and results."""
        return self.helper.program if self.helper else self.config.path

    def read(self) -> Login | None:
        """The stored login, or None."""
        return (self.helper.get(self.registry) if self.helper else None) or stored_in_file(self.content, self.registry)

    def read_again(self) -> Login | None:
        """The login that is stored now."""
        self.content = self.config.read()
        return self.read()

    def write(self, login: Login | None) -> None:
        """Replace the stored login, or remove it, in all spellings of the registry."""
        if self.helper:
            if login:
                self.helper.store(self.registry, login)
            else:
                self.helper.erase(self.registry)
        # An empty entry means to the docker CLI that a credential store has the login.
        entry = None if login is None else {} if self.helper else login.entry()

        def change(content: dict[str, Any]) -> None:
            auths = dict(content.get("auths") or {})
            for key in keys_of(auths, self.registry):
                del auths[key]
            if entry is not None:
                auths[self.registry] = entry
            content["auths"] = auths

        self.config.update(change)


class Store(Step["Later"]):
    """Store a login, or remove it with None."""

    def __init__(self, place: Place, known: Login | None, login: Login | None) -> None:
        self._place = place
        self._known = known
        self._login = login
        verb = "store the login for" if login else "remove the login for"
        self.summary = f"{verb} {place.registry} in {place.name}"

    def predict(self, engine: Later) -> Outcome:
        return Outcome(True, before=self._shown(self._known), after=self._shown(self._login))

    def apply(self, engine: Later) -> Outcome:
        self._place.write(self._login)
        return self.predict(engine)

    def undo(self, engine: Later) -> bool | None:
        if self._place.read_again() == self._known:
            return False
        self._place.write(self._known)
        return None

    def _shown(self, login: Login | None) -> dict[str, Any]:
        """The login for a diff, without secrets: the user, and password or identity token."""
        if login is None:
            return {self._place.registry: None}
        kind = "identity token" if login.identity_token else "password"
        return {self._place.registry: f"{login.username or 'user'} with {kind}"}


class RequireOwner(Step["Later"]):
    """Fail, because the owner does not exist. In check mode, an earlier task may create the user, who then has no logins."""

    undoable = False

    def __init__(self, registry: str, params: Mapping[str, Any]) -> None:
        self.summary = f"store the login for {registry} in the configuration of user {params['owner']}"
        self._owner = params["owner"]
        self._changes = params["state"] == "present"

    def predict(self, engine: Later) -> Outcome:
        warning = f"User {self._owner} does not exist. Check mode assumes that an earlier task creates the user"
        return Outcome(self._changes, warnings=(warning,))

    def apply(self, engine: Later) -> Outcome:
        raise BadOption("owner", "must be a user of the managed host", got=self._owner, example="owner: ops")


def decide(later: Later, params: Mapping[str, Any]) -> Generator[Step[Any], Outcome, Result]:
    """The steps of registry_login; returns a Result. The Engine is only needed to verify credentials."""
    registry = _registry(params["registry_url"])
    if params["state"] == "present":
        _require_credentials(params)
    if params["owner"] and users.find(params["owner"]) is None:
        yield RequireOwner(registry, params)
        return Result(registry, params["config_path"] or f"~{params['owner']}/.docker/config.json", None)
    place = Place(_config(params), registry)
    known = place.read()
    if params["state"] == "absent":
        if known or keys_of(place.content.get("auths") or {}, registry):
            yield Store(place, known, None)
        return Result(registry, place.name, None)
    login, status = Login(params["username"], params["password"]), None
    if params["verify"]:
        engine = later.connect()
        login, status = _verified(engine, registry, login)
        if known and not params["reauthorize"] and _keeps_token(engine, registry, known, login):
            login = known
    if login != known:
        yield Store(place, known, login)
    return Result(registry, place.name, status)


def _require_credentials(params: Mapping[str, Any]) -> None:
    for option in ("username", "password"):
        if not params[option]:
            raise BadOption(
                option, "is required with state: present", example=f'{option}: "{{{{ registry_{option} }}}}"'
            )
    if ":" in params["username"]:
        raise BadOption("username", "must not have a colon", got=params["username"], example="username: ops")


def _registry(address: str) -> str:
    registry = registry_key(address)
    if not registry or any(character.isspace() for character in registry):
        raise BadOption(
            "registry_url",
            "must be the address of a registry",
            got=address,
            example="registry_url: registry.example.com:5000",
        )
    return registry


def _config(params: Mapping[str, Any]) -> ConfigFile:
    owner = None
    if params["owner"]:
        owner = users.find(params["owner"])
        if owner and os.geteuid() not in (0, owner.uid):
            raise BadOption(
                "owner",
                "can only be another user when the task runs as root",
                got=params["owner"],
                example="become: true",
            )
    if params["config_path"]:
        path = params["config_path"]
        if "\0" in path:
            raise BadOption("config_path", "must not contain a NUL character")
    elif owner:
        path = owner.in_home(".docker", "config.json")
    else:
        path = config_file()
    return ConfigFile(path, owner)


def _verified(engine: Engine, registry: str, login: Login) -> tuple[Login, str]:
    """The login to store, as the registry returned it, and the registry's message."""
    try:
        answer = engine.daemon.login(login.request(registry))
    except ApiError as error:
        rule = explain(REFUSALS, error.explanation)
        if rule is None:
            raise
        raise StepFailed(
            f"Cannot log in to {registry} as {login.username}: {rule.cause} ({error.explanation.strip()})",
            rule.advice,
            kind=rule.kind,
        ) from error
    token = answer.get("IdentityToken") or ""
    return (Login(login.username, "", token) if token else login), answer.get("Status") or ""


def _keeps_token(engine: Engine, registry: str, known: Login, login: Login) -> bool:
    """Whether a stored identity token is kept: the registry issues a new one at each login, and still accepts the stored one."""
    same_user = known.username in ("", login.username)
    return bool(known.identity_token and login.identity_token) and same_user and _accepts(engine, registry, known)


def _accepts(engine: Engine, registry: str, login: Login) -> bool:
    try:
        engine.daemon.login(login.request(registry))
    except ApiError:
        return False
    return True
