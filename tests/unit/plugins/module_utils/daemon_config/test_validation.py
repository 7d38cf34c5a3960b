# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config.validation import require_guarded_tcp
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption

OPEN = "tcp://0.0.0.0:2375"


@pytest.mark.parametrize(
    "document, flags",
    [
        ({"hosts": [OPEN]}, []),
        ({"hosts": [OPEN], "tls": True}, []),
        ({"hosts": [OPEN], "tlsverify": False}, []),
        ({}, ["--host=" + OPEN]),
        ({}, ["-H", OPEN]),
        ({}, ["--debug", "-H=" + OPEN]),
        ({}, ["--host", "tcp://[::]:2375"]),
        ({}, ["--host", "tcp://engine.example.org:2375"]),
    ],
)
def test_an_unprotected_address_is_refused(document, flags):
    with pytest.raises(BadOption, match="root on the host"):
        require_guarded_tcp(document, flags, allowed=False)
    require_guarded_tcp(document, flags, allowed=True)


@pytest.mark.parametrize(
    "document, flags",
    [
        ({"hosts": [OPEN], "tlsverify": True}, []),
        ({}, ["--tlsverify", "--host=" + OPEN]),
        ({"tlsverify": True}, ["-H", OPEN]),
        ({}, ["-H", "tcp://127.0.0.1:2375"]),
        ({}, ["-H", "tcp://[::1]:2375"]),
        ({}, ["-H", "tcp://localhost:2375"]),
        ({"hosts": ["unix:///run/docker.sock"]}, ["-H", "fd://"]),
    ],
)
def test_protected_addresses_are_accepted(document, flags):
    require_guarded_tcp(document, flags, allowed=False)
