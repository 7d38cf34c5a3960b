# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many containers in one task: scaled, replaced in batches without an outage, rolled back, interrupted."""

from __future__ import annotations

import random
import signal
import time
from datetime import datetime

import proxy
import pytest
import traffic
import waiting

BUSY = {"image": "busybox", "command": ["sleep", "3600"], "stop_signal": "KILL", "grace": 0.2}
WEB = {"name": "web", "image": "nginx:1.0", "stop_signal": "KILL"}
FAST = {"monitor": "300ms"}
# nginx may need longer than a monitor to listen, or to fail, on a busy machine.
SERVES = {"ready": {"command": ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1/"]}}
NEVER = {"ready": {"command": ["test", "-e", "/nonesuch"]}}
ENGINES = pytest.mark.parametrize("host", ["e20", "e26", "c28"], indirect=True)


def run(host, *entries, check=False, **options):
    """One run that succeeds."""
    result = attempt(host, *entries, check=check, **options)
    assert result["rc"] == 0, result["msg"]
    return result


def attempt(host, *entries, check=False, **options):
    """One run; it never shows a traceback."""
    result = host.run(
        "container_set", check=check, **dict({"name": "shop", "containers": list(entries), "update": FAST}, **options)
    )
    assert "Traceback" not in str(result)
    return result


def as_predicted(host, *entries, **options):
    """A run that check mode predicted, and after which a second run changes nothing."""
    predicted = run(host, *entries, check=True, **options)
    done = run(host, *entries, **options)
    assert predicted["actions"] == done["actions"]
    assert actions(predicted) == actions(done)
    again = run(host, *entries, **options)
    assert (again["changed"], again["actions"]) == (False, [])
    return done


def actions(result):
    """Member to what was done to it."""
    return {member["name"]: member["action"] for member in result["members"]}


def ids(host):
    return {name: host.inspect(name)["Id"] for name in host.names()}


@ENGINES
def test_scale_out_and_in(host, tmp_path):
    assert host.run("container_run", name="stranger", **BUSY)["rc"] == 0
    web = dict(BUSY, name="web")
    created = as_predicted(host, dict(web, count=3))
    assert actions(created) == {"web-1": "create", "web-2": "create", "web-3": "create"}
    assert [member["container"]["status"] for member in created["members"]] == ["running"] * 3
    assert actions(as_predicted(host, dict(web, count=4)))["web-4"] == "create"
    with proxy.recording(host.socket, tmp_path) as passed:
        run(host, dict(web, count=4), docker_host=passed.address)
        assert len(passed.requests) <= 3 + 4
    kept = run(host, dict(web, count=2))
    assert (kept["changed"], kept["orphans"]) == (False, ["web-3", "web-4"])
    purged = as_predicted(host, dict(web, count=2), purge=True)
    assert {name for name, action in actions(purged).items() if action == "remove"} == {"web-3", "web-4"}
    assert host.names() == ["stranger", "web-1", "web-2"]
    assert run(host, state="absent", check=True)["actions"] == run(host, state="absent")["actions"]
    assert host.names() == ["stranger"]


@pytest.mark.parametrize("host", ["e20", "e28"], indirect=True)
def test_published_ports_are_served_while_containers_are_replaced(host, tmp_path):
    web = dict(WEB, **SERVES, count=2, published_ports=["18080-18081:80"])
    run(host, web)
    with traffic.to([(host.address, 18080), (host.address, 18081)], tmp_path) as requests:
        replaced = run(host, dict(web, image="nginx:latest"))
    assert actions(replaced) == {"web-1": "replace", "web-2": "replace"}
    assert "stop web-1 before its replacement starts, because it publishes host port 18080" in replaced["actions"]
    assert requests.failures == []
    assert requests.answered > 10


PROXY = """
user www-data;
events {}
http {
    access_log off;
    server {
        listen 8080;
        resolver 127.0.0.11 valid=1s ipv6=off;
        location / {
            set $upstream http://app:80;
            proxy_connect_timeout 1s;
            proxy_next_upstream error timeout http_502;
            proxy_pass $upstream;
        }
    }
}
"""


@pytest.mark.parametrize("host", ["e20", "c28"], indirect=True)
def test_proxy_reaches_a_container_while_each_is_replaced(host, tmp_path):
    host.execute("sh", "-c", f"mkdir -p /srv/proxy; cat > /srv/proxy/proxy.conf <<'E'\n{PROXY}\nE")
    network = host.api.create_network("front")["Id"]
    try:
        front = {
            "name": "front",
            "image": "nginx:latest",
            "published_ports": ["18090:8080"],
            "volumes": ["/srv/proxy/proxy.conf:/etc/nginx/nginx.conf:ro"],
            "networks": [{"name": "front"}],
        }
        app = dict(WEB, **SERVES, name="app", count=2, networks=[{"name": "front", "aliases": ["app"]}])
        # nginx resolves a name again after a second, so an old container keeps running for longer than that.
        app["drain"] = {"wait": "2s"}
        run(host, app, front)
        with traffic.to([(host.address, 18090)], tmp_path) as requests:
            replaced = run(host, dict(app, image="nginx:latest"), front)
        assert actions(replaced) == {"app-1": "replace", "app-2": "replace", "front": "none"}
        assert requests.failures == []
        assert requests.answered > 10
        assert host.names() == ["app-1", "app-2", "front"]
    finally:
        host.clear()
        host.api.remove_network(network)


FAILURES = {
    "rollback": {"one": "same", "two": "same", "three": "same"},
    "pause": {"one": "new", "two": "same", "three": "same"},
    "continue": {"one": "new", "two": "same", "three": "new"},
}


@pytest.mark.parametrize("action", FAILURES)
def test_failed_member_is_rolled_back_and_failure_action_decides_about_the_others(host, action):
    names = ("one", "two", "three")
    run(host, *(dict(BUSY, name=name) for name in names))
    before = ids(host)
    changed = [dict(BUSY, name=name, env={"A": "1"}) for name in names]
    changed[1].update(NEVER, command=["sh", "-c", "echo the disk is full; exit 3"])
    result = attempt(host, *changed, update=dict(FAST, failure_action=action))
    assert result["rc"] == 1
    assert "1 of 3 containers failed" in result["msg"]
    assert "the disk is full" in result["msg"]
    after = ids(host)
    assert {name: "same" if after[name] == before[name] else "new" for name in after} == FAILURES[action]
    assert all(host.inspect(name)["State"]["Running"] for name in names)
    failed = {member["name"]: member for member in result["members"]}["two"]
    assert (failed["rolled_back"], failed["changed"]) == (True, False)
    assert failed["failure"]["log"] == ["the disk is full"]
    assert result["changed"] == (action != "rollback")
    # The next run continues with the remaining containers.
    changed[1].update(ready=None, command=["sleep", "1800"])
    done = run(host, *changed)
    assert {name for name, one in actions(done).items() if one == "none"} == {
        name for name, state in FAILURES[action].items() if state == "new"
    }


def test_image_of_many_containers_is_pulled_once(host, tmp_path):
    host.need("busybox:1.0")
    host.api.remove_image("busybox:1.0", force=True)
    with proxy.recording(host.socket, tmp_path) as passed:
        run(host, dict(BUSY, name="web", count=4, image="busybox:1.0"), docker_host=passed.address)
        assert len([request for request in passed.requests if "/images/create" in request]) == 1


def test_delay_is_the_time_between_two_batches(host):
    web = dict(BUSY, name="web", count=3)
    run(host, web)
    run(host, dict(web, env={"A": "1"}), update={"monitor": "0s", "parallelism": 2, "delay": "1500ms"})
    times = [host.inspect(name)["State"]["StartedAt"] for name in host.names()]
    # Nanoseconds, which Python does not read, and of which the Engine leaves out zeros at the end.
    first, second, third = (
        datetime.fromisoformat(text[:19]).timestamp() + float("0" + text[19:].rstrip("Z")) for text in times
    )
    assert third - max(first, second) >= 1.5


def test_monitor_is_how_long_a_replaced_container_has_to_run(host):
    web = dict(BUSY, name="web")
    run(host, web)
    before = ids(host)
    ends = dict(web, command=["sh", "-c", "sleep 1; echo the disk is full; exit 3"])
    result = attempt(host, ends, update={"monitor": "60s"})
    assert "the disk is full" in result["msg"]
    assert ids(host) == before
    ends["command"][-1] = "sleep 60; exit 3"
    assert actions(run(host, ends, update={"monitor": "0s"})) == {"web": "replace"}


def test_container_is_drained_before_it_is_stopped(host):
    host.execute("sh", "-c", "rm -rf /srv/drain; mkdir /srv/drain")
    drain = {"command": ["touch", "/drain/done"], "wait": "0s"}
    web = dict(BUSY, name="web", count=2, volumes=["/srv/drain:/drain"])
    run(host, web)
    for wanted, removed in ((dict(web, env={"A": "1"}), "web-1"), (dict(web, env={"A": "1"}, count=1), "web-2")):
        result = run(host, wanted, defaults={"drain": drain}, purge=True)
        assert f"drain container {removed}" in result["actions"]
        assert host.execute("ls", "/srv/drain").split() == ["done"]
        host.execute("rm", "/srv/drain/done")


def test_container_may_exit_while_it_is_drained(host):
    web = dict(BUSY, name="web", command=["sh", "-c", "trap 'exit 0' USR1; while :; do sleep 0.1; done"])
    web["drain"] = {"command": ["kill", "-USR1", "1"], "wait": "1s"}
    run(host, dict(web, count=2))
    replaced = run(host, dict(web, count=1, env={"A": "1"}), purge=True)
    assert actions(replaced) == {"web-1": "replace", "web-2": "remove"}
    assert host.names() == ["web-1"]


def test_tolerated_failures_are_warnings(host):
    web = dict(BUSY, name="web", count=2)
    run(host, web)
    result = run(host, dict(web, **NEVER, command=["false"]), update=dict(FAST, max_failure_ratio=1.0))
    assert result["changed"] is False
    assert [member["failure"]["exit_code"] for member in result["members"]] == [1, 1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("order", ["start_first", "stop_first"])
def test_interrupted_replacement_leaves_a_set_that_serves_and_the_next_run_completes_it(host, number, order):
    dice = random.Random(f"{number}{order}")
    web = dict(BUSY, name="web", count=3)
    run(host, web)
    update = {"order": order, "monitor": "400ms"}
    for turn in range(2):
        # Another change each time: the first run may have ended before its signal.
        changed = dict(web, env={"A": str(turn)})
        going = host.start("container_set", name="shop", containers=[changed], update=update)
        waiting.until(lambda: any(".flotilla-" in name for name in host.names()), pause=0.02)
        time.sleep(dice.uniform(0, 0.5))
        going.signal(number)
        result = going.result()
        running = [container["Names"] for container in host.api.containers()]
        assert len(running) >= 2, (result, host.names())
        if number == signal.SIGTERM and result["rc"]:
            assert "Interrupted by signal 15" in result["msg"]
            assert host.names() == ["web-1", "web-2", "web-3"]
            assert len(running) == 3
    # The Engine may still carry out the last request of a killed run, such as a create, whose name the next run then needs.
    waiting.until(lambda: attempt(host, changed, update=update)["rc"] == 0 or number == signal.SIGTERM)
    assert host.names() == ["web-1", "web-2", "web-3"]
    assert not run(host, changed, update=update)["changed"]


def _wait_for_requests_that_the_engine_still_performs(host):
    before = None
    while before != (before := [(each["Names"], each["State"]) for each in host.api.containers(all=True)]):
        time.sleep(1)


# With start_first there is one more request, because the new container is renamed, too.
KILLS = [*(("stop_first", number) for number in range(1, 8)), *(("start_first", number) for number in range(1, 9))]


@pytest.mark.parametrize("order, number", KILLS)
def test_next_run_completes_a_set_that_was_killed_at_any_request(host, number, order, tmp_path):
    """After a kill at each request that changes something, a set with a fault keeps a container that works, and a good one replaces it."""
    web = dict(BUSY, name="web", ready={"command": ["sh", "-c", "test -e /ready"], "timeout": "2s"})
    web["command"] = ["sh", "-c", "touch /ready; sleep 3600"]
    run(host, web)
    old = host.inspect("web")["Id"]
    update = {"order": order}
    with proxy.recording(host.socket, tmp_path) as recorded:
        going = host.start(
            "container_set",
            name="shop",
            containers=[dict(web, env={"A": "1"})],
            update=update,
            docker_host=recorded.address,
        )
        waiting.until(lambda: sum(not request.startswith("GET") for request in recorded.requests) >= number, pause=0.02)
        going.signal(signal.SIGKILL)
        going.result()
    _wait_for_requests_that_the_engine_still_performs(host)
    broken = attempt(host, dict(web, env={"A": "2"}, command=["sleep", "3600"]), update=update)
    assert "was not ready" in broken["msg"]
    assert host.names() == ["web"]
    kept = host.inspect("web")
    assert kept["State"]["Running"]
    assert kept["Id"] == old or "A=1" in kept["Config"]["Env"]
    assert actions(run(host, dict(web, env={"A": "3"}), update=update)) == {"web": "replace"}
    assert not run(host, dict(web, env={"A": "3"}), update=update)["changed"]


def test_members_wait_for_those_they_depend_on(host):
    db = dict(BUSY, name="db", healthcheck={"test": "test -e /ready", "interval": "200ms", "retries": 100})
    db["command"] = ["sh", "-c", "sleep 1; touch /ready; sleep 3600"]
    seed = dict(BUSY, name="seed", command=["sh", "-c", "echo seeded"], depends_on={"db": "healthy"})
    app = dict(BUSY, name="app", depends_on={"seed": "completed"})
    side = dict(BUSY, name="side", network_mode="container:app")
    done = as_predicted(host, side, app, seed, db)
    starts = [action.split()[-1] for action in done["actions"] if action.startswith("start")]
    assert starts == ["db", "seed", "app", "side"]
    replaced = as_predicted(host, side, dict(app, env={"A": "1"}), seed, db)
    assert actions(replaced) == {"side": "replace", "app": "replace", "seed": "none", "db": "none"}
    broken = attempt(
        host,
        dict(app, depends_on={"seed": "completed"}),
        dict(seed, command=["false"]),
        db,
        update=dict(FAST, failure_action="continue"),
    )
    assert broken["rc"] == 1
    assert actions(broken)["app"] == "skip"


def test_member_that_does_not_run_is_replaced_before_those_that_do(host):
    web = dict(BUSY, name="web", count=3)
    run(host, web)
    host.api.kill("web-2")
    done = as_predicted(host, dict(web, env={"A": "1"}), update={"order": "stop_first", "monitor": "300ms"})
    created = [action for action in done["actions"] if action.startswith("create")]
    assert created == [f"create container web-{number}" for number in (2, 1, 3)]


def test_job_that_fails_stops_those_that_wait_for_it(host):
    job = dict(BUSY, name="job", command=["true"])
    app = dict(BUSY, name="app", depends_on={"job": "completed"})
    run(host, job, app)
    before = ids(host)
    failed = attempt(host, dict(job, command=["sh", "-c", "echo no schema; exit 4"]), dict(app, env={"A": "1"}))
    assert "Container job exited with code 4: no schema" in failed["msg"]
    assert actions(failed)["app"] == "skip"
    assert (failed["changed"], ids(host)) == (False, before)


def test_container_that_does_not_become_ready_is_rolled_back(host):
    web = dict(BUSY, name="web", count=2)
    run(host, web)
    before = ids(host)
    result = attempt(
        host, dict(web, env={"A": "1"}, ready={"command": ["sh", "-c", "test -e /nonesuch"], "timeout": "1s"})
    )
    assert result["rc"] == 1
    # A command that takes longer than five seconds counts as a failure, too.
    assert "was not ready after 1 s: sh " in result["msg"]
    assert ids(host) == before


def test_readiness_and_drain_requests_over_http(host, play):
    web = dict(WEB, ready={"http": {"port": 80, "host": "shop.example"}, "tcp": {"port": 80}})
    web["drain"] = {"http": {"port": 80, "path": "/drain", "method": "GET"}, "wait": "0s"}
    closed = dict(web, hostname="x", ready={"http": {"port": 81}, "timeout": "1s"})
    tasks = [
        {"flotilla.docker.container_set": {"name": "shop", "containers": [entry]}, "ignore_errors": entry is closed}
        for entry in (web, dict(web, env={"A": "1"}), closed)
    ]
    finished = play(tasks, "-v", hosts=host.name)
    assert finished.returncode == 0, finished.stdout
    assert "Cannot drain container web: http://" in finished.stderr
    assert "answers with status 404" in finished.stderr
    assert "drain container web" in finished.stdout
    assert ":81/ does not answer" in finished.stdout
    assert "failed=0" in finished.stdout
    assert "ignored=1" in finished.stdout


def test_port_of_an_orphan_is_free_for_a_new_member(host):
    run(host, dict(BUSY, name="old", published_ports=["18080:80"]))
    done = as_predicted(host, dict(BUSY, name="new", published_ports=["18080:80"]), purge=True)
    assert host.names() == ["new"]
    assert actions(done) == {"new": "create", "old": "remove"}


def test_pull_that_fails_changes_nothing(host):
    run(host, dict(BUSY, name="web", count=2))
    before = ids(host)
    result = attempt(host, dict(BUSY, name="web", count=2, image="nonesuch:1"), dict(BUSY, name="new"))
    assert result["rc"] == 1
    assert "nonesuch" in result["msg"]
    assert ids(host) == before


@ENGINES
def test_host_ports_move_from_one_container_to_another(host):
    web = dict(BUSY, name="web", count=3, published_ports=["18080-18082:80"])
    run(host, web)
    shifted = as_predicted(host, dict(web, published_ports=["18081-18083:80"]))
    assert [name for name in shifted["actions"] if name.startswith("start")] == [
        f"start container web-{number}" for number in (3, 2, 1)
    ]
    # A new container takes the port of one that is replaced, and one takes the port of a container that is only stopped.
    front = dict(BUSY, name="front", published_ports=["18081:80"])
    web["published_ports"] = ["18090-18092:80"]
    assert actions(as_predicted(host, front, web, update={"monitor": "0s", "parallelism": 0}))["front"] == "create"
    slow = dict(front, stop_signal="TERM", stop_timeout=2)
    run(host, slow, web)
    done = as_predicted(host, dict(front, name="next"), dict(slow, state="stopped"), web)
    assert [done["actions"].index(action) for action in ("stop container front", "create container next")] == [0, 1]
    one, two = (
        dict(BUSY, name=name, published_ports=[f"{port}:80"]) for name, port in (("one", 18083), ("two", 18084))
    )
    run(host, one, two, name="pair")
    before = ids(host)
    for check in (True, False):
        refused = attempt(
            host,
            dict(one, published_ports=["18084:80"]),
            dict(two, published_ports=["18083:80"]),
            name="pair",
            check=check,
        )
        assert "published_ports of one, two must not be exchanged in one run" in refused["msg"]
    assert ids(host) == before


def test_container_of_another_set_is_refused(host):
    run(host, dict(BUSY, name="web"))
    result = attempt(host, dict(BUSY, name="web"), name="other")
    assert "must not be a container of another set (shop)" in result["msg"]


@pytest.mark.parametrize("host", ["p12", "pfo"], indirect=True)
def test_container_set_on_podman(host):
    as_predicted(host, dict(BUSY, name="web", count=2))
    replaced = as_predicted(host, dict(BUSY, name="web", count=1, env={"A": "1"}), purge=True)
    assert actions(replaced) == {"web-1": "replace", "web-2": "remove"}
    assert host.names() == ["web-1"]


CHOICES = {
    "count": [1, 2, 3],
    "state": ["started", "started", "started", "present", "stopped", "absent"],
    "env": [{"A": "1"}, {"A": "2"}],
    "memory": ["64m", "128m"],
    "command": [["sleep", "1800"]],
    "image": ["busybox:1.0"],
    "paused": [True, False],
    "published_ports": [["18100-18102:80"], ["80"]],
    "labels": [{"a": "b"}],
    "volumes": [["/srv"]],
    "depends_on": [["aa"]],
}


def generated(seed):
    """A sequence of sets."""
    dice = random.Random(seed)
    for _step in range(4):
        entries = []
        for name in ("aa", "bb"):
            chosen = {key: dice.choice(CHOICES[key]) for key in dice.sample(sorted(CHOICES), dice.randint(0, 4))}
            if name == "aa" or dice.random() < 0.3:
                chosen.pop("depends_on", None)
            if dice.random() < 0.85:
                entries.append(dict(BUSY, **chosen, name=name, grace=0))
        if not any(entry["name"] == "aa" for entry in entries):
            entries = [{key: value for key, value in entry.items() if key != "depends_on"} for entry in entries]
        ports = [entry for entry in entries if entry.get("published_ports") == ["18100-18102:80"]]
        for entry, first in zip(ports, (18100, 18110)):
            entry["published_ports"] = [f"{first}-{first + 2}:80"]
            entry.setdefault("count", 1)
        yield entries


@pytest.mark.parametrize("host", ["e28", pytest.param("e20", marks=pytest.mark.long)], indirect=True)
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 2))])
def test_check_mode_predicts_the_change_from_any_set_to_any_other(host, seed):
    for entries in generated(seed):
        as_predicted(host, *entries, purge=True, update={"monitor": "0s", "parallelism": 2})
    assert run(host, state="absent")["rc"] == 0
    assert host.names() == []


