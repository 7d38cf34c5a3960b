# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A container that was killed: what is said when the Engine noted the lack of memory, and when it lost that note."""

from __future__ import annotations

import pytest

from ansible_collections.flotilla.docker.plugins.module_utils.container import watch
from ansible_collections.flotilla.docker.plugins.module_utils.errors import StepFailed


class Engine:
    """Knows one container, which has ended."""

    def __init__(self, noted, memory):
        self.containers = self
        self._inspected = {"State": {"Running": False, "ExitCode": 137, "OOMKilled": noted}, "HostConfig": {"Memory": memory}}

    def find(self, name):
        return self._inspected

    def logs(self, name, tail):
        return b""


@pytest.mark.parametrize("noted, memory, memory_is_advised", [(True, 8388608, True), (False, 8388608, True), (False, 0, False)])
def test_advice_after_a_kill(noted, memory, memory_is_advised):
    with pytest.raises(StepFailed) as failure:
        watch.for_grace(Engine(noted, memory), "id", "web", 0.001)

    assert ("Give it more memory" in str(failure.value)) is memory_is_advised
    assert failure.value.facts["exit_code"] == 137
