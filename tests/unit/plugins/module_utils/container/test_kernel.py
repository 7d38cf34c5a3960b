# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.flotilla.docker.plugins.module_utils.container import kernel

OF_OPS = "unix:///run/user/1000/docker.sock"


class Engine:
    """An Engine at an address, with a driver of control groups; counts how often it is asked."""

    def __init__(self, address, driver):
        self.address, self.driver, self.asked = address, driver, 0
        self.daemon = self

    def info(self):
        self.asked += 1
        return {"CgroupDriver": self.driver}


@pytest.mark.parametrize(
    "address, driver, settings, asked, named",
    [
        (OF_OPS, "none", {"Memory": 67108864, "PidsLimit": 50}, 1, "Memory, PidsLimit will not hold"),
        (OF_OPS, "systemd", {"Memory": 67108864}, 1, None),
        (OF_OPS, "none", {"Memory": 0, "PidsLimit": None, "MemorySwap": -1}, 0, None),
        ("unix:///var/run/docker.sock", "none", {"Memory": 67108864}, 0, None),
    ],
)
def test_limits_that_a_users_engine_takes_and_does_not_hold(address, driver, settings, asked, named):
    engine = Engine(address, driver)
    warnings = kernel.unheld(engine, {"HostConfig": settings})
    assert engine.asked == asked
    assert bool(warnings) is bool(named)
    assert not named or warnings[0].startswith(named)
