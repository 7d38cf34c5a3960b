# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets pytest import a checkout with any folder name as ansible_collections.flotilla.docker."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent
COLLECTION = Path("ansible_collections", "flotilla", "docker")


def collections_path():
    """The folder that holds ansible_collections: the checkout's own, or one made of a link."""
    if CHECKOUT.parts[-3:] == COLLECTION.parts:
        return CHECKOUT.parents[2]
    tree = CHECKOUT / ".cache" / "tree"
    link = tree / COLLECTION
    link.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        link.symlink_to(CHECKOUT, target_is_directory=True)
    return tree


# ansible-test has its own loader; a second path would import everything twice.
if "ANSIBLE_TEST_CONTENT_ROOT" not in os.environ and "ansible_collections" not in sys.modules:
    path = str(collections_path())
    sys.path.insert(0, path)
    others = os.environ.get("ANSIBLE_COLLECTIONS_PATH", "").split(os.pathsep)
    os.environ["ANSIBLE_COLLECTIONS_PATH"] = os.pathsep.join([path, *filter(None, others)])
