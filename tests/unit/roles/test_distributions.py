# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role docker_engine chooses on distributions that the fleet mostly lacks: packages, repository, key, Python, and what is in the way."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple, Optional

import pytest

sys.path.append(str(Path(__file__).resolve().parent))

from evaluated import Role  # noqa: E402  pylint: disable=wrong-import-position

DOCKERS = "https://download.docker.com/linux/"


class Host(NamedTuple):
    """Facts, as ansible.builtin.setup gives them, and what the role is to make of them. None stands for a refusal."""

    distribution: str
    release: str
    major: str
    family: str
    manager: str
    own: Optional[str]
    repository: Optional[str]
    docker_py: str


HOSTS = {
    "debian12": Host("Debian", "bookworm", "12", "Debian", "apt", "docker.io", "debian bookworm", "distribution"),
    "debian13": Host("Debian", "trixie", "13", "Debian", "apt", "docker.io docker-cli", "debian trixie", "distribution"),
    "debian11": Host("Debian", "bullseye", "11", "Debian", "apt", "docker.io", "debian bullseye", "venv"),
    "ubuntu2004": Host("Ubuntu", "focal", "20", "Debian", "apt", "docker.io", "ubuntu focal", "venv"),
    "ubuntu2204": Host("Ubuntu", "jammy", "22", "Debian", "apt", "docker.io", "ubuntu jammy", "distribution"),
    "ubuntu2404": Host("Ubuntu", "noble", "24", "Debian", "apt", "docker.io", "ubuntu noble", "distribution"),
    "mint22": Host("Linux Mint", "wilma", "22", "Debian", "apt", "docker.io", None, "distribution"),
    "rhel9": Host("RedHat", "Plow", "9", "RedHat", "dnf", None, "rhel/9", "venv"),
    "rhel10": Host("RedHat", "Coughlan", "10", "RedHat", "dnf", None, "rhel/10", "venv"),
    "centos9": Host("CentOS", "Stream", "9", "RedHat", "dnf", None, "centos/9", "venv"),
    "rocky9": Host("Rocky", "Blue Onyx", "9", "RedHat", "dnf", None, "centos/9", "venv"),
    "alma9": Host("AlmaLinux", "Teal Serval", "9", "RedHat", "dnf", None, "centos/9", "venv"),
    "oracle9": Host("OracleLinux", "", "9", "RedHat", "dnf", None, "centos/9", "venv"),
    "fedora42": Host("Fedora", "", "42", "RedHat", "dnf5", "moby-engine docker-cli", "fedora/42", "distribution"),
    "amazon2023": Host("Amazon", "", "2023", "RedHat", "dnf", "docker", None, "venv"),
    "leap156": Host("openSUSE Leap", "", "15", "Suse", "zypper", "docker", None, "venv"),
    "tumbleweed": Host("openSUSE Tumbleweed", "", "20261101", "Suse", "zypper", "docker", None, "distribution"),
    "sles15": Host("SLES", "", "15", "Suse", "zypper", "docker", None, "venv"),
}
WITH = {"apt": "apt", "dnf": "dnf", "dnf5": "dnf", "zypper": "zypper"}


def role_on(name, **given):
    host = HOSTS[name]
    facts = {
        "distribution": host.distribution,
        "distribution_release": host.release,
        "distribution_major_version": host.major,
        "os_family": host.family,
        "pkg_mgr": host.manager,
        "service_mgr": "systemd",
        "python": {"executable": "/usr/bin/python3"},
    }
    return Role(facts, **{"docker_engine_" + option: value for option, value in given.items()})


def having(condition):
    return [name for name, host in HOSTS.items() if condition(host)]


@pytest.mark.parametrize("name", HOSTS)
def test_manager_and_docker_py(name):
    host, role = HOSTS[name], role_on(name)
    assert role.refusal("preflight.yml") is None
    assert role.value("_docker_engine_manager") == WITH[host.manager]
    assert role.value("_docker_engine_python") == host.docker_py
    assert ("python3-docker" in role.value("_docker_engine_packages")) == (host.docker_py == "distribution")
    assert ("python3-venv" in role.value("_docker_engine_packages")) == (host.docker_py == "venv" and host.manager == "apt")
    wanted = role_on(name, python="distribution", source="docker" if host.own is None else "distribution").refusal()
    assert (wanted is None) == (host.docker_py == "distribution")
    assert wanted is None or "Use docker_engine_python auto or venv" in wanted


