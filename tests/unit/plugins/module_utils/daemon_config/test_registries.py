# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config import registries
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption


def test_a_mirrors_authority_lies_under_docker_hub_too():
    assert registries.desired("/c", {"hub:5443": "PEM", "other": "TEXT"}, ["https://hub:5443", "http://hub:5000/"]) == {
        "/c/hub:5443/ca.crt": "PEM",
        "/c/other/ca.crt": "TEXT",
        "/c/docker.io/mirror-hub-5443.crt": "PEM",
    }


@pytest.mark.parametrize("name", ["../etc", "https://hub:5443", "", "..", "hub:5443/path"])
def test_what_is_no_registry_is_refused(name):
    with pytest.raises(BadOption, match="not a registry"):
        registries.desired("/c", {name: "PEM"}, [])


def test_what_is_no_longer_asked_for_goes(tmp_path):
    kept, left, gone = (str(tmp_path / name) for name in ("kept", "left", "gone"))
    for path in (kept, left):
        (tmp_path / path).write_text("PEM")
    assert registries.changes({kept: "PEM"}, [kept, left, gone]) == {left: None}
    assert registries.changes({kept: "NEW"}, []) == {kept: "NEW"}
