# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secret variables of members and of defaults are masked, whatever else is wrong with the options."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.container_set.secrets import mask_params

PASSWORD = "s3cret-word"


@pytest.mark.parametrize(
    "params",
    [
        {"containers": [{"name": "web", "env": {"DB_PASSWORD": PASSWORD}}]},
        {"defaults": {"env": {"DB_PASSWORD": PASSWORD}}},
        {"defaults": {"secret_env": ["A"]}, "containers": [{"env": {"A": PASSWORD}}]},
        {"containers": [{"env": {"A": PASSWORD}, "secret_env": ["A"]}]},
        {"containers": [{"env": f"DB_PASSWORD={PASSWORD}"}]},
        {"containers": [f"env={PASSWORD}"]},
        {"containers": [{"labels": {"url": f"https://user:{PASSWORD}@example.org"}}]},
        {"containers": [{"labels": f"url=https://user:{PASSWORD}@example.org"}]},
        {"containers": {"env": [PASSWORD]}},
        {"containers": PASSWORD, "defaults": PASSWORD},
    ],
)
def test_secrets_are_masked(params):
    assert PASSWORD not in str(mask_params(params)[0])


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"containers": None, "defaults": None},
        {"containers": [None]},
        {"containers": 5},
        {"containers": [{"labels": "x", "env": {1: 2}, "secret_env": [[1]]}]},
    ],
)
def test_odd_options_are_no_trouble(params):
    mask_params(params)