@pytest.mark.parametrize("name", having(lambda host: host.own))
def test_packages_of_the_distribution(name):
    host, role = HOSTS[name], role_on(name, version="1.2", python="none")
    assert role.refusal() is None
    assert role.value("_docker_engine_pinned") == host.own.split()
    sign = {"apt": "=", "dnf": "-", "dnf5": "-", "zypper": "="}[host.manager]
    assert role.value("_docker_engine_packages")[: len(host.own.split())] == [package + sign + "1.2" for package in host.own.split()]
    # Docker's packages, and podman's imitation of them, cannot stand beside it.
    assert {"docker-ce", "podman-docker"} <= set(role.value("_docker_engine_conflicts")["distribution"])
    assert not set(role.value("_docker_engine_conflicts")["distribution"]) & set(host.own.split())


@pytest.mark.parametrize("name", having(lambda host: not host.own))
def test_a_distribution_without_an_engine_says_where_to_get_one(name):
    message = role_on(name).refusal()
    assert message == "%s, which web1 is, has no Docker Engine of its own. Use docker_engine_source docker." % HOSTS[name].distribution


@pytest.mark.parametrize("name", having(lambda host: host.repository and host.manager == "apt"))
def test_dockers_repository_for_apt(name):
    folder, suite = HOSTS[name].repository.split()
    role = role_on(name, source="docker", python="none")
    assert role.refusal() is None
    assert role.value("_docker_engine_packages") == ["docker-ce", "docker-ce-cli", "containerd.io", "ca-certificates"]
    assert {"docker.io", "containerd", "runc", "podman-docker"} <= set(role.value("_docker_engine_conflicts")["docker"])
    named = role.task("apt/repository.yml", "ansible.builtin.copy")
    assert named["dest"] == "/etc/apt/sources.list.d/docker.sources"
    assert named["content"].splitlines() == [
        "Types: deb",
        "URIs: %s%s" % (DOCKERS, folder),
        "Suites: %s" % suite,
        "Components: stable",
        "Signed-By: /etc/apt/keyrings/docker.asc",
    ]
    fetched = role.task("apt/repository.yml", "ansible.builtin.get_url")
    assert (fetched["url"], fetched["dest"]) == ("%s%s/gpg" % (DOCKERS, folder), "/etc/apt/keyrings/docker.asc")


@pytest.mark.parametrize("name", having(lambda host: host.repository and host.family == "RedHat"))
def test_dockers_repository_for_dnf(name):
    folder = HOSTS[name].repository
    role = role_on(name, source="docker", python="none")
    assert role.refusal() is None
    assert role.value("_docker_engine_packages") == ["docker-ce", "docker-ce-cli", "containerd.io"]
    # containerd.io brings a runc of its own.
    assert {"runc", "podman-docker", "docker"} <= set(role.value("_docker_engine_conflicts")["docker"])
    named = role.task("dnf/repository.yml", "ansible.builtin.yum_repository")
    assert named["baseurl"] == "%s%s/$basearch/stable" % (DOCKERS, folder)
    assert (named["gpgcheck"], named["gpgkey"]) == (True, "%s%s/gpg" % (DOCKERS, folder.split("/")[0]))


@pytest.mark.parametrize("name", having(lambda host: not host.repository))
def test_where_docker_has_no_packages_that_is_said(name):
    message = role_on(name, source="docker").refusal()
    assert message.startswith("Docker publishes no packages for %s, which web1 is. Use docker_engine_source distribution" % HOSTS[name].distribution)
    # A repository for another distribution may serve its relatives, but not one for which no such packages are made.
    assert ("docker_engine_repository_url" in message) == (HOSTS[name].family != "Suse")


def test_a_mirror_of_dockers_repository():
    mirror = {"source": "docker", "repository_url": "https://mirror.example.org/docker", "repository_suite": "noble"}
    role = role_on("mint22", **mirror)
    assert role.refusal() is None
    content = role.task("apt/repository.yml", "ansible.builtin.copy")["content"]
    assert "URIs: https://mirror.example.org/docker\nSuites: noble\n" in content
    assert role.task("apt/repository.yml", "ansible.builtin.get_url")["url"] == "https://mirror.example.org/docker/gpg"
    mirror["repository_suite"] = "9"
    named = role_on("amazon2023", **mirror).task("dnf/repository.yml", "ansible.builtin.yum_repository")
    assert named["baseurl"] == "https://mirror.example.org/docker/9/$basearch/stable"


