# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role docker_engine chooses on distributions that the fleet mostly lacks: packages, repository, key, Python, and what is in the way."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import pytest

sys.path.append(str(Path(__file__).resolve().parent))

from evaluated import ROLES, Role, facts_of, load, variables_of  # noqa: E402  pylint: disable=wrong-import-position

DOCKERS = "https://download.docker.com/linux/"


class Host(NamedTuple):
    """The content of os-release, and what the role must choose for it. None means that the role refuses the host."""

    os_release: str
    manager: str
    own: str | None
    repository: str | None
    docker_py: str

    @property
    def name(self):
        return dict(line.split("=", 1) for line in self.os_release.splitlines())["NAME"].strip('"')


def lines(*fields):
    names = ("ID", "NAME", "VERSION_ID", "VERSION_CODENAME")
    return "\n".join([*(f'{name}="{value}"' for name, value in zip(names, fields)), *fields[len(names) :]])


HOSTS = {
    "debian12": Host(
        lines("debian", "Debian GNU/Linux", "12", "bookworm"), "apt", "docker.io", "debian bookworm", "distribution"
    ),
    "debian13": Host(
        lines("debian", "Debian GNU/Linux", "13", "trixie"),
        "apt",
        "docker.io docker-cli",
        "debian trixie",
        "distribution",
    ),
    "debian11": Host(
        lines("debian", "Debian GNU/Linux", "11", "bullseye"), "apt", "docker.io", "debian bullseye", "venv"
    ),
    "ubuntu2004": Host(
        lines("ubuntu", "Ubuntu", "20.04", "focal", "ID_LIKE=debian", "UBUNTU_CODENAME=focal"),
        "apt",
        "docker.io",
        "ubuntu focal",
        "venv",
    ),
    "ubuntu2204": Host(
        lines("ubuntu", "Ubuntu", "22.04", "jammy", "ID_LIKE=debian", "UBUNTU_CODENAME=jammy"),
        "apt",
        "docker.io",
        "ubuntu jammy",
        "distribution",
    ),
    "ubuntu2404": Host(
        lines("ubuntu", "Ubuntu", "24.04", "noble", "ID_LIKE=debian", "UBUNTU_CODENAME=noble"),
        "apt",
        "docker.io",
        "ubuntu noble",
        "distribution",
    ),
    "mint22": Host(
        lines("linuxmint", "Linux Mint", "22", "wilma", 'ID_LIKE="ubuntu debian"', "UBUNTU_CODENAME=noble"),
        "apt",
        "docker.io",
        "ubuntu noble",
        "distribution",
    ),
    "lmde6": Host(
        lines("linuxmint", "LMDE", "6", "faye", "ID_LIKE=debian", "DEBIAN_CODENAME=bookworm"),
        "apt",
        "docker.io",
        "debian bookworm",
        "distribution",
    ),
    "pop22": Host(
        lines("pop", "Pop", "22.04", "jammy", 'ID_LIKE="ubuntu debian"', "UBUNTU_CODENAME=jammy"),
        "apt",
        "docker.io",
        "ubuntu jammy",
        "distribution",
    ),
    "elementary6": Host(
        lines("elementary", "elementary OS", "6.1", "jolnir", "ID_LIKE=ubuntu", "UBUNTU_CODENAME=focal"),
        "apt",
        "docker.io",
        "ubuntu focal",
        "venv",
    ),
    "raspbian12": Host(
        lines("raspbian", "Raspbian GNU/Linux", "12", "bookworm", "ID_LIKE=debian"),
        "apt",
        "docker.io",
        "raspbian bookworm",
        "distribution",
    ),
    # Has no release of Debian in os-release, because it is a rolling release.
    "kali": Host(
        lines("kali", "Kali GNU/Linux", "2026.3", "kali-rolling", "ID_LIKE=debian"),
        "apt",
        "docker.io docker-cli",
        None,
        "distribution",
    ),
    "rhel9": Host(
        lines("rhel", "Red Hat Enterprise Linux", "9.6", "", "ID_LIKE=fedora"), "dnf", None, "rhel/9", "venv"
    ),
    "rhel10": Host(
        lines("rhel", "Red Hat Enterprise Linux", "10.0", "", "ID_LIKE=fedora"), "dnf", None, "rhel/10", "venv"
    ),
    "centos9": Host(
        lines("centos", "CentOS Stream", "9", "", 'ID_LIKE="rhel fedora"'), "dnf", None, "centos/9", "venv"
    ),
    "rocky9": Host(
        lines("rocky", "Rocky Linux", "9.6", "", 'ID_LIKE="rhel centos fedora"'), "dnf", None, "centos/9", "venv"
    ),
    "alma9": Host(
        lines("almalinux", "AlmaLinux", "9.6", "", 'ID_LIKE="rhel centos fedora"'), "dnf", None, "centos/9", "venv"
    ),
    "oracle9": Host(lines("ol", "Oracle Linux Server", "9.6", "", "ID_LIKE=fedora"), "dnf", None, "centos/9", "venv"),
    "fedora42": Host(
        lines("fedora", "Fedora Linux", "42", ""), "dnf5", "moby-engine docker-cli", "fedora/42", "distribution"
    ),
    "amazon2023": Host(lines("amzn", "Amazon Linux", "2023", "", "ID_LIKE=fedora"), "dnf", "docker", None, "venv"),
    "leap156": Host(
        lines("opensuse-leap", "openSUSE Leap", "15.6", "", 'ID_LIKE="suse opensuse"'), "zypper", "docker", None, "venv"
    ),
    "tumbleweed": Host(
        lines("opensuse-tumbleweed", "openSUSE Tumbleweed", "20261101", "", 'ID_LIKE="opensuse suse"'),
        "zypper",
        "docker",
        None,
        "distribution",
    ),
    "sles15": Host(lines("sles", "SLES", "15.6", "", "ID_LIKE=suse"), "zypper", "docker", None, "venv"),
}
WITH = {"apt": "apt", "dnf": "dnf", "dnf5": "dnf", "zypper": "zypper"}


