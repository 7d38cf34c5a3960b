# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Units of systemd, changed."""

from __future__ import annotations

import os
import subprocess
from typing import Optional, Sequence

from ..errors import StepFailed
from .account import Account, words_as


def systemctl(words: Sequence[str], wait: float, account: Optional[Account] = None) -> None:
    """Run systemctl and wait for the job's end. Raises StepFailed with its last words, also when it takes longer than ``wait`` seconds.

    ``account``: the user whose units are meant instead of the host's.
    """
    shown = ["systemctl", *(["--user"] if account else []), *words]
    run(words_as(account, shown) if account else shown, wait, " ".join(shown))


def run(command: Sequence[str], wait: float, shown: str) -> None:
    """Run a program that changes the host, with a time limit. ``shown`` is how messages call it."""
    try:
        done = subprocess.run(  # pylint: disable=ansible-bad-function  # that has no timeout
            command,
            env=dict(os.environ, LC_ALL="C", SYSTEMD_COLORS="0"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=wait,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise StepFailed(
            "%s did not end within %d seconds" % (shown, wait), "See the journal of docker.service, or give it more time with the option wait"
        ) from None
    except OSError as error:
        raise StepFailed("Cannot run %s: %s" % (shown, error), "The host must be run by systemd") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise StepFailed("%s failed: %s" % (shown, said[0] if said else "it gave no reason"))
