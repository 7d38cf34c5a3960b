#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: container_exec
short_description: Run a command in a running container
version_added: 0.1.0
description:
  - Runs a command in a running container, as C(docker exec) does, and returns its exit code and output.
  - The command is not run through a shell. For pipes and variables run one, such as with C(argv=[sh, -c, "ls | wc -l"]).
  - If the exit code is not 0, the task fails, see O(failed_rc).
author:
  - flotilla.docker contributors (@flotilla-docker)
extends_documentation_fragment:
  - flotilla.docker.attributes
  - flotilla.docker.connection
options:
  container:
    description: Name or id of the container. Of an id, at least 7 digits.
    type: str
    required: true
    aliases: [name]
  argv:
    description:
      - The command as a list.
      - Exactly one of O(argv) and O(command) is required.
    type: list
    elements: str
  command:
    description:
      - The command as one string, which is split into words as a shell does. Nothing else is interpreted.
    type: str
  chdir:
    description: Directory in the container to run the command in. The default is the container's own.
    type: str
  user:
    description: User, or user and group as C(user:group), to run the command as. The default is the container's own.
    type: str
  env:
    description:
      - Environment variables for the command. Put booleans in quotes, because YAML changes their spelling.
      - The value of a variable whose name looks secret, such as C(DB_PASSWORD), is masked; see also O(secret_env).
    type: dict
  env_file:
    description: File on the managed host with lines C(KEY=VALUE). O(env) takes precedence.
    type: path
  secret_env:
    description: Names of variables of O(env) whose values to mask, in addition to those whose names look secret.
    type: list
    elements: str
  stdin:
    description:
      - Text for the command's standard input. It is not shown in the result.
      - Cannot be used over TLS, because the end of the input cannot be sent over TLS. Use the Engine's socket or C(ssh://).
      - Cannot be used with Podman before 5.8, unless O(tty=true), because its API drops the output then.
    type: str
  stdin_add_newline:
    description: Add a newline to O(stdin).
    type: bool
    default: true
  strip_empty_ends:
    description: Remove empty lines at the end of the output.
    type: bool
    default: true
  tty:
    description: Allocate a terminal. RV(stdout) then also has the standard error.
    type: bool
    default: false
  privileged:
    description: Give the command extended privileges.
    type: bool
    default: false
  detach:
    description: Start the command and do not wait for it. There is no RV(rc) then.
    type: bool
    default: false
  exec_timeout:
    description:
      - Maximum duration of the command in seconds. A command that takes longer is stopped, and the task fails with the output so far.
      - The Engine API cannot stop a command. As root on the Engine's host, the module stops the command itself; otherwise it uses a shell in the
        container. If neither is possible, the message says that the command is still running.
      - By default, the duration is not limited. O(timeout) is the timeout for the Engine's answers and does not apply to the command.
    type: float
  creates:
    description:
      - Path in the container. If it exists, the command is not run. Paths are checked in stopped containers and in check mode too.
    type: str
  removes:
    description: Path in the container. If it does not exist, the command is not run.
    type: str
  failed_rc:
    description:
      - Exit codes with which the task fails. By default, all except 0. With an empty list, the task does not fail for any exit code.
    type: list
    elements: int
  changes:
    description:
      - Whether the command changes something. With V(false) the task does not report a change, and the command runs in check mode too.
    type: bool
    default: true
  max_output:
    description: Bytes to keep of each of RV(stdout) and RV(stderr), counted from the end. V(0) keeps all.
    type: int
    default: 150000
attributes:
  check_mode:
    support: partial
    details:
      - The command is not run, unless O(changes=false). O(creates) and O(removes) are checked.
      - If the container does not run, the task only warns, because an earlier task may start the container.
  diff_mode:
    support: none
  idempotent:
    support: partial
    details:
      - With O(creates), O(removes) or O(changes=false).
seealso:
  - module: flotilla.docker.container_info
  - module: flotilla.docker.container_run
"""

EXAMPLES = r"""
- name: Reload the configuration of nginx
  flotilla.docker.container_exec:
    container: web
    argv: [nginx, -s, reload]

- name: Initialize the database once
  flotilla.docker.container_exec:
    container: db
    argv: [initialize, --data, /var/lib/db]
    creates: /var/lib/db/ready
    exec_timeout: 300

- name: Count the users, in check mode too
  flotilla.docker.container_exec:
    container: db
    argv: [psql, --tuples-only, --command, "select count(*) from users"]
    user: postgres
    changes: false
  register: users
"""

RETURN = r"""
actions:
  description: The command that was run, or in check mode would be run.
  returned: success
  type: list
  elements: str
  sample: ["run nginx in container web"]
rc:
  description:
    - The exit code. V(0) in check mode and if the command was not run because of O(creates) or O(removes), as with M(ansible.builtin.command).
  returned: success without O(detach), and on failure because of the exit code
  type: int
  sample: 0
stdout:
  description: Standard output, or its end; see O(max_output).
  returned: success, and on failure after the command was started
  type: str
  sample: "signal process started"
stdout_encoding:
  description: V(utf-8), or V(base64) for output that is not text.
  returned: success, and on failure after the command was started
  type: str
  sample: utf-8
stderr:
  description: Standard error. Empty with O(tty=true).
  returned: success, and on failure after the command was started
  type: str
  sample: ""
stderr_encoding:
  description: V(utf-8), or V(base64) for output that is not text.
  returned: success, and on failure after the command was started
  type: str
  sample: utf-8