def role_on(name, installed=(), files=(), **given):
    host = HOSTS[name]
    facts = facts_of(host.os_release, host.manager, installed, files)
    return Role(facts, **{"docker_engine_" + option: value for option, value in given.items()})


def refusal(role):
    """The only refusal, or None."""
    found = role.refusals()
    assert len(found) <= 1
    return found[0] if found else None


def having(condition):
    return [name for name, host in HOSTS.items() if condition(host)]


@pytest.mark.parametrize("name", HOSTS)
def test_package_manager_and_source_of_docker_py(name):
    host, role = HOSTS[name], role_on(name)
    assert role.plan("manager") == WITH[host.manager]
    assert role.plan("python") == host.docker_py
    assert ("python3-docker" in role.plan("packages")) == (host.docker_py == "distribution")
    assert ("python3-venv" in role.plan("packages")) == (host.docker_py == "venv" and host.manager == "apt")
    wanted = refusal(role_on(name, python="distribution", source="docker" if host.own is None else "distribution"))
    assert (wanted is None) == (host.docker_py == "distribution")
    assert wanted is None or "Use docker_engine_python: auto or venv" in wanted


@pytest.mark.parametrize("name", having(lambda host: host.own))
def test_distribution_packages_are_chosen(name):
    host, role = HOSTS[name], role_on(name, version="1.2", python="none")
    assert refusal(role) is None
    assert role.plan("pinned") == host.own.split()
    sign = {"apt": "=", "dnf": "-", "dnf5": "-", "zypper": "="}[host.manager]
    assert role.plan("packages")[: len(host.own.split())] == [package + sign + "1.2" for package in host.own.split()]
    # Docker's packages, and podman-docker, conflict with it.
    assert {"docker-ce", "podman-docker"} <= set(role.plan("family")["conflicts"]["distribution"])
    assert not set(role.plan("family")["conflicts"]["distribution"]) & set(host.own.split())


@pytest.mark.parametrize("name", having(lambda host: not host.own))
def test_distribution_without_an_engine_is_refused_with_advice(name):
    message = refusal(role_on(name))
    assert (
        message
        == f"{HOSTS[name].name}, which web1 runs, has no package of Docker Engine. Use docker_engine_source: docker."
    )


@pytest.mark.parametrize("name", having(lambda host: host.repository and host.manager == "apt"))
def test_dockers_repository_for_apt(name):
    folder, suite = HOSTS[name].repository.split()
    role = role_on(name, source="docker", python="none")
    assert refusal(role) is None
    assert role.plan("packages") == ["docker-ce", "docker-ce-cli", "containerd.io", "ca-certificates"]
    assert {"docker.io", "containerd", "runc", "podman-docker"} <= set(role.plan("family")["conflicts"]["docker"])
    named = role.task("apt/repository.yml", "ansible.builtin.copy")
    assert named["dest"] == "/etc/apt/sources.list.d/docker.sources"
    assert named["content"].splitlines() == [
        "# Written by the role flotilla.docker.docker_engine.",
        "Types: deb",
        f"URIs: {DOCKERS}{folder}",
        f"Suites: {suite}",
        "Components: stable",
        "Signed-By: /etc/apt/keyrings/docker.asc",
    ]
    fetched = role.task("apt/repository.yml", "ansible.builtin.get_url")
    assert (fetched["url"], fetched["dest"]) == (f"{DOCKERS}{folder}/gpg", "/etc/apt/keyrings/docker.asc")


