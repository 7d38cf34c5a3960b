# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module reports the truth: started means running, changed means changed, and removed options are removed."""

from __future__ import annotations

import time

import pytest

WEB = {"name": "web", "image": "busybox", "command": ["sleep", "3600"], "stop_signal": "KILL", "grace": 0.2}
ENGINES = pytest.mark.parametrize("host", ["e20", "e26", "c28"], indirect=True)
OLDEST_AND_NEWEST = pytest.mark.parametrize("host", ["e20", "e28"], indirect=True)
# e28 and c28 see a control group version 2 that has no controllers, so they cannot limit anything.
WITH_LIMITS = pytest.mark.parametrize("host", ["e20", "e26"], indirect=True)


@pytest.fixture
def run(host):
    """Run the module on a container that keeps running, with further options."""
    return lambda check=False, **task: host.run("container_run", check, **dict(WEB, **task))


def done(result):
    """The result of a run that succeeded."""
    assert result["rc"] == 0, result["msg"]
    return result


def without_change(run, **task):
    """The container, after a second run and check mode changed nothing."""
    assert not done(run(**task))["changed"]
    again = done(run(check=True, **task))
    assert not again["changed"]
    assert again["actions"] == []
    return again["container"]


@WITH_LIMITS
@pytest.mark.parametrize(
    "limits, path, value",
    [
        ({"memory": "64m"}, "Memory", 64 * 1024**2),
        ({"memory": "64m", "memory_swap": "96m"}, "MemorySwap", 96 * 1024**2),
        ({"cpus": 0.5}, "NanoCpus", 5 * 10**8),
        ({"pids_limit": 50}, "PidsLimit", 50),
        ({"restart_policy": "unless-stopped"}, "RestartPolicy", {"Name": "unless-stopped", "MaximumRetryCount": 0}),
        (
            {"restart_policy": "on-failure", "restart_retries": 3},
            "RestartPolicy",
            {"Name": "on-failure", "MaximumRetryCount": 3},
        ),
        ({"cpu_shares": 512, "cpuset_cpus": "0"}, "CpuShares", 512),
        ({"memory": "64m", "cpus": 0.5, "pids_limit": 50, "restart_policy": "always"}, "Memory", 64 * 1024**2),
    ],
)
def test_limits_change_in_place(run, limits, path, value):
    before = done(run())["container"]
    changed = done(run(**limits))
    assert changed["changed"]
    assert [action.split(":")[0] for action in changed["actions"]] == ["update container web"]
    assert changed["container"]["Id"] == before["Id"]
    assert changed["container"]["State"]["StartedAt"] == before["State"]["StartedAt"]
    assert changed["container"]["HostConfig"][path] == value
    without_change(run, **limits)


@WITH_LIMITS
def test_limits_removed_from_the_task_are_removed_from_the_container(run):
    before = done(run(pids_limit=50, restart_policy="always"))["container"]
    after = done(run())["container"]
    assert after["Id"] == before["Id"]
    assert after["HostConfig"]["RestartPolicy"]["Name"] == "no"
    assert after["HostConfig"]["PidsLimit"] in (None, 0, -1)
    without_change(run)


def _bindings(container):
    return container["HostConfig"]["PortBindings"] or {}


LEAVING = {
    "env": ({"env": {"A": "1", "B": "2"}}, {"env": {"A": "1"}}, lambda container: "B=2" in container["Config"]["Env"]),
    "all env": ({"env": {"A": "1"}}, {}, lambda container: "A=1" in container["Config"]["Env"]),
    "port": (
        {"published_ports": ["18082:80", "18083:81"]},
        {"published_ports": ["18082:80"]},
        lambda container: "81/tcp" in _bindings(container),
    ),
    "volume": ({"volumes": ["left:/srv"]}, {}, lambda container: bool(container["HostConfig"]["Binds"])),
    "label": ({"labels": {"a": "b"}}, {"labels": {}}, lambda container: "a" in container["Config"]["Labels"]),
    "capability": ({"capabilities": ["NET_ADMIN"]}, {}, lambda container: bool(container["HostConfig"]["CapAdd"])),
    "hostname": ({"hostname": "web"}, {}, lambda container: container["Config"]["Hostname"] == "web"),
    "healthcheck": (
        {"healthcheck": {"test": "true"}},
        {},
        lambda container: bool(container["Config"].get("Healthcheck")),
    ),
}


