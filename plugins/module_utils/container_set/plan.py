# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans the steps of a set: compare all members, create and change them in parallel, replace them in batches, purge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping, Sequence

from ..container.lookup import Found
from ..container.task import Hooks, Task
from ..errors import FlotillaError
from . import depends_on, failures, gate_steps, lookup, members, objects, order, ports, result
from .comparison import Compared, require_success
from .images import Images
from .members import Member
from .run import Commit, Stage
from .shared_engine import SharedEngine
from .update import Delay, Note, Update

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..ledger import Steps


class SetPlan:
    """One run of container_set. It knows each member, so that a failure can report them, too."""

    def __init__(self) -> None:
        self.compared: list[Compared] = []
        self.removed: list[Compared] = []
        self.orphans: list[str] = []
        self.warnings: list[str] = []
        self.shared: Any = None

    def decide(self, engine: Engine, params: Mapping[str, Any]) -> Steps:
        """All steps of the set."""
        update = Update(params["update"])
        wanted = members.read(params)
        around = objects.read(params)
        self.shared = SharedEngine(engine, params["parallel"])
        if params["state"] == "absent":
            yield from self._absent(params, wanted)
            return (yield from objects.remove(engine, around, params))
        existing = lookup.find(self.shared, params["name"], wanted)
        images = Images(self.shared)
        self.warnings += yield from objects.make(engine, around)
        self.shared.networks.promise(options["name"] for options in around["networks"])
        self._read(params, wanted, existing, images, update)
        yield from images.pull((one.task(self.shared), one.found) for one in self.compared)
        failures.raise_all([] if update.goes_on else images.errors)
        self._predict(params, existing, update)
        orphans = [_orphan(params, name, found, existing) for name, found in existing.orphans.items()]
        self.orphans = [] if params["purge"] else sorted(existing.orphans)
        if params["purge"]:
            members_ports = [self._ports(one) for one in self.compared]
            early = [one for one in orphans if ports.freed(members_ports, [self._ports(one)])]
            yield from self._remove(early)
            orphans = [one for one in orphans if one not in early]
        for level in depends_on.levels(wanted):
            names = {member.name for member in level}
            yield from self._change([one for one in self.compared if one.member.name in names], update)
        held = [one.done for one in self.compared if one.done is not None]
        yield Commit(self.shared, held)
        self._require_success(update, at_end=True)
        if params["purge"]:
            yield from self._remove(orphans)

    def report(self, engine: Engine, params: Mapping[str, Any], decided: object) -> dict[str, Any]:
        """The result of the module."""
        return dict(self._facts(), warnings=self.warnings)

    def state(self, engine: Engine, params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """The state of the set after a failure."""
        return "", self._facts()

    # what is to be done

    def _read(
        self,
        params: Mapping[str, Any],
        wanted: Sequence[Member],
        existing: lookup.Existing,
        images: Images,
        update: Update,
    ) -> None:
        needed = {(name, condition) for member in wanted for name, condition in member.depends_on.items()}

        def prepare(one: Compared, task: Task) -> Task:
            return self._with_hooks(one, task, images, update)

        for member in wanted:
            gate_steps.check(member)
            member = _as_others_need_it(member, needed)
            one = Compared(member, existing.found[member.name], existing.leftovers.get(member.name), prepare)
            self.compared.append(one)
            one.is_job = (member.entry, "completed") in needed
            owners = depends_on.shared_with(member, existing.found)
            one.follows = bool(owners)
            one.pending = tuple(option for option, name in owners.items() if existing.found[name].container is None)
            try:
                one.task(self.shared)
            except FlotillaError as error:
                raise failures.of_member(member.name, error) from error

    def _with_hooks(self, one: Compared, task: Task, images: Images, update: Update) -> Task:
        first, reason = order.start_first(update.order, one.member, task)
        if reason:
            one.note = f"stop {one.member.name} before its replacement starts, because {reason}"
        replaces = one.predicted is not None and one.action == "replace"
        if replaces:
            watched = task.state == "healthy" or one.member.ready
            task = task._replace(params=dict(task.params, grace=0.0 if watched else update.monitor))
        hooks = Hooks(
            image=images.of,
            ready=lambda container: gate_steps.ready(one.member, container),
            drain=lambda container, inspected: gate_steps.drain(one.member, container),
            start_first=first,
            works=lambda container: gate_steps.works(one.member, container),
            ended=lambda ended: require_success(one.member.name, ended),
        )
        return task._replace(hooks=hooks)

    def _predict(self, params: Mapping[str, Any], existing: lookup.Existing, update: Update) -> None:
        if params["purge"]:
            self.shared.containers.hide(existing.orphans)
        for one in self.compared:
            one.predict(self.shared)
        errors = [
            failures.of_member(one.member.name, one.predicted.error)
            for one in self.compared
            if one.predicted is not None and one.predicted.error is not None
        ]
        failures.raise_all([] if update.goes_on else errors)
        changing = [self._ports(one) for one in self.compared if one.action in ("stop", "remove", "replace")]
        self.shared.containers.hide(ports.freed([self._ports(one) for one in self.compared], changing))
        for level in depends_on.levels([one.member for one in self.compared]):
            for member in level:
                self._follow(member)

    def _follow(self, member: Member) -> None:
        """Replace a container that uses a namespace of one that is replaced: the namespace ends with the old container."""
        by_name = {one.member.name: one for one in self.compared}
        one = by_name[member.name]
        owners = [by_name[name] for name in depends_on.shared_with(member, by_name).values()]
        if one.found.container and any(
            owner.action in ("create", "replace") and owner.found.container for owner in owners
        ):
            one.recreate = True
            one.predict(self.shared)

    # doing it

    def _change(self, level: Sequence[Compared], update: Update) -> Steps:
        failed = {one.member.entry for one in self.compared if one.error or one.skipped}
        for one in level:
            one.skipped = bool(failed & set(one.member.depends_on))
        busy = [one for one in level if not one.idle and not one.skipped]
        # First those that do not run: that takes away nothing, and while the others are replaced they serve.
        rolling = sorted((one for one in busy if one.disruptive), key=_runs)
        side = [one for one in busy if not one.disruptive]
        own = {one: self._ports(one) for one in self.compared}
        batches = list(ports.batches([own[one] for one in rolling], update.parallelism or max(len(rolling), 1)))
        # A member that only stops comes first if another one needs its host port; one that needs the port of a replaced member comes last.
        freed = ports.freed(own.values())
        first = [one for one in side if one.action in ("stop", "remove") and one.member.name in freed]
        blocked = ports.waits([own[one] for one in side], [own[one] for one in rolling])
        later = [one for one in side if blocked[one.member.name]]
        for stage in (first, [one for one in side if one not in first and one not in later]):
            yield from self._side_by_side(stage, update)
        yield from self._roll(rolling, batches, update)
        yield from self._side_by_side(later, update)

    def _side_by_side(self, side: Sequence[Compared], update: Update) -> Steps:
        if side:
            yield Stage(self.shared, [one.run() for one in side])
            self._require_success(update)

    def _roll(self, rolling: Sequence[Compared], batches: Sequence[Sequence[str]], update: Update) -> Steps:
        """Replace, restart and reconnect in batches."""
        by_name = {one.member.name: one for one in rolling}
        for number, names in enumerate(batches):
            if number and update.delay:
                yield Delay(update.delay)
            batch = [by_name[name] for name in names]
            for one in batch:
                if one.note and one.action == "replace":
                    yield Note(one.note)
            yield Stage(self.shared, [one.run() for one in batch], hold=update.failure_action == "rollback")
            self._require_success(update)

    def _require_success(self, update: Update, at_end: bool = False) -> None:
        """Raise StepFailed when more members failed than update allows."""
        failed = [one for one in self.compared if one.error]
        if not failed:
            return
        tried = [one for one in self.compared if not one.idle]
        tolerated = len(failed) <= update.ratio * len(tried)
        if tolerated and not at_end:
            return
        if tolerated:
            self.warnings += [f"{one.member.name} failed and was rolled back: {one.error}" for one in failed]
            return
        if update.goes_on and not at_end:
            return
        raise failures.of_set(
            [failures.of_member(one.member.name, one.error) for one in failed if one.error], len(tried)
        )

    def _remove(self, gone: Sequence[Compared]) -> Steps:
        for one in gone:
            one.predict(self.shared)
        self.removed += gone
        if gone:
            yield Stage(self.shared, [one.run() for one in gone])
            errors = [failures.of_member(one.member.name, one.error) for one in gone if one.error]
            if errors:
                raise failures.of_set(errors, len(gone))

    def _absent(self, params: Mapping[str, Any], wanted: Sequence[Member]) -> Steps:
        existing = lookup.find(self.shared, params["name"], ())
        everything = {name: _orphan(params, name, found, existing) for name, found in existing.orphans.items()}
        stages = [[member.name for member in level] for level in reversed(depends_on.levels(wanted))]
        listed = {name for stage in stages for name in stage}
        for names in [sorted(set(everything) - listed), *stages]:
            yield from self._remove([everything[name] for name in names if name in everything])

    def _ports(self, one: Compared) -> ports.Ports:
        publishes = one.action in ("create", "replace", "start")
        return ports.of(one.member.name, one.task(self.shared).desired if publishes else {}, one.found.container)

    # what came of it

    def _facts(self) -> dict[str, Any]:
        return {
            "members": [self._member(one) for one in [*self.compared, *self.removed]],
            "orphans": self.orphans,
        }

    def _member(self, one: Compared) -> dict[str, Any]:
        run = one.done
        return {
            "name": one.member.name,
            "entry": one.member.entry,
            "action": "skip" if one.untouched else one.action,
            "changed": run.changed and not run.rolled_back if run else False,
            "rolled_back": run.rolled_back if run else False,
            "actions": run.ledger.actions if run else [],
            "seconds": round(run.seconds, 3) if run else 0.0,
            "failure": result.failure(one.error),
            "container": result.trimmed(self._container(one)),
        }

    def _container(self, one: Compared) -> Any:
        run = one.done
        if run is None or not run.ledger.acted:
            return one.found.container
        if run.decided is not None and run.decided.fresh and not run.rolled_back:
            return run.decided.inspected
        try:
            return self.shared.containers.find(one.member.name)
        except FlotillaError:
            return None  # the daemon may be what failed


def _runs(one: Compared) -> bool:
    return bool(one.found.container and one.found.container["State"]["Running"])


def _as_others_need_it(member: Member, needed: set[tuple[str, str]]) -> Member:
    """A member that others wait for, until it is healthy or has completed."""
    params = dict(member.params)
    if (member.entry, "healthy") in needed and params["state"] == "started":
        params["state"] = "healthy"
    if (member.entry, "completed") in needed and params["detach"] is None:
        params["detach"] = False
    return member._replace(params=params)


def _orphan(params: Mapping[str, Any], name: str, found: Found, existing: lookup.Existing) -> Compared:
    """A member to remove. Its options come from defaults only, and only those for stopping are used."""
    member = members.to_remove(name, params)
    hooks = Hooks(drain=lambda container, inspected: gate_steps.drain(member, container))
    return Compared(member, found, existing.leftovers.get(name), lambda one, task: task._replace(hooks=hooks))
