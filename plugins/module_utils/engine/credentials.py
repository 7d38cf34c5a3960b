# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logins that the Docker config of the user who runs the module has for registries.

Credential helpers are called here and not by docker-py, which would wait for ever for one that asks somebody for a password.
Their protocol: the registry's address to ``docker-credential-NAME get``, and back a JSON object with Username and Secret.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from typing import Any, Dict, Optional

from ..errors import Missing
from . import sdk

# Seconds. A helper answers at once, unless it waits for somebody at a keyboard.
PATIENCE = 20.0
# Docker Hub's address in configs and helpers, and the user name that marks a secret as an identity token.
_HUB, _TOKEN_USER = "https://index.docker.io/v1/", "<token>"
_MEND = "Repair credHelpers or credsStore in config.json, or set registry_username and registry_password"


def stored_login(config: Any, registry: str) -> Optional[Dict[str, str]]:
    """The login in an ``AuthConfig`` of docker-py, from its helper or its file; None without an entry. Raises Missing for a helper that does not work."""
    helper = config.get_credential_store(registry) if config.cred_helpers or config.creds_store else None
    login = _ask(helper, _HUB if registry == sdk.docker.auth.INDEX_NAME else registry) if helper else None
    return login or sdk.docker.auth.AuthConfig({"auths": config.auths}).resolve_authconfig(registry) or None


def _ask(helper: str, address: str) -> Optional[Dict[str, str]]:
    program = "docker-credential-%s" % helper
    # A file, because a pipe is only at its end when the last child of a helper is.
    with tempfile.TemporaryFile() as said:
        try:
            done = subprocess.run(  # pylint: disable=ansible-bad-function  # that has no timeout
                [program, "get"], input=address.encode("utf-8"), stdout=said, stderr=subprocess.DEVNULL, timeout=PATIENCE, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise Missing("The credential helper %s did not answer within %d seconds" % (program, PATIENCE), _MEND) from error
        except OSError as error:
            reason = "The Docker config of this user names the credential helper %s, which cannot be run: %s" % (program, error.strerror)
            raise Missing(reason, _MEND) from error
        said.seek(0)
        # Helpers write both answers and errors to standard output.
        text = said.read().decode("utf-8", "replace").strip()
    if done.returncode:
        if "credentials not found" in text.lower():
            return None
        raise Missing("The credential helper %s failed for %s: %s" % (program, address, text or "it says nothing"), _MEND)
    try:
        found = json.loads(text)
        user, secret = found["Username"], found["Secret"]
    except (ValueError, KeyError, TypeError) as error:
        raise Missing("The credential helper %s answered for %s with something else than a login" % (program, address), _MEND) from error
    if not user and not secret:
        return None
    return {"identitytoken": secret, "serveraddress": address} if user == _TOKEN_USER else {"username": user, "password": secret, "serveraddress": address}