@pytest.mark.parametrize("name", having(lambda host: host.repository and host.manager.startswith("dnf")))
def test_dockers_repository_for_dnf(name):
    folder = HOSTS[name].repository
    role = role_on(name, source="docker", python="none")
    assert refusal(role) is None
    assert role.plan("packages") == ["docker-ce", "docker-ce-cli", "containerd.io"]
    # containerd.io contains its own runc.
    assert {"runc", "podman-docker", "docker"} <= set(role.plan("family")["conflicts"]["docker"])
    named = role.task("dnf/repository.yml", "ansible.builtin.yum_repository")
    assert named["baseurl"] == f"{DOCKERS}{folder}/$basearch/stable"
    assert (named["gpgcheck"], named["gpgkey"]) == (True, "{}{}/gpg".format(DOCKERS, folder.split("/")[0]))


@pytest.mark.parametrize("name", having(lambda host: not host.repository))
def test_distribution_without_packages_of_docker_is_refused(name):
    message = refusal(role_on(name, source="docker"))
    if name == "kali":
        assert "does not say which release of debian it is made from" in message
        assert message.endswith("Set docker_engine_repository_suite, for example to trixie.")
        return
    assert message.startswith(
        f"Docker publishes no packages for {HOSTS[name].name}, which web1 runs. Use docker_engine_source: distribution"
    )
    # A repository for another distribution works on its derivatives, but not on a distribution without such packages.
    assert ("docker_engine_repository_url" in message) == (HOSTS[name].manager != "zypper")


@pytest.mark.parametrize("name", having(lambda host: "ID_LIKE" in host.os_release and host.manager == "apt"))
def test_repository_of_a_derivative_never_has_its_own_name(name):
    text = role_on(name, source="docker").plan("repository_text")
    for word in ("wilma", "faye", "jolnir", "kali", "linuxmint", "elementary", "pop"):
        assert word not in text


def test_mirror_replaces_the_url_of_dockers_repository():
    mirror = {"source": "docker", "repository_url": "https://mirror.example.org/docker", "repository_suite": "noble"}
    role = role_on("mint22", **mirror)
    assert refusal(role) is None
    content = role.task("apt/repository.yml", "ansible.builtin.copy")["content"]
    assert "URIs: https://mirror.example.org/docker\nSuites: noble\n" in content
    assert role.task("apt/repository.yml", "ansible.builtin.get_url")["url"] == "https://mirror.example.org/docker/gpg"
    mirror["repository_suite"] = "9"
    named = role_on("amazon2023", **mirror).task("dnf/repository.yml", "ansible.builtin.yum_repository")
    assert named["baseurl"] == "https://mirror.example.org/docker/9/$basearch/stable"


def test_key_from_a_url_and_given_key():
    elsewhere = {"source": "docker", "repository_key_url": "https://keys.example.org/docker.asc"}
    assert (
        role_on("debian13", **elsewhere).task("apt/repository.yml", "ansible.builtin.get_url")["url"]
        == elsewhere["repository_key_url"]
    )
    assert (
        role_on("rocky9", **elsewhere).task("dnf/repository.yml", "ansible.builtin.yum_repository")["gpgkey"]
        == elsewhere["repository_key_url"]
    )
    given = {"source": "docker", "repository_key": "-----BEGIN PGP PUBLIC KEY BLOCK-----"}
    for name, file, keyring in (
        ("ubuntu2404", "apt/repository.yml", "/etc/apt/keyrings/docker.asc"),
        ("rocky9", "dnf/repository.yml", "/etc/pki/rpm-gpg/RPM-GPG-KEY-docker"),
    ):
        put = role_on(name, **given).task(file, "ansible.builtin.copy")
        assert (put["dest"], put["content"]) == (keyring, given["repository_key"])
    assert (
        role_on("rocky9", **given).task("dnf/repository.yml", "ansible.builtin.yum_repository")["gpgkey"]
        == "file:///etc/pki/rpm-gpg/RPM-GPG-KEY-docker"
    )


