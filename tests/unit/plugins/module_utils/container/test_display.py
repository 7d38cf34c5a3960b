# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils import option_table
from ansible_collections.flotilla.docker.plugins.module_utils.container import display, table

from . import builders


@pytest.mark.parametrize(
    "given, words",
    [
        ({"memory": "65536k"}, "64m"),
        ({"memory": "1.5g"}, "1536m"),
        ({"memory": "1000"}, "1000"),
        ({"memory_swap": "-1"}, "unlimited"),
        ({"cpus": 0.5}, 0.5),
        (
            {"published_ports": ["8080:80", "127.0.0.1::53/udp", "[::1]:1:1", "9"]},
            ["127.0.0.1::53/udp", "8080:80", "9", "[::1]:1:1"],
        ),
        ({"exposed_ports": ["80", "53/udp"]}, ["53/udp", "80"]),
        ({"volumes": ["web:/srv:ro", "/data", "/etc/web:/etc/web"]}, ["/data", "/etc/web:/etc/web", "web:/srv:ro"]),
        (
            {"mounts": [{"type": "tmpfs", "target": "/run", "tmpfs_size": "65536k", "tmpfs_mode": "755"}]},
            [{"type": "tmpfs", "target": "/run", "tmpfs_size": "64m", "tmpfs_mode": "0755"}],
        ),
        (
            {"mounts": [{"source": "web", "target": "/srv", "read_only": True, "no_copy": True}]},
            [{"type": "volume", "source": "web", "target": "/srv", "read_only": True, "no_copy": True}],
        ),
        ({"tmpfs": ["/run:size=64m", "/tmp"]}, ["/run:size=64m", "/tmp"]),
        ({"restart_policy": "always"}, "always"),
        ({"restart_policy": "on-failure", "restart_retries": 3}, "on-failure"),
        (
            {"healthcheck": {"test": "true", "interval": "90s", "timeout": "1500ms", "retries": 3}},
            {"test": "true", "interval": "1m30s", "timeout": "1s500ms", "retries": 3},
        ),
        ({"healthcheck": {"test": ["CMD", "true"]}}, {"test": ["CMD", "true"]}),
        ({"ulimits": ["nofile:1:2", "core:0"]}, ["core:0:0", "nofile:1:2"]),
        ({"devices": ["/dev/fuse:r"]}, ["/dev/fuse:/dev/fuse:r"]),
        ({"device_read_bps": [{"path": "/dev/sda", "rate": "1m"}]}, [{"path": "/dev/sda", "rate": "1m"}]),
        ({"device_write_iops": [{"path": "/dev/sda", "rate": 5}]}, [{"path": "/dev/sda", "rate": 5}]),
        ({"blkio_weight_device": [{"path": "/dev/sda", "weight": 5}]}, [{"path": "/dev/sda", "weight": 5}]),
        (
            {
                "networks": [{"name": "front", "ipv4_address": "10.0.0.5", "aliases": ["www"]}],
                "networks_cli_compatible": False,
            },
            {"front": {"ipv4_address": "10.0.0.5", "aliases": ["www"]}},
        ),
        ({"links": ["db:database"]}, ["db:database"]),
        ({"capabilities": ["cap_sys_time", "NET_ADMIN"]}, ["NET_ADMIN", "SYS_TIME"]),
        ({"labels": {"a": "b"}}, {"a": "b"}),
        ({"env": {"DB_PASSWORD": "hunter2", "MODE": "production"}}, {"DB_PASSWORD": "********", "MODE": "production"}),
        ({"env": {"PIN": "1234"}, "secret_env": ["PIN"]}, {"PIN": "********"}),
    ],
)
def test_values_are_shown_as_a_task_has_them(given, words):
    params = builders.params(**given)
    (option,) = [name for name in given if name not in ("secret_env", "restart_retries", "networks_cli_compatible")]
    assert display.shown(option_table.desired_values(table.OPTIONS, params), params)[option] == words


@pytest.mark.parametrize(
    "task, before, after",
    [
        ({"restart_policy": "on-failure", "restart_retries": 2}, {"restart_retries": 5}, {"restart_retries": 2}),
        (
            {"restart_policy": "always", "restart_retries": 0},
            {"restart_policy": "on-failure", "restart_retries": 5},
            {"restart_policy": "always", "restart_retries": 0},
        ),
        ({"restart_policy": "always"}, {"restart_policy": "on-failure"}, {"restart_policy": "always"}),
    ],
)
def test_diff_of_a_restart_policy_has_only_the_part_that_differs(task, before, after):
    ((option, desired),) = [
        (option, value)
        for option, value in option_table.desired_values(table.OPTIONS, builders.params(**task)).items()
        if option.name == "restart_policy"
    ]
    observed = {"Name": "on-failure", "MaximumRetryCount": 5}
    assert display.change([option_table.Difference(option, desired, observed)], builders.params(**task)) == (
        before,
        after,
    )
