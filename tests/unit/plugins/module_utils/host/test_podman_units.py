# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which sockets are Podman's."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.host import podman_units


@pytest.mark.parametrize(
    "path, expected",
    [
        ("/run/podman/podman.sock", True),
        ("/run/user/1000/podman/podman.sock", True),
        ("/run/docker.sock", False),
        ("/srv/podman.sock", False),
    ],
)
def test_the_socket_of_podman_is_known_by_its_path(path, expected):
    assert podman_units.owns(path) is expected


def test_a_link_at_the_path_of_dockers_socket_is_resolved(tmp_path):
    (tmp_path / "podman").mkdir()
    (tmp_path / "podman" / "podman.sock").touch()
    (tmp_path / "docker.sock").symlink_to(tmp_path / "podman" / "podman.sock")
    assert podman_units.owns(str(tmp_path / "docker.sock"))
