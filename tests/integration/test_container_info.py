# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several containers at once, their logs, processes and changed files."""

from __future__ import annotations

import pytest
import waiting

ALL_ENGINES = pytest.mark.parametrize("host", ["e20", "e26", "e28"], indirect=True)
PRINTS = "touch /made; for n in 1 2 3 4 5; do echo line $n; done; echo oops >&2; exec sleep 3600"


@pytest.fixture
def web(host):
    """A container that has printed six lines and made a file."""
    made = host.run(
        "container_run",
        name="web",
        image="busybox",
        command=["sh", "-c", PRINTS],
        stop_signal="KILL",
        labels={"tier": "front"},
        grace=0,
    )
    assert made["rc"] == 0, made
    # The Engine reads the two outputs independently of each other.
    waiting.until(lambda: all(last in host.api.logs("web") for last in (b"oops", b"line 5")))
    return host


@ALL_ENGINES
def test_logs_processes_and_changes_of_one_container(web):
    found = web.run("container_info", name="web", logs={}, processes=True, changes=True)
    assert [line for line in found["logs"] if line.startswith("line")] == [f"line {n}" for n in range(1, 6)]
    assert "oops" in found["logs"]
    assert "sleep 3600" in str(found["processes"])
    assert {"path": "/made", "kind": "added"} in found["changes"]


def test_lines_of_a_log_are_chosen(web):
    def lines(**logs):
        return web.run("container_info", name="web", usage=False, logs=logs)["logs"]

    assert lines(tail=0) == []
    assert lines(grep="line [24]") == ["line 2", "line 4"]
    assert lines(grep="line", tail=2) == ["line 4", "line 5"]
    assert lines(since="1000000s") == lines(tail=100)
    assert lines(until="1000000s") == []
    assert lines(timestamps=True, grep="line 1")[0].endswith("Z line 1")


def test_several_names_filters_and_all(web):
    web.run("container_run", name="job", image="busybox", state="present")
    by_name = web.run("container_info", name=["web", "nonesuch"])
    assert [(entry["name"], entry["exists"]) for entry in by_name["containers"]] == [("web", True), ("nonesuch", False)]
    assert [entry["name"] for entry in web.run("container_info")["containers"]] == ["job", "web"]
    labelled = web.run("container_info", filters={"label": "tier=front"})
    assert [(entry["name"], entry["usage"]["memory"]["used"]) for entry in labelled["containers"]] == [("web", None)]


@ALL_ENGINES
def test_containers_without_processes_do_not_fail_the_others(web):
    web.run(
        "container_run",
        name="loop",
        image="busybox",
        command=["sh", "-c", "exit 1"],
        restart_policy="always",
        grace=0,
    )
    web.run("container_run", name="job", image="busybox", state="present")

    def restarts():
        loop = web.inspect("loop")
        return loop["State"]["Status"] == "restarting" and loop["RestartCount"] >= 5

    waiting.until(restarts)
    found = web.run("container_info", name=["loop", "job", "web"], logs={}, processes=True, changes=True)
    assert found["rc"] == 0, found["msg"]
    assert [bool(entry["processes"]) for entry in found["containers"]] == [False, False, True]


@ALL_ENGINES
def test_beginning_of_an_id_is_no_name(web):
    identity = web.inspect("web")["Id"]
    for text, exists in ((identity[:2], False), (identity[:12], True), (identity, True), ("/web", True), ("we", False)):
        assert web.run("container_info", name=text, usage=False)["exists"] is exists
        ran = web.run("container_exec", container=text, argv=["true"])
        assert (ran["rc"] == 0) is exists
        assert exists or f"Container {text} does not exist" in ran["msg"]


def test_one_name_is_at_the_top_of_the_result_too(web):
    found = web.run("container_info", name="web")
    assert found["exists"]
    assert found["container"]["Name"] == "/web"
    assert found["usage"]["processes"]["used"] is None or found["usage"]["processes"]["used"] > 0


@pytest.mark.parametrize(
    "logs, message",
    [
        ({"tail": -1}, "logs.tail must be 0 or more"),
        ({"grep": "("}, "logs.grep must be a regular expression"),
        ({"since": "yesterday"}, "logs.since must be a time such as"),
    ],
    ids=str,
)
def test_options_that_cannot_work_are_refused(host, logs, message):
    assert message in host.run("container_info", name="web", logs=logs)["msg"]


def test_log_that_the_engine_cannot_read_is_explained(host):
    host.run("container_run", name="quiet", image="busybox", command=["sleep", "60"], log_driver="none", grace=0)
    assert "its logging driver keeps no log" in host.run("container_info", name="quiet", logs={})["msg"]
