# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compiles each file of the archive that Ansible sends once. Without this, Python compiles it twice, which takes a third of what a task costs above a ping.

importlib asks a loader for the path of a module (get_filename) before it runs the module, and zipimport compiles the module to find out whether
the archive has it as source or as bytecode. Ansible's archive has sources only.
"""

from __future__ import annotations

import sys
import zipimport


class SourceArchive(zipimport.zipimporter):
    """Imports from an archive of sources."""

    def get_filename(self, fullname: str) -> str:
        """The path of a module, with that of the archive."""
        path = f"{self.archive}/{self.prefix}{fullname.rpartition('.')[2]}"
        return f"{path}/__init__.py" if self.is_package(fullname) else f"{path}.py"


def use_for(archive: str) -> None:
    """Import by SourceArchive what is not yet imported from ``archive``."""

    def hook(path: str) -> SourceArchive:
        if not path.startswith(archive):
            raise ImportError(path)
        return SourceArchive(path)

    sys.path_hooks.insert(0, hook)
    for path in [path for path in sys.path_importer_cache if path.startswith(archive)]:
        del sys.path_importer_cache[path]


if __spec__ and isinstance(__spec__.loader, zipimport.zipimporter):
    use_for(__spec__.loader.archive)
