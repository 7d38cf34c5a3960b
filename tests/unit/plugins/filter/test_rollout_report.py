# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.flotilla.docker.plugins.filter.rollout_report import rollout_report

OLD, NEW = {"image": "shop:1", "image_id": "sha256:1"}, {"image": "shop:2", "image_id": "sha256:2"}


def member(name="web-1", action="replace", **values):
    return {"name": name, "entry": "web", "action": action, "container": OLD, "seconds": 1.5, **values}


def reported(plan, planned=False, **result):
    variables = {"_rollout_plan": dict({"images": {"web": "shop:2"}, "names": {}}, members=plan)}
    if result:
        variables["rollout_result"] = result
    report = rollout_report({"node1": variables}, ["node1"], planned)["node1"]
    return [tuple(line[key] for key in ("name", "from", "to", "outcome")) for line in report["members"]]


@pytest.mark.parametrize(
    ("action", "container", "line"),
    [
        ("create", None, ("web-1", None, "shop:2", "create")),
        ("replace", OLD, ("web-1", "shop:1", "shop:2", "replace")),
        ("restart", OLD, ("web-1", "shop:1", "shop:1", "restart")),
        ("remove", OLD, ("web-1", "shop:1", None, "remove")),
        ("none", OLD, ("web-1", "shop:1", "shop:1", "none")),
    ],
)
def test_plan_has_the_image_from_and_to(action, container, line):
    planned = [member(action=action, container=container)]
    assert reported(planned, planned=True) == [line]
    assert reported(planned, outcome="planned") == [line]


@pytest.mark.parametrize(
    ("done", "back", "line"),
    [
        (member(container=NEW), False, ("web-1", "shop:1", "shop:2", "replace")),
        (member(failure={"msg": "no"}), False, ("web-1", "shop:1", "shop:1", "failed")),
        (member(rolled_back=True), False, ("web-1", "shop:1", "shop:1", "rolled back")),
        # The set was ready on the host and did not answer the controller, so the previous set was applied again.
        (member(container=NEW), True, ("web-1", "shop:1", "shop:1", "rolled back")),
        (member(action="none"), True, ("web-1", "shop:1", "shop:1", "none")),
    ],
)
def test_line_has_what_became_of_the_container(done, back, line):
    assert reported([member()], outcome="failed" if back else "changed", members=[done], back=back) == [line]


def test_host_that_was_not_started_keeps_its_containers():
    assert reported([member()], outcome="not started") == [("web-1", "shop:1", "shop:1", "not started")]


def test_image_that_a_rollback_names_by_its_id_has_its_name_in_the_report():
    by_id = {"image": "sha256:1", "image_id": "sha256:1"}
    variables = {
        "_rollout_plan": {"members": [member(container=NEW)], "names": {"sha256:1": "shop:1"}},
        "rollout_result": {"outcome": "changed", "members": [member(container=by_id)]},
    }
    (line,) = rollout_report({"node1": variables}, ["node1"])["node1"]["members"]
    assert (line["from"], line["to"], line["to_id"]) == ("shop:2", "shop:1", "sha256:1")


def test_host_without_a_result_was_unreachable():
    report = rollout_report({"node1": {}}, ["node1"])
    assert report == {"node1": {"outcome": "failed", "problem": "The host is unreachable.", "members": []}}


def test_input_must_be_hostvars():
    with pytest.raises(AnsibleFilterError, match="must be hostvars"):
        rollout_report([], [])
