# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CA files of registries, which the daemon reads at each pull, so that a change needs no restart."""

from __future__ import annotations

import os
import re
from typing import Iterable, Mapping
from urllib.parse import urlsplit

from ..errors import BadOption

_NAME = re.compile(r"^[\w.-]+(:\d+)?$|^\[[0-9a-fA-F:]+\](:\d+)?$")


def desired(folder: str, certificates: Mapping[str, str], mirrors: Iterable[str]) -> dict[str, str]:
    """Texts by path below ``folder``, which is certs.d.

    Newer Engines (seen with 28.5) with the containerd image store look for the CA of a mirror of Docker Hub in the folder
    docker.io, and not in the mirror's own.
    """
    for name in certificates:
        if not _NAME.match(name) or name.startswith("."):
            raise BadOption(
                "registry_certificates",
                "must have registries as keys",
                got=name,
                example='registry_certificates: {"registry.example.org:5000": "{{ pem }}"}',
            )
    texts = {os.path.join(folder, name, "ca.crt"): text for name, text in certificates.items()}
    for name in (urlsplit(str(mirror)).netloc for mirror in mirrors):
        if name in certificates:
            texts[os.path.join(folder, "docker.io", "mirror-{}.crt".format(name.replace(":", "-")))] = certificates[
                name
            ]
    return texts
