# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every variable of the roles may arrive as text: from -e name=value, from a survey, from an inventory in INI form."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

sys.path.append(str(Path(__file__).resolve().parent))

from evaluated import ROLES, Role, facts_of, load, variables_of  # noqa: E402  pylint: disable=wrong-import-position

# What a variable means, and the texts that mean the same.
LIST, DICT = ["first", "second"], {"first": "one", "second": "two"}
TEXTS = {
    "bool": [
        (True, ["true", "True", "yes", "on", "1", True, 1]),
        (False, ["false", "False", "no", "off", "0", False, 0]),
    ],
    "int": [(90, ["90", " 90", 90])],
    "float": [(2.5, ["2.5", " 2.5 ", 2.5]), (20.0, ["20", 20])],
    "numbers": [
        ([200, 204], ["200,204", "200, 204", "[200, 204]", "['200', '204']", [200, "204"]]),
        ([200], ["200", 200]),
    ],
    "list": [
        (
            LIST,
            ["first,second", "first, second", '["first", "second"]', "['first', 'second']", "[first, second]", LIST],
        ),
        (LIST, ["first\nsecond", "first\nsecond\n", "- first\n- second\n"]),
        (["first"], ["first", '["first"]', ["first"]]),
        ([], ["", "[]", []]),
    ],
    "dict": [
        (
            DICT,
            ['{"first": "one", "second": "two"}', "{'first': 'one', 'second': 'two'}", "first=one second=two", DICT],
        ),
        (DICT, ["first=one,second=two"]),
        ({}, ["{}", {}]),
    ],
    "str": [("28.1", ["28.1", 28.1]), ("", [""])],
}
NUMBERS = ("rollout_ready_status",)
LOGINS = [{"registry": "hub:5000", "username": "ops", "password": "x, [y]"}]
WRONG = {"bool": "maybe", "int": "90s", "float": "some", "numbers": "200,ok"}
PREFIX = re.compile(r"^(docker_engine|registry_cache|flow|rollout)_")


class Cache(Role):
    """The role registry_cache."""

    name = "registry_cache"


class Flow(Cache):
    """The role flow."""

    name = "flow"


class Rollout(Cache):
    """The role rollout."""

    name = "rollout"


ROLE_CLASSES = {"docker_engine": Role, "registry_cache": Cache, "flow": Flow, "rollout": Rollout}


def described(role):
    entries = load(ROLES / role / "meta" / "argument_specs.yml")["argument_specs"].values()
    return {name: option for entry in entries for name, option in entry["options"].items()}


def options(role, *kinds):
    return {name: option for name, option in described(role).items() if option["type"] in kinds}


TYPED = [
    (role, name, "numbers" if name in NUMBERS else option["type"])
    for role in ROLE_CLASSES
    for name, option in options(role, "bool", "int", "float", "list", "dict").items()
    if option.get("elements") != "raw" or name in NUMBERS
]
FORMS = [
    (role, name, kind, meant, text) for role, name, kind in TYPED for meant, texts in TEXTS[kind] for text in texts
]


def typed(role, name, value):
    found = ROLE_CLASSES[role](facts_of("ID=debian"))
    found.variables[name] = value
    return found.evaluate("{{ _%s_typed.%s }}" % (role, PREFIX.sub("", name)))


@pytest.mark.parametrize("role", ROLE_CLASSES)
def test_every_form_of_text_means_what_it_says(role):
    """One role for all, because each evaluation of a role takes time."""
    instance = ROLE_CLASSES[role](facts_of("ID=debian"))
    wrong = []
    for _role, name, kind, meant, text in (form for form in FORMS if form[0] == role):
        instance.variables[name] = text
        found = instance.evaluate("{{ _%s_typed.%s }}" % (role, PREFIX.sub("", name)))
        if found != meant or not isinstance(found, type(meant)):
            wrong.append((name, kind, text, found))
    assert wrong == []


@pytest.mark.parametrize("role", ROLE_CLASSES)
def test_ansible_takes_these_texts_for_the_described_type(role):
    spec = described(role)
    refused = [
        (name, text)
        for _role, name, kind, _meant, text in FORMS
        if _role == role and ArgumentSpecValidator(spec).validate({name: text}).error_messages
    ]
    assert refused == []


