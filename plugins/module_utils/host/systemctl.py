# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes units of systemd."""

from __future__ import annotations

import os
import subprocess
from typing import Sequence

from ..errors import StepFailed
from .users import Account, words_as


def systemctl(words: Sequence[str], wait: float, account: Account | None = None) -> None:
    """Run systemctl and wait for the job's end. Raises StepFailed with its message, also when it takes longer than ``wait`` seconds.

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
            f"{shown} did not finish within {wait:.0f} seconds",
            "See the journal of docker.service, or allow more time with the option wait",
        ) from None
    except OSError as error:
        raise StepFailed(f"Cannot run {shown}: {error}", "The host must run systemd") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise StepFailed("{} failed: {}".format(shown, said[0] if said else "it gave no reason"))
