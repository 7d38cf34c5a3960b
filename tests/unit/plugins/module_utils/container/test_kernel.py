# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.container import kernel

from ..in_memory.engine import Engine

OF_OPS = "unix:///run/user/1000/docker.sock"


@pytest.mark.parametrize(
    "address, driver, settings, asked, named",
    [
        (OF_OPS, "none", {"Memory": 67108864, "PidsLimit": 50}, 1, "Memory, PidsLimit will not be enforced"),
        (OF_OPS, "systemd", {"Memory": 67108864}, 1, None),
        (OF_OPS, "none", {"Memory": 0, "PidsLimit": None, "MemorySwap": -1}, 0, None),
        ("unix:///var/run/docker.sock", "none", {"Memory": 67108864}, 0, None),
    ],
)
def test_limits_that_a_rootless_engine_without_cgroups_does_not_enforce(address, driver, settings, asked, named):
    engine = Engine(address=address, info={"CgroupDriver": driver})
    warnings = kernel.unenforced(engine, {"HostConfig": settings})
    assert engine.daemon.asked == asked
    assert bool(warnings) is bool(named)
    assert not named or warnings[0].startswith(named)
