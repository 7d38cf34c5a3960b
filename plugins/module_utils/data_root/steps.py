# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps that move the daemon's data to another folder while it is stopped, once."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

from ..errors import StepFailed
from ..step import Outcome, Step
from . import check
from .check import Move

if TYPE_CHECKING:
    from ..daemon_config.host import DaemonHost

CONTAINERD_STAYS = (
    "Images and writable layers of the containerd image store are not moved: "
    "they are in the folder that root in /etc/containerd/config.toml sets"
)


class StopDaemon(Step["DaemonHost"]):
    """Stop the daemon and its socket, so that no client starts it meanwhile."""

    summary = "stop docker.service"

    def __init__(self) -> None:
        self._was_active = False

    def apply(self, engine: DaemonHost) -> Outcome:
        self._was_active = engine.active()
        engine.stop_service()
        return Outcome(changed=True)

    def undo(self, engine: DaemonHost) -> bool:
        if self._was_active:
            engine.restart_service()
        return self._was_active


class CopyData(Step["DaemonHost"]):
    """Copy with owners, times, hard links and extended attributes, and compare. Until it is done, a record shows the next run that the copy is incomplete."""

    def __init__(self, move: Move, containerd_store: bool) -> None:
        self.move = move
        self._warnings = (CONTAINERD_STAYS,) if containerd_store else ()
        self._begun = False
        self.summary = f"copy {move.old} to {move.new}"

    def predict(self, engine: DaemonHost) -> Outcome:
        return Outcome(True, warnings=self._warnings)

    def apply(self, engine: DaemonHost) -> Outcome:
        mounted = check.mounted_below(self.move.old)
        if mounted:
            raise StepFailed(
                f"{mounted[0]} is a filesystem of its own inside the data root",
                "Unmount it, or move it to the new data root by hand",
            )
        engine.keep_record(engine.record._replace(copying=self.move.new))
        empty(self.move.new)
        self._begun = True
        os.makedirs(os.path.dirname(self.move.new), exist_ok=True)
        copy(self.move.old, self.move.new)
        different = check.difference(self.move.old, self.move.new)
        if different:
            raise StepFailed(
                f"The copy differs from the original at {different}",
                "Use a filesystem that supports owners, device files and extended attributes",
            )
        return self.predict(engine)

    def undo(self, engine: DaemonHost) -> bool:
        if self._begun:
            engine.stop_service()  # the daemon may have been started on the copy
            empty(self.move.new)
        engine.keep_record(engine.record)
        return self._begun


def copy(old: str, new: str) -> None:
    """Copy a folder with all attributes of its files. Raises StepFailed."""
    done = subprocess.run(  # pylint: disable=ansible-bad-function  # no timeout for a copy; a signal stops it
        ["cp", "-a", "-T", old, new],
        env=dict(os.environ, LC_ALL="C"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = said[0] if said else "cp gave no reason"
        raise StepFailed(
            f"The data could not be copied: {reason}", "Check that the new filesystem is writable and has enough space"
        )


def empty(folder: str) -> list[str]:
    """Remove the content of a folder, which may be a mount point. Returns what could not be removed."""
    for name in check.entries(folder):
        path = os.path.join(folder, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                os.unlink(path)
    return check.entries(folder)


def require_known(engine: DaemonHost, known: dict[str, str], root: str) -> None:
    """Raise StepFailed unless the Engine finds every image and container of the old data root on the new one.

    A container may have been removed when it was stopped (docker run --rm).
    """
    now = engine.known()
    lost = sorted(name for key, name in known.items() if key not in now and _was_kept(key, root))
    if lost:
        raise StepFailed(
            "The Engine does not find on its new data root: {}".format(", ".join(lost[:5])), "See journalctl -u docker"
        )


def _was_kept(key: str, root: str) -> bool:
    return key.startswith("sha256:") or os.path.isdir(os.path.join(root, "containers", key))


class RemoveOldData(Step["DaemonHost"]):
    """Remove the old data. The last step, because it cannot be undone."""

    undoable = False
    final = True

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.summary = f"remove the old data in {folder}"

    def apply(self, engine: DaemonHost) -> Outcome:
        left: Any = empty(self.folder)
        warnings = (
            "The daemon runs on its new data root, but the old one could not be removed completely: {} in {}".format(
                ", ".join(left), self.folder
            ),
        )
        return Outcome(True, warnings=warnings if left else ())
