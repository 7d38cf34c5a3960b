# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the flow as AWX does: ansible-runner, a project with one line, the installed collection, a key in an agent, a user who needs sudo."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import ansible_runner
import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
FLEET = "awx"
HOSTS = {"node1", "node2"}
SLOW = "hub:5001/library/nginx:latest"


@pytest.fixture(scope="module")
def fleet():
    _fleet("up", "--user", "ops", "--hosts", "2", "--releases", "12,13")
    yield json.loads((_states() / FLEET / "fleet.json").read_text(encoding="utf-8"))
    _fleet("down")


@pytest.fixture(scope="module")
def private_data(fleet, tmp_path_factory):
    """The private data directory that AWX creates for a job."""
    folder = tmp_path_factory.mktemp("awx")
    for name in ("project", "inventory", "env"):
        (folder / name).mkdir()
    _install_collection(folder / "requirements_collections")
    (folder / "project" / "site.yml").write_text("- import_playbook: flotilla.docker.flow\n", encoding="utf-8")
    (folder / "inventory" / "hosts.yml").write_text(yaml.safe_dump(_without_key(fleet)), encoding="utf-8")
    (folder / "env" / "ssh_key").write_text(Path(fleet["key"]).read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "env" / "envvars").write_text(
        yaml.safe_dump(
            {"ANSIBLE_COLLECTIONS_PATH": str(folder / "requirements_collections"), "ANSIBLE_HOME": str(folder / "home")}
        ),
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def job(private_data):
    return ansible_runner.run(
        private_data_dir=str(private_data), playbook="site.yml", ident="1", quiet=True, timeout=1800
    )


def test_job_is_successful(job):
    assert (job.status, job.rc) == ("successful", 0), job.stdout.read()[-5000:]


def test_every_host_ran_and_none_failed(job):
    assert set(job.stats["ok"]) >= HOSTS
    assert not job.stats["failures"] and not job.stats["dark"]


def test_report_is_written_beside_the_inventory(job, private_data):
    report = json.loads((private_data / "inventory" / "flow-report.json").read_text(encoding="utf-8"))
    assert set(report["hosts"]) == HOSTS
    assert {host["container"]["http_status"] for host in report["hosts"].values()} == {200}


def test_job_output_shows_the_fleet_in_one_table(job):
    # Events of warnings have no data.
    data = [event.get("event_data", {}) for event in job.events]
    (table,) = (entry["res"]["msg"] for entry in data if entry.get("task") == "Show the report" and "res" in entry)
    assert all(any(line.split()[0] == host and line.split()[-1] == "200" for line in table) for host in HOSTS), table


@pytest.fixture
def slow_job(job, private_data, fleet):
    """A job that pulls from a registry that sends 0.3 megabytes per second."""
    play = {
        "hosts": "all",
        "become": True,
        "gather_facts": False,
        "tasks": [{"name": "Pull", "flotilla.docker.image_pull": {"name": SLOW}}],
    }
    (private_data / "project" / "pull.yml").write_text(json.dumps([play]), encoding="utf-8")
    for host in fleet["hosts"].values():
        # Remove the layers under every other name, too.
        subprocess.run(
            ["docker", "exec", host["container"], "sh", "-c", "docker rm -f web; docker image prune -af"],
            check=True,
            capture_output=True,
        )
    control = fleet["hub"]["control"] + "/faults/library/nginx"
    body = json.dumps({"fault": "slow", "bytes_per_second": 300000}).encode()
    urllib.request.urlopen(urllib.request.Request(control, data=body, method="PUT"), timeout=10).close()
    yield ansible_runner.run(
        private_data_dir=str(private_data), playbook="pull.yml", ident="2", quiet=True, timeout=1800
    )
    urllib.request.urlopen(urllib.request.Request(control, method="DELETE"), timeout=10).close()


def test_job_output_shows_the_progress_of_a_slow_pull_on_each_host(slow_job):
    output = slow_job.stdout.read()
    assert slow_job.status == "successful", output[-5000:]
    for host in HOSTS:
        assert re.search(rf"^pulling: \[{host}\] {SLOW}, \d of 6 layers, .*/s\s*$", output, re.M), output
    # No live lines: the terminal of ansible-runner has no viewer.
    assert not re.search(r"\x1b\[\d*[AJ]", output)


def _fleet(verb, *options):
    subprocess.run([sys.executable, "tests/fleet", verb, "--name", FLEET, *options], cwd=CHECKOUT, check=True)


def _states():
    return Path(os.environ.get("FLOTILLA_FLEET_STATE") or CHECKOUT / ".cache" / "fleet")


def _install_collection(folder):
    """Install the collection as AWX's project update does, from the archive that users get."""
    outside = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(folder)}
    galaxy = ["ansible-galaxy", "collection"]
    subprocess.run([*galaxy, "build", "--output-path", str(folder), str(CHECKOUT)], check=True, capture_output=True)
    (archive,) = folder.glob("*.tar.gz")
    subprocess.run(
        [*galaxy, "install", "--collections-path", str(folder), str(archive)],
        check=True,
        capture_output=True,
        cwd=folder,
        env=outside,
    )


def _without_key(fleet):
    """The inventory of the fleet without the SSH key, which AWX adds to ssh-agent."""
    inventory = yaml.safe_load(Path(fleet["inventory"]).read_text(encoding="utf-8"))
    variables = inventory["fleet"]["vars"]
    del variables["ansible_ssh_private_key_file"]
    variables["ansible_ssh_args"] = (
        f"-o UserKnownHostsFile={fleet['state_dir']}/known_hosts -o ControlMaster=auto -o ControlPersist=60s"
    )
    return inventory
