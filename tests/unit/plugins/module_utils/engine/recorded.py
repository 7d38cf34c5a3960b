# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An Engine whose transport answers with what was recorded: the shared double of a daemon that cannot run here."""

from __future__ import annotations

import contextlib
import json
from urllib.parse import parse_qs, urlsplit

from ansible_collections.flotilla.docker.plugins.module_utils.engine.api import Api
from ansible_collections.flotilla.docker.plugins.module_utils.engine.engine import Engine
from ansible_collections.flotilla.docker.plugins.module_utils.engine.message import Answer
from ansible_collections.flotilla.docker.plugins.module_utils.engine.transport import Stream


class Recorded:
    """A transport that answers by method and path without version: (status, object or text). ``asked`` lists what was asked, with its query."""

    def __init__(self, answers):
        self.answers = answers
        self.asked = []

    def send(self, request, timeout):
        """The recorded answer; 404 without one."""
        url = urlsplit(request.target)
        path = "/" + url.path.split("/", 2)[2]
        self.asked.append((request.method, path, parse_qs(url.query)))
        status, body = self.answers.get((request.method, path), (404, {"message": "No such image"}))
        return Answer(status, {}, (body if isinstance(body, str) else json.dumps(body)).encode())

    @contextlib.contextmanager
    def stream(self, request, timeout):
        """The recorded answer in one piece."""
        whole = self.send(request, timeout)
        yield Stream(whole, iter([whole.content]))


def engine(answers, version, **headers):
    """An Engine on a local socket that answers with ``answers`` in API ``version``; headers of its ping have _ for -."""
    transport = Recorded(answers)
    api = Api("unix:///run/docker.sock", 60, transport, lambda: transport)
    api.version = version
    made = Engine(api, {name.replace("_", "-"): value for name, value in headers.items()})
    made.asked = transport.asked
    return made
