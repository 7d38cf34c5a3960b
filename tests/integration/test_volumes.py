# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""volume_create on real Engines: data is never deleted without being asked."""

from __future__ import annotations

import json

import proxy
import pytest
import waiting
from ansible_collections.flotilla.docker.plugins.module_utils.engine.volumes import Volumes

ALL_ENGINES = pytest.mark.parametrize("host", ["e20", "e26", "e28"], indirect=True)
NFS = {"type": "nfs", "device": ":/export", "o": "addr=192.0.2.10,rw"}
BIND = {"type": "none", "device": "/var/tmp", "o": "bind"}
# A volume driver: it answers every request with an empty success, and knows no volume until one is created.
DRIVER = """
import http.server, json, os, socketserver
known = {}
class Handler(http.server.BaseHTTPRequestHandler):
    def address_string(self):
        return ""
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        verb, name = self.path.rpartition(".")[2], body.get("Name")
        answer = {"Err": ""}
        if verb == "Activate":
            answer = {"Implements": ["VolumeDriver"]}
        elif verb == "Create":
            known[name] = body
        elif verb == "Remove":
            known.pop(name, None)
        elif verb == "Get":
            answer = {"Volume": {"Name": name}} if name in known else {"Err": "no such volume"}
        elif verb == "List":
            answer = {"Volumes": [{"Name": entry} for entry in known]}
        elif verb == "Capabilities":
            answer = {"Capabilities": {"Scope": "local"}}
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
os.makedirs("/run/docker/plugins", exist_ok=True)
socketserver.UnixStreamServer("/run/docker/plugins/flaky.sock", Handler).serve_forever()
"""


@pytest.fixture
def engine(host):
    """The host without volumes of others."""
    remove_volumes(host)
    yield host
    host.clear()
    remove_volumes(host)


def remove_volumes(host):
    waiting.remove_all(
        lambda: host.api.volumes()["Volumes"], lambda volume: host.api.remove_volume(volume["Name"], force=True)
    )


def volume(host, name="data"):
    return host.api.inspect_volume(name)


def create(host, **options):
    result = host.run("volume_create", **{"name": "data", **options})
    assert result["rc"] == 0, result["msg"]
    return result


def same(host, **options):
    """A result after a check run that predicted the same actions."""
    predicted = host.run("volume_create", check=True, **{"name": "data", **options})
    result = create(host, **options)
    assert (predicted["actions"], predicted["changed"]) == (result["actions"], result["changed"])
    return result


def assert_refused(host, options, *words):
    """A failure with these words, in check mode too, that has changed nothing."""
    before = volumes(host)
    for check in (True, False):
        result = host.run("volume_create", check=check, **{"name": "data", **options})
        assert result["rc"] == 1
        assert not result.get("changed", False)
        for word in words:
            assert word in result["msg"]
        assert "Internal error" not in result["msg"]
    assert volumes(host) == before


def volumes(host):
    """All volumes; the Engine lists them in any order."""
    return sorted(host.api.volumes()["Volumes"] or (), key=lambda entry: entry["Name"])


def user(host, start):
    host.need("busybox")
    body = {"Image": "busybox", "Cmd": ["sleep", "3600"], "StopSignal": "KILL", "HostConfig": {"Binds": ["data:/data"]}}
    host.api.create_container_from_config(body, "web")
    if start:
        host.api.start("web")


@ALL_ENGINES
def test_prediction_run_and_repetition_agree(engine):
    options = {"labels": {"tier": "db"}, "driver_options": {"type": "tmpfs", "device": "tmpfs", "o": ""}}
    assert same(engine, **options)["actions"] == ["create volume data"]
    assert volume(engine)["Options"] == options["driver_options"]
    assert not same(engine, **options)["changed"]
    assert not same(engine)["changed"]
    assert same(engine, state="absent")["actions"] == [
        "remove volume data (it is in memory and has no data while no container uses it)"
    ]
    assert not same(engine, state="absent")["changed"]


@ALL_ENGINES
def test_difference_is_refused_with_values_users_and_remedy(engine):
    create(engine, driver_options=BIND)
    user(engine, start=False)
    other = {"driver_options": dict(BIND, device="/var/lib")}
    said = "driver_options.device is '/var/tmp', must be '/var/lib'"
    assert_refused(engine, other, said, "web (created)", "recreate: when_needed", "its data stays in bind /var/tmp")
    assert_refused(
        engine, dict(other, recreate="when_needed"), "containers use it: web (created)", "Remove these containers"
    )


