# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A credential helper that stores the login of one registry."""

from __future__ import annotations

import json
import os
from typing import Sequence

from .. import credential_helper
from ..docker_cli import Login
from ..host import users


class Helper:
    """``name`` is that of docker-credential-NAME; ``owner`` the user to run it as. Each method raises Missing for a helper that does not work."""

    def __init__(self, name: str, owner: users.Account | None = None) -> None:
        self.program = f"docker-credential-{name}"
        self._owner = owner

    def get(self, registry: str) -> Login | None:
        """The stored login, or None."""
        return credential_helper.get(self.program, registry, self._become())

    def store(self, registry: str, login: Login) -> None:
        """Store a login."""
        user = credential_helper.TOKEN_USER if login.identity_token else login.username
        secret = login.identity_token or login.password
        entry = {"ServerURL": registry, "Username": user, "Secret": secret}
        credential_helper.call(self.program, "store", json.dumps(entry), self._become())

    def erase(self, registry: str) -> None:
        """Remove a login. No error if there is none."""
        credential_helper.call(self.program, "erase", registry, self._become())

    def _become(self) -> Sequence[str]:
        if self._owner and self._owner.uid != os.geteuid():
            return users.words_as(self._owner, [])
        return ()
