# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module: the only code that builds an AnsibleModule, looks at check mode, applies steps, undoes them, exits or fails."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any, Callable, Iterator, Mapping

from ansible.module_utils.basic import AnsibleModule

# pylint: disable-next=unused-import  # archive_imports serves all imports that follow
from . import archive_imports, hangup, signals  # noqa: F401
from .arguments import CONNECTION, CONNECTION_EXCLUSIVE, CONNECTION_TOGETHER
from .errors import FlotillaError, Interrupted

if TYPE_CHECKING:
    from .engine.engine import Engine
    from .ledger import Ledger, Steps


def connect_to_engine(params: Mapping[str, Any]) -> Engine:
    """The Engine of the connection options."""
    # Some modules need no connection, or only for a change.
    from .engine.connection import connect  # pylint: disable=import-outside-toplevel

    return connect(params)


def run(
    decide: Callable[..., Steps] | None = None,
    report: Callable[..., dict] | None = None,
    argument_spec: dict | None = None,
    connect: Callable[[dict], Any] | None = connect_to_engine,
    mask: Callable[[dict], tuple] | None = None,
    current_state: Callable[[Any, dict], tuple] | None = None,
    reads_only: bool = False,
    **module_arguments: Any,
) -> None:
    """Run one module from its two functions and leave the process.

    ``decide(engine, params)`` is a generator of steps; its return value is the third argument of ``report(engine, params, decided)``,
    which returns the module's result. Either may be absent. ``connect(params)`` gives the Engine; a module without (None) has no
    connection options either.
    ``mask(params)`` returns the parameters with secrets masked, and the values to mask everywhere.
    ``reads_only``: the steps of decide are checks, and the result has neither actions nor a diff.
    ``current_state(engine, params)`` returns a sentence and facts about the state after the rollback, for the failed result.
    """
    module_arguments["argument_spec"] = argument_spec or {}
    if connect:
        _add_connection(module_arguments)
    module = (Module if mask is None else _masked(mask))(supports_check_mode=True, **module_arguments)
    ledger: Ledger | NothingDone = NothingDone()
    engine = decided = None
    try:
        with signals.as_errors(), hangup.watched():
            engine = connect(module.params) if connect else None
            if decide:
                steps = decide(engine, module.params)
                try:
                    first = next(steps)
                except StopIteration as end:
                    decided = end.value
                else:
                    from .ledger import Ledger  # pylint: disable=import-outside-toplevel

                    ledger = Ledger()
                    decided = ledger.perform(steps, engine, module.check_mode, first)
            result = report(engine, module.params, decided) if report else {}
    except (FlotillaError, Interrupted) as error:
        sentence, facts = _after_failure(current_state, engine, module.params, ledger)
        module.fail_json(
            **dict(facts, **dict(error.facts, msg=f"{error}{ledger.account()}{sentence}", **ledger.facts()))
        )
    except Exception as error:  # a bug of this collection: report it as one, together with the current state
        module.fail_json(
            msg=f"Internal error in the module ({type(error).__name__}: {error}). "
            f"This is a bug; please report it together with the task.{ledger.account()}",
            exception=traceback.format_exc(),
            **ledger.facts(),
        )
    for warning in ledger.warnings() + list(result.pop("warnings", ())):
        module.warn(warning)
    if reads_only:
        result = dict(result, changed=False)
    elif decide:
        result = ledger.merged_into(result)
    module.exit_json(**dict({"changed": False}, **result))


def _add_connection(arguments: dict[str, Any]) -> None:
    """Add the options of the connection, and their rules, to arguments of AnsibleModule."""
    arguments["argument_spec"] = dict(CONNECTION, **arguments["argument_spec"])
    arguments["required_together"] = [*arguments.get("required_together", ()), *CONNECTION_TOGETHER]
    arguments["mutually_exclusive"] = [*arguments.get("mutually_exclusive", ()), *CONNECTION_EXCLUSIVE]


class NothingDone:
    """In place of a Ledger in a run without steps. Most runs are such, and need not import what performs steps and rolls them back."""

    acted = False

    def account(self) -> str:
        """As of a Ledger without steps."""
        return ""

    def facts(self) -> dict[str, Any]:
        """As of a Ledger without steps."""
        return {}

    def warnings(self) -> list[str]:
        """As of a Ledger without steps."""
        return []

    def merged_into(self, result: dict[str, Any]) -> dict[str, Any]:
        """As of a Ledger without steps."""
        return dict({"changed": False, "actions": [], "diff": {"before": {}, "after": {}}}, **result)


def _after_failure(
    current_state: Callable[[Any, dict], tuple] | None, engine: object, params: dict, ledger: Ledger | NothingDone
) -> tuple[str, dict]:
    if current_state is None or not ledger.acted:
        return "", {}
    try:
        return current_state(engine, params)
    except FlotillaError:
        return "", {}  # the Engine may be what failed; the error itself matters more


class Module(AnsibleModule):
    """Explains what Ansible refuses without a name: a list of dictionaries that has something else, such as networks: [front]."""

    params: dict[str, Any]

    def _load_params(self) -> None:
        super()._load_params()
        # Null and an empty text, which a template may produce, mean the default. Without this, null would replace it.
        for name, option in self.argument_spec.items():
            for key in (name, *option.get("aliases", ())):
                if self.params.get(key, 0) is None or (self.params.get(key) == "" and not _may_be_empty(option)):
                    del self.params[key]
        self.given = dict(self.params)

    def fail_json(self, msg: str, **kwargs: Any) -> Any:
        if msg.startswith("dictionary requested"):
            msg = "; ".join(_without_dictionaries(self.argument_spec, self.given)) or msg
        super().fail_json(msg, **kwargs)


def _may_be_empty(option: Mapping[str, Any]) -> bool:
    """Whether an empty text is a value of the option."""
    if "choices" in option:
        return "" in option["choices"]
    texts = ("str", "path", "raw", "json")
    return (option.get("elements", "raw") if option.get("type") == "list" else option.get("type", "str")) in texts


def _without_dictionaries(spec: Mapping[str, Any], params: Mapping[str, Any], place: str = "") -> Iterator[str]:
    for name, option in spec.items():
        given = next((params[key] for key in (name, *option.get("aliases", ())) if params.get(key) is not None), None)
        if option.get("elements") != "dict" or given is None:
            continue
        inner = option.get("options") or {}
        for entry in given if isinstance(given, list) else [given]:
            if isinstance(entry, dict):
                yield from _without_dictionaries(inner, entry, f"{place}{name}[].")
            elif isinstance(entry, str) and "=" not in entry and entry[:1] != "{":
                got = "" if any(suboption.get("no_log") for suboption in inner.values()) else f" (got {entry!r})"
                named = entry and not place and [key for key in inner if inner[key].get("required")] == ["name"]
                yield f"{place}{name} must be a list of dictionaries{got}" + (
                    f". Example: {name}: [{{name: {entry}}}]" if named else ""
                )


def _masked(mask: Callable[[dict], tuple]) -> type[AnsibleModule]:
    class Masked(Module):
        """Keeps secrets out of the host's system log and out of the invocation in the result."""

        params: dict[str, Any]

        def _log_invocation(self) -> None:
            params = self.params
            self.params, hidden = mask(params)
            self.no_log_values.update(hidden)
            try:
                super()._log_invocation()
            finally:
                self.params = params

        def _return_formatted(self, kwargs: dict) -> None:
            kwargs.setdefault("invocation", {"module_args": mask(self.params)[0]})
            super()._return_formatted(kwargs)

    return Masked