ODD = (
    None,
    "",
    "x",
    "a b",
    "/",
    "-1",
    0,
    -1,
    1.5,
    99999999,
    True,
    [],
    [None],
    ["x"],
    [[]],
    {},
    {"x": "y"},
    {"": None},
    "\0",
    "é" * 300,
)
FUZZED = {
    "name": ("web", "we b", ""),
    "count": (2, 0),
    "name_template": ("w-%d", "%", "%d%d", "%(x)s", "%s"),
    "depends_on": ("web", ["web"], {"web": "healthy"}, {"web": {"condition": "x"}}),
    "published_ports": (["80"], ["8080-8081:80"], ["8081-8080:80"], ["x:y:z"], ["[::1]:1-2:3-4/sctp"]),
    "networks": ([{"name": "nonesuch"}], [{"name": ""}]),
    "network_mode": ("container:web", "container:", "host"),
    "ready": ({"tcp": {"port": 0}}, {"http": {"port": 80, "path": "x"}}, {"command": []}, {"timeout": "x"}),
    "drain": ({"wait": "x"}, {"http": {"port": 1, "path": "/"}}),
    "labels": ({"flotilla.docker.set": "other"},),
    "image": ("nonesuch:1", "A:B:C", "sha256:" + "0" * 64),
    "env": ({"A": 1}, {"": ""}),
    "volumes": (["/"], ["a:b:c:d"]),
    "state": ("absent", "gone"),
}
FUZZED_SET = {
    "name": ("s", "shop/x"),
    "defaults": ({"image": "busybox"}, {"name": "x"}, {"count": "x"}, {"drain": {"wait": "x"}}, {"nonesuch": 1}),
    "update": ({"parallelism": -1}, {"max_failure_ratio": 2}, {"delay": "x"}, {"monitor": -1}, {"order": "x"}),
    "parallel": (0, -1),
    "purge": ("maybe",),
    "state": ("absent",),
}


