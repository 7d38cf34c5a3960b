# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Engine is removing a container already, such as one with auto_remove that has exited."""

from __future__ import annotations

from ansible_collections.flotilla.docker.plugins.module_utils.engine import containers

from .recorded import engine

REMOVE, FIND = ("DELETE", "/containers/web"), ("GET", "/containers/web/json")
IN_PROGRESS = (409, {"message": "removal of container web is already in progress"})


def test_end_of_a_removal_that_has_begun_is_waited_for(monkeypatch):
    answers = {REMOVE: IN_PROGRESS, FIND: (200, {"Name": "/web", "State": {"Status": "removing"}})}
    pauses = []

    def sleep(seconds):
        pauses.append(seconds)
        if len(pauses) == 3:
            del answers[FIND]

    monkeypatch.setattr(containers.time, "sleep", sleep)
    engine(answers, "1.45").containers.remove("web")
    assert len(pauses) == 3


def test_removal_that_the_engine_gave_up_is_not_waited_for():
    docker = engine({REMOVE: IN_PROGRESS, FIND: (200, {"Name": "/web", "State": {"Status": "dead"}})}, "1.45")
    docker.containers.remove("web")
    assert [method for method, _path, _query in docker.asked][-2:] == ["DELETE", "GET"]
