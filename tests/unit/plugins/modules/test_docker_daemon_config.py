# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption
from ansible_collections.flotilla.docker.plugins.modules import docker_daemon_config as module

PARAMS = {
    "options": {"proxies": {"http-proxy": "jo:S3Cret@proxy"}, "log-opts": {"splunk-token": "S3C"}, "debug": True},
    "environment": {"HTTPS_PROXY": 'http://jo:S3C"r@t@proxy', "NO_PROXY": "localhost"},
    "flags": ["--https-proxy=http://jo:S3C'r@t@proxy", "--debug"],
    "service_settings": {"LimitNOFILE": "1048576"},
    "wait": 90,
}


def test_parameters_are_shown_without_secrets():
    shown, _hidden = module.mask(PARAMS)
    assert "S3C" not in str(shown)


def test_other_parameters_are_shown_as_they_are():
    shown, _hidden = module.mask(PARAMS)
    assert (shown["wait"], shown["options"]["debug"], shown["service_settings"]) == (
        90,
        True,
        {"LimitNOFILE": "1048576"},
    )


def test_credentials_of_proxies_are_masked_everywhere():
    _shown, hidden = module.mask(PARAMS)
    assert hidden == {"jo:S3Cret", 'jo:S3C"r@t'}


@pytest.mark.parametrize("wait", [0, -5])
def test_time_in_which_no_daemon_can_start_is_refused_before_anything_is_read(wait):
    with pytest.raises(BadOption, match="wait must be 1 second or more"):
        module.decide(None, {"wait": wait})