def odd(dice, option):
    """A value that no task would have. ansible-core itself has no message for a number in place of a dictionary with options."""
    value = dice.choice(ODD)
    dictionary = option in ("ready", "drain", "update", "networks", "containers")
    return "x" if dictionary and isinstance(value, (int, float, list)) else value


def fuzzed(dice):
    entries = []
    for name in ("web", "db")[: dice.randint(0, 2)]:
        entry = dict(BUSY, name=name)
        for option in dice.sample(sorted(FUZZED), dice.randint(1, 2)):
            entry[option] = odd(dice, option) if dice.random() < 0.4 else dice.choice(FUZZED[option])
        entries.append(entry)
    options = {"containers": odd(dice, "containers") if dice.random() < 0.05 else entries}
    if dice.random() < 0.4:
        option = dice.choice(sorted(FUZZED_SET))
        options[option] = odd(dice, option) if dice.random() < 0.4 else dice.choice(FUZZED_SET[option])
    return options


def test_any_options_give_a_result_or_a_plain_error(host):
    dice = random.Random(20260102)
    for number in range(50):
        options = dict({"name": "shop"}, **fuzzed(dice))
        print(number, options)
        result = host.run("container_set", check=True, **options)
        assert "Traceback" not in str(result), (number, options)
        assert "Internal error" not in str(result.get("msg")), (number, options, result["msg"])
    assert host.names() == []


