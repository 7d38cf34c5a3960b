# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config import registry_certificates
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption


def test_the_ca_of_a_mirror_is_stored_for_docker_hub_too():
    assert registry_certificates.desired(
        "/c", {"hub:5443": "PEM", "other": "TEXT"}, ["https://hub:5443", "http://hub:5000/"]
    ) == {
        "/c/hub:5443/ca.crt": "PEM",
        "/c/other/ca.crt": "TEXT",
        "/c/docker.io/mirror-hub-5443.crt": "PEM",
    }


@pytest.mark.parametrize("name", ["../etc", "https://hub:5443", "", "..", "hub:5443/path"])
def test_a_key_that_is_not_a_registry_is_refused(name):
    with pytest.raises(BadOption, match="must have registries as keys"):
        registry_certificates.desired("/c", {name: "PEM"}, [])
