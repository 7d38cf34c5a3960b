# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.flotilla.docker.plugins.module_utils.container import result, secrets
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption

from . import builders


@pytest.mark.parametrize(
    "name",
    "DB_PASSWORD MYSQL_ROOT_PASSWD API_TOKEN client_secret AWS_SECRET_ACCESS_KEY SSH_PRIVATE_KEY APIKEY API_KEY KEY DATABASE_URL SENTRY_DSN BASIC_AUTH".split(),
)
def test_names_that_look_secret(name):
    assert secrets.is_secret(name)


@pytest.mark.parametrize("name", "MODE PATH PORT KEYBOARD DB_PASSWORD_FILE SSL_KEY_PATH MONKEY".split())
def test_names_that_do_not(name):
    assert not secrets.is_secret(name)


def test_a_container_is_shown_without_its_secrets():
    inspected = {"Config": {"Env": ["DB_PASSWORD=hunter2=x", "MODE=production", "PIN=1234", "BARE"]}}
    shown = result.container(inspected, ["PIN"])
    assert shown["Config"]["Env"] == ["DB_PASSWORD=********", "MODE=production", "PIN=********", "BARE"]
    assert inspected["Config"]["Env"][0] == "DB_PASSWORD=hunter2=x"


def test_parameters_are_shown_without_secrets_and_long_ones_are_hidden_everywhere():
    params, hidden = secrets.mask_params({"env": {"DB_PASSWORD": "correct horse", "PIN": "1234", "MODE": "production"}, "secret_env": ["PIN"]})
    assert params["env"] == {"DB_PASSWORD": "********", "PIN": "********", "MODE": "production"}
    assert hidden == {"correct horse"}


@pytest.mark.parametrize("task", [{"env": {"DB_PASSWORD": 90125}}, {"env": {"PIN": 90125}, "secret_env": ["PIN"]}])
def test_a_refusal_does_not_repeat_the_secret(task):
    with pytest.raises(BadOption) as error:
        builders.run(builders.Engine(), **task)
    assert "90125" not in str(error.value)
    assert error.value.option in ("env.DB_PASSWORD", "env.PIN")
