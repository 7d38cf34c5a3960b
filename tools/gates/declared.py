# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of each gate. A gate is a function that yields commands."""

from __future__ import annotations

import os
import shutil
import sys

from gates import coverage
from gates.command import Command
from gates.paths import CHECKOUT, WORK, venv_program
from gates.stage import stage

EVERYTHING = bool(os.environ.get("FLOTILLA_TEST_ALL"))
TARGET_PYTHONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13")
# Each takes minutes, most because they install or remove Engines; make test-all runs them.
LONG_SCENARIOS = (
    "engine_options",
    "flow_options",
    "offline",
    "registry_cache_options",
    "rollout",
    "rootless",
    "rpm",
    "uninstall",
    "upgrade",
)
# The two parts of the integration tests: modules for containers, and the rest.
INTEGRATION = CHECKOUT / "tests/integration"
CONTAINER_FILES = "test_container_*.py"
IMPORTER_CONFIGURATION = """[galaxy-importer]
CHECK_CHANGELOG = True
CHECK_REQUIRED_TAGS = True
OFFLINE_ANSIBLE_LINT = True
RUN_ANSIBLE_DOC = True
RUN_ANSIBLE_LINT = {lint}
RUN_ANSIBLE_TEST = False
"""


def lint():
    yield Command("ruff-format", ["ruff", "format", "--check", "."])
    yield Command("ruff", ["ruff", "check", "."])
    yield Command("mypy", ["mypy"])
    yield Command("yamllint", ["yamllint", "--strict", "."])
    yield Command("ansible-lint", ["ansible-lint", "--strict"])
    yield Command("changelog", ["antsibull-changelog", "lint"])
    yield Command(
        "docs", ["antsibull-docs", "lint-collection-docs", "--plugin-docs", "--validate-collection-refs=self", "."]
    )
    # ansible-test checks only files named *.sh.
    yield Command("shellcheck", ["shellcheck", "--external-sources", ".ci/run", "tools/run", "tools/setup.sh"])
    for name in ("option", "role"):
        yield Command(f"{name}-docs", [sys.executable, str(CHECKOUT / "tools" / f"write_{name}_docs.py"), "--check"])


def build():
    """Build the archive that users install, and check it with Galaxy's importer."""
    work = WORK / "build"
    shutil.rmtree(work, ignore_errors=True)
    installed = work / "installed"
    installed.mkdir(parents=True)
    # `lint` runs ansible-lint too, with more rules.
    (work / "importer.cfg").write_text(IMPORTER_CONFIGURATION.format(lint=EVERYTHING), encoding="utf-8")
    archive = str(work / "flotilla-docker-0.1.0.tar.gz")
    # Outside of the checkout and without its path, where ansible-galaxy would find the collection installed.
    outside = {"folder": work, "environment": {"ANSIBLE_COLLECTIONS_PATH": str(installed)}}
    yield Command("build", ["ansible-galaxy", "collection", "build", "--output-path", str(work), str(CHECKOUT)])
    yield Command(
        "install", ["ansible-galaxy", "collection", "install", "--collections-path", str(installed), archive], **outside
    )
    yield Command("docs-of-installed", ["ansible-doc", "--list", "flotilla.docker", "--json"], **outside)
    python = venv_program("importer", "python")
    yield Command(
        "galaxy-importer",
        [python, "-m", "galaxy_importer.main", archive],
        folder=work,
        # It runs ansible-lint and ansible-doc, which must be from its own environment.
        environment={
            "GALAXY_IMPORTER_CONFIG": str(work / "importer.cfg"),
            "PATH": f"{os.path.dirname(python)}:{os.environ['PATH']}",
        },
    )


def unit():
    yield Command(
        "pytest", [*coverage.pytest("unit"), "--junit-xml", str(WORK / "unit" / "pytest.xml")], reports=WORK / "unit"
    )


def sanity():
    """With the newest ansible-core, which needs Python 3.12, and with the oldest that is supported."""
    if sys.version_info >= (3, 12):
        yield _sanity("core-2.21", sys.executable)
    else:
        yield Command("core-2.21", skip="this machine has no Python 3.12 or newer")
    yield _sanity("core-2.19", venv_program("core219", "python"))


def _sanity(name, python):
    tree = stage(f"sanity-{name}")
    return Command(
        name,
        [_ansible_test(python), "sanity", "--venv", "--python", _version(python), "--junit", "--color", "no"],
        folder=tree,
        reports=tree / "tests" / "output" / "junit",
        at_least=20,
    )


def units():
    """The unit tests of the plugins on the Pythons of the hosts. `unit` runs them, and all others, on the Python of the tools."""
    own = "{}.{}".format(*sys.version_info)
    targets = [python for python in TARGET_PYTHONS if python != own and shutil.which(f"python{python}")]
    for python in sorted({*TARGET_PYTHONS} - {*targets, own}):
        yield Command(f"python{python}", skip=f"this machine has no python{python}")
    # The newest ansible-core does not know Python 3.8.
    yield from _units("core-2.21", sys.executable, [target for target in targets if target != "3.8"])
    yield from _units("core-2.19", venv_program("core219", "python"), [target for target in targets if target == "3.8"])


def _units(name, python, targets):
    """One run of the ansible-test of ``python``, with an environment for each target."""
    if targets:
        tree = stage(f"units-{name}")
        words = [_ansible_test(python), "units", "--controller", f"origin:python={_version(python)}"]
        words += [word for target in targets for word in ("--target-python", f"venv/{target}")]
        yield Command(
            name,
            [*words, "--requirements", "--num-workers", "2", "--color", "no", "tests/unit/plugins/"],
            folder=tree,
            reports=tree / "tests" / "output" / "junit",
            at_least=1000 * len(targets),
        )


def _ansible_test(python):
    return os.path.join(os.path.dirname(python), "ansible-test")


def _version(python):
    return os.path.basename(os.path.realpath(python)).removeprefix("python")


def containers():
    yield _integration("containers", sorted(INTEGRATION.glob(CONTAINER_FILES)))


def integration():
    yield _integration(
        "integration", sorted(set(INTEGRATION.glob("test_*.py")) - set(INTEGRATION.glob(CONTAINER_FILES)))
    )


def _integration(gate, files):
    """With a fleet of its own, so that both parts can run at the same time: they mostly wait for Engines."""
    words = ["pytest", *(str(path.relative_to(CHECKOUT)) for path in files)]
    environment = {"FLOTILLA_NEW_FLEET": f"it-{gate}", "FLOTILLA_RAN_LINES": str(coverage.ran_lines(gate))}
    return _pytest(gate, words, environment)


def molecule():
    # Otherwise all checkouts with the same folder name would share Molecule's state.
    environment = {"MOLECULE_GLOB": "molecule/*/molecule.yml", "ANSIBLE_HOME": str(WORK / "molecule")}
    left_out = [] if EVERYTHING else [word for name in LONG_SCENARIOS for word in ("--exclude", name)]
    yield Command("molecule", ["molecule", "test", "--all", *left_out], environment=environment)


def runner():
    yield _pytest("runner", ["pytest", "tests/runner"])


def _pytest(gate, words, environment=None):
    reports = WORK / gate
    chosen = [] if EVERYTHING else ["-m", "not long"]
    words = [*words, *chosen, "--junit-xml", str(reports / "pytest.xml")]
    return Command("pytest", words, reports=reports, environment=environment or {})


# The longest first: a free worker takes the next, and none is left with a long one at the end.
GATES = {gate.__name__: gate for gate in (integration, containers, molecule, units, sanity, unit, lint, runner, build)}
