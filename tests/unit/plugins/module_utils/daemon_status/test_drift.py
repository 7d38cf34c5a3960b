# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_status.drift import compare, report

INFO = {
    "DockerRootDir": "/var/lib/docker",
    "Driver": "overlay2",
    "DriverStatus": [["Backing Filesystem", "extfs"]],
    "LiveRestoreEnabled": False,
    "LoggingDriver": "json-file",
    "CgroupDriver": "cgroupfs",
    "Debug": False,
    "Labels": [],
    "Runtimes": {"runc": {}},
    "DefaultAddressPools": [{"Base": "10.9.0.0/16", "Size": 24}],
    "SecurityOptions": ["name=seccomp,profile=default"],
    "HttpProxy": "http://xxxxx:xxxxx@proxy:3128",
    "RegistryConfig": {
        "Mirrors": ["http://hub:5000/"],
        "InsecureRegistryCIDRs": ["127.0.0.0/8"],
        "IndexConfigs": {"hub:5000": {"Secure": False}, "docker.io": {"Secure": True}},
    },
}


@pytest.mark.parametrize(
    "desired",
    [
        {},
        {"registry-mirrors": ["http://hub:5000"]},
        {"insecure-registries": ["hub:5000"]},
        {"live-restore": False, "debug": False},
        {"data-root": "/var/lib/docker/"},
        {"exec-opts": ["native.cgroupdriver=cgroupfs"]},
        {"features": {"containerd-snapshotter": False}},
        {"default-address-pools": [{"base": "10.9.0.0/16", "size": 24}]},
        {"no-new-privileges": False},
        {"proxies": {"http-proxy": "http://user:secret@proxy:3128"}},
        {"runtimes": {"runc": {}}},
    ],
)
def test_options_that_the_daemon_uses_do_not_differ(desired):
    assert compare(desired, INFO) == ({}, [])


@pytest.mark.parametrize(
    "desired, key",
    [
        ({"registry-mirrors": ["http://other:5000"]}, "registry-mirrors"),
        ({"insecure-registries": ["other:5000"]}, "insecure-registries"),
        ({"live-restore": True}, "live-restore"),
        ({"data-root": "/srv/docker"}, "data-root"),
        ({"log-driver": "journald"}, "log-driver"),
        ({"exec-opts": ["native.cgroupdriver=systemd"]}, "exec-opts"),
        ({"features": {"containerd-snapshotter": True}}, "features.containerd-snapshotter"),
        ({"default-address-pools": [{"base": "10.9.0.0/16", "size": 26}]}, "default-address-pools"),
        ({"no-new-privileges": True}, "no-new-privileges"),
        ({"labels": ["a=b"]}, "labels"),
        ({"registry-mirrors": 5}, "registry-mirrors"),
    ],
)
def test_options_that_the_daemon_does_not_use_differ(desired, key):
    differs, unverified = compare(desired, INFO)
    assert list(differs) == [key]
    assert set(differs[key]) == {"configured", "running"}


def test_keys_that_the_api_does_not_show_are_named():
    assert compare({"log-opts": {"max-size": "10m"}, "debug": False}, INFO) == ({}, ["log-opts"])


def test_a_password_in_a_proxy_is_not_shown():
    differs, unverified = compare({"proxies": {"http-proxy": "http://user:secret@other:3128"}}, INFO)
    assert "secret" not in str(differs) and "other:3128" in str(differs)


def test_without_an_answer_nothing_can_be_compared():
    found = report({"path": "/etc/docker/daemon.json", "keys": {"debug": True}, "error": None}, {})
    assert found == {"path": "/etc/docker/daemon.json", "error": None, "differs": None, "unverified": None}
    assert report(None, INFO) is None
