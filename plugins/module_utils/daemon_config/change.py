# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task asks of a host's daemon against what is there, judged before anything is changed."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, List, Mapping, NamedTuple, Optional

from ..errors import Missing
from . import data_root, document, files, registries, validation
from .data_root import Move
from .host import Host

TLS_FOLDER = "/etc/docker/tls"
_TLS_FILES = {"ca.pem": "server_ca", "cert.pem": "server_certificate", "key.pem": "server_key"}


class Change(NamedTuple):
    """What is to become of the host: daemon.json before and after, texts of files (None: the file goes), and data that move.

    ``authorities`` of registries are all that are asked for.
    """

    present: Dict[str, Any]
    desired: Dict[str, Any]
    certificates: Dict[str, Optional[str]]
    drop_ins: Dict[str, Optional[str]]
    authorities: Dict[str, str]
    changed_authorities: Dict[str, Optional[str]]
    move: Optional[Move]

    @property
    def keys(self) -> List[str]:
        """Options of daemon.json that change."""
        return document.changed_keys(self.present, self.desired)

    @property
    def for_restart(self) -> List[str]:
        """What the daemon takes over at its start only."""
        certificates = ["the daemon's certificate"] if self.certificates else []
        return [*certificates, *self.drop_ins, *document.restart_keys(self.keys)]

    @property
    def for_reload(self) -> List[str]:
        """What it takes over while it runs."""
        return [key for key in self.keys if key in document.RELOADABLE]


def judge(host: Host, params: Mapping[str, Any]) -> Change:
    """What the task asks for against what is there. Raises before anything was changed where it cannot be."""
    present = present_document(host, params["merge"])
    remembered = host.memory.get("options", {})
    desired = document.merge(present, params["options"], remembered) if params["merge"] else dict(params["options"])
    validation.require_guarded_tcp(desired, params["flags"], params["allow_plain_tcp"])
    if params["server_key"]:
        validation.require_identity(*(params[option] for option in _TLS_FILES.values()))
    certificates = _certificates(host, params)
    authorities = registries.desired(host.certificates_folder, params["registry_certificates"], desired.get("registry-mirrors") or [])
    move = None
    if host.installed():
        validation.require_valid(desired, [host.program or "dockerd", *host.command(params["flags"])[1:]], certificates, TLS_FOLDER, host.account)
        move = data_root.plan(present, desired, params["old_data"], host.memory.get("copying"), host.data_root)
    return Change(present, desired, certificates, _units(host), authorities, _changed_authorities(host, authorities), move)


def present_document(host: Host, merge: bool) -> Dict[str, Any]:
    """What daemon.json has now. With ``merge``, a file that cannot be read as JSON raises Missing."""
    path = host.path
    with host.acting():
        text = files.read_text(path)
    if not (text or "").strip():
        return {}
    try:
        found = json.loads(text or "")
    except ValueError as error:
        if merge:
            raise Missing("%s is no JSON (%s), so nothing can be merged into it" % (path, error), "Mend it by hand, or replace it with merge: false") from None
        return {}
    return found if isinstance(found, dict) else {}


def _certificates(host: Host, params: Mapping[str, Any]) -> Dict[str, Optional[str]]:
    if not params["server_key"] and not host.memory.get("certificates"):
        return {}
    texts = {os.path.join(TLS_FOLDER, name): params[option] for name, option in _TLS_FILES.items()}
    return {path: text or None for path, text in texts.items() if (text or None) != files.read_text(path)}


def _changed_authorities(host: Host, texts: Dict[str, str]) -> Dict[str, Optional[str]]:
    with host.acting():
        return registries.changes(texts, host.memory.get("authorities", ()))


def _units(host: Host) -> Dict[str, Optional[str]]:
    texts = host.unit_files()
    with host.acting():
        return {path: text or None for path, text in texts.items() if (text or None) != files.read_text(path)}
