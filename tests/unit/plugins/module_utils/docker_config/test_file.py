# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import threading

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.docker_config import file
from ansible_collections.flotilla.docker.plugins.module_utils.errors import Missing


@pytest.fixture
def config(tmp_path):
    return file.ConfigFile(str(tmp_path / "new" / "config.json"))


def add(name):
    return lambda content: content.setdefault("auths", {}).update({name: {}})


def test_new_file_is_readable_by_its_owner_only(config):
    config.update(add("r"))
    assert os.stat(config.path).st_mode & 0o777 == 0o600


def test_other_keys_stay_and_loose_permissions_are_tightened(config):
    os.makedirs(os.path.dirname(config.path))
    with open(config.path, "w", encoding="utf-8") as made:
        json.dump({"HttpHeaders": {"a": "b"}, "auths": {"other": {"auth": "eDp5"}}}, made)
    os.chmod(config.path, 0o644)
    config.update(add("r"))
    assert config.read() == {"HttpHeaders": {"a": "b"}, "auths": {"other": {"auth": "eDp5"}, "r": {}}}
    assert os.stat(config.path).st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["{", "[]", '{"auths": []}', '{"auths": 5}'])
def test_invalid_file_is_refused_and_not_changed(config, text):
    os.makedirs(os.path.dirname(config.path))
    with open(config.path, "w", encoding="utf-8") as made:
        made.write(text)
    if text != '{"auths": []}':
        with pytest.raises(Missing, match="not changed"):
            config.update(add("r"))
        with open(config.path, encoding="utf-8") as kept:
            assert kept.read() == text


def test_link_stays_a_link(config, tmp_path):
    os.makedirs(os.path.dirname(config.path))
    os.symlink(tmp_path / "real.json", config.path)
    file.ConfigFile(config.path).update(add("r"))
    assert os.path.islink(config.path)
    assert json.loads((tmp_path / "real.json").read_text(encoding="utf-8")) == {"auths": {"r": {}}}


def test_logins_at_the_same_time_lose_nothing(config):
    threads = [
        threading.Thread(target=lambda n=n: file.ConfigFile(config.path).update(add(f"r{n}"))) for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(config.read()["auths"]) == 20
    assert os.listdir(os.path.dirname(config.path)) == ["config.json"]


def test_entry_that_cannot_be_decoded_is_none_for_the_next_login():
    assert file.stored_in_file({"auths": {"r": {"auth": "%%%"}}}, "r") is None
