# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands in containers: exit codes, output, input, terminals, time limits, and messages for commands that cannot run."""

from __future__ import annotations

import base64

import pytest
import waiting
from ansible_collections.flotilla.docker.plugins.module_utils.engine.execs import Execs

ALL_ENGINES = pytest.mark.parametrize("host", ["e20", "e26", "e28"], indirect=True)


@pytest.fixture
def run(host):
    """Create a container with a shell, and run the module in it."""
    made = host.run(
        "container_run", name="web", image="busybox", command=["sleep", "3600"], stop_signal="KILL", grace=0
    )
    assert made["rc"] == 0, made

    def run_command(*argv, check=False, **options):
        if argv:
            options["argv"] = list(argv)
        return host.run("container_exec", check, **dict({"container": "web"}, **options))

    run_command.host = host
    return run_command


@ALL_ENGINES
def test_stdout_stderr_and_exit_code_are_returned_separately(run):
    result = run("sh", "-c", "echo out; echo err >&2; exit 3", failed_rc=[])
    assert result["stdout"] == "out"
    assert result["stderr"] == "err"
    assert (result["returned_rc"], result["failed"]) == (3, False)
    assert result["changed"]


@ALL_ENGINES
def test_other_exit_codes_fail_with_the_end_of_the_output(run):
    result = run("sh", "-c", "echo no such table >&2; exit 3")
    assert result["failed"]
    assert "in container web exited with code 3: no such table" in result["msg"]
    assert result["returned_rc"] == 3
    assert result["stderr"] == "no such table"


def test_failed_rc_names_the_codes_that_fail(run):
    assert not run("sh", "-c", "exit 1", failed_rc=[2])["failed"]
    assert run("sh", "-c", "exit 2", failed_rc=[2])["failed"]


def test_input_environment_directory_and_user_reach_the_command(run):
    result = run(
        "sh", "-c", "cat; echo $MODE $(pwd) $(id -u)", stdin="hello", env={"MODE": 1}, chdir="/tmp", user="1000:1000"
    )
    assert result["stdout"] == "hello\n1 /tmp 1000"


def test_large_input_and_output_do_not_block_each_other(run):
    text = "x" * 3_000_000
    result = run("cat", stdin=text, max_output=0, stdin_add_newline=False)
    assert len(result["stdout"]) == len(text)


@ALL_ENGINES
def test_tty_is_a_terminal_and_accepts_input(run):
    # The terminal echoes the input when it arrives, which is before the command reads it.
    result = run("sh", "-c", "read line; test -t 1 && echo terminal; echo got $line >&2", tty=True, stdin="hello")
    assert result["stdout"].split() == ["hello", "terminal", "got", "hello"]


@ALL_ENGINES
def test_truncated_output_is_marked(run):
    result = run("sh", "-c", "yes | head -c 50000000; echo; echo end", max_output=1000)
    assert result["stdout"].endswith("end")
    assert len(result["stdout"]) <= 1000
    assert result["left_out"] > 49_990_000


@ALL_ENGINES
def test_binary_output_is_returned_as_base64(run):
    result = run("sh", "-c", "echo -en '\\0377\\0000\\0376'")
    assert result["stdout_encoding"] == "base64"
    assert base64.b64decode(result["stdout"]) == b"\xff\x00\xfe"


@ALL_ENGINES
def test_command_that_takes_too_long_is_stopped(run):
    for seconds in (2, 30):
        result = run("sh", "-c", "trap '' TERM; echo begun; sleep 600; sleep 600", exec_timeout=seconds)
        if result["stdout"]:
            break  # else the host was too busy to begin within 2 s
    assert f"did not finish within {seconds} s. It was stopped with SIGKILL" in result["msg"]
    assert (result["stdout"], result["timed_out"]) == ("begun", True)
    assert "sleep 600" not in run("ps")["stdout"]


@ALL_ENGINES
def test_command_that_closes_its_output_is_waited_for(run):
    result = run("sh", "-c", "exec >&- 2>&- <&-; sleep 1; exit 4", failed_rc=[])
    assert result["returned_rc"] == 4


@ALL_ENGINES
def test_exit_code_that_the_engine_does_not_report_is_a_failure(run, monkeypatch):
    as_asked = Execs.find

    def without_code(self, exec_id):
        return dict(as_asked(self, exec_id), Running=False, ExitCode=None)

    monkeypatch.setattr(Execs, "find", without_code)
    result = run("sh", "-c", "echo done")
    assert result["failed"]
    assert "ended, and the Engine does not report its exit code" in result["msg"]
    assert result["stdout"] == "done"


@ALL_ENGINES
def test_container_that_stops_during_the_command_fails_the_task(run):
    running = run.host.start("container_exec", container="web", argv=["sh", "-c", "touch /begun; sleep 600"])
    waiting.until(lambda: run("ls", "/begun", failed_rc=[])["returned_rc"] == 0)
    run.host.api.kill("web")
    assert "Container web stopped with exit code 137 while the command ran" in running.result()["msg"]