TEXT_VARIABLES = [
    (role, name, option.get("default", "web1"))
    for role in ("docker_engine", "registry_cache")
    for name, option in options(role, "str", "path").items()
    if "choices" not in option
]


@pytest.mark.parametrize("empty", [None, ""])
def test_text_without_a_value_means_the_default(empty):
    """YAML's `docker_engine_http_proxy:` is null, and templates and surveys return empty text."""
    found = {name: typed(role, name, empty) for role, name, _default in TEXT_VARIABLES}
    assert found == {name: default for _role, name, default in TEXT_VARIABLES}


def test_logins_arrive_as_json():
    for value in (LOGINS, json.dumps(LOGINS), json.dumps(LOGINS[0]), str(LOGINS)):
        assert typed("docker_engine", "docker_engine_registry_logins", value) == LOGINS


@pytest.mark.parametrize("role, name, kind", [entry for entry in TYPED if entry[2] in WRONG])
def test_other_text_is_refused_with_the_name_of_the_variable(role, name, kind):
    if kind != "numbers":
        refused = ArgumentSpecValidator(described(role)).validate({name: WRONG[kind]}).error_messages
        assert name in " ".join(refused)
    with pytest.raises(AnsibleError) as failure:
        typed(role, name, WRONG[kind])
    assert f"{name} must be " in str(failure.value)


def test_numbers_and_truth_values_in_environments_become_text():
    for name in ("docker_engine_environment", "docker_engine_log_options", "docker_engine_rootless_environment"):
        assert typed("docker_engine", name, {"A": 3, "B": True, "C": "x"}) == {"A": "3", "B": "true", "C": "x"}


@pytest.mark.parametrize("role", ROLE_CLASSES)
def test_tasks_use_the_typed_value_only(role):
    kinds = ["bool", "int", "float", "list", "dict"] + (
        ["str", "path"] if role in ("docker_engine", "registry_cache") else []
    )
    names = [name for name, option in options(role, *kinds).items() if "choices" not in option]
    raw = re.compile(r"(?<!\w)({})(?!\w)".format("|".join(names)))
    files = [
        path for folder in ("tasks", "vars", "handlers", "templates") for path in (ROLES / role / folder).rglob("*.*")
    ]
    found = []
    for path in files:
        for expression in expressions(path.read_text(encoding="utf-8")) if path.name != "typed.yml" else ():
            found += [(path.name, name) for name in raw.findall(expression)]
    assert found == []


@pytest.mark.parametrize("role", ROLE_CLASSES)
def test_no_key_has_the_name_of_a_method_of_dictionaries(role):
    """Jinja returns the method where the dictionary has no such key: `set['update'] | default(omit)` is never omitted."""
    methods = "|".join(name for name in dir(dict) if not name.startswith("_"))
    taken = re.compile(rf"""\[["']({methods})["']\]|(?<=[\w)\]])\.({methods})\b(?!\()""")
    files = [
        path for folder in ("tasks", "vars", "handlers", "templates") for path in (ROLES / role / folder).rglob("*.*")
    ]
    files += ROLES.parent.glob("playbooks/*.yml")
    assert [(path.name, found[0]) for path in files for found in taken.finditer(code(path))] == []


def code(path):
    """A file without names of modules and comments."""
    return re.sub(r"ansible\.builtin\.\w+|^ *#.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)


def expressions(text):
    """Templates and conditions of a file. Names in quotes are words of a message. The block of converted variables is left out."""
    text = re.sub(r"^_\w+_typed:\n(  .*\n)+", "", text, flags=re.MULTILINE)
    text = re.sub(r'"(?:[^"{}\n]|{(?!{))*"', '""', text)
    templates = re.findall(r"{{(.*?)}}|{%(.*?)%}", text, re.DOTALL)
    conditions = re.findall(r"^ *(?:- )?(?:when|that|changed_when|failed_when|until): (.*)$", text, re.MULTILINE)
    for expression in [*("".join(groups) for groups in templates), *conditions]:
        yield re.sub(r"'[^']*'", "''", expression)


@pytest.mark.parametrize("role", ROLE_CLASSES)
def test_every_variable_that_is_no_text_has_a_typed_value(role):
    names = {PREFIX.sub("", name) for name in options(role, "bool", "int", "list", "dict")}
    assert names <= set(variables_of(role)[f"_{role}_typed"])
