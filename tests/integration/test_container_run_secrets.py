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


def test_result_diff_and_label(host):
    created = host.run("container_run", **WEB)
    assert created["rc"] == 0, created["msg"]
    assert_clean(json.dumps(created))
    assert "MODE=production" in created["container"]["Config"]["Env"]
    assert f"DB_PASSWORD={LONG}" in host.inspect("web")["Config"]["Env"]
    assert_clean(json.dumps(host.inspect("web")["Config"]["Labels"]))
    changed = host.run("container_run", **dict(WEB, env=dict(WEB["env"], DB_PASSWORD=NEXT)))
    assert changed["changed"]  # masked, yet compared
    assert_clean(json.dumps(changed))
    assert changed["diff"]["after"]["env"] == {"DB_PASSWORD": "********"}
    assert f"DB_PASSWORD={NEXT}" in host.inspect("web")["Config"]["Env"]


def test_failures(host):
    for broken in ({"memory": "1m"}, {"command": ["false"]}, {"published_ports": ["x"]}, {"env": dict(WEB["env"], DB_PASSWORD=LONG + "\0")}):
        result = host.run("container_run", **dict(WEB, **broken))
        assert result["rc"] == 1
        assert_clean(json.dumps(result))


def test_controller_and_system_log(host, play):
    finished = play([{"flotilla.docker.container_run": WEB}], "-vvv", "--diff")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    # The task itself, with its values, was written in the playbook; nothing that the run says repeats them.
    assert_clean(finished.stdout)
    log = host.execute("journalctl", "--no-pager")
    assert "container_run" in log  # else there was no log to look at
    assert_clean(log)
