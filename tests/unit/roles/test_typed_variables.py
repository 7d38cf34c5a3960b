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
LOGINS = [{"registry": "hub:5000", "username": "ops", "password": "x, [y]"}]
WRONG = {"bool": "maybe", "int": "90s"}
PREFIX = re.compile(r"^_?(docker_engine|registry_cache)_")


class Cache(Role):
    """The role registry_cache."""

    name = "registry_cache"
    not_run = {}


ROLE_CLASSES = {"docker_engine": Role, "registry_cache": Cache}


def described(role):
    return load(ROLES / role / "meta" / "argument_specs.yml")["argument_specs"]["main"]["options"]


def options(role, *kinds):
    return {name: option for name, option in described(role).items() if option["type"] in kinds}


TYPED = [
    (role, name, option["type"])
    for role in ROLE_CLASSES
    for name, option in options(role, "bool", "int", "list", "dict").items()
    if option.get("elements") != "raw"
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


def test_logins_arrive_as_json():
    for value in (LOGINS, json.dumps(LOGINS), json.dumps(LOGINS[0]), str(LOGINS)):
        assert typed("docker_engine", "docker_engine_registry_logins", value) == LOGINS


@pytest.mark.parametrize("role, name, kind", [entry for entry in TYPED if entry[2] in WRONG])
def test_other_text_is_refused_with_the_name_of_the_variable(role, name, kind):
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
    names = [name for kind in ("bool", "int", "list", "dict") for name in options(role, kind)]
    raw = re.compile(r"(?<!\w)({})(?!\w)".format("|".join(names)))
    files = [
        path for folder in ("tasks", "vars", "handlers", "templates") for path in (ROLES / role / folder).rglob("*.*")
    ]
    found = []
    for path in files:
        for expression in expressions(path.read_text(encoding="utf-8")) if path.name != "typed.yml" else ():
            found += [(path.name, name) for name in raw.findall(expression)]
    assert found == []


def expressions(text):
    """Templates and conditions of a file. Names in quotes are words of a message."""
    templates = re.findall(r"{{(.*?)}}|{%(.*?)%}", text, re.DOTALL)
    conditions = re.findall(r"^ *(?:- )?(?:when|that|changed_when|failed_when|until): (.*)$", text, re.MULTILINE)
    for expression in [*("".join(groups) for groups in templates), *conditions]:
        yield re.sub(r"'[^']*'", "''", expression)


@pytest.mark.parametrize("role", ROLE_CLASSES)
def test_every_variable_that_is_no_text_has_a_typed_value(role):
    names = {PREFIX.sub("", name) for name in options(role, "bool", "int", "list", "dict")}
    assert names <= set(variables_of(role)[f"_{role}_typed"])