@ALL_ENGINES
def test_volume_with_data_on_a_device_is_recreated_with_consent(engine):
    create(engine, driver_options=NFS)
    moved = {"driver_options": dict(NFS, o="addr=192.0.2.11,rw"), "recreate": "options-changed"}
    assert same(engine, **moved)["actions"] == [
        "remove volume data (its data stays in nfs :/export)",
        "create volume data",
    ]
    assert volume(engine)["Options"]["o"] == "addr=192.0.2.11,rw"
    assert not same(engine, **moved)["changed"]


@ALL_ENGINES
def test_data_is_deleted_only_with_consent(engine):
    create(engine)
    user(engine, start=True)
    engine.api.exec_start(engine.api.exec_create("web", ["touch", "/data/precious"])["Id"])
    engine.clear()
    path = volume(engine)["Mountpoint"] + "/precious"
    for options in ({"state": "absent"}, {"driver_options": NFS, "recreate": "when_needed"}, {"recreate": "always"}):
        assert_refused(engine, options, "deletes its data", "data: delete")
    assert_refused(engine, {"driver_options": NFS}, "is not set, must be ':/export'", "data: delete")
    assert engine.execute("ls", path).strip() == path
    assert same(engine, driver_options=NFS, recreate="when_needed", data="delete")["actions"] == [
        "remove volume data and its data",
        "create volume data",
    ]


@ALL_ENGINES
def test_label_never_deletes_data(engine, capfd):
    create(engine, labels={"a": "1", "b": "2"})
    created = volume(engine)
    for options in ({}, {"recreate": "when_needed"}, {"recreate": "when_needed", "data": "delete"}):
        assert not same(engine, labels={"a": "0"}, **options)["changed"]
        said = capfd.readouterr().err
        assert "labels.a is '1', must be '0'" in said
        assert "labels.b is '2', which is no longer in the task" in said
    assert volume(engine) == created


@ALL_ENGINES
def test_refused_option_keeps_the_old_volume(engine):
    create(engine, driver_options=NFS)
    result = engine.run("volume_create", name="data", driver_options=dict(NFS, size="10m"), recreate="when_needed")
    assert result["rc"] == 1
    assert "XFS" in result["msg"]
    assert not result["changed"]
    assert volume(engine)["Options"] == NFS
    assert [entry["Name"] for entry in engine.api.volumes()["Volumes"]] == ["data"]


@ALL_ENGINES
def test_old_volume_is_restored_when_the_engine_refuses_the_new_one_after_the_removal(engine, monkeypatch):
    create(engine, driver_options=NFS, labels={"a": "b"})
    before = volume(engine)
    moved = dict(NFS, device=":/moved")
    as_asked = Volumes.create

    def refused(self, body):
        # Only the volume itself, so that the trial before it passes.
        if body["Name"] == "data" and body["DriverOpts"] == moved:
            body = dict(body, DriverOpts=dict(moved, nonesuch="1"))
        return as_asked(self, body)

    monkeypatch.setattr(Volumes, "create", refused)
    result = engine.run("volume_create", name="data", driver_options=moved, labels={"a": "b"}, recreate="when_needed")
    assert result["rc"] == 1
    assert "nonesuch" in result["msg"]
    assert result["undone"] == ["remove volume data (its data stays in nfs :/export)"]
    assert not result["changed"]
    after = volume(engine)
    assert [after[key] for key in ("Driver", "Options", "Labels")] == [
        before[key] for key in ("Driver", "Options", "Labels")
    ]


@ALL_ENGINES
def test_volume_that_another_client_creates_at_the_same_time_is_compared_and_kept(engine, monkeypatch):
    as_asked = Volumes.create

    def raced(self, body):
        as_asked(self, dict(body, DriverOpts=BIND))
        return as_asked(self, body)

    monkeypatch.setattr(Volumes, "create", raced)
    result = engine.run("volume_create", name="data", driver_options=NFS)
    assert result["rc"] == 1
    assert "was created by another client at the same time" in result["msg"]
    assert "driver_options.device is '/var/tmp', must be ':/export'" in result["msg"]
    assert not result["changed"]
    assert volume(engine)["Options"] == BIND
    assert not engine.run("volume_create", name="data", driver_options=BIND)["changed"]


@ALL_ENGINES
@pytest.mark.parametrize("start", [True, False])
def test_volume_in_use_is_never_removed(engine, start):
    create(engine)
    user(engine, start)
    state = "running" if start else "created"
    for options in ({"state": "absent"}, {"recreate": "always"}):
        assert_refused(engine, dict(options, data="delete"), f"containers use it: web ({state})")


