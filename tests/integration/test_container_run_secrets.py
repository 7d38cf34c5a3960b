# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of secret variables reach the container and nothing else."""

from __future__ import annotations

import json

LONG, SHORT, NEXT = "correct-horse-battery", "pin42", "staple-of-the-horse"
WEB = {"name": "web", "image": "busybox", "command": ["sleep", "3600"], "stop_signal": "KILL", "grace": 0.2}
WEB.update(env={"DB_PASSWORD": LONG, "PIN": SHORT, "MODE": "production"}, secret_env=["PIN"])


def assert_clean(text):
    for secret in (LONG, SHORT, NEXT):
        assert secret not in text


def test_secrets_are_not_in_result_diff_and_label(host):
    created = host.run("container_run", **WEB)
    assert created["rc"] == 0, created["msg"]
    assert_clean(json.dumps(created))
    assert "MODE=production" in created["container"]["Config"]["Env"]
    assert f"DB_PASSWORD={LONG}" in host.inspect("web")["Config"]["Env"]
    assert_clean(json.dumps(host.inspect("web")["Config"]["Labels"]))
    changed = host.run("container_run", **dict(WEB, env=dict(WEB["env"], DB_PASSWORD=NEXT)))
    assert changed["changed"]  # masked, but compared
    assert_clean(json.dumps(changed))
    assert changed["diff"]["after"]["env"] == {"DB_PASSWORD": "********"}
    assert f"DB_PASSWORD={NEXT}" in host.inspect("web")["Config"]["Env"]


def test_passwords_in_addresses_are_not_in_result_diff_and_label(host, play):
    before = {"HTTP_PROXY": f"http://jo:{LONG}@proxy:3128", "BROKER": f"amqp://jo:{LONG}@broker/x"}
    after = dict(before, HTTP_PROXY=f"http://jo:{NEXT}@proxy:3128")
    created = host.run("container_run", **dict(WEB, env=before, labels={"upstream": before["BROKER"]}))
    assert created["rc"] == 0, created["msg"]
    changed = host.run("container_run", **dict(WEB, env=after, labels={"upstream": after["BROKER"]}))
    assert changed["changed"]
    assert f"HTTP_PROXY={after['HTTP_PROXY']}" in host.inspect("web")["Config"]["Env"]
    for result in (created, changed, host.run("container_info", name="web")):
        assert_clean(json.dumps(result))
        assert {"BROKER=amqp://***@broker/x"} <= set(result["container"]["Config"]["Env"])
    labels = dict(host.inspect("web")["Config"]["Labels"])
    assert labels.pop("upstream") == before["BROKER"]
    assert_clean(json.dumps(labels))
    finished = play([{"flotilla.docker.container_run": dict(WEB, env=before)}], "-vvv", "--diff")
    assert finished.returncode == 0
    assert_clean(finished.stdout)


def test_secrets_are_not_in_failure_messages(host):
    for broken in (
        {"memory": "1m"},
        {"command": ["false"], "grace": 60},
        {"published_ports": ["x"]},
        {"env": dict(WEB["env"], DB_PASSWORD=LONG + "\0")},
    ):
        result = host.run("container_run", **dict(WEB, **broken))
        assert result["rc"] == 1
        assert_clean(json.dumps(result))


def test_secrets_are_not_in_controller_output_and_system_log(host, play):
    finished = play([{"flotilla.docker.container_run": WEB}], "-vvv", "--diff")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    # The playbook contains the values; no output of the run repeats them.
    assert_clean(finished.stdout)
    log = host.execute("sh", "-c", "journalctl --sync && journalctl --no-pager")
    assert "container_run" in log  # otherwise there was no log to check
    assert_clean(log)