@pytest.mark.parametrize("host", ["e26"], indirect=True)
@pytest.mark.parametrize("case", LEAVING)
def test_options_removed_from_the_task_are_removed_from_the_container(run, case):
    before, after, is_there = LEAVING[case]
    assert is_there(done(run(**before))["container"])
    assert not done(run(track_declared=False, **after))["changed"]  # the behavior of docker_container, on request
    changed = done(run(**after))
    assert changed["changed"]
    assert not is_there(changed["container"])
    without_change(run, **after)


def test_settings_of_another_tool_are_kept(host, run):
    host.need("busybox")
    host.api.create_container(
        "busybox", ["sleep", "3600"], name="web", environment={"A": "1"}, labels={"foreign": "1"}, stop_signal="KILL"
    )
    host.api.start("web")
    identity = host.inspect("web")["Id"]
    assert without_change(run, env={}, labels={})["Id"] == identity


@OLDEST_AND_NEWEST
def test_container_that_exits_after_its_start_fails_the_task(host, run):
    result = run(command="sh -c 'echo out of cheese; exit 3'", grace=60)
    assert result["rc"] == 1
    assert "exit code 3" in result["msg"]
    assert "out of cheese" in result["msg"]
    assert result["exit_code"] == 3
    assert host.inspect("web") is None
    assert "There is no container web now" in result["msg"]


@pytest.mark.parametrize("host", ["e20", "e26", "e28", "p12", "pfo"], indirect=True)
def test_command_that_cannot_be_run_is_explained(host, run):
    for option, value, advice in (
        ("command", ["nonesuch"], "The program is not in the image"),
        ("command", ["/none/such"], "The program is not in the image"),
        ("command", ["/etc"], "cannot execute the program"),
        ("command", ["/etc/passwd"], "cannot execute the program"),
        ("user", "nonesuch", "The image has no such user or group"),
        ("working_dir", "/etc/passwd", "working_dir must be a directory"),
    ):
        failed = run(**{option: value})
        assert failed["rc"] == 1 and advice in failed["msg"], failed["msg"]
    assert host.names() == []


@ENGINES
def test_state_healthy_fails_without_waiting_for_the_timeout(run):
    began = time.monotonic()
    for task, words in (
        ({"command": ["sleep", "3600"]}, "no health check"),
        ({"command": "sh -c 'exit 3'", "healthcheck": {"test": "true", "interval": "1m"}, "grace": 0}, "exit code 3"),
        ({"healthcheck": {"test": "echo sick; exit 1", "interval": "100ms", "retries": 1}}, "sick"),
    ):
        result = run(state="healthy", healthy_wait_timeout=600, **task)
        assert result["rc"] == 1
        assert words in result["msg"]
    # Not a measure of speed: a wait for the timeout would take ten minutes each.
    assert time.monotonic() - began < 300


@ENGINES
def test_state_healthy_waits_for_the_health_check(run):
    check = {"healthcheck": {"test": "true", "interval": "200ms"}, "state": "healthy"}
    assert done(run(**check))["container"]["State"]["Health"]["Status"] == "healthy"
    without_change(run, **check)


@pytest.mark.parametrize("host", ["e20", "e26"], indirect=True)
def test_out_of_memory_kill_is_explained(run):
    result = run(command=["sh", "-c", "tail /dev/zero"], memory="8m", memory_swap="8m", grace=60)
    assert result["rc"] == 1
    # The Engine sometimes misses oom_killed; the advice is the same in both cases.
    # Under load it is killed before the program runs, so the Engine has no exit code.
    assert result.get("exit_code", 137) == 137, result
    assert "Give it more memory" in result["msg"]


@OLDEST_AND_NEWEST
def test_restart_policy_changes_in_place(run):
    before = done(run())["container"]
    changed = done(run(restart_policy="unless-stopped"))
    assert changed["actions"] == ["update container web: restart_policy"]
    assert changed["container"]["Id"] == before["Id"]
    without_change(run, restart_policy="unless-stopped")


@WITH_LIMITS
def test_limit_that_the_engine_refuses_is_explained(run):
    before = done(run())["container"]
    result = run(memory="1m")
    assert result["rc"] == 1
    assert "Cannot update container web" in result["msg"]
    assert before["Id"] not in result["msg"]
    assert without_change(run)["Id"] == before["Id"]


@pytest.mark.parametrize("host", ["e28"], indirect=True)
def test_limit_that_the_kernel_cannot_enforce_does_not_change_the_container_again(run):
    done(run())
    assert not done(run(memory="64m"))["changed"]


