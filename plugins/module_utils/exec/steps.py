# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The step that runs a command in a container, and explanations of its failures."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any, Mapping, NamedTuple

from ..container import watch
from ..errors import ApiError, FlotillaError, Missing, StepFailed
from ..explanations import Rule, explain
from ..step import Outcome, Step
from . import kill
from .command import Command
from .output import STDERR, STDOUT, Output

if TYPE_CHECKING:
    from ..engine.engine import Engine

# Seconds between checks of a command whose output has ended, and for the state of its container to follow.
_PAUSE, _STATE_WITHIN = 0.1, 10.0
# Seconds for the Engine to report the exit code of a command that has ended.
_EXIT_CODE_WITHIN = 5.0
_OF_RUNTIME = re.compile(r"OCI runtime (exec|attempted)|^unable to find (user|group) |^Error: .*OCI")

FAILURES = (
    Rule(
        "no_user",
        r"unable to find (user|group) ([^:\s]+)",
        "the image has no {0} {1}",
        "Name a user of the image in user, or use a numeric id",
    ),
    Rule(
        "no_directory",
        r"chdir to cwd \(\\?\"([^\"\\]+)\\?\"\).*not a directory|chdir (?:to )?`([^`]+)`: Not a directory",
        "{0}{1} is not a directory in the container",
        "Correct chdir",
    ),
    Rule(
        "no_directory",
        r"chdir to cwd \(\\?\"([^\"\\]+)\\?\"\)|chdir (?:to )?`([^`]+)`: No such|[Cc]wd.*?\"?(/[^\"\s:]*)\"?.*no such file or directory",
        "the directory {0}{1}{2} does not exist in the container",
        "Correct chdir, or create the directory first",
    ),
    Rule(
        "not_executable",
        r"exec: \\?\"([^\"\\]+)\\?\": (?:permission denied|is a directory)|the path `([^`]+)` (?:is not a regular file|exists but)",
        "{0}{1} is not an executable program",
        "Name a program, or run the script with its interpreter: argv: [sh, {0}{1}]",
    ),
    Rule(
        "not_executable",
        r"crun: open executable: (Operation not permitted|Permission denied|Is a directory)",
        "it is not an executable program",
        "Name a program, or run the script with its interpreter: argv: [sh, /srv/script]",
    ),
    Rule(
        "no_program",
        r"exec: \\?\"([^\"\\]+)\\?\": (?:executable file not found|stat |no such file)|executable file `([^`]+)` not found",
        "the program {0}{1} does not exist in the container",
        "Use a program of the image. Many small images have no shell",
    ),
    Rule(
        "no_program", r"no such file or directory", "the program or its interpreter does not exist in the container", ""
    ),
)


class Ran(NamedTuple):
    """``rc`` is None for a command that was not waited for."""

    rc: int | None
    output: Output
    exec_id: str | None = None


