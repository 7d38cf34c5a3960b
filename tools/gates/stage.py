# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copies of the checkout with the folder name that ansible-test requires."""

from __future__ import annotations

import shutil
import subprocess

from gates.paths import CHECKOUT, WORK


def stage(name):
    """A new copy of the files that git tracks or would add, at .../ansible_collections/flotilla/docker."""
    tree = WORK / "stage" / name / "ansible_collections" / "flotilla" / "docker"
    shutil.rmtree(WORK / "stage" / name, ignore_errors=True)
    for path in _files():
        target = tree / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(CHECKOUT / path, target, follow_symlinks=False)
    # Without its own repository, ansible-test would use the checkout's, which ignores .cache: it would test no files and succeed.
    subprocess.run(["git", "init", "--quiet"], cwd=tree, check=True)
    return tree


def _files():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
        text=True,
    )
    # A file that is deleted but not yet committed is still listed.
    return sorted(path for path in listed.stdout.split("\0") if path and (CHECKOUT / path).exists())