def test_the_key_from_elsewhere_and_a_key_that_is_given():
    elsewhere = {"source": "docker", "repository_key_url": "https://keys.example.org/docker.asc"}
    assert role_on("debian13", **elsewhere).task("apt/repository.yml", "ansible.builtin.get_url")["url"] == elsewhere["repository_key_url"]
    assert role_on("rocky9", **elsewhere).task("dnf/repository.yml", "ansible.builtin.yum_repository")["gpgkey"] == elsewhere["repository_key_url"]
    given = {"source": "docker", "repository_key": "-----BEGIN PGP PUBLIC KEY BLOCK-----"}
    for name, file, keyring in (
        ("ubuntu2404", "apt/repository.yml", "/etc/apt/keyrings/docker.asc"),
        ("rocky9", "dnf/repository.yml", "/etc/pki/rpm-gpg/RPM-GPG-KEY-docker"),
    ):
        put = role_on(name, **given).task(file, "ansible.builtin.copy")
        assert (put["dest"], put["content"]) == (keyring, given["repository_key"])
    assert role_on("rocky9", **given).task("dnf/repository.yml", "ansible.builtin.yum_repository")["gpgkey"] == "file:///etc/pki/rpm-gpg/RPM-GPG-KEY-docker"


@pytest.mark.parametrize(
    "name, files, missing",
    [
        ("debian13", ["docker.io_26.1.5+dfsg1-9+b9_amd64.deb", "docker-cli_26.1.5+dfsg1-9+b9_amd64.deb"], None),
        ("ubuntu2404", ["docker.io_27.5.1-0ubuntu3~24.04.2_amd64.deb"], None),
        ("ubuntu2404", ["docker-ce_28.5.2-1~ubuntu.24.04~noble_amd64.deb"], "docker-ce-cli"),
        ("rocky9", ["docker-ce-28.5.2-1.el9.x86_64.rpm", "docker-ce-cli-28.5.2-1.el9.x86_64.rpm", "containerd.io-1.7.28-1.el9.x86_64.rpm"], None),
        ("fedora42", ["moby-engine-27.3.1-2.fc42.x86_64.rpm", "docker-cli-27.3.1-2.fc42.x86_64.rpm"], None),
        ("leap156", ["docker-28.3.3_ce-150000.230.1.x86_64.rpm"], None),
        ("sles15", [], "docker"),
        ("amazon2023", ["nginx-1.28.0-1.amzn2023.x86_64.rpm"], "docker"),
    ],
)
def test_a_folder_of_packages(name, files, missing):
    role = role_on(name, source="folder", packages_folder="/srv/packages", python="none")
    role.variables["_docker_engine_folder_files"] = ["/srv/packages/" + file for file in files]
    message = role.refusal()
    assert message is None if missing is None else "lacks %s for %s" % (missing, HOSTS[name].distribution) in message


@pytest.mark.parametrize("name", having(lambda host: host.family == "RedHat"))
def test_dnf_takes_a_folder_alone(name):
    role = role_on(name, source="folder", packages_folder="/srv/packages")
    role.variables["_docker_engine_folder_files"] = ["/srv/packages/docker-ce-28.5.2-1.el9.x86_64.rpm", "/srv/packages/docker-7.1.0-py3-none-any.whl"]
    installed = role.task("dnf/install.yml", "ansible.builtin.dnf")
    assert installed["name"] == ["/var/lib/flotilla/packages/docker-ce-28.5.2-1.el9.x86_64.rpm"]
    assert installed["disablerepo"] == ["*"]


@pytest.mark.parametrize(
    "present, given, words",
    [
        ([], {}, "install --no-recommends docker"),
        (["docker 28.3.3_ce-150000.230.1 installed"], {}, None),
        (["docker 28.3.3_ce-150000.230.1 installed"], {"version": "28.3.3_ce"}, None),
        (["docker 28.3.3_ce-150000.230.1 installed"], {"version": "27.5.1_ce"}, "install --no-recommends --oldpackage docker=27.5.1_ce"),
    ],
)
def test_zypper_installs_what_is_missing_or_has_another_version(present, given, words):
    role = role_on("leap156", **given)
    role.variables["_docker_engine_present"] = {"stdout_lines": present}
    assert bool(role.value("_docker_engine_missing")) == bool(words)
    if words:
        assert role.task("zypper/install.yml", "ansible.builtin.command", "Install the Engine")["argv"] == ["zypper", "--non-interactive", *words.split()]


def test_other_hosts_are_refused_before_anything_is_done():
    role = role_on("debian12")
    role.variables["ansible_facts"] = dict(role.variables["ansible_facts"], distribution="Alpine", os_family="Alpine")
    assert "is Alpine, and the role knows the families Debian, RedHat, Suse" in role.refusal("preflight.yml")
    role.variables["ansible_facts"]["service_mgr"] = "openrc"
    assert "is run by openrc, and the role needs systemd" in role.refusal("preflight.yml")
