# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates against real sockets: what is ready, what is not, and what a container without an address says."""

from __future__ import annotations

import contextlib
import http.server
import socket
import threading

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.container.handle import Handle
from ansible_collections.flotilla.docker.plugins.module_utils.container_set import gates
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption, StepFailed

from ..in_memory.engine import Engine


class Page(http.server.BaseHTTPRequestHandler):
    """Answers 204 for one host name, else 404."""

    def do_GET(self):
        self.send_response(204 if self.headers["Host"] == "shop.example" else 404)
        self.end_headers()

    def log_message(self, *arguments):
        pass


def engine_of(port=None):
    """An Engine on this host whose container web runs, and publishes its port 80 at ``port``."""
    engine = Engine(address="unix:///run/docker.sock")
    engine.containers.add("web", ports={"80/tcp": port} if port else {})
    engine.containers.log = b"the end\n"
    return engine


@contextlib.contextmanager
def serving():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def gate(**given):
    return dict({"http": None, "tcp": None, "command": None, "timeout": "0s", "interval": "10ms"}, **given)


def http_gate(host="shop.example", status=(204,)):
    return gate(http={"port": 80, "path": "/", "status": list(status), "host": host})


def pass_gate(engine, given):
    return gates.AwaitReady(Handle("web"), given).apply(engine)


def test_gates_open_when_all_hold():
    with serving() as port:
        outcome = pass_gate(engine_of(port), dict(http_gate(), tcp={"port": 80}, command=["true"]))
    assert outcome.changed is False


@pytest.mark.parametrize(
    "given, words",
    [
        (http_gate(host="other.example"), "answers with status 404"),
        (http_gate(status=[200]), "answers with status 204"),
        (gate(http={"port": 81, "path": "/", "status": [200], "host": None}), "has no address for port 81"),
        (gate(command=["test", "-e", "/ready"]), "test exited with code 1"),
    ],
)
def test_failed_check_of_ready_reports_the_last_answer(given, words):
    with serving() as port:
        engine = engine_of(port)
        engine.execs.exit_code = 1
        with pytest.raises(StepFailed) as caught:
            pass_gate(engine, given)
    assert words in str(caught.value)
    assert caught.value.facts["log"] == ["the end"]


def test_container_that_uses_the_network_of_another_is_asked_at_its_address():
    with serving() as port:
        engine = engine_of(port)
        engine.containers.add("side", mode="container:web")
        assert gates.AwaitReady(Handle("side"), http_gate()).apply(engine).changed is False


def test_interval_does_not_delay_the_end_of_the_wait():
    with pytest.raises(StepFailed, match="was not ready after 0.05 s"):
        pass_gate(engine_of(), gate(tcp={"port": 80}, timeout="50ms", interval="1000h"))


def test_container_is_asked_once_whether_it_is_ready():
    with serving() as port:
        engine = engine_of(port)
        for given, expected in ((http_gate(), True), (http_gate(host="other.example"), False)):
            step = gates.IsReady(Handle("web"), given)
            assert step.apply(engine).value is expected
            assert step.predict(engine).value is True


@contextlib.contextmanager
def closing():
    """The port of a listener that closes each connection at once."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def refuse():
            with contextlib.suppress(OSError):
                while True:
                    listener.accept()[0].close()

        threading.Thread(target=refuse, daemon=True).start()
        yield listener.getsockname()[1]


def test_published_port_that_is_closed_at_once_is_not_ready(monkeypatch):
    # The thread that closes it may be slow.
    monkeypatch.setattr(gates, "_CLOSED_WITHIN", 60)
    with closing() as port, pytest.raises(StepFailed, match="closes the connection"):
        pass_gate(engine_of(port), gate(tcp={"port": 80}))


def test_port_of_the_container_itself_that_is_closed_at_once_is_ready():
    """Only the Engine's proxy accepts connections that nobody serves."""
    engine = engine_of()
    engine.containers.stored("web")["NetworkSettings"]["Networks"] = {"front": {"IPAddress": "127.0.0.1"}}
    with closing() as port:
        assert pass_gate(engine, gate(tcp={"port": port})).changed is False


def test_container_that_ends_is_no_longer_waited_for():
    engine = engine_of()
    engine.containers.end("web", 3)
    with pytest.raises(StepFailed, match="exit code 3"):
        pass_gate(engine, dict(http_gate(), timeout="60s"))


def test_drain_that_fails_is_a_warning():
    engine = engine_of()
    engine.execs.exit_code = 5
    drain = {"command": ["drain"], "http": {"port": 80, "path": "/", "method": "POST", "host": None}, "wait": "0s"}
    step = gates.Drain(Handle("web"), drain)
    outcome = step.apply(engine)
    assert step.actions(outcome) == ["drain container web"]
    assert [warning.split(": ", 1)[1][:20] for warning in outcome.warnings] == [
        "drain exited with co",
        "the container has no",
    ]


REFUSED = {
    "empty": (gate(), None, "ready must have http, tcp or command"),
    "interval": (gate(tcp={"port": 80}, interval="0s"), None, "ready.interval must be more than 0"),
    "timeout": (gate(tcp={"port": 80}, timeout="soon"), None, "ready.timeout must be a duration"),
    "port": (gate(tcp={"port": 0}), None, "ready.tcp.port must be between 1 and 65535"),
    "path": (gate(http={"port": 80, "path": "x y"}), None, "ready.http.path must start with /"),
    "path with an umlaut": (gate(http={"port": 80, "path": "/ä"}), None, "ready.http.path must start with /"),
    "host": (gate(http={"port": 80, "host": "☃"}), None, "ready.http.host must have only ASCII characters"),
    "host of two lines": (gate(http={"port": 80, "host": "a\nb"}), None, "ready.http.host must have only ASCII"),
    "no status": (gate(http={"port": 80, "status": []}), None, "ready.http.status must be status codes"),
    "status": (gate(http={"port": 80, "status": [99999]}), None, "ready.http.status must be status codes"),
    "method": (None, {"wait": "1s", "http": {"port": 80, "path": "/", "method": "A B"}}, "drain.http.method must have"),
    "endless": (gate(tcp={"port": 80}, timeout="9" * 400), None, "ready.timeout must be less than 292 years"),
    "wait": (None, {"wait": "-1"}, "drain.wait must be a duration"),
    "drain port": (None, {"wait": "1s", "http": {"port": 99999, "path": "/"}}, "drain.http.port must be between"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_gates_that_cannot_work_are_refused(case):
    ready, drain, words = REFUSED[case]
    with pytest.raises(BadOption) as caught:
        gates.check(ready, drain)
    assert words in str(caught.value)
