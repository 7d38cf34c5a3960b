# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Authorities of registries: files that the daemon reads at each pull, so that none of them takes a restart."""

from __future__ import annotations

import os
import re
from typing import Dict, Iterable, Mapping, Optional
from urllib.parse import urlsplit

from ..errors import BadOption
from . import files

_NAME = re.compile(r"^[\w.-]+(:\d+)?$|^\[[0-9a-fA-F:]+\](:\d+)?$")


def desired(folder: str, certificates: Mapping[str, str], mirrors: Iterable[str]) -> Dict[str, str]:
    """Texts by path below ``folder``, which is certs.d.

    Newer Engines (seen with 28.5) with the containerd image store look under docker.io for who signed a mirror of Docker Hub, and not in the mirror's own.
    """
    for name in certificates:
        if not _NAME.match(name) or name.startswith("."):
            raise BadOption("registry_certificates", name, "it is not a registry", 'registry_certificates: {"registry.example.org:5000": "{{ pem }}"}')
    texts = {os.path.join(folder, name, "ca.crt"): text for name, text in certificates.items()}
    for name in (urlsplit(str(mirror)).netloc for mirror in mirrors):
        if name in certificates:
            texts[os.path.join(folder, "docker.io", "mirror-%s.crt" % name.replace(":", "-"))] = certificates[name]
    return texts


def changes(texts: Mapping[str, str], remembered: Iterable[str]) -> Dict[str, Optional[str]]:
    """What is not as it should be; None for a file that an earlier run wrote (``remembered``) and nobody asks for any more."""
    wanted: Dict[str, Optional[str]] = dict({path: None for path in remembered}, **texts)
    return {path: text for path, text in wanted.items() if text != files.read_text(path)}
