# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps that bring the daemon's data to another folder while it is stopped, once."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from typing import Any, Dict, List

from ..errors import StepFailed
from ..step import Outcome, Step
from ..unit.control import systemctl
from . import data_root, files
from .data_root import Move
from .host import MEMORY, SERVICE, SOCKET, Host

CONTAINERD_STAYS = "Images and writable layers of the containerd image store stay where containerd keeps them: root in /etc/containerd/config.toml moves them"


class StopDaemon(Step):
    """The daemon and its socket, so that no client starts it meanwhile. HoldRunning starts it again if something fails."""

    summary = "stop docker.service"

    def apply(self, engine: Host) -> Outcome:
        engine.disturbed = True
        systemctl(["stop", SOCKET, SERVICE], engine.params["wait"])
        return Outcome(changed=True)


class CopyData(Step):
    """Copy with owners, times, hard links and extended attributes, and compare. An interrupted copy is known as one by the next run."""

    def __init__(self, move: Move, containerd_store: bool) -> None:
        self.move = move
        self._warnings = (CONTAINERD_STAYS,) if containerd_store else ()
        self._made: List[str] = []
        self.summary = "copy %s to %s" % (move.old, move.new)

    def predict(self, engine: Host) -> Outcome:
        return Outcome(True, warnings=self._warnings)

    def apply(self, engine: Host) -> Outcome:
        mounted = data_root.mounted_below(self.move.old)
        if mounted:
            raise StepFailed("%s is a filesystem of its own inside the data root" % mounted[0], "Unmount it, or bring it to the new data root by hand")
        files.write_text(MEMORY, json.dumps(dict(engine.memory, copying=self.move.new)), 0o600)
        empty(self.move.new)
        self._made.append(self.move.new)
        os.makedirs(os.path.dirname(self.move.new), exist_ok=True)
        _copy(self.move.old, self.move.new)
        different = data_root.difference(self.move.old, self.move.new)
        if different:
            raise StepFailed("The copy differs from the original at %s" % different, "See whether the new filesystem knows owners, device files and attributes")
        return self.predict(engine)

    def undo(self, engine: Host) -> None:
        for folder in self._made:
            empty(folder)
        files.write_text(MEMORY, json.dumps(engine.memory), 0o600)


def _copy(old: str, new: str) -> None:
    done = subprocess.run(  # pylint: disable=ansible-bad-function  # a copy takes as long as it takes; a signal ends it
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
        raise StepFailed("The data could not be copied: %s" % reason, "See that the new filesystem can be written and has room")


def empty(folder: str) -> List[str]:
    """Remove what is in a folder, which may be a mount point; what is left."""
    for name in data_root.entries(folder):
        path = os.path.join(folder, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                os.unlink(path)
    return data_root.entries(folder)


class FindAll(Step):
    """The daemon knows on its new data root every image and container that it knew on the old one."""

    summary = "find every image and container again"

    def __init__(self, known: Dict[str, str], root: str) -> None:
        self.known, self.root = known, root

    def predict(self, engine: Host) -> Outcome:
        return Outcome(changed=False)

    def apply(self, engine: Host) -> Outcome:
        now = engine.known()
        lost = sorted(name for key, name in self.known.items() if key not in now and self._was_kept(key))
        if lost:
            raise StepFailed("The daemon does not find on its new data root: %s" % ", ".join(lost[:5]), "See journalctl -u docker")
        return Outcome(changed=False)

    def _was_kept(self, key: str) -> bool:
        """An image, or a container that did not go by itself when it was stopped (docker run --rm)."""
        return key.startswith("sha256:") or os.path.isdir(os.path.join(self.root, "containers", key))


class RemoveOldData(Step):
    """The last of all steps."""

    final = True

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.summary = "remove the old data in %s" % folder

    def apply(self, engine: Host) -> Outcome:
        left: Any = empty(self.folder)
        warnings = ("The daemon runs on its new data root; what is left of the old one could not be removed: %s in %s" % (", ".join(left), self.folder),)
        return Outcome(True, warnings=warnings if left else ())
