# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words of container runtimes, as Engine 20.10 to 28.5 and Podman pass them on."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.exec.steps import FAILURES
from ansible_collections.flotilla.docker.plugins.module_utils.explanations import explain

RUNC = "OCI runtime exec failed: exec failed: unable to start container process: "


@pytest.mark.parametrize(
    "said, kind, named",
    [
        (
            RUNC + 'chdir to cwd ("/etc/passwd") set in config.json failed: not a directory',
            "no_directory",
            "is not a directory",
        ),
        (
            "Error: crun: chdir `/etc/passwd`: Not a directory: OCI runtime error",
            "no_directory",
            "/etc/passwd is not a",
        ),
        (
            "Error: crun: chdir to `/etc/passwd`: Not a directory: OCI runtime error",
            "no_directory",
            "/etc/passwd is not a",
        ),
        (
            "Error: crun: chdir `/nonesuch`: No such file or directory: OCI runtime",
            "no_directory",
            "/nonesuch does not",
        ),
        ("Error: crun: chdir to `/nonesuch`: No such file or directory", "no_directory", "/nonesuch does not exist"),
        (
            "Error: crun: the path `/etc` is not a regular file: Operation not permitted",
            "not_executable",
            "/etc is not",
        ),
        (
            "Error: crun: the path `/etc/passwd` exists but it is not executable: Operation not permitted",
            "not_executable",
            "/etc/passwd is not an executable",
        ),
        (
            "Error: crun: open executable: Operation not permitted: OCI permission denied",
            "not_executable",
            "executable",
        ),
        (RUNC + 'exec: "nosuch": executable file not found in $PATH: unknown', "no_program", "nosuch"),
        (RUNC + 'exec: "/x/y": stat /x/y: no such file or directory: unknown', "no_program", "/x/y"),
        (RUNC + 'exec: "/etc/passwd": permission denied: unknown', "not_executable", "/etc/passwd"),
        (RUNC + 'exec: "/etc": is a directory: permission denied', "not_executable", "/etc"),
        ("unable to find user nosuch: no matching entries in passwd file", "no_user", "user nosuch"),
        ("unable to find group 4x: no matching entries in group file", "no_user", "group 4x"),
        (
            'OCI runtime exec failed: exec failed: chdir to cwd ("/nonesuch") set in config.json failed: no such file or directory',
            "no_directory",
            "/nonesuch",
        ),
        ("OCI runtime exec failed: executable file `nosuch` not found in $PATH: No such file", "no_program", "nosuch"),
    ],
)
def test_cause_names_the_missing_object(said, kind, named):
    rule = explain(FAILURES, said)
    assert rule.kind == kind
    assert named in rule.cause