@pytest.mark.parametrize(
    "name, files, missing",
    [
        ("debian13", ["docker.io_26.1.5+dfsg1-9+b9_amd64.deb", "docker-cli_26.1.5+dfsg1-9+b9_amd64.deb"], None),
        ("ubuntu2404", ["docker.io_27.5.1-0ubuntu3~24.04.2_amd64.deb"], None),
        ("ubuntu2404", ["docker-ce_28.5.2-1~ubuntu.24.04~noble_amd64.deb"], "docker-ce-cli"),
        (
            "rocky9",
            [
                "docker-ce-28.5.2-1.el9.x86_64.rpm",
                "docker-ce-cli-28.5.2-1.el9.x86_64.rpm",
                "containerd.io-1.7.28-1.el9.x86_64.rpm",
            ],
            None,
        ),
        ("fedora42", ["moby-engine-27.3.1-2.fc42.x86_64.rpm", "docker-cli-27.3.1-2.fc42.x86_64.rpm"], None),
        ("leap156", ["docker-28.3.3_ce-150000.230.1.x86_64.rpm"], None),
        ("sles15", [], "docker"),
        ("amazon2023", ["nginx-1.28.0-1.amzn2023.x86_64.rpm"], "docker"),
    ],
)
def test_packages_of_a_folder_are_chosen(name, files, missing):
    paths = ["/srv/packages/" + file for file in files]
    role = role_on(name, files=paths, source="folder", packages_folder="/srv/packages", python="none")
    message = refusal(role)
    assert message is None if missing is None else f"does not contain {missing} for {HOSTS[name].name}" in message


@pytest.mark.parametrize("name", having(lambda host: host.manager.startswith("dnf")))
def test_dnf_uses_only_the_folder(name):
    files = ["/srv/packages/docker-ce-28.5.2-1.el9.x86_64.rpm", "/srv/packages/docker-7.1.0-py3-none-any.whl"]
    role = role_on(name, files=files, source="folder", packages_folder="/srv/packages")
    role.variables["_docker_engine_folder_files"] = files
    installed = role.task("dnf/install.yml", "ansible.builtin.dnf")
    assert installed["name"] == ["/var/lib/flotilla/packages/docker-ce-28.5.2-1.el9.x86_64.rpm"]
    assert installed["disablerepo"] == ["*"]


@pytest.mark.parametrize(
    "present, given, words",
    [
        ([], {}, "install --no-recommends docker"),
        (["docker 28.3.3_ce-150000.230.1"], {}, None),
        (["docker 28.3.3_ce-150000.230.1"], {"version": "28.3.3_ce"}, None),
        (
            ["docker 28.3.3_ce-150000.230.1"],
            {"version": "27.5.1_ce"},
            "install --no-recommends --oldpackage docker=27.5.1_ce",
        ),
    ],
)
def test_zypper_installs_what_is_missing_or_has_another_version(present, given, words):
    role = role_on("leap156", present, python="none", **given)
    assert role.plan("installation_needed") == bool(words)
    if words:
        assert role.task("zypper/install.yml", "ansible.builtin.command", "Install Docker")["argv"] == [
            "zypper",
            "--non-interactive",
            *words.split(),
        ]


@pytest.mark.parametrize(
    "name, present, version, needed",
    [
        ("debian13", ["docker.io 26.1.5+dfsg1-9", "docker-cli 26.1.5+dfsg1-9", "ca-certificates 1"], "", False),
        ("debian13", ["docker.io 26.1.5+dfsg1-9", "ca-certificates 1"], "", True),
        ("debian13", ["docker.io 26.1.5+dfsg1-9", "docker-cli 26.1.5+dfsg1-9", "ca-certificates 1"], "26.1.*", False),
        ("debian13", ["docker.io 26.1.5+dfsg1-9", "docker-cli 26.1.5+dfsg1-9", "ca-certificates 1"], "26.1.5", True),
        ("fedora42", ["moby-engine 28.1.1-2.fc42", "docker-cli 28.1.1-2.fc42"], "28.1.1", False),
        ("fedora42", ["moby-engine 28.1.1-2.fc42", "docker-cli 28.1.1-2.fc42"], "28.1.1-2.fc42", False),
        ("fedora42", ["moby-engine 28.1.1-2.fc42", "docker-cli 28.1.1-2.fc42"], "28.1", True),
        ("fedora42", ["moby-engine 28.1.1-2.fc42", "docker-cli 28.1.1-2.fc42"], "28.*", False),
    ],
)
def test_package_manager_runs_only_if_a_package_or_version_is_missing(name, present, version, needed):
    role = role_on(name, present, python="none", version=version)
    assert role.plan("installation_needed") == needed