@OLDEST_AND_NEWEST
def test_job_returns_exit_code_and_output(host, run):
    job = {"command": ["sh", "-c", "echo to stdout; echo to stderr >&2"], "detach": False}
    ended = done(run(**job))
    assert ended["status"] == 0
    assert sorted(ended["container"]["Output"].splitlines()) == ["to stderr", "to stdout"]
    failed = run(**dict(job, command=["sh", "-c", "echo broken; exit 5"], cleanup=True))
    assert failed["rc"] == 1
    assert failed["status"] == 5
    assert "broken" in failed["msg"]


def test_job_with_cleanup_removes_its_container(host, run):
    ended = done(run(command=["echo", "done"], detach=False, cleanup=True))
    assert ended["container"]["Output"] == "done\n"
    assert host.names() == []


@pytest.mark.parametrize("host", ["e28", "c28"], indirect=True)
def test_all_endpoint_settings_are_compared(host, run):
    identity = host.api.create_network("front", driver="bridge")["Id"]
    try:
        front = {"name": "front", "aliases": ["www"]}
        before = done(run(networks=[front]))["container"]
        for more in ({"driver_opts": {"com.docker.network.endpoint.ifname": "front0"}}, {"gw_priority": 7}):
            front = dict(front, **more)
            changed = done(run(networks=[front]))
            assert changed["changed"], more
            assert changed["container"]["Id"] == before["Id"]
            without_change(run, networks=[front])
        front["mac_address"] = "02:42:ac:11:00:99"
        changed = done(run(networks=[front]))
        assert changed["container"]["Id"] != before["Id"]  # the Engine accepts it only at create
        without_change(run, networks=[front])
        endpoint = changed["container"]["NetworkSettings"]["Networks"]["front"]
        assert (endpoint["GwPriority"], endpoint["MacAddress"]) == (7, "02:42:ac:11:00:99")
    finally:
        host.clear()
        host.api.remove_network(identity)


@pytest.mark.parametrize("host", ["e20", "e26", "e28", "c26", "c28"], indirect=True)
def test_all_names_of_an_image_are_the_same(host, run):
    """Tag, digest, both, id and full name are the same image, so nothing changes."""
    identity = done(run())["container"]["Id"]
    image = host.api.inspect_image("busybox")
    digest = next(name for name in image["RepoDigests"]).partition("@")[2]
    for name in (
        "busybox:latest",
        "docker.io/library/busybox",
        f"busybox@{digest}",
        f"busybox:latest@{digest}",
        image["Id"],
        image["Id"][len("sha256:") :],
    ):
        result = done(run(image=name, pull="never"))
        assert not result["changed"], (name, result["actions"], result["diff"])
        assert result["container"]["Id"] == identity


@ENGINES
def test_pull_always_is_predicted_by_check_mode(host, run):
    done(run())
    for _again in range(2):
        predicted, result = run(check=True, pull="always"), run(pull="always")
        assert done(predicted)["actions"] == done(result)["actions"] == []
        assert not result["changed"]
    # Another image has the name here: the pull restores the image that the container runs.
    done(host.run("image_pull", name="busybox:1.0"))
    host.api.tag("busybox:1.0", "busybox", "latest", force=True)
    predicted, result = run(check=True, pull="always"), run(pull="always")
    assert done(predicted)["actions"] == done(result)["actions"] == ["pull image busybox:latest"]
    # The container runs another image than the present one in the registry.
    host.api.tag("busybox:1.0", "busybox", "latest", force=True)
    assert done(run())["changed"]
    predicted, result = run(check=True, pull="always"), run(pull="always")
    assert done(predicted)["actions"] == done(result)["actions"]
    assert "create container web" in result["actions"]


def test_missing_daemon_is_explained(host):
    result = host.run("container_run", **dict(WEB, docker_host="unix:///nonesuch.sock"))
    assert result["rc"] == 1
    assert "/nonesuch.sock" in result["msg"]
    assert "Traceback" not in str(result)


def test_result_over_ansible_playbook(play, host):
    """Over SSH, as operators run it: prediction, change and repetition agree."""
    web = {"name": "web", "image": "nginx", "published_ports": ["18084:80"]}
    tasks = [
        {"flotilla.docker.container_run": web, "check_mode": True, "register": "predicted"},
        {"flotilla.docker.container_run": web, "register": "created"},
        {"flotilla.docker.container_run": web, "register": "repeated"},
        {
            "ansible.builtin.assert": {
                "that": ["predicted.actions == created.actions", "created is changed", "repeated is not changed"]
            }
        },
    ]
    finished = play(tasks)
    assert finished.returncode == 0, finished.stdout + finished.stderr