def test_daemon_that_restarts_in_the_middle_leaves_a_set_that_the_next_run_completes(host):
    web = dict(BUSY, name="web", count=2, restart_policy="always")
    run(host, web)
    changed = dict(web, env={"A": "1"})
    going = host.start("container_set", name="shop", containers=[changed], update={"monitor": "2s"})
    time.sleep(1.5)
    host.restart_engine()
    assert "Traceback" not in str(going.result())
    waiting.until(lambda: not run(host, changed)["changed"])
    assert host.names() == ["web-1", "web-2"]
    assert all(host.inspect(name)["State"]["Running"] for name in host.names())


@pytest.mark.parametrize("host", ["e20", "c28"], indirect=True)
def test_networks_and_volumes_of_the_set(host):
    around = {
        "volumes": ["shop-data", {"name": "shop-log", "labels": {"a": "b"}}],
        "networks": ["shop", {"name": "shop-back", "internal": True}],
    }
    web = dict(BUSY, name="web", networks=[{"name": "shop"}, {"name": "shop-back"}], volumes=["shop-data:/srv"])
    try:
        done = as_predicted(host, web, **around)
        assert "create network shop" in done["actions"]
        assert "create volume shop-log" in done["actions"]
        assert host.api.inspect_network("shop-back")["Internal"]
        other = attempt(
            host, web, volumes=around["volumes"], networks=["shop", {"name": "shop-back", "internal": False}]
        )
        assert "Connected containers: web (running)" in other["msg"]
        # On a failure, too, members are dictionaries or not returned.
        assert all(isinstance(member, dict) for member in other.get("members", ()))
        assert run(host, state="absent", **around)["changed"]
        assert [network["Name"] for network in host.api.networks(names=["shop"])]
        gone = run(host, state="absent", remove_networks=True, remove_volumes=True, **around)
        assert {"remove network shop", "remove volume shop-data and its data"} <= set(gone["actions"])
        assert host.api.networks(names=["shop"]) == []
        assert not run(host, state="absent", remove_networks=True, remove_volumes=True, **around)["changed"]
    finally:
        host.clear()
        for network in host.api.networks(names=["shop"]):
            host.api.remove_network(network["Id"])
        for volume in host.api.volumes(filters={"name": "shop"})["Volumes"] or []:
            host.api.remove_volume(volume["Name"])