class Execute(Step["Engine"]):
    """Run a command in a running container and wait for it."""

    def __init__(self, name: str, command: Command, params: Mapping[str, Any]) -> None:
        self.name = name
        self.command = command
        self.detach = params["detach"]
        self.seconds = params["exec_timeout"]
        self.limit = params["max_output"]
        self.patience = params["timeout"]
        self.changes = params["changes"]
        self.summary = f"run {command.text.split(' ', 1)[0]} in container {name}"
        self._exec_id = ""

    def predict(self, engine: Engine) -> Outcome:
        if not self.changes:
            return self.apply(engine)
        warnings: tuple[str, ...] = ()
        try:
            require_running(engine, self.name)
        except FlotillaError as error:
            # An earlier task of the play may start it.
            warnings = (f"{error.message}. In check mode this is only a warning",)
        return Outcome(True, Ran(None, Output(self.command.tty, self.limit)), warnings=warnings)

    def apply(self, engine: Engine) -> Outcome:
        require_running(engine, self.name)
        try:
            self._exec_id = engine.execs.create(self.name, self.command.body(self.detach))["Id"]
            if self.detach:
                engine.execs.start_detached(self._exec_id, self.command.tty)
                return self._outcome(None, Output(self.command.tty, self.limit))
            output = Output(self.command.tty, self.limit)
            ended = self._follow(engine, output)
        except ApiError as error:
            raise self._not_started(engine, error) from error
        if not ended:
            raise self._too_long(engine, output)
        return self._outcome(self._exit_code(engine, output), output)

    def undo(self, engine: Engine) -> bool:
        """Stop the command, because the run no longer waits for it."""
        return bool(self._exec_id) and bool(self._kill(engine))

    def _kill(self, engine: Engine) -> str:
        return kill.end(engine, self._exec_id, self.name, self.command.marker)

    def _outcome(self, rc: int | None, output: Output) -> Outcome:
        return Outcome(self.changes, Ran(rc, output, self._exec_id))

    def _follow(self, engine: Engine, output: Output) -> bool:
        """Read to the end of the output; False if the time limit was reached first."""
        with engine.execs.start(self._exec_id, self.command.tty) as connection:
            deadline = time.monotonic() + self.seconds if self.seconds else None
            connection.feed(self._input(), ended=not self.command.tty)
            while True:
                left = None if deadline is None else deadline - time.monotonic()
                if left is not None and left <= 0:
                    return False
                data = connection.read(_PAUSE * 10 if left is None else min(left, _PAUSE * 10))
                if data == b"":
                    return True
                if data:
                    output.take(data)

    def _input(self) -> bytes | None:
        """Standard input; on a terminal, a control character marks its end."""
        if self.command.stdin is None or not self.command.tty:
            return self.command.stdin
        return self.command.stdin + b"\x04"

    def _exit_code(self, engine: Engine, output: Output) -> int:
        """The exit code. The output may end before the command, and the Engine reports the code a moment later."""
        start = time.monotonic()
        while True:
            found = engine.execs.find(self._exec_id) or {}
            if not found.get("Running") and found.get("ExitCode") is not None:
                self._explain(engine, found["ExitCode"], output)
                return found["ExitCode"]
            waited = time.monotonic() - start
            if not found.get("Running") and waited > _EXIT_CODE_WITHIN:
                raise self._lost(engine, output)
            if found.get("Running") and waited > (self.seconds or self.patience):
                raise self._too_long(engine, output)
            time.sleep(_PAUSE)

    def _explain(self, engine: Engine, rc: int, output: Output) -> None:
        """Raise for an exit code that is from the container runtime and not from the command."""
        said = output.tail(STDOUT) or output.tail(STDERR)
        if rc in (125, 126, 127) and _is_of_runtime(said):
            raise self._failed(said, rc)
        if rc == 137 and self._container_ended(engine):
            raise self._lost(engine, output)

    def _container_ended(self, engine: Engine) -> bool:
        """Whether the container stopped together with the command; the Engine updates its state a moment later."""
        deadline = time.monotonic() + _STATE_WITHIN
        while time.monotonic() < deadline:
            if not _is_running(engine.containers.find(self.name)):
                return True
            time.sleep(_PAUSE)
        return False

    def _not_started(self, engine: Engine, error: ApiError) -> FlotillaError:
        if _is_of_runtime(error.explanation):
            return self._failed(error.explanation, None)
        try:
            # Its state may have changed since the first check.
            require_running(engine, self.name)
        except FlotillaError as reason:
            return reason
        return error

    def _failed(self, said: str, rc: int | None) -> StepFailed:
        rule = explain(FAILURES, said)
        cause = rule.cause if rule else said
        return StepFailed(
            f"Cannot run {self.command.argv[0]} in container {self.name}: {cause}", rule.advice if rule else "", rc=rc
        )

    def _lost(self, engine: Engine, output: Output) -> StepFailed:
        found = engine.containers.find(self.name)
        if _is_running(found):
            return StepFailed(
                f"{self.command.text} in container {self.name} ended, and the Engine does not report its exit code",
                "Check whether the command did its work, then run the task again",
                **shown(output),
            )
        log = watch.log_tail(engine, self.name) if found else []
        end = f" Its log ends with: {' | '.join(log[-5:])}" if log else ""
        code = f" with exit code {found['State'].get('ExitCode')}" if found else ""
        return StepFailed(
            f"Container {self.name} stopped{code} while the command ran.{end}",
            "Start the container again, find out why it stopped, and run the task again",
            log=log,
            **shown(output),
        )

    def _too_long(self, engine: Engine, output: Output) -> StepFailed:
        stopped = self._kill(engine)
        found = engine.execs.find(self._exec_id) or {}
        if stopped:
            state = f"It was stopped with {stopped}"
        elif found and not found.get("Running"):
            state = "It finished before it could be stopped"
        else:
            process = f" as process {found['Pid']} of the Engine's host" if found.get("Pid") else ""
            state = f"It is still running{process}, because the Engine API cannot stop it and the container has no shell to do so"
        allowed = f"{self.seconds or self.patience:g} s"
        return StepFailed(
            f"{self.command.text} in container {self.name} did not finish within {allowed}. {state}",
            "Raise exec_timeout, or find out what the command waits for",
            timed_out=True,
            **shown(output),
        )


def require_running(engine: Engine, name: str) -> Mapping[str, Any]:
    """The inspected container. Raises Missing or StepFailed unless commands can run in it."""
    found = engine.containers.find(name)
    if found is None:
        raise Missing(
            f"Container {name} does not exist",
            "Create and start it first, for example with flotilla.docker.container_run",
        )
    state = found["State"]
    if state.get("Paused"):
        raise StepFailed(
            f"Container {name} is paused, and a paused container runs no commands",
            "Resume it first: container_run with paused: false, or docker unpause",
        )
    if state.get("Restarting"):
        raise StepFailed(
            f"Container {name} is restarting: it exited with code {state.get('ExitCode')} and waits for its next start",
            f"Fix what makes it exit first; docker logs {name} shows its output",
        )
    if not state.get("Running"):
        raise StepFailed(
            f"Container {name} is not running (status {state.get('Status')}, exit code {state.get('ExitCode')})",
            "Start it first, for example with flotilla.docker.container_run and state: started",
        )
    return found


def shown(output: Output, strip: bool = True) -> dict[str, Any]:
    """The outputs as return values."""
    stdout, stdout_encoding = output.text(STDOUT, strip)
    stderr, stderr_encoding = output.text(STDERR, strip)
    return {
        "stdout": stdout,
        "stdout_encoding": stdout_encoding,
        "stderr": stderr,
        "stderr_encoding": stderr_encoding,
        "left_out": output.left_out,
    }


def _is_running(found: Mapping[str, Any] | None) -> bool:
    return bool(found and found["State"].get("Running"))


def _is_of_runtime(said: str) -> bool:
    """Whether a message is from the container runtime and not from the command."""
    return bool(_OF_RUNTIME.search(said))
