# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.flotilla.docker.plugins.filter.flow_report import flow_report

SKIPPED = {"skipped": True, "changed": False}
LAYER = {"index": 0, "diff_id": "sha256:a", "chain_id": "sha256:a", "size": 1, "created_by": "ADD", "path": "/l/1/diff"}
STATUS = {
    "reachable": True,
    "active": True,
    "server": {"version": "28.5.2", "api_version": "1.51"},
    "storage": {"driver": "overlay2"},
    "data_root": "/var/lib/docker",
}
BEFORE = {"images": [{"references": ["redis:7"]}], "directories": ["/l/0/diff"]}
RESULTS = {
    "_flow_status": STATUS,
    "_flow_search": {
        "count": 2,
        "results": [{"name": "nginx", "is_official": True}, {"name": "other/nginx", "is_official": False}],
    },
    "_flow_before": BEFORE,
    "_flow_pull": {
        "images": [
            {"reference": "nginx:latest", "id": "sha256:b", "digest": "sha256:c", "layer_count": 1, "changed": True}
        ]
    },
    "_flow_after": {
        "images": [{"references": ["redis:7"]}, {"references": ["nginx:latest"]}],
        "directories": ["/l/0/diff", "/l/1/diff"],
    },
    "_flow_layers": {"images": [{"layers": [dict(LAYER, comment="", used_by=["nginx:latest"])]}]},
    "_flow_container": {
        "container": {
            "Name": "/web",
            "Id": "d",
            "State": {"Status": "running"},
            "NetworkSettings": {"Ports": {"80/tcp": None}},
        }
    },
    "_flow_page": {"status": 200},
}


def report(**results):
    return flow_report({"web1": results}, ["web1"])["web1"]


def test_report_has_what_the_tasks_registered():
    assert report(**RESULTS) == {
        "daemon": {
            "active": True,
            "server_version": "28.5.2",
            "api_version": "1.51",
            "storage_driver": "overlay2",
            "data_root": "/var/lib/docker",
            "problem": None,
        },
        "search": {"count": 2, "official": ["nginx"]},
        "images_before": ["redis:7"],
        "images_after": ["nginx:latest", "redis:7"],
        "pull": {
            "reference": "nginx:latest",
            "id": "sha256:b",
            "digest": "sha256:c",
            "layer_count": 1,
            "changed": True,
        },
        "layers": [LAYER],
        "added_directories": ["/l/1/diff"],
        "container": {
            "name": "web",
            "id": "d",
            "status": "running",
            "ports": {"80/tcp": None},
            "http_status": 200,
        },
    }


def test_layers_that_the_pull_returned_are_used_where_no_task_read_them():
    pulled = {"images": [{"reference": "nginx:latest", "layers": [dict(LAYER, status="existed", bytes=0)]}]}
    assert report(_flow_pull=pulled, _flow_layers=SKIPPED)["layers"] == [LAYER]
    assert report(_flow_pull=pulled, _flow_layers=RESULTS["_flow_layers"] | {"images": []})["layers"] == []
    assert report(_flow_pull=pulled)["layers"] == [], "the part layers did not run"


def test_status_that_the_role_docker_engine_read_is_used():
    assert report(docker_engine_status=STATUS, _flow_status=SKIPPED) == report(_flow_status=STATUS)


def test_report_says_why_no_daemon_answers():
    stopped = {"reachable": False, "active": False, "cause": "docker.service is stopped."}
    assert report(docker_engine_status=stopped)["daemon"]["problem"] == "docker.service is stopped."


def test_images_stay_the_same_where_the_pull_changed_nothing():
    unchanged = report(_flow_before=BEFORE, _flow_after=SKIPPED)
    assert unchanged["images_after"] == unchanged["images_before"] == ["redis:7"]
    assert unchanged["added_directories"] == []


@pytest.mark.parametrize(
    "results",
    [
        {},
        dict.fromkeys(RESULTS, SKIPPED),
        {name: {"failed": True, "msg": "no"} for name in RESULTS},
        {"_flow_container": {"container": None}, "_flow_layers": {"images": []}, "_flow_status": {"server": None}},
        {"_flow_pull": {"failed": True, "images": [{"error": "no such image", "changed": False}]}},
    ],
    ids=["nothing ran", "skipped", "failed", "empty", "pull failed"],
)
def test_report_of_a_host_without_results_has_the_same_keys(results):
    empty, full = report(**results), report(**RESULTS)
    assert empty.keys() == full.keys()
    for key in ("daemon", "search", "pull", "container"):
        assert empty[key].keys() == full[key].keys()
    assert empty["container"]["id"] is None


def test_every_host_of_the_play_is_in_the_report():
    assert list(flow_report({"web2": {}, "web1": {}, "db": {}}, ["web1", "web2"])) == ["web1", "web2"]


def test_input_other_than_hostvars_is_refused():
    with pytest.raises(AnsibleFilterError, match=r"must be hostvars \(got a list\)"):
        flow_report([], ["web1"])
