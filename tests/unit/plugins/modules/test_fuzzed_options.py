# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any task gives a result or an error of this collection, and never a traceback."""

from __future__ import annotations

import importlib
import json
import os
from types import SimpleNamespace

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.arguments import CONNECTION
from ansible_collections.flotilla.docker.plugins.module_utils.container_set.plan import SetPlan
from ansible_collections.flotilla.docker.plugins.module_utils.container_set.spec import entry_spec
from ansible_collections.flotilla.docker.plugins.module_utils.errors import ApiError, FlotillaError
from ansible_collections.flotilla.docker.plugins.module_utils.ledger import Ledger
from ansible_collections.flotilla.docker.plugins.modules.system_prune import KINDS
from hypothesis import example, given, settings
from hypothesis import strategies as st

from .. import fuzz
from ..module_utils.in_memory.engine import Engine
from ..module_utils.network.builders import Engine as NetworkEngine
from ..module_utils.prune.builders import Engine as PruneEngine
from ..module_utils.volume.builders import Engine as VolumeEngine

MANY = settings(max_examples=60)


class Module:
    """The arguments that a module passes to the runner: its argument spec and its functions."""

    def __init__(self, name):
        module = importlib.import_module(f"ansible_collections.flotilla.docker.plugins.modules.{name}")
        given_to_runner = {}

        def run(decide=None, report=None, **arguments):
            given_to_runner.update(arguments, decide=decide, report=report)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(runner, "run", run)
            module.main()
        self.spec = given_to_runner["argument_spec"]
        self.decide = given_to_runner["decide"]
        self.report = given_to_runner["report"]
        self.mask = given_to_runner.get("mask")

    def run(self, engine, task, check=True):
        """One run. Values that Ansible refuses do not reach the module."""
        validated = ArgumentSpecValidator(dict(CONNECTION, **self.spec)).validate(task)
        if validated.error_messages:
            return
        params = validated.validated_parameters
        if self.mask:
            self.mask(params)
        try:
            decided = Ledger().perform(self.decide(engine, params), engine, check) if self.decide else None
            if self.report:
                self.report(engine, params, decided)
        except FlotillaError as error:
            assert str(error)


NETWORK, VOLUME, EXEC, INFO, PRUNE, LOGIN, SET = map(
    Module,
    (
        "network_create",
        "volume_create",
        "container_exec",
        "container_info",
        "system_prune",
        "registry_login",
        "container_set",
    ),
)


@MANY
@given(fuzz.tasks(NETWORK.spec))
def test_network_create(task):
    engine = NetworkEngine()
    engine.run(ipam_config=[{"subnet": "10.9.0.0/16"}], labels={"a": "b"})
    engine.container("web", "front")
    for check in (True, False):
        NETWORK.run(engine, dict({"name": "front"}, **task), check)


@MANY
@given(fuzz.tasks(VOLUME.spec))
def test_volume_create(task):
    engine = VolumeEngine()
    engine.run(driver_options={"type": "nfs", "device": ":/a"}, labels={"a": "b"})
    for check in (True, False):
        VOLUME.run(engine, dict({"name": "data"}, **task), check)


def engine_with_container():
    """An Engine with one running container, which refuses to run commands in it."""
    engine = Engine(address="unix:///var/run/docker.sock")
    engine.containers.add("web")
    engine.containers.log = b"\x01\0\0\0\0\0\0\x05line\n"
    engine.failures["create exec"] = ApiError("create exec", 400, "invalid value")
    return engine


@MANY
@given(fuzz.tasks(EXEC.spec))
@example({"command": "'"})
@example({"env_file": "\x00"})
@example({"argv": ["cat"], "creates": "/\x00"})
def test_container_exec(task):
    EXEC.run(
        engine_with_container(),
        dict({"container": "web"} if "argv" in task else {"container": "web", "command": "true"}, **task),
    )


@MANY
@given(fuzz.tasks(INFO.spec))
@example({"logs": {"grep": "("}})
def test_container_info(task):
    INFO.run(engine_with_container(), dict({"name": ["web"]}, **task))


ENTRIES = st.lists(
    st.builds(
        lambda name, task: dict({"name": name, "image": "busybox"}, **task),
        st.sampled_from(["web", "db"]),
        fuzz.tasks(entry_spec(), 3),
    ),
    max_size=2,
)


@MANY
@given(
    fuzz.tasks({name: spec for name, spec in SET.spec.items() if name not in ("containers", "defaults")}),
    ENTRIES,
    fuzz.tasks(entry_spec(), 2),
)
@example({}, [{"name": "web", "image": "busybox", "count": 2, "published_ports": ["8080-8081:80", "\x00"]}], {})
@example({"update": {"delay": "9" * 400}}, [], {})
@example({}, [{"name": "web", "image": "busybox", "depends_on": {"web": [], "": {"condition": {}}}}], {})
@example({"networks": [{"name": 5}, None, []], "volumes": [{"": ""}]}, [], {"name": "x"})
def test_container_set(task, entries, defaults):
    described = SetPlan()
    SET.decide, SET.report = described.decide, described.report
    SET.run(engine_with_container(), dict({"name": "shop", "containers": entries, "defaults": defaults}, **task))


@MANY
@given(fuzz.tasks(PRUNE.spec))
@example({"images_filters": {"until": "9" * 400}})
@example({"volumes_filters": {"all": []}})
@example({"containers_filters": {"until": "2026-13-45"}})
def test_system_prune(task):
    # Filters require the option of their kind of object.
    kinds = {kind: True for kind in KINDS if f"{kind}_filters" in task}
    for check in (True, False):
        PRUNE.run(PruneEngine(), dict(kinds or {"images": True}, **task), check)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder for config.json."""
    return str(tmp_path_factory.mktemp("home"))


def log_in(home, task):
    later = SimpleNamespace(connect=lambda **changes: Engine())
    known = {"username": "ops", "password": "secret", "config_path": os.path.join(home, "config.json")}
    LOGIN.run(later, dict(known, **task))


@MANY
@given(fuzz.tasks(LOGIN.spec))
@example({"config_path": "\x00"})
@example({"owner": "\x00"})
@example({"owner": ""})
def test_registry_login(home, task):
    log_in(home, task)


@MANY
@given(
    st.one_of(
        st.text(max_size=20),
        fuzz.ANYTHING.map(json.dumps),
        st.fixed_dictionaries(
            {},
            optional={
                "auths": st.one_of(
                    fuzz.ANYTHING,
                    st.fixed_dictionaries(
                        {"hub:5000": st.one_of(fuzz.ANYTHING, st.fixed_dictionaries({"auth": fuzz.ANYTHING}))}
                    ),
                ),
                "credHelpers": st.one_of(
                    fuzz.SCALARS, st.fixed_dictionaries({"hub:5000": st.one_of(fuzz.SCALARS, st.just([]))})
                ),
            },
        ).map(json.dumps),
    )
)
@example('{"auths": {"hub:5000": {"auth": 5}}}')
@example('{"auths": {"hub:5000": {"auth": "Og==", "identitytoken": 5}}}')
@example('{"credsStore": 5}')
@example('{"credsStore": ["pass"]}')
@example('{"credsStore": "\\u0000"}')
@example('{"auths": {"hub:5000": []}}')
def test_registry_login_with_any_config_json(home, content):
    with open(os.path.join(home, "config.json"), "wb") as file:
        file.write(content.encode("utf-8", "surrogatepass"))
    for state in ("present", "absent"):
        log_in(home, {"registry_url": "hub:5000", "state": state})
