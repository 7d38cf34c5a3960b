# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.filter.package_errors import package_errors

UNMET = {
    "msg": "'/usr/bin/apt-get -y install docker.io' failed: E: Unable to correct problems, you have held broken packages.\n",
    "stdout_lines": [" docker.io : Depends: runc (>= 1.0.0) but it is not installable", "Reading package lists..."],
    "stderr_lines": ["E: Unable to correct problems, you have held broken packages."],
}

# What apt prints, as apt-get 3.0 does when a package's script fails.
REFUSED = """\
(Reading database ... 9377 files and directories currently installed.)
Preparing to unpack .../pool/docker-ce_99.0_amd64.deb ...
checking the kernel
this version refuses to be installed
dpkg: error processing archive /srv/repository/pool/docker-ce_99.0_amd64.deb (--unpack):
 new docker-ce package pre-installation script subprocess returned error exit status 1
dpkg: error while cleaning up:
 installed docker-ce package post-installation script subprocess returned error exit status 1
Preparing to unpack .../pool/docker-ce-cli_99.0_amd64.deb ...
Unpacking docker-ce-cli (5:99.0) over (5:28.5.2) ...
dpkg: error processing archive /var/cache/apt/archives/docker-ce-cli_5%3a99.0_amd64.deb (--unpack):
 trying to overwrite '/usr/bin/docker', which is also in package podman-docker 5.4.2
dpkg: dependency problems prevent configuration of docker-ce-rootless-extras:
dpkg: error processing package docker-ce-rootless-extras (--configure):
 dependency problems - leaving unconfigured
Errors were encountered while processing:
 /srv/repository/pool/docker-ce_99.0_amd64.deb"""


@pytest.mark.parametrize(
    "result, reasons",
    [
        (UNMET, ["docker.io : Depends: runc (>= 1.0.0) but it is not installable"]),
        ({"msg": "No package matching 'docker-ce' is available"}, ["No package matching 'docker-ce' is available"]),
        (
            {
                "msg": "Failed to install some of the specified packages",
                "failures": ["No package docker-ce available."],
            },
            ["No package docker-ce available."],
        ),
        ({"msg": "E: held broken packages"}, ["E: held broken packages"]),
        ({"msg": "Could not get lock"}, ["Could not get lock"]),
        (
            {
                "msg": "'/usr/bin/apt-get install' failed: E: Sub-process /usr/bin/dpkg returned an error code (1)",
                "stdout_lines": REFUSED.splitlines(),
                "stderr_lines": ["E: Sub-process /usr/bin/dpkg returned an error code (1)"],
            },
            [
                "docker-ce: new docker-ce package pre-installation script subprocess returned error exit status 1"
                " (it printed: checking the kernel / this version refuses to be installed)",
                "docker-ce-cli: trying to overwrite '/usr/bin/docker', which is also in package podman-docker 5.4.2",
            ],
        ),
        (
            {
                "msg": "non-zero return code",
                "stderr_lines": [
                    "E: Failed to fetch http://mirror/docker-ce_28.deb  Hash Sum mismatch",
                    "   Hashes of expected file:",
                    "E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?",
                ],
            },
            ["E: Failed to fetch http://mirror/docker-ce_28.deb  Hash Sum mismatch"],
        ),
        (
            {"msg": "failed", "stderr_lines": ["E: You don't have enough free space in /var/cache/apt/archives/."]},
            ["E: You don't have enough free space in /var/cache/apt/archives/."],
        ),
        (
            {
                "msg": "Failed to install",
                "results": [],
                "failures": ["error: %prein(docker-ce-99-1.x86_64) scriptlet failed, exit status 1"],
            },
            ["error: %prein(docker-ce-99-1.x86_64) scriptlet failed, exit status 1"],
        ),
        (
            {
                "msg": "Depsolve Error occurred: \n Problem: conflicting requests\n  - nothing provides containerd.io needed by docker-ce-99"
            },
            ["nothing provides containerd.io needed by docker-ce-99"],
        ),
        (
            {
                "msg": "The command exited with a non-zero return code.",
                "stderr_lines": [
                    " - Signature verification failed for repomd.xml",
                    "No provider of 'docker=28' found.",
                ],
                "stdout_lines": ["Problem: 1: Detailed information: ", "- nothing provides the requested 'glibc'"],
            },
            [
                "nothing provides the requested 'glibc'",
                "Signature verification failed for repomd.xml",
                "No provider of 'docker=28' found.",
            ],
        ),
        ({}, [""]),
    ],
)
def test_lines_that_say_why_packages_cannot_be_installed_are_returned(result, reasons):
    assert package_errors(result) == (reasons if result else ["no reason given"])
