# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption, Missing
from ansible_collections.flotilla.docker.plugins.module_utils.host.users import Account
from ansible_collections.flotilla.docker.plugins.module_utils.rootless import requirements

OPS = Account("ops", 1000, 1000, "/home/ops")


def put(folder, **texts):
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return str(folder)


@pytest.mark.parametrize(
    "subuid, subgid, fix",
    [
        ("ops:100000:65536\n", "ops:100000:65536\n", None),
        ("1000:100000:65536\n", "ops:100000:32768\nops:200000:32768\n", None),
        ("", "", "usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ops"),
        ("jo:100000:65536\n", "jo:100000:65536\nops:165536:65536\n", "usermod --add-subuids 231072-296607 ops"),
        ("ops:100000:1000\n", "ops:100000:65536\n", "usermod --add-subuids 165536-231071 ops"),
        ("# none\nbroken\n", "ops:100000:65536\n", "usermod --add-subuids 165536-231071 ops"),
    ],
)
def test_a_user_needs_65536_subordinate_ids(tmp_path, subuid, subgid, fix):
    lacks = list(requirements._ids(OPS, put(tmp_path, subuid=subuid, subgid=subgid)))
    assert [advice for _what, advice in lacks] == ([fix] if fix else [])


@pytest.mark.parametrize(
    "line, known",
    [("subid: files\n", False), ("subid: sss\n", True), ("subid:\tfiles sss\n", True), ("passwd: sss\n", False)],
)
def test_subordinate_ids_may_come_from_a_directory_service(tmp_path, line, known):
    lacks = list(requirements._ids(OPS, put(tmp_path, subuid="", subgid="", **{"nsswitch.conf": line})))
    assert (lacks == []) is known


@pytest.mark.parametrize(
    "name, value, word",
    [
        ("user/max_user_namespaces", "0\n", "sysctl user.max_user_namespaces=28633"),
        ("kernel/unprivileged_userns_clone", "0\n", "sysctl kernel.unprivileged_userns_clone=1"),
        ("kernel/apparmor_restrict_unprivileged_userns", "1\n", "profile"),
        ("user/max_user_namespaces", "15000\n", None),
        ("kernel/apparmor_restrict_unprivileged_userns", "0\n", None),
    ],
)
def test_a_kernel_without_user_namespaces_is_reported_with_the_fix(tmp_path, name, value, word):
    lacks = list(
        requirements._namespaces(put(tmp_path, **{name: value}), str(tmp_path / "apparmor.d" / "*rootlesskit*"))
    )
    assert len(lacks) == (1 if word else 0)
    assert not word or word in lacks[0][1]


def test_an_apparmor_profile_for_rootlesskit_is_enough(tmp_path):
    put(tmp_path, **{"kernel/apparmor_restrict_unprivileged_userns": "1", "apparmor.d/usr.bin.rootlesskit": ""})
    assert not list(requirements._namespaces(str(tmp_path), str(tmp_path / "apparmor.d" / "*rootlesskit*")))


def test_another_network_driver_needs_no_tun(monkeypatch):
    monkeypatch.setattr(requirements, "_TUN", "/dev/net/none")
    assert list(requirements._tun(OPS, {})) == [("/dev/net/none does not exist", "modprobe tun")]
    assert not list(requirements._tun(OPS, {"DOCKERD_ROOTLESS_ROOTLESSKIT_NET": "vpnkit"}))


def test_everything_that_is_missing_is_named_at_once(monkeypatch, tmp_path):
    monkeypatch.setattr(requirements, "_TUN", "/dev/net/none")
    monkeypatch.setattr(requirements, "_ids", lambda account: [("no ids", "give ids")])
    with pytest.raises(Missing) as raised:
        requirements.require_ready(OPS._replace(home=str(tmp_path / "none")), {})
    for word in (
        "home folder",
        "no ids",
        "/dev/net/none",
        "Nothing was changed",
        "mkhomedir_helper ops; give ids; modprobe tun",
    ):
        assert word in str(raised.value)


def test_only_existing_users_other_than_root_have_a_rootless_engine(monkeypatch):
    monkeypatch.setattr(requirements.os, "geteuid", lambda: 0)
    assert requirements.require_account("ops", OPS) == OPS
    with pytest.raises(Missing, match="no user jo"):
        requirements.require_account("jo", None)
    with pytest.raises(BadOption, match="must not be root"):
        requirements.require_account("root", Account("root", 0, 0, "/root"))


def test_only_root_sets_up_a_rootless_engine(monkeypatch):
    monkeypatch.setattr(requirements.os, "geteuid", lambda: 1000)
    with pytest.raises(Missing, match="become"):
        requirements.require_account("ops", OPS)


@pytest.mark.parametrize(
    "changed", [{"socket_settings": {"SocketGroup": "ops"}}, {"old_data": "move"}, {"old_data": "copy"}]
)
def test_options_of_the_systems_engine_are_refused(changed):
    with pytest.raises(BadOption):
        requirements.require_options(dict({"socket_settings": {}, "old_data": "refuse"}, **changed))
