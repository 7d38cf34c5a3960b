# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credential helpers and stores of the docker CLI: programs docker-credential-NAME that store logins outside of config.json.

Protocol (docker-credential-helpers): ``get`` and ``erase`` read an address, ``store`` a JSON object; ``get`` prints one with Username and Secret.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from typing import Sequence

from .docker_cli import Login
from .errors import Missing

# Seconds. A helper answers immediately, unless it waits for a user to type a password.
PATIENCE = 20.0
# The user name that marks a secret as an identity token (docker CLI).
TOKEN_USER = "<token>"
_MOST_OUTPUT = 1024 * 1024


def call(program: str, action: str, text: str, before: Sequence[str] = ()) -> str | None:
    """What a helper prints for ``text`` on its standard input; None if it has no login. ``before`` are words that run it as another user.

    Secrets are passed on standard input, so that no process list shows them. Raises Missing for a helper that does not work.
    """
    if "\0" in program:
        raise Missing(
            f"the credential helper {program!r} has a name with NUL characters. Correct credHelpers or credsStore"
        )
    # A file, because a pipe stays open until the last child process of a helper exits.
    with tempfile.TemporaryFile() as output:
        try:
            done = subprocess.run(  # pylint: disable=ansible-bad-function  # that has no timeout
                [*before, program, action],
                input=text.encode("utf-8"),
                stdout=output,
                stderr=subprocess.DEVNULL,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Missing(f"the credential helper {program} did not answer within {PATIENCE:g} seconds") from None
        except OSError as error:
            raise Missing(
                f"the credential helper {program} cannot be run ({error.strerror}). "
                "Install it, or remove it from credHelpers and credsStore"
            ) from None
        output.seek(0)
        # Helpers print both answers and errors to standard output.
        printed = output.read(_MOST_OUTPUT).decode("utf-8", "replace").strip()
    if not done.returncode:
        return printed
    if "credentials not found" in printed.lower():
        return None
    raise Missing(f"the credential helper {program} failed: {printed[:300] or 'it printed nothing'}")


def get(program: str, address: str, before: Sequence[str] = ()) -> Login | None:
    """The login for an address, or None."""
    printed = call(program, "get", address, before)
    if printed is None:
        return None
    try:
        found = json.loads(printed)
        user, secret = found["Username"], found["Secret"]
    except (ValueError, KeyError, TypeError):
        # Its output is not shown, because it may be a secret.
        raise Missing(f"the credential helper {program} did not print a login") from None
    if user == TOKEN_USER:
        return Login(identity_token=secret)
    return Login(user, secret) if user or secret else None
