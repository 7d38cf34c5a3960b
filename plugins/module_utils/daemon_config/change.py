# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares a task with the configuration of the daemon, and checks it before anything is changed."""

from __future__ import annotations

import json
import os
from typing import Any, Mapping, NamedTuple

from ..data_root import check
from ..data_root.check import Move
from ..errors import Missing
from ..host import files
from . import daemon_json, registry_certificates, sections, validation
from .host import DaemonHost
from .sections import Section, Settlement
from .validation import Draft

_TLS_FILES = {"ca.pem": "server_ca", "cert.pem": "server_certificate", "key.pem": "server_key"}


class Change(NamedTuple):
    """The changes: daemon.json as observed and as desired, texts of files (None: the file is removed), and data that is moved."""

    observed: dict[str, Any]
    desired: dict[str, Any]
    certificates: dict[str, str | None]
    drop_ins: dict[str, str | None]
    registry_cas: dict[str, str | None]
    move: Move | None
    settlement: Settlement

    @property
    def keys(self) -> list[str]:
        """Options of daemon.json that change."""
        return daemon_json.changed_keys(self.observed, self.desired)

    @property
    def for_restart(self) -> list[str]:
        """Changes that the daemon applies only when it starts."""
        certificates = ["the daemon's certificate"] if self.certificates else []
        return [*certificates, *self.drop_ins, *daemon_json.restart_keys(self.observed, self.desired)]

    @property
    def for_reload(self) -> list[str]:
        """Changes that the daemon applies when it is reloaded."""
        return daemon_json.reload_keys(self.observed, self.desired)


def judge(host: DaemonHost, params: Mapping[str, Any]) -> Change:
    """The changes that the task needs. Raises before anything is changed if they are not possible."""
    observed = read_options(host, params["merge"])
    name = params["section"] or sections.UNNAMED
    found = host.record.sections_for(name)
    former = found.get(name, Section())
    settlement = sections.settle(found, name, _asked(params))
    desired = (
        daemon_json.merge(observed, params["options"], settlement.before.options, settlement.others.options)
        if params["merge"]
        else daemon_json.overlay({}, params["options"])
    )
    texts = registry_certificates.desired(
        host.certificates_folder, params["registry_certificates"], desired.get("registry-mirrors") or []
    )
    settlement = sections.settle(found, name, _asked(params)._replace(registry_cas=tuple(sorted(texts))))
    together = settlement.together
    validation.require_guarded_tcp(desired, together.flags, params["allow_plain_tcp"])
    if params["server_key"]:
        validation.require_identity(*(params[option] for option in _TLS_FILES.values()))
    certificates = _certificates(host, params, removed=former.certificates and name != sections.UNNAMED)
    move = None
    if host.installed():
        command = [host.program or "dockerd", *host.command(())[1:]]
        host.require_valid(Draft(desired, command, together.flags, certificates, host.tls_folder, host.account))
        move = check.plan(observed, desired, params["old_data"], host.record.copying, host.data_root)
    gone = set(settlement.before.registry_cas) - set(settlement.others.registry_cas)
    return Change(
        observed, desired, certificates, _units(host, together), _differences(host, texts, gone), move, settlement
    )


def _asked(params: Mapping[str, Any]) -> Section:
    return Section(
        options=params["options"],
        environment=params["environment"],
        flags=tuple(params["flags"]),
        service_settings=params["service_settings"],
        socket_settings=params["socket_settings"],
        certificates=bool(params["server_key"]),
    )


def read_options(host: DaemonHost, merge: bool) -> dict[str, Any]:
    """The present options of daemon.json. With ``merge``, a file that cannot be read as JSON raises Missing."""
    text = host.read_text(host.path)
    if not (text or "").strip():
        return {}
    try:
        found = json.loads(text or "")
    except ValueError as error:
        if merge:
            raise Missing(
                f"{host.path} is not valid JSON ({error}), so nothing can be merged into it",
                "Fix it manually, or replace it with merge: false",
            ) from None
        return {}
    return found if isinstance(found, dict) else {}


def _certificates(host: DaemonHost, params: Mapping[str, Any], removed: bool) -> dict[str, str | None]:
    if not params["server_key"] and not removed:
        return {}
    texts = {os.path.join(host.tls_folder, name): params[option] or None for name, option in _TLS_FILES.items()}
    return {path: text for path, text in texts.items() if text != files.read_text(path)}


def _differences(host: DaemonHost, texts: Mapping[str, str], gone: set[str]) -> dict[str, str | None]:
    """Texts of files that differ; None for those to remove."""
    desired: dict[str, str | None] = dict(dict.fromkeys(sorted(gone)), **texts)
    return {path: text for path, text in desired.items() if text != host.read_text(path)}


def _units(host: DaemonHost, asked: Section) -> dict[str, str | None]:
    texts = host.unit_files(asked)
    return {path: text or None for path, text in texts.items() if (text or None) != host.read_text(path)}
