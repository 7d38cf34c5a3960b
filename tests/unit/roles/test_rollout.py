# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals of the role rollout before it locks a host, and the detection of slices of AWX jobs."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import evaluated  # noqa: E402  pylint: disable=wrong-import-position


class Rollout(evaluated.Role):
    name = "rollout"


WEB = {"name": "web", "containers": [{"name": "web", "image": "nginx"}]}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"rollout_set": WEB}, ""),
        ({"rollout_set": dict(WEB, prune=True, state="absent")}, "(got prune, state)"),
        ({"rollout_set": {"containers": [{"name": "web"}]}}, "rollout_set must have a name (got '')"),
        ({"rollout_set": dict(WEB, name="../web")}, "(got '../web')"),
        ({"rollout_set": {"name": "web"}}, "must have a list of containers"),
        # With purge, an empty list would remove every container of the set.
        ({"rollout_set": {"name": "web", "containers": [], "purge": True}}, "must have a list of containers"),
        ({"rollout_set": {"name": "web", "containers": "web"}}, "must have a list of containers"),
        ({"rollout_rolls_back": True, "rollout_name": "web"}, ""),
        ({"rollout_rolls_back": True, "rollout_set": WEB}, ""),
        ({"rollout_rolls_back": True}, "rollout_name must be the name of a set (got '')"),
    ],
)
def test_set_that_cannot_be_rolled_out_is_refused(given, words):
    defect = Rollout({}, **given).value("_rollout_defect")
    assert words in defect if words else defect == ""


@pytest.mark.parametrize(
    ("given", "sliced"),
    [
        ({}, False),
        ({"awx_job_template_name": "shop"}, False),
        ({"awx_job_template_name": "shop", "awx_workflow_job_name": "nightly"}, False),
        ({"awx_job_template_name": "shop", "awx_workflow_job_name": "shop"}, True),
        ({"tower_job_template_name": "shop", "tower_workflow_job_name": "shop"}, True),
    ],
)
def test_slice_is_a_job_of_a_workflow_with_its_own_name(given, sliced):
    assert Rollout({}, **given).value("_rollout_sliced") is sliced


def test_options_that_the_set_does_not_have_are_omitted():
    """Among them update, which is also the name of a method of dictionaries."""
    given = Rollout({}, _rollout_described=WEB).task("set.yml", "flotilla.docker.container_set")
    assert given == WEB


def test_set_from_a_survey_is_text():
    role = Rollout({}, rollout_set=json.dumps(WEB))
    assert role.value("_rollout_defect") == "" and role.value("_rollout_wanted") == WEB


@pytest.mark.parametrize("sizes", ["1", 1, "1,25%", "[1, '25%']", [1, "25%"], "", "100%"])
@pytest.mark.parametrize("playbook", ["rollout", "rollback"])
def test_batch_sizes_may_be_text(playbook, sizes):
    plays = evaluated.load(evaluated.ROLES.parent / "playbooks" / f"{playbook}.yml")
    serial = Rollout({}, rollout_serial=sizes).evaluate(plays[1]["serial"])
    assert all(str(size).rstrip("%").isdigit() for size in serial) and serial
    assert Rollout({}, rollout_set=WEB, rollout_serial=sizes).value("_rollout_defect") == ""


@pytest.mark.parametrize("sizes", ["two", "12.5%", "[1, -2]"])
def test_other_batch_sizes_are_refused(sizes):
    assert "rollout_serial must be " in Rollout({}, rollout_set=WEB, rollout_serial=sizes).value("_rollout_defect")


@pytest.mark.parametrize("codes", ["20", [200, 4]])
def test_numbers_that_are_no_status_codes_are_refused(codes):
    assert "rollout_ready_status must be " in Rollout({}, rollout_set=WEB, rollout_ready_status=codes).value(
        "_rollout_defect"
    )


def test_variables_of_all_plays_are_checked_before_a_host_is_locked():
    entries = evaluated.load(evaluated.ROLES / "rollout" / "meta" / "argument_specs.yml")["argument_specs"]
    assert set(entries["batch"]["options"]) | set(entries["finish"]["options"]) <= set(entries["prepare"]["options"])
