# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.flotilla.docker.plugins.module_utils.host import packages
from ansible_collections.flotilla.docker.plugins.module_utils.host.packages import Package, PackageFile

POLICY = """docker.io:
  Installed: (none)
  Candidate: 26.1.5+dfsg1-9+b9
  Version table:
     26.1.5+dfsg1-9+b9 500
        500 http://deb.example.org/debian trixie/main amd64 Packages
docker-ce:
  Installed: (none)
  Candidate: (none)
  Version table:
"""


def answering(text):
    asked = []

    def read(words):
        asked.append(list(words))
        return text

    return read, asked


def test_installed_packages_of_dpkg():
    read, asked = answering(
        "docker.io 26.1.5 hold installed\nrunc 1.1 deinstall config-files\ntini 0.19 install installed\n"
    )
    found = packages.read_installed(["tini", "docker.io", "docker.io", "runc"], "Debian", read)
    assert found == {"docker.io": Package("26.1.5", True), "tini": Package("0.19", False)}
    assert asked[0][-3:] == ["docker.io", "runc", "tini"]


def test_installed_packages_of_rpm():
    read, _asked = answering("docker-ce 28.5.2-1.el9 installed\npackage runc is not installed\n")
    assert packages.read_installed(["docker-ce", "runc"], "RedHat", read) == {
        "docker-ce": Package("28.5.2-1.el9", False)
    }


def test_no_names_need_no_program():
    read, asked = answering("")
    assert packages.read_installed([], "Debian", read) == {}
    assert packages.read_candidates([], "apt", read) == {}
    assert asked == []


def test_candidates_of_apt():
    read, _asked = answering(POLICY)
    assert packages.read_candidates(["docker.io", "docker-ce"], "apt", read) == {"docker.io": "26.1.5+dfsg1-9+b9"}


def test_program_that_does_not_answer_means_nothing_is_known():
    assert packages.read_candidates(["docker.io"], "apt", lambda words: None) == {}
    assert packages.read_installed(["docker.io"], "Debian", lambda words: None) == {}


def test_locks_of_dnf_and_zypper(tmp_path):
    texts = {
        "versionlock.list": "# Added locks\ndocker-ce-3:28.5.2-1.el9.*\n!podman-5:1.0-1.*\n",
        "versionlock.toml": 'version = "1.0"\n[[packages]]\nname = "docker-cli"\n[[packages.conditions]]\nkey = "evr"\n',
        "locks": "type: package\nmatch_type: glob\ncase_sensitive: on\nsolvable_name: docker\n",
    }
    files = []
    for (path, pattern), (name, text) in zip(packages._LOCKS, texts.items()):
        assert path.endswith(name)
        (tmp_path / name).write_text(text, encoding="utf-8")
        files.append((str(tmp_path / name), pattern))
    assert packages._locked(files) == {"docker-ce", "docker-cli", "docker"}


def test_package_files_by_name():
    paths = [
        "/srv/docker-ce_5%3a28.5.2-1~debian.13~trixie_amd64.deb",
        "/srv/containerd.io-1.7.28-1.el9.x86_64.rpm",
        "/srv/docker-7.1.0-py3-none-any.whl",
    ]
    assert packages.parse_files(paths) == [
        PackageFile(paths[0], "docker-ce", "28.5.2-1~debian.13~trixie"),
        PackageFile(paths[1], "containerd.io", "1.7.28-1.el9"),
    ]


def test_manager_of_a_family():
    assert packages.find_manager("RedHat", {"/usr/bin/dnf5", "/usr/bin/dnf"}.__contains__) == "dnf5"
    assert packages.find_manager("Debian", {"/usr/bin/apt-get"}.__contains__) == "apt"
    assert packages.find_manager("Suse", lambda path: False) == ""
