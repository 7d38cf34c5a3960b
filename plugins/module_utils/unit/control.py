# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Units of systemd, changed."""

from __future__ import annotations

import os
import subprocess
from typing import Sequence

from ..errors import StepFailed


def systemctl(words: Sequence[str], wait: float) -> None:
    """Run systemctl and wait for the job's end. Raises StepFailed with its last words, also when it takes longer than ``wait`` seconds."""
    command = ["systemctl", *words]
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
            "%s did not end within %d seconds" % (" ".join(command), wait), "See journalctl -u docker, or give it more time with the option wait"
        ) from None
    except OSError as error:
        raise StepFailed("Cannot run systemctl: %s" % error, "The host must be run by systemd") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise StepFailed("%s failed: %s" % (" ".join(command), said[0] if said else "it gave no reason"))
