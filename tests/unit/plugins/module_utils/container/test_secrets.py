# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.container import result, secrets
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption

from ..in_memory.engine import Engine
from . import builders


@pytest.mark.parametrize(
    "name",
    [
        "DB_PASSWORD",
        "MYSQL_ROOT_PASSWD",
        "API_TOKEN",
        "client_secret",
        "AWS_SECRET_ACCESS_KEY",
        "SSH_PRIVATE_KEY",
        "APIKEY",
        "API_KEY",
        "KEY",
        "DATABASE_URL",
        "SENTRY_DSN",
        "BASIC_AUTH",
    ],
)
def test_names_that_look_secret_are_recognized(name):
    assert secrets.is_secret(name)


@pytest.mark.parametrize("name", ["MODE", "PATH", "PORT", "KEYBOARD", "DB_PASSWORD_FILE", "SSL_KEY_PATH", "MONKEY"])
def test_names_that_do_not(name):
    assert not secrets.is_secret(name)


def test_a_container_is_shown_without_its_secrets():
    inspected = {"Config": {"Env": ["DB_PASSWORD=hunter2=x", "MODE=production", "PIN=1234", "BARE"]}}
    shown = result.container(inspected, ["PIN"])
    assert shown["Config"]["Env"] == ["DB_PASSWORD=********", "MODE=production", "PIN=********", "BARE"]
    assert inspected["Config"]["Env"][0] == "DB_PASSWORD=hunter2=x"


def test_parameters_are_shown_without_secrets_and_long_ones_are_hidden_everywhere():
    params, hidden = secrets.mask_params(
        {"env": {"DB_PASSWORD": "correct horse", "PIN": "1234", "MODE": "production"}, "secret_env": ["PIN"]}
    )
    assert params["env"] == {"DB_PASSWORD": "********", "PIN": "********", "MODE": "production"}
    assert hidden == {"correct horse"}


ADDRESSES = {
    "HTTP_PROXY": ("http://jo:S3cret@1@proxy:3128", "http://***@proxy:3128", "jo:S3cret@1"),
    "https_proxy": ("jo:S3cret1@proxy:3128", "***@proxy:3128", "jo:S3cret1"),
    "REDIS_URL": ("redis://:S3cret1@cache:6379/0", "redis://***@cache:6379/0", ":S3cret1"),
    "SERVERS": ("amqp://a:S3cret1@one,x", "amqp://***@one,x", "a:S3cret1"),
    "NO_PROXY": ("localhost,10.0.0.0/8", "localhost,10.0.0.0/8", None),
    "MAIL": ("ops@example.org", "ops@example.org", None),
    "PAGE": ("http://example.org:80/a?b", "http://example.org:80/a?b", None),
    "SHORT": ("http://a:b@example.org", "http://***@example.org", None),
}


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("option", ["env", "labels"])
def test_passwords_in_addresses_are_masked(option, name):
    value, masked, text = ADDRESSES[name]
    params, hidden = secrets.mask_params({option: {name: value, "OTHER": 1}})
    assert (params[option], hidden) == ({name: masked, "OTHER": 1}, {text} if text else set())
    inspected = {"Config": {"Env": [f"{name}={value}"], "Labels": {name: value}}}
    assert result.container(inspected)["Config"] == {"Env": [f"{name}={masked}"], "Labels": {name: masked}}


@pytest.mark.parametrize("task", [{"env": {"DB_PASSWORD": 90125.5}}, {"env": {"PIN": 90125.5}, "secret_env": ["PIN"]}])
def test_a_refusal_does_not_repeat_the_secret(task):
    with pytest.raises(BadOption) as error:
        builders.run(Engine(), **task)
    assert "90125" not in str(error.value)
    assert error.value.option in ("env.DB_PASSWORD", "env.PIN")


@pytest.mark.parametrize("option", ["env", "labels"])
@pytest.mark.parametrize("value", ["PASSWORD=s3cret-word", ["s3cret-word"], {1: None}, 5])
def test_invalid_parameters_are_shown_without_secrets(option, value):
    shown, hidden = secrets.mask_params({option: value, "secret_env": [[1]]})
    assert "s3cret-word" not in str(shown)
