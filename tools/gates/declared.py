# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each gate runs. A gate is a function that yields steps."""

from __future__ import annotations

import os
import shutil
import sys

from gates.paths import CHECKOUT, WORK, venv_program
from gates.stage import stage
from gates.step import Step

EVERYTHING = bool(os.environ.get("FLOTILLA_TEST_ALL"))
TARGET_PYTHONS = ("3.9", "3.10", "3.11", "3.12", "3.13")
# Each installs or removes engines anew, which takes minutes; make test-all runs them.
LONG_SCENARIOS = ("engine_data_root", "engine_options", "flow_options", "offline", "registry_cache_options", "rootless", "uninstall", "upgrade")
IMPORTER_CONFIGURATION = """[galaxy-importer]
CHECK_CHANGELOG = True
CHECK_REQUIRED_TAGS = True
OFFLINE_ANSIBLE_LINT = True
RUN_ANSIBLE_DOC = True
RUN_ANSIBLE_LINT = True
RUN_ANSIBLE_TEST = False
"""


def lint():
    yield Step("yamllint", ["yamllint", "--strict", "."])
    yield Step("ansible-lint", ["ansible-lint", "--strict"])
    yield Step("changelog", ["antsibull-changelog", "lint"])
    yield Step("docs", ["antsibull-docs", "lint-collection-docs", "--plugin-docs", "--validate-collection-refs=self", "."])
    # ansible-test looks at files named *.sh only.
    yield Step("shellcheck", ["shellcheck", "--external-sources", ".ci/run", "tools/run", "tools/setup.sh"])
    for name in ("option", "role"):
        yield Step(f"{name}-docs", [sys.executable, str(CHECKOUT / "tools" / f"write_{name}_docs.py"), "--check"])


def build():
    """The archive that users install, and what Galaxy says of it."""
    work = WORK / "build"
    shutil.rmtree(work, ignore_errors=True)
    installed = work / "installed"
    installed.mkdir(parents=True)
    (work / "importer.cfg").write_text(IMPORTER_CONFIGURATION, encoding="utf-8")
    archive = str(work / "flotilla-docker-0.1.0.tar.gz")
    # Elsewhere than in the checkout and without its path: there ansible-galaxy finds the collection installed already.
    outside = {"folder": work, "environment": {"ANSIBLE_COLLECTIONS_PATH": str(installed)}}
    yield Step("build", ["ansible-galaxy", "collection", "build", "--output-path", str(work), str(CHECKOUT)])
    yield Step("install", ["ansible-galaxy", "collection", "install", "--collections-path", str(installed), archive], **outside)
    yield Step("docs-of-installed", ["ansible-doc", "--list", "flotilla.docker", "--json"], **outside)
    python = venv_program("importer", "python")
    yield Step(
        "galaxy-importer",
        [python, "-m", "galaxy_importer.main", archive],
        folder=work,
        # It calls ansible-lint and ansible-doc, which must be its own.
        environment={"GALAXY_IMPORTER_CONFIG": str(work / "importer.cfg"), "PATH": f"{os.path.dirname(python)}:{os.environ['PATH']}"},
    )


def unit():
    yield Step("pytest", ["pytest", "--junit-xml", str(WORK / "unit" / "pytest.xml")], reports=WORK / "unit")


def sanity():
    """With the newest ansible-core, which needs Python 3.12, and with the oldest that is supported."""
    if sys.version_info >= (3, 12):
        yield _sanity("core-2.21", sys.executable)
    else:
        yield Step("core-2.21", skip="this machine has no Python 3.12 or newer")
    yield _sanity("core-2.19", venv_program("core219", "python"))


def _sanity(name, python):
    tree = stage(f"sanity-{name}")
    ansible_test = os.path.join(os.path.dirname(python), "ansible-test")
    version = os.path.basename(os.path.realpath(python)).removeprefix("python")
    return Step(
        name,
        [ansible_test, "sanity", "--venv", "--python", version, "--junit", "--color", "no"],
        folder=tree,
        reports=tree / "tests" / "output" / "junit",
        at_least=20,
    )


def units():
    """The unit tests on the Pythons of the hosts."""
    for python in TARGET_PYTHONS:
        yield _units(python, "ansible-test")
    yield _units("3.8", venv_program("core219", "ansible-test"))


def _units(python, ansible_test):
    name = f"python{python}"
    if not shutil.which(name):
        return Step(name, skip=f"this machine has no {name}")
    tree = stage(f"units-{python}")
    return Step(
        name,
        [ansible_test, "units", "--venv", "--python", python, "--requirements", "--num-workers", "2", "--color", "no"],
        folder=tree,
        reports=tree / "tests" / "output" / "junit",
    )


def integration():
    yield _pytest("integration", minutes=30)


def molecule():
    # Its state would else be shared by all checkouts of the same folder name.
    environment = {"MOLECULE_GLOB": "molecule/*/molecule.yml", "ANSIBLE_HOME": str(WORK / "molecule")}
    left_out = [] if EVERYTHING else [word for name in LONG_SCENARIOS for word in ("--exclude", name)]
    yield Step("molecule", ["molecule", "test", "--all", *left_out], environment=environment, minutes=45)


def runner():
    yield _pytest("runner")


def _pytest(suite, **more):
    reports = WORK / suite
    chosen = [] if EVERYTHING else ["-m", "not long"]
    return Step("pytest", ["pytest", f"tests/{suite}", *chosen, "--junit-xml", str(reports / "pytest.xml")], reports=reports, **more)


# Two lanes side by side that take about as long: molecule and integration, the longest, each in one.
LANES = ((unit, sanity, units, molecule), (lint, build, integration, runner))
GATES = {gate.__name__: gate for lane in LANES for gate in lane}
