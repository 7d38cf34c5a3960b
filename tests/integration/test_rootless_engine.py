# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rootless Engine of user ops, on control groups v1 (r20) and v2 (r28), for root and for that user."""

from __future__ import annotations

import pytest
from faults_page import OF_A_USER, documented, says
from target import Target

LONG = pytest.mark.long
SOCKET = "unix:///run/user/1000/docker.sock"
AS_OPS = "setpriv --reuid 1000 --regid 1000 --init-groups env HOME=/home/ops XDG_RUNTIME_DIR=/run/user/1000"
SYSTEMCTL = f"{AS_OPS} systemctl --user"
RESTART = f"{SYSTEMCTL} restart docker"
UNIT = "/home/ops/.config/systemd/user/docker.service"
CONFIGURATION = "/home/ops/.config/docker/daemon.json"
SAVE = f"cp -p {UNIT} /root/unit; cp -p {CONFIGURATION} /root/daemon.json; cp -p /etc/subuid /root/subuid"
HEAL = f"""
pkill -CONT dockerd
chmod 666 /dev/net/tun
cp -p /root/subuid /etc/subuid; cp -p /root/unit {UNIT}; cp -p /root/daemon.json {CONFIGURATION}
loginctl enable-linger ops
systemctl start user@1000.service
{SYSTEMCTL} daemon-reload
{SYSTEMCTL} reset-failed docker
{SYSTEMCTL} enable docker
{SYSTEMCTL} start docker || {{ sleep 1; {SYSTEMCTL} start docker; }}
"""
# The session of an earlier task over SSH would keep the units running, too.
ASLEEP = f"""
{SYSTEMCTL} stop docker
loginctl disable-linger ops
loginctl terminate-user ops
timeout 60 sh -c 'while test -e /run/user/1000; do sleep 0.1; done'
"""


class UserEngine(Target):
    """A host whose user ops has an Engine."""

    def run(self, module, by="root", check=False, **options):
        return super().run(module, by, check, **dict({"docker_host": SOCKET}, **options))


@pytest.fixture(scope="module", params=["r28", pytest.param("r20", marks=LONG)])
def settled(request, fleet):
    """A host with what it looked like before all tests."""
    chosen = UserEngine(fleet, request.param)
    chosen.shell(SAVE)
    return chosen


@pytest.fixture
def target(settled):
    """A host whose Engine of ops runs, before and after the test."""
    yield settled
    settled.shell(HEAL)
    assert settled.shell(f"{SYSTEMCTL} is-active docker") == "active"


@pytest.mark.parametrize("user", ["root", "ops"])
def test_status_of_a_running_rootless_engine(target, user):
    status = target.status(user, require="running")
    assert (status["state"], status["active"], status["rootless"], status["advice"]) == ("running", True, True, "")
    assert str(status["service"]["main_pid"]) == target.shell(f"{SYSTEMCTL} show docker --property MainPID --value")
    assert (status["service"]["enabled"], status["service"]["unit_file"]) == ("enabled", UNIT)
    assert (status["configuration"]["path"], status["configuration"]["differs"]) == (CONFIGURATION, {})
    assert status["data_root"] == "/home/ops/.local/share/docker"


FAULTS = {
    "stopped": f"{SYSTEMCTL} stop docker",
    "stopped and not enabled": f"{SYSTEMCTL} disable --now docker",
    "nobody is logged in": ASLEEP,
    "unknown key in daemon.json": f"echo '{{\"bogus\": 1}}' > {CONFIGURATION}; {RESTART}",
    "/dev/net/tun is not accessible to users": f"chmod 600 /dev/net/tun; {RESTART}",
    "no subordinate ids": f": > /etc/subuid; {RESTART}",
    "the daemon hangs": "pkill -STOP dockerd",
    "no unit": f"{SYSTEMCTL} stop docker; rm {UNIT}; {SYSTEMCTL} daemon-reload",
    "no unit and nobody is logged in": f"rm {UNIT}\n{ASLEEP}",
}
QUICK = ("stopped", "unknown key in daemon.json")


@pytest.mark.parametrize("fault", [pytest.param(name, marks=() if name in QUICK else LONG) for name in FAULTS])
def test_status_of_a_broken_rootless_engine_is_as_documented(target, fault):
    state, cause, advice = documented(OF_A_USER)[fault]
    target.shell(FAULTS[fault])
    # systemd tries a failed start again, until it has had enough of it.
    status = target.status(timeout=5, wait=180 if state == "failed" else 0)
    assert (status["state"], status["reachable"], status["rootless"]) == (state, False, True)
    assert says(cause, status["cause"]), status["cause"]
    assert says(advice, status["advice"]), status["advice"]


def test_every_documented_rootless_fault_is_tested():
    assert set(documented(OF_A_USER)) - {"fault", "---"} == set(FAULTS)