@ALL_ENGINES
def test_numbers_and_empty_options_are_not_a_difference(engine):
    options = {"driver_options": {"type": "tmpfs", "device": "tmpfs", "o": ""}, "labels": {"n": "1"}}
    assert same(engine, **options)["changed"]
    assert not same(engine, **options)["changed"]
    assert not same(engine, driver_options={"type": "tmpfs", "device": "tmpfs"})["changed"]


@pytest.mark.parametrize(
    "options, words",
    [
        ({"driver_options": {"nonesuch": "1"}}, ["driver_options.nonesuch", "device, o, size, type"]),
        ({"driver_options": {"device": ":/a"}}, ["driver_options.type must be set together with device"]),
        ({"driver_options": {"size": "much"}}, ["driver_options.size must be a size (got 'much')"]),
        ({"driver_options": {"size": 10, "type": "nfs"}}, ["driver_options.device"]),
        ({"name": "x"}, ["name must have two characters or more"]),
        ({"name": "a/b"}, ["name must be a name without slashes"]),
        ({"name": "a" * 256}, ["name must have 255 characters or less"]),
        ({"labels": {"a": True}}, ["labels.a must be text"]),
    ],
)
def test_bad_option_is_refused_before_anything_is_created(engine, options, words):
    assert_refused(engine, options, *words)


@ALL_ENGINES
def test_runs_at_the_same_time_remove_a_volume_once(engine):
    create(engine)
    runs = [engine.start("volume_create", name="data", state="absent", data="delete") for _number in range(4)]
    results = [run.result() for run in runs]
    assert [result["rc"] for result in results] == [0] * 4
    assert sum(result["changed"] for result in results) == 1


@ALL_ENGINES
def test_missing_quota_support_is_explained(engine):
    result = engine.run("volume_create", name="data", driver_options={"size": 10485760})
    assert result["rc"] == 1
    assert "Limits need a data directory on XFS mounted with pquota" in result["msg"]
    assert not engine.api.volumes()["Volumes"]


@ALL_ENGINES
def test_option_that_was_removed_from_the_task_is_reported(engine, capfd):
    create(engine, driver_options=dict(BIND, o="bind,ro"))
    found = volume(engine)
    assert not same(engine, driver_options={"type": "none", "device": "/var/tmp"})["changed"]
    assert "driver_options.o is 'bind,ro', which is no longer in the task" in capfd.readouterr().err
    assert volume(engine) == found


def test_passwords_are_in_no_output(engine, capfd):
    options = {"type": "cifs", "device": "//192.0.2.10/share", "o": "username=web,password=topsecret1,vers=3.0"}
    results = [create(engine, driver_options=options), create(engine, driver_options=options)]
    results.append(engine.run("volume_create", name="data", driver_options=dict(options, o="password=othersecret")))
    assert results[0]["volume"]["Options"]["o"] == "username=web,password=********,vers=3.0"
    assert volume(engine)["Options"]["o"] == options["o"]
    for secret in ("topsecret1", "othersecret"):
        assert secret not in json.dumps(results)
        assert secret not in capfd.readouterr().err


@pytest.mark.long
@ALL_ENGINES
def test_volume_of_a_driver_that_does_not_respond_is_not_missing(engine):
    """The Engine looks for a driver for 15 seconds."""
    engine.execute(
        "sh", "-c", f"cat > /root/driver.py <<'END'\n{DRIVER}\nEND\nsystemd-run --unit=flaky python3 /root/driver.py"
    )
    try:
        engine.execute("timeout", "180", "sh", "-c", "until [ -S /run/docker/plugins/flaky.sock ]; do sleep 0.1; done")
        assert same(engine, driver="flaky", driver_options={"x": "1"})["changed"]
        assert not same(engine)["changed"]  # the driver may be left out
        engine.execute("systemctl", "stop", "flaky")
        engine.execute("rm", "-f", "/run/docker/plugins/flaky.sock")
        engine.restart_engine()
        for options in ({}, {"state": "absent", "data": "delete"}, {"driver": "flaky"}):
            result = engine.run("volume_create", name="data", **options)
            assert result["rc"] == 1, options
            assert "driver cannot be reached" in result["msg"]
    finally:
        engine.execute(
            "sh",
            "-c",
            "systemctl stop flaky; rm -f /root/driver.py /run/docker/plugins/flaky.sock /var/lib/docker/volumes/metadata.db",
        )
        engine.restart_engine()


@ALL_ENGINES
def test_unchanged_volume_needs_few_requests(engine, tmp_path):
    create(engine)
    with proxy.recording(engine.socket, tmp_path) as passing:
        assert not create(engine, docker_host=passing.address)["changed"]
        assert len(passing.requests) == 2, passing.requests
