# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run of the role flow costs each host, and how its variables may be written."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml
from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

sys.path.insert(0, str(Path(__file__).parent))

import evaluated  # noqa: E402  pylint: disable=wrong-import-position

ROLE = Path(__file__).resolve().parents[3] / "roles" / "flow"
PARTS = ("status", "search", "pull", "layers", "run", "report")
# What runs on the controller alone, without a module on the host.
ON_CONTROLLER = ("debug", "fail", "include_tasks", "include_role", "import_tasks", "import_role", "set_fact", "assert")


class Flow(evaluated.Role):
    name = "flow"


def load(path):
    return yaml.safe_load((ROLE / path).read_text(encoding="utf-8"))


def flat(tasks):
    for task in tasks:
        yield task
        for part in ("block", "rescue", "always"):
            yield from flat(task.get(part, ()))


def tasks_of_parts():
    return [task for part in PARTS for task in flat(load(f"tasks/{part}.yml"))]


def action(task):
    return next((key.rpartition(".")[2] for key in task if key.startswith(("ansible.builtin.", "flotilla."))), None)


def test_flow_runs_at_most_seven_modules_for_each_host():
    modules = [
        action(task)
        for task in tasks_of_parts()
        if action(task) and action(task) not in ON_CONTROLLER and not task.get("run_once")
    ]
    # The pull of the flow returns the layers.
    modules.remove("image_layers")
    assert len(modules) <= 7, modules


def test_results_are_used_without_set_fact():
    assert [task["name"] for task in tasks_of_parts() if action(task) == "set_fact"] == []


def rendered(**given):
    return Flow({}, ansible_host="192.0.2.1", **given).evaluate


@pytest.mark.parametrize("written", [8081, "8081", " 8081"])
def test_ports_may_be_text(written):
    given = {"flow_published_port": written, "flow_container_port": written}
    options = load("meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    (ports,) = load("tasks/run.yml")[0]["flotilla.docker.container_run"]["published_ports"]
    assert not ArgumentSpecValidator(options).validate(given).error_messages
    assert rendered(**given)(ports) == "8081:8081"
    assert rendered(**given)("{{ flow_url }}") == "http://192.0.2.1:8081/"


@pytest.mark.parametrize("tag, reference", [("latest", "nginx:latest"), ("1.10", "nginx:1.10"), (7, "nginx:7")])
def test_tag_is_text_or_a_whole_number(tag, reference):
    assert rendered(flow_tag=tag)("{{ _flow_reference }}") == reference


def test_tag_that_yaml_read_as_a_fraction_is_refused():
    with pytest.raises(AnsibleError, match="flow_tag must be text, and YAML read the number 1.1"):
        rendered(flow_tag=1.1)("{{ _flow_reference }}")


@pytest.mark.parametrize(
    "results, reachable",
    [
        ({}, True),
        ({"docker_engine_status": {"reachable": False}}, False),
        ({"docker_engine_status": {"skipped": True}, "_flow_status": {"reachable": False}}, False),
        ({"docker_engine_status": {"reachable": True}, "_flow_status": {"skipped": True}}, True),
    ],
    ids=["part alone", "role docker_engine", "rootless Engines only", "status of docker_engine"],
)
def test_parts_are_skipped_where_no_daemon_answers(results, reachable):
    assert rendered(**results)("{{ _flow_reachable }}") is reachable


NGINX = {"reference": "nginx:latest", "layers": [{"index": 0}]}


@pytest.mark.parametrize(
    "check, results, reads",
    [
        (False, {}, True),
        (False, {"_flow_pull": {"images": [NGINX]}}, False),
        (False, {"_flow_pull": {"skipped": True}}, True),
        (False, {"_flow_pull": {"images": [dict(NGINX, reference="debian:latest")]}}, True),
        (True, {}, True),
        (True, {"_flow_pull": {"images": [NGINX]}, "_flow_before": {"images": []}}, False),
        (True, {"_flow_pull": {"images": [dict(NGINX, layers=[])]}, "_flow_before": {"images": []}}, False),
        (
            True,
            {
                "_flow_pull": {"images": [dict(NGINX, layers=[])]},
                "_flow_before": {"images": [{"references": ["nginx:latest"]}]},
            },
            True,
        ),
        (False, {"docker_engine_status": {"reachable": False}}, False),
    ],
    ids=[
        "part alone",
        "pulled",
        "pull was skipped",
        "another image was pulled",
        "part alone in check mode",
        "check mode, image is up to date",
        "check mode, no image yet",
        "check mode, a new image is predicted",
        "no daemon answers",
    ],
)
def test_layers_are_read_only_where_the_pull_did_not_return_them(check, results, reads):
    task = evaluated.load(ROLE / "tasks" / "layers.yml")[0]
    evaluate = Flow({}, ansible_check_mode=check, **results, **task["vars"]).evaluate
    assert all(evaluate("{{ %s }}" % condition) for condition in task["when"]) is reads


def test_pull_returns_what_the_part_layers_shows():
    pull = next(task for task in flat(load("tasks/pull.yml")) if action(task) == "image_pull")
    assert pull["flotilla.docker.image_pull"]["layers"] is True