def test_docker_with_an_epoch_is_another_version_for_apt_only():
    installed = [
        "docker-ce 5:28.5.2-1~debian.13",
        "docker-ce-cli 5:28.5.2-1~debian.13",
        "containerd.io 1",
        "ca-certificates 1",
    ]
    for version, needed in (("5:28.*", False), ("5:27.*", True)):
        role = role_on("debian13", installed, source="docker", python="none", version=version)
        assert role.plan("installation_needed") == needed
    installed = ["docker-ce 28.5.2-1.el9", "docker-ce-cli 28.5.2-1.el9", "containerd.io 1"]
    for version, needed in (("3:28.5.2-1.el9", False), ("28.5.1", True)):
        role = role_on("rocky9", installed, source="docker", python="none", version=version)
        assert role.plan("installation_needed") == needed


def test_all_refusals_are_named_together():
    role = role_on("debian11", ["docker-ce 1"], python="distribution", rootless_only=True, tls_ca="PEM")
    role.variables["docker_engine_tls_address"] = "tcp://0.0.0.0:2376"
    role.variables["docker_engine_registry_logins"] = '[{"registry": "hub:5000", "username": "ops"}]'
    text = " ".join(role.refusals())
    for words in (
        "docker_engine_tls_ca, docker_engine_tls_certificate and docker_engine_tls_key must be given together",
        "docker_engine_rootless_users names no user",
        "registry, username and password for each login; entry 1 does not",
        "has no package of docker-py 5.0.0 or newer",
        "has docker-ce installed, which conflicts with the Engine",
    ):
        assert words in text


@pytest.mark.parametrize("variable", ["wait", "tls_valid_days"])
def test_number_that_the_modules_would_refuse_is_refused_before_packages_are_installed(variable):
    role = role_on("debian13", **{variable: "0"})
    assert [text for text in role.refusals() if f"docker_engine_{variable} must be 1" in text and "(got 0)" in text]


def test_refusals_about_packages_do_not_stop_a_run_of_other_tags():
    role = role_on("debian13", ["docker-ce 1"])
    role.variables["ansible_run_tags"] = ["docker_engine_configure"]
    assert role.refusals() == []


def test_hosts_that_are_not_supported_are_refused_before_anything_is_done():
    role = Role(facts_of('ID=alpine\nNAME="Alpine Linux"', service_manager="openrc"))
    assert role.refusals() == [
        "web1 is run by openrc, and the role needs systemd. "
        "Take the host out of the play, or install the Engine there by other means.",
        "web1 runs Alpine Linux, and the role supports the families Debian, RedHat, Suse. "
        "Take the host out of the play, or install the Engine there by other means.",
    ]


def test_hosts_that_are_not_supported_reach_the_task_that_fails():
    role = Role(facts_of('ID=alpine\nNAME="Alpine Linux"', service_manager="openrc"))
    assert role.plan("preparation_needed")
    assert "web1 is run by openrc" in role.task("prepare.yml", "ansible.builtin.fail")["msg"]
    assert not role._holds(load(ROLES / "docker_engine/tasks/prepare.yml")[0]["block"][0]["when"])


def test_packages_of_all_families_are_looked_up():
    role = role_on("debian13", extra_packages=["docker-compose=2.32.4-3", "jq"])
    found = role.task("main.yml", "flotilla.docker.docker_engine_facts")
    assert {
        "docker.io",
        "docker-ce",
        "moby-engine",
        "docker",
        "podman-docker",
        "python3-venv",
        "docker-compose",
        "jq",
    } <= set(found["packages"])
    assert set(found["candidates"]) == {
        "docker.io",
        "docker-ce",
        "docker-ce-cli",
        "moby-engine",
        "docker-cli",
        "docker",
    }
    assert "/etc/yum.repos.d/docker.repo" in found["files"]
    assert "uidmap" not in found["packages"]


def test_packages_of_rootless_engines_are_looked_up_if_there_are_such():
    found = role_on("debian13", rootless_users="ops").task("main.yml", "flotilla.docker.docker_engine_facts")
    assert {"uidmap", "docker-rootless-extras"} <= set(found["packages"])


def test_all_families_define_the_same_keys():
    debian, *others = variables_of("docker_engine")["_docker_engine_families"].values()
    assert [set(family) for family in others] == [set(debian)] * len(others)


def test_every_family_is_declared_to_galaxy():
    names = {
        "Debian": {"Debian", "Ubuntu"},
        "RedHat": {"EL", "Fedora", "Amazon Linux 2023"},
        "Suse": {"opensuse", "SLES"},
    }
    meta = load(ROLES / "docker_engine" / "meta" / "main.yml")
    platforms = {platform["name"] for platform in meta["galaxy_info"]["platforms"]}
    assert set(names) == set(variables_of("docker_engine")["_docker_engine_families"])
    for family in names.values():
        assert platforms & family