def test_detached_command_is_not_waited_for(run):
    result = run("sleep", "600", detach=True)
    assert result["returned_rc"] is None
    assert "sleep 600" in run("ps")["stdout"]


@ALL_ENGINES
@pytest.mark.parametrize(
    "options, message",
    [
        (
            {"argv": ["nosuch"]},
            "Cannot run nosuch in container web: the program nosuch does not exist in the container",
        ),
        ({"argv": ["/nonesuch/x"]}, "the program /nonesuch/x does not exist in the container"),
        ({"argv": ["/etc/passwd"]}, "/etc/passwd is not an executable program"),
        ({"argv": ["id"], "user": "nosuch"}, "the image has no user nosuch"),
        ({"argv": ["pwd"], "chdir": "/nonesuch"}, "the directory /nonesuch does not exist in the container"),
        ({"argv": ["pwd"], "chdir": "/etc/passwd"}, "/etc/passwd is not a directory in the container"),
    ],
    ids=lambda value: None if isinstance(value, str) else str(value),
)
def test_command_that_cannot_start_is_explained(run, options, message):
    result = run(**options)
    assert result["failed"]
    assert message in result["msg"]


@ALL_ENGINES
def test_states_without_processes_have_messages_of_their_own(run):
    api = run.host.api
    api.pause("web")
    paused = run("id")["msg"]
    api.unpause("web")
    api.kill("web")
    stopped = run("id")["msg"]
    api.remove_container("web", force=True)
    absent = run("id")["msg"]
    run.host.run("container_run", name="web", image="busybox", command=["false"], restart_policy="always", grace=0)
    # The Engine waits twice as long before each restart: first too short for a run of the module, then for seconds.
    waiting.until(lambda: "Container web is restarting: it exited with code 1" in run("id").get("msg", ""))
    assert "Container web is paused" in paused
    assert "Container web is not running (status exited, exit code 137)" in stopped
    assert "Container web does not exist" in absent


@ALL_ENGINES
def test_creates_and_removes_check_files_of_stopped_containers(run):
    made = run("touch", "/ready", creates="/ready")
    again = run("touch", "/ready", creates="/ready")
    assert made["changed"]
    assert not again["changed"]
    assert (again["skipped_because"], again["returned_rc"]) == ("/ready exists", 0)
    run.host.api.kill("web")
    assert not run("touch", "/ready", creates="/ready", check=True)["changed"]
    assert run("rm", "/x", removes="/nonesuch")["skipped_because"] == "/nonesuch does not exist"


@ALL_ENGINES
def test_check_mode_runs_only_commands_that_change_nothing(run):
    predicted = run("touch", "/made", check=True)
    read = run("echo", "here", check=True, changes=False)
    assert predicted["changed"]
    assert (predicted["returned_rc"], predicted["stdout"]) == (0, "")
    assert run("ls", "/made", failed_rc=[])["returned_rc"] == 1
    assert read["stdout"] == "here"
    assert not read["changed"]


def test_check_mode_accepts_a_container_that_an_earlier_task_would_create(run):
    result = run("id", check=True, container="later")
    assert result["changed"]


def test_secrets_are_in_no_result(run):
    result = run("sh", "-c", "echo $DB_PASSWORD; cat", env={"DB_PASSWORD": "s3cret-pass"}, stdin="other-secret")
    assert "s3cret-pass" not in str(result)
    assert "other-secret" not in str(dict(result, stdout=""))


@pytest.mark.parametrize(
    "options, message",
    [
        ({"argv": []}, "argv must start with a program"),
        ({"command": "echo 'x"}, "command must have matching quotes"),
        ({}, "argv or command is required"),
        ({"argv": ["id"], "chdir": "srv"}, "chdir must be an absolute path"),
        ({"argv": ["id"], "env": {"A": True}}, "env.A must be text; YAML read it as a boolean"),
        ({"argv": ["id"], "env": {"A": None}}, "env.A must be text; YAML read it as null"),
        ({"argv": ["id"], "env": {"A=B": "x"}}, "env must have names of variables, without ="),
        ({"argv": ["id"], "env_file": "/etc"}, "(Is a directory)"),
        ({"argv": ["id"], "container": ""}, "container must be two or more letters"),
        ({"argv": ["id"], "exec_timeout": -1}, "exec_timeout must be above 0"),
        ({"argv": ["id"], "stdin": "x", "detach": True}, "stdin and detach are mutually exclusive"),
        ({"argv": ["id"], "env_file": "/nonesuch"}, "env_file must be a readable file"),
    ],
    ids=str,
)
def test_options_that_cannot_work_are_refused(host, options, message):
    assert message in host.run("container_exec", **dict({"container": "web"}, **options))["msg"]