left_out:
  description: Bytes of output that O(max_output) left out.
  returned: success, and on failure after the command was started
  type: int
  sample: 0
timed_out:
  description: V(true) if the command was stopped because of O(exec_timeout).
  returned: on failure because of O(exec_timeout)
  type: bool
  sample: true
exec_id:
  description: The Engine's id of the command; V(null) if it was not run.
  returned: success
  type: str
  sample: 9f1c…
skipped_because:
  description: Why the command was not run; V(null) if it was.
  returned: success
  type: str
  sample: /var/lib/db/ready exists
"""

from typing import TYPE_CHECKING, Any, Mapping

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.container import lookup, secrets
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption, StepFailed
from ansible_collections.flotilla.docker.plugins.module_utils.exec import command, output, steps

if TYPE_CHECKING:
    from ansible_collections.flotilla.docker.plugins.module_utils.engine.engine import Engine
    from ansible_collections.flotilla.docker.plugins.module_utils.ledger import Steps


def decide(engine: Engine, params: Mapping[str, Any]) -> Steps:
    _check(params)
    params = dict(params, container=lookup.checked_name("container", params["container"]))
    asked = command.read_command(params, marked=bool(params["exec_timeout"]))
    if params["stdin"] is not None and engine.execs.encrypted:
        raise BadOption(
            "stdin",
            "cannot be used over TLS, because the end of the input cannot be sent over TLS",
            example="docker_host: ssh://root@docker.example.org",
        )
    if params["stdin"] is not None and not params["tty"] and not engine.flavour.keeps_output_after_stdin:
        raise BadOption(
            "stdin",
            "cannot be used with Podman before 5.8, because its API drops the output of a command whose input has ended",
            example="argv: [sh, -c, 'echo text | cat']",
        )
    reason = _reason_to_skip(engine, params)
    if reason:
        return steps.Ran(None, output.Output(False, 0)), reason
    outcome = yield steps.Execute(params["container"], asked, params)
    ran = outcome.value
    if ran.rc is not None and (ran.rc in params["failed_rc"] if params["failed_rc"] is not None else ran.rc):
        said = ran.output.tail(output.STDERR) or ran.output.tail(output.STDOUT)
        raise StepFailed(
            f"{asked.text} in container {params['container']} exited with code {ran.rc}"
            + (f": {said}" if said else " and no output"),
            "Correct the command, or list the exit codes that are failures in failed_rc",
            rc=ran.rc,
            **steps.shown(ran.output, params["strip_empty_ends"]),
        )
    return ran, None


def _check(params: Mapping[str, Any]) -> None:
    if (params["argv"] is None) == (params["command"] is None):
        raise BadOption("argv", "or command is required, and not both", example="argv: [nginx, -s, reload]")
    if params["max_output"] < 0:
        raise BadOption("max_output", "must be 0 or more", got=params["max_output"], example="max_output: 150000")
    for option in ("creates", "removes"):
        if params[option] and not params[option].startswith("/"):
            raise BadOption(
                option, "must be an absolute path in the container", got=params[option], example=f"{option}: /srv/ready"
            )


def _reason_to_skip(engine: Engine, params: Mapping[str, Any]) -> str | None:
    """Also for a container that is stopped. One that does not exist is left to the step."""
    for option, wanted in (("creates", False), ("removes", True)):
        path = params[option]
        if path and engine.containers.find(params["container"]):
            exists = engine.containers.path_exists(params["container"], path)
            if exists != wanted:
                return f"{path} {'exists' if exists else 'does not exist'}"
    return None


def report(engine: Engine, params: Mapping[str, Any], decided: tuple[steps.Ran, str | None]) -> dict[str, Any]:
    ran, reason = decided
    # Ansible removes a null rc, and conditions on it would fail.
    known = {} if params["detach"] else {"rc": ran.rc or 0}
    return dict(
        steps.shown(ran.output, params["strip_empty_ends"]),
        **known,
        # Ansible fails every result with another rc than 0 unless it says so itself.
        failed=False,
        exec_id=ran.exec_id,
        skipped_because=reason,
    )


def mask(params: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    shown, hidden = secrets.mask_params(params)
    return dict(shown, stdin=None if params["stdin"] is None else "********"), hidden


def main() -> None:
    """Run the module."""
    runner.run(
        decide,
        report,
        mask=mask,
        argument_spec={
            "container": {"type": "str", "required": True, "aliases": ["name"]},
            "argv": {"type": "list", "elements": "str"},
            "command": {"type": "str"},
            "chdir": {"type": "str"},
            "user": {"type": "str"},
            "env": {"type": "dict"},
            "env_file": {"type": "path"},
            "secret_env": {"type": "list", "elements": "str", "no_log": False},
            "stdin": {"type": "str"},
            "stdin_add_newline": {"type": "bool", "default": True},
            "strip_empty_ends": {"type": "bool", "default": True},
            "tty": {"type": "bool", "default": False},
            "privileged": {"type": "bool", "default": False},
            "detach": {"type": "bool", "default": False},
            "exec_timeout": {"type": "float"},
            "creates": {"type": "str"},
            "removes": {"type": "str"},
            "failed_rc": {"type": "list", "elements": "int"},
            "changes": {"type": "bool", "default": True},
            "max_output": {"type": "int", "default": 150000},
        },
    )


if __name__ == "__main__":
    main()
