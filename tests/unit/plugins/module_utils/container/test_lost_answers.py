# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A removal whose answer never came: whether the container is gone decides whether what replaced it may be taken back."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.flotilla.docker.plugins.module_utils.container import steps
from ansible_collections.flotilla.docker.plugins.module_utils.errors import Unreachable


class Containers:
    """Loses the answer to a removal; each look is a status, None for a container that is gone, or an error."""

    def __init__(self, *looks):
        self._looks = list(looks)

    def remove(self, key, volumes, force):
        raise Unreachable("the connection was cut")

    def find(self, key):
        look = self._looks.pop(0) if len(self._looks) > 1 else self._looks[0]
        if isinstance(look, Exception):
            raise look
        return look and {"State": {"Status": look}}


def remove(*looks):
    step = steps.Remove(steps.Handle("web", "1234"), volumes=False)
    return step.apply(SimpleNamespace(containers=Containers(*looks)))


@pytest.mark.parametrize("looks", [(None,), ("removing",), (Unreachable("it starts again"), None)])
def test_a_container_that_is_gone_or_going_was_removed(looks):
    assert remove(*looks).changed


@pytest.mark.parametrize("looks", [("exited",), (Unreachable("nobody is there"),)])
def test_one_that_is_there_or_that_nobody_tells_of_was_not(looks, monkeypatch):
    monkeypatch.setattr(steps, "ANSWER_PATIENCE", 0.1)
    with pytest.raises(Unreachable, match="cut"):
        remove(*looks)