@LONG
def test_without_lingering_the_engine_stops_when_the_user_logs_out(target):
    target.shell(
        "systemd-run --unit=login --uid=ops --property=PAMName=login sleep 600; rm /var/lib/systemd/linger/ops"
    )
    try:
        status = target.status()
    finally:
        target.shell("touch /var/lib/systemd/linger/ops; systemctl stop login")
    assert status["state"] == "running"
    assert "until ops logs out" in status["cause"] and "loginctl enable-linger ops" in status["advice"]


@LONG
def test_rootless_engine_of_another_user_needs_permission(target):
    target.shell(
        "id jo || useradd --create-home --uid 1001 jo; loginctl enable-linger jo; systemctl start user@1001.service"
    )
    try:
        status = target.status("ops", docker_host="unix:///run/user/1001/docker.sock")
    finally:
        target.shell("loginctl disable-linger jo; systemctl stop user@1001.service; userdel --remove jo")
    assert (status["state"], status["active"], status["rootless"]) == ("no_permission", None, True)
    assert "which belongs to user jo" in status["cause"] and "Run the task as jo, or as root" in status["advice"]


def test_images_and_layers_are_in_the_home_of_the_user(target):
    pulled = target.run("image_pull", "ops", name=["nginx"])
    assert pulled["images"][0]["layer_count"] == 6
    by_root, by_ops = (target.run("image_layers", user, name=["nginx"], blocks=True) for user in ("root", "ops"))
    assert by_root["images"] == by_ops["images"] and by_ops["missing"] == []
    assert by_ops["totals"]["layer_count"] == 6
    layers = by_ops["images"][0]["layers"]
    assert all(
        layer["path"].startswith(f"/home/ops/.local/share/docker/{by_ops['driver']}/") and layer["blocks"] > 0
        for layer in layers
    )
    assert target.shell("ls -d {} | wc -l".format(" ".join(layer["path"] for layer in layers))) == "6"


def test_limits_of_a_rootless_engine_are_reported(target):
    target.shell("sysctl -w net.ipv4.ip_unprivileged_port_start=1024")
    web = {"name": "web", "image": "nginx", "memory": "64m"}
    try:
        refused = target.run("container_run", ports=["80:80"], **web)
        ran = target.run("container_run", "ops", ports=["8080:80"], **web)
    finally:
        target.run("container_run", state="absent", name="web")
    assert "There is no container web now" in refused["msg"] and "Publish port 1024 or higher" in refused["msg"]
    assert ran["changed"] and ran["container"]["State"]["Running"]
    assert "memory limit capabilities" in ran["said"] or "Memory will not hold" in " ".join(ran["said"].split())


def test_configuration_is_merged_into_the_daemon_json_of_the_user_and_removed(target):
    asked = {"user": "ops", "section": "debugging", "options": {"debug": True, "shutdown-timeout": 20}}
    predicted = target.run("docker_daemon_config", check=True, **asked)
    done = target.run("docker_daemon_config", **asked)
    again = target.run("docker_daemon_config", status=True, **asked)
    assert (
        predicted["actions"]
        == done["actions"]
        == [f"write {CONFIGURATION}", "reload docker.service: debug, shutdown-timeout"]
    )
    assert done["docker_host"] == SOCKET and "registry-mirrors" in done["options"]
    assert (again["changed"], again["service_action"]) == (False, "none")
    status = again["status"]
    assert (status["address"], status["rootless"], status["reachable"]) == (SOCKET, True, True)
    assert status["service"] == target.status()["service"]
    assert target.shell(f"stat --format %U {CONFIGURATION}") == "ops"
    assert target.status()["host_info"]["Debug"] is True
    refused = target.run("docker_daemon_config", **dict(asked, options={"bogus": 1}))
    assert "bogus" in refused["msg"] and "Nothing was changed" in refused["msg"]
    gone = target.run("docker_daemon_config", **dict(asked, options={}))
    # A reload does not reset options that are removed.
    assert (gone["service_action"], gone["changed_keys"]) == ("restart", ["debug", "shutdown-timeout"])
    assert target.status()["host_info"]["Debug"] is False


@LONG
def test_layers_of_rootless_overlay2_are_read(target):
    """On a filesystem that lets users stack overlays, which their homes here do not."""
    target.shell("chmod o+x /var/lib/docker; mkdir -p /var/lib/docker/ops; chown ops: /var/lib/docker/ops")
    options = {"data-root": "/var/lib/docker/ops", "storage-driver": "overlay2"}
    moved = target.run("docker_daemon_config", user="ops", section="data_root", options=options, old_data="leave")
    assert moved["service_action"] == "restart"
    try:
        target.run("image_pull", name=["nginx"])
        by_root, by_ops = (target.run("image_layers", user, name=["nginx"]) for user in ("root", "ops"))
    finally:
        target.run("docker_daemon_config", user="ops", section="data_root", old_data="leave")
        target.shell("chmod o-x /var/lib/docker; rm -rf /var/lib/docker/ops")
    assert (by_ops["driver"], by_ops["missing"]) == ("overlay2", [])
    assert by_root["images"] == by_ops["images"]
    assert all(layer["path"].startswith("/var/lib/docker/ops/overlay2/") for layer in by_ops["images"][0]["layers"])
