# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two clients of an older Engine create a network of one name at the same time, and one removes its own a moment later."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.engine import api
from ansible_collections.flotilla.docker.plugins.module_utils.errors import ApiError

from .recorded import engine

START = ("POST", "/containers/web/start")
AMBIGUOUS = (400, {"message": "network front is ambiguous (2 matches found on name)"})


def test_request_is_repeated_until_one_network_has_the_name(monkeypatch):
    answers = {START: AMBIGUOUS}
    monkeypatch.setattr(api.time, "sleep", lambda seconds: answers.update({START: (204, "")}))
    docker = engine(answers, "1.41")
    docker.containers.start("web")
    assert [path for _method, path, _query in docker.asked] == ["/containers/web/start"] * 2


def test_name_that_stays_ambiguous_is_a_failure(monkeypatch):
    monkeypatch.setattr(api, "_AMBIGUOUS_FOR", 0)
    with pytest.raises(ApiError, match="front is ambiguous.* remove all but one with docker network rm ID"):
        engine({START: AMBIGUOUS}, "1.41").containers.start("web")
