# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One suite for both transports: whatever a daemon does, the standard library and docker-py return and raise the same."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import threading
import time

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils import signals
from ansible_collections.flotilla.docker.plugins.module_utils.arguments import CONNECTION
from ansible_collections.flotilla.docker.plugins.module_utils.engine import docker_py, message, streams
from ansible_collections.flotilla.docker.plugins.module_utils.engine.address import Address
from ansible_collections.flotilla.docker.plugins.module_utils.engine.api import Api
from ansible_collections.flotilla.docker.plugins.module_utils.engine.unix_socket import UnixSocket
from ansible_collections.flotilla.docker.plugins.module_utils.errors import (
    ApiError,
    Conflict,
    Interrupted,
    NotFound,
    Unreachable,
)

from .daemon import HANG, answer, daemon

CONTAINERS = [{"Id": "a" * 64, "Names": ["/web"], "Note": "ü€"}]


@pytest.fixture(params=["standard library", "docker-py"])
def api(request, tmp_path):
    """Make an Api whose reads go through one of the transports."""

    def make(url=f"unix://{tmp_path}/s", timeout=30):
        params = dict({name: spec.get("default") for name, spec in CONNECTION.items()}, timeout=timeout)
        where = Address(url)
        if request.param == "docker-py":
            return Api(url, timeout, docker_py.transport(params, where), lambda: docker_py.transport(params, where))
        return Api(url, timeout, UnixSocket(where.socket_path), lambda: docker_py.transport(params, where))

    return make


def read(api):
    return api.get("list containers", "/containers/json", all=True, limit=None, filters={"name": ["a b"]})


def failure(api, expected):
    with pytest.raises(expected) as raised:
        read(api)
    return raised.value


@pytest.mark.parametrize("chunked", [False, True])
def test_response_is_decoded_with_and_without_content_length(api, tmp_path, chunked):
    with daemon(tmp_path / "s", answer(CONTAINERS, chunked=chunked)):
        assert read(api()) == CONTAINERS


def test_response_may_end_with_the_connection(api, tmp_path):
    with daemon(tmp_path / "s", (b"HTTP/1.0 200 OK\r\n\r\n[1, 2]", False)):
        assert read(api()) == [1, 2]


def test_paths_and_parameters_are_encoded_alike(api, tmp_path):
    with daemon(tmp_path / "s", answer({})) as running:
        one = api()
        read(one)
        one.get("inspect", "/images/{0}/json", "hub:5000/a b/ü", platform=None, size=False)
    assert running.requests == [
        "GET /v1.24/containers/json?all=1&filters=%7B%22name%22%3A+%5B%22a+b%22%5D%7D",
        "GET /v1.24/images/hub:5000/a%20b/%C3%BC/json?size=0",
    ]


def test_empty_response_is_none(api, tmp_path):
    with daemon(tmp_path / "s", b"HTTP/1.1 204 No Content\r\n\r\n"):
        assert read(api()) is None


def test_a_log_is_returned_undecoded(api, tmp_path):
    with daemon(tmp_path / "s", answer(b"\x01\x00\xff{")):
        assert api().raw("read the log", "/logs") == b"\x01\x00\xff{"


def test_a_ping_returns_the_headers(api, tmp_path):
    with daemon(tmp_path / "s", lambda *request: answer(Api_Version="1.44", Libpod_Api_Version="5.8.6")):
        headers = api().ping()
    assert (headers["Api-Version"], headers["Libpod-Api-Version"]) == ("1.44", "5.8.6")


def test_many_reads_use_one_connection(api, tmp_path):
    with daemon(tmp_path / "s", answer(CONTAINERS, chunked=True)) as running:
        one = api()
        one.ping()
        for _read in range(3):
            read(one)
    assert running.connections == 1


def test_reads_continue_after_the_daemon_closed_the_idle_connection(api, tmp_path):
    with daemon(tmp_path / "s", answer(CONTAINERS)) as running:
        one = api()
        read(one)
        running.drop()
        assert read(one) == CONTAINERS


def test_reads_continue_on_the_same_connection_after_an_error_response(api, tmp_path):
    replies = [answer({"message": "no such container"}, 404), answer(CONTAINERS)]
    with daemon(tmp_path / "s", lambda *request: replies.pop(0)) as running:
        one = api()
        failure(one, NotFound)
        assert read(one) == CONTAINERS
        assert running.connections == 1


def test_threads_can_read_at_the_same_time(api, tmp_path):
    together = threading.Barrier(3, timeout=30)

    def respond(*request):
        together.wait()
        return answer(CONTAINERS)

    with daemon(tmp_path / "s", respond):
        one, found = api(timeout=30), []
        threads = [threading.Thread(target=lambda: found.append(read(one))) for _thread in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [CONTAINERS] * 3


@pytest.mark.parametrize(
    "reply, expected, says",
    [
        (answer({"message": "no such container: web"}, 404), NotFound, "the Docker Engine answered 404: no such"),
        (answer({"message": "name in use"}, 409), Conflict, "the Docker Engine answered 409: name in use"),
        (answer({"message": "bad parameter"}, 400), ApiError, "the Docker Engine answered 400: bad parameter"),
        (answer({"message": "disk"}, 500, chunked=True), ApiError, "the Docker Engine answered 500: disk"),
        (answer({"message": "x"}, 500, Server="Libpod/5.8.6 (linux)"), ApiError, "Podman answered 500: x"),
        (answer({"message": "x"}, 404, Server="Libpod/5.8.6 (linux)"), NotFound, "Podman answered 404: x"),
        (answer(b"page not found\n", 404), NotFound, "answered 404: page not found."),
        (answer(b"<html>bad gateway</html>", 502), ApiError, "answered 502: <html>bad gateway</html>."),
        (answer({"cause": "x"}, 500), ApiError, '500: {"cause": "x"}.'),
        (answer(["x"], 500), ApiError, '500: ["x"].'),
        (answer(b"", 503), ApiError, "answered 503:"),
    ],
)
def test_error_response_has_the_message_of_the_daemon(api, tmp_path, reply, expected, says):
    with daemon(tmp_path / "s", reply):
        error = failure(api(), expected)
    assert str(error).startswith("Cannot list containers: ")
    assert says in str(error)


CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1, 2"
CUT_CHUNK = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n[1, 2"


@pytest.mark.parametrize(
    "reply, kind",
    [
        pytest.param(HANG, "hung", id="no answer"),
        pytest.param((b"", False), "cut", id="closed without an answer"),
        pytest.param((CUT, False), "cut", id="cut in the content"),
        pytest.param((CUT_CHUNK, False), "cut", id="cut in a chunk"),
        pytest.param((b"SSH-2.0-OpenSSH_9.2p1\r\n", False), "address", id="no HTTP"),
        pytest.param((b"HTTP/1.1 abc\r\n\r\n", False), "address", id="broken status line"),
        pytest.param(answer(b"<html>hello</html>"), "unknown", id="no JSON"),
        pytest.param(answer(b"\xff\xfe\xff"), "unknown", id="no text"),
        pytest.param(answer(b"Client sent an HTTP request to an HTTPS server.", 400), "tls", id="TLS port"),
        pytest.param(
            answer({"message": "client version 1.99 is too new. Maximum supported API version is 1.51"}, 400),
            "version",
            id="API version",
        ),
    ],
)
def test_invalid_response_has_a_kind_and_advice(api, tmp_path, reply, kind):
    with daemon(tmp_path / "s", reply):
        error = failure(api(timeout=1 if reply is HANG else 30), Unreachable)
    assert error.kind == kind
    assert error.advice
    assert f"unix://{tmp_path}/s" in str(error) or kind == "version"


def test_daemon_that_hangs_during_the_response_is_hung(api, tmp_path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        server.listen(5)

        def serve():
            connection = server.accept()[0]
            connection.recv(65536)
            connection.sendall(CUT)
            threading.Event().wait()

        threading.Thread(target=serve, daemon=True).start()
        assert failure(api(timeout=1), Unreachable).kind == "hung"


@contextlib.contextmanager
def dripping(path, head, part):
    """A daemon whose response has ``head``, and then ``part`` again and again."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen(5)

        def serve():
            with contextlib.suppress(OSError), server.accept()[0] as connection:
                connection.recv(65536)
                connection.sendall(head)
                while True:
                    time.sleep(0.02)
                    connection.sendall(part)

        threading.Thread(target=serve, daemon=True).start()
        yield


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "head, part",
    [(b"HTTP/1.1 200 OK\r\nX-Header: ", b"x"), (b"HTTP/1.1 200 OK\r\n\r\n[", b" "), (CHUNKED, b"1\r\n[\r\n")],
    ids=["headers", "content", "chunks"],
)
def test_response_that_never_ends_is_an_error(api, tmp_path, monkeypatch, head, part):
    monkeypatch.setattr(message, "COMPLETE_WITHIN", -29.5)
    with dripping(tmp_path / "s", head, part):
        error = failure(api(timeout=30), Unreachable)
    assert (error.kind, "the response is not complete after 0.5 s" in str(error)) == ("hung", True)


def test_change_whose_response_never_ends_is_an_error(api, tmp_path, monkeypatch):
    monkeypatch.setattr(message, "COMPLETE_WITHIN", -29.5)
    with dripping(tmp_path / "s", CHUNKED, b"1\r\n[\r\n"), pytest.raises(Unreachable, match="after 0.5 s"):
        api(timeout=30).post("create", "/containers/create", body={})


def test_response_that_is_too_large_is_an_error(api, tmp_path, monkeypatch):
    monkeypatch.setattr(message, "LARGEST_RESPONSE", 1024**2)
    with daemon(tmp_path / "s", answer(b"[" * (2 * 1024**2))):
        error = failure(api(), Unreachable)
    assert "sent too much: the response is larger than 1 MiB" in str(error)
    assert "set tail or since" in error.advice


def test_stream_without_a_whole_message_is_hung(api, tmp_path):
    with dripping(tmp_path / "s", CHUNKED, b"1\r\n \r\n"), pytest.raises(Unreachable) as raised:
        list(streams.messages(api(timeout=0.5), "pull nginx", "POST", "/images/create"))
    assert raised.value.kind == "hung"


def test_stream_with_a_message_that_is_too_large_is_an_error(api, tmp_path, monkeypatch):
    monkeypatch.setattr(streams, "LARGEST_MESSAGE", 1024**2)
    content = b'{"status": "' + b"x" * (2 * 1024**2)
    with daemon(tmp_path / "s", answer(content, chunked=True)):
        with pytest.raises(Unreachable, match="a message is larger than 1 MiB"):
            list(streams.messages(api(), "pull nginx", "POST", "/images/create"))


def test_stream_is_read_in_parts_however_large_a_chunk_is(api, tmp_path, monkeypatch):
    """The header of a chunk may announce any size, and the daemon may send that much without an end."""
    monkeypatch.setattr(streams, "LARGEST_MESSAGE", 1024**2)
    unfinished = CHUNKED + b'40000000\r\n{"status": "' + b"x" * (2 * 1024**2)
    with daemon(tmp_path / "s", unfinished), pytest.raises(Unreachable, match="a message is larger than 1 MiB"):
        list(streams.messages(api(timeout=30), "pull nginx", "POST", "/images/create"))


def test_stream_yields_a_message_as_soon_as_its_chunk_arrives(api, tmp_path):
    head = CHUNKED + b"2\r\n{}\r\n"
    with dripping(tmp_path / "s", head, b""), contextlib.closing(
        streams.messages(api(timeout=30), "pull nginx", "POST", "/images/create")
    ) as found:
        assert next(found) == {}


def test_missing_socket_is_explained(api):
    error = failure(api(), Unreachable)
    assert error.kind == "no_socket"
    assert "there is no socket at unix://" in str(error)


def test_socket_without_listener_is_refused(api, tmp_path):
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / "s"))
    left.close()
    assert failure(api(), Unreachable).kind == "refused"


def test_too_long_socket_path_is_explained(api, tmp_path):
    assert failure(api(f"unix://{tmp_path}/{'x' * 120}"), Unreachable).kind == "address"


def test_socket_without_permission_is_explained(api, tmp_path):
    with daemon(tmp_path / "s", answer(CONTAINERS)):
        os.chmod(tmp_path / "s", 0o600)
        for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
            os.chmod(folder, 0o755)
        one = api()
        if os.geteuid() == 0:
            os.seteuid(65534)
        try:
            assert failure(one, Unreachable).kind == "permission"
        finally:
            os.seteuid(os.getuid())


def test_read_after_an_interrupted_read_gets_its_own_response(api, tmp_path):
    asked, late = threading.Event(), threading.Event()

    def respond(method, target, body):
        if "first" in target:
            asked.set()
            late.wait(30)
            return answer(["first"])
        return answer(["second"])

    def interrupt():
        asked.wait(30)
        os.kill(os.getpid(), signal.SIGTERM)

    with daemon(tmp_path / "s", respond):
        one = api(timeout=30)
        threading.Thread(target=interrupt).start()
        with pytest.raises(Interrupted), signals.as_errors():
            one.get("read", "/first")
        late.set()
        assert one.get("read", "/second") == ["second"]


def test_changes_send_their_parameters_and_bodies(api, tmp_path):
    bodies = []

    def respond(method, target, body):
        bodies.append(body)
        return answer({"Id": "new"}, 201)

    with daemon(tmp_path / "s", respond) as running:
        one = api()
        assert one.post("create", "/containers/create", body={"Image": "ü"}, name="web", timeout=60) == {"Id": "new"}
        assert one.delete("remove", "/containers/{0}", "web", force=True, timeout=60) == {"Id": "new"}
    assert running.requests == [
        "POST /v1.24/containers/create?name=web",
        "DELETE /v1.24/containers/web?force=1",
    ]
    assert bodies == [b'{"Image": "\\u00fc"}', b""]


@pytest.mark.parametrize("padding", [b"", b" " * 7], ids=["in a message", "in a character"])
def test_stream_yields_messages_however_they_are_split(api, tmp_path, padding):
    with daemon(tmp_path / "s", answer(b'{"a": 1}\r\n{"b": "\xc3\xbc"}{"c":3}\n' + padding, chunked=True)):
        messages = list(streams.messages(api(), "pull nginx", "POST", "/images/create", fromImage="nginx"))
    assert messages == [{"a": 1}, {"b": "ü"}, {"c": 3}]


def test_refused_stream_has_the_message_of_the_daemon(api, tmp_path):
    with daemon(tmp_path / "s", answer({"message": "denied"}, 403)):
        with pytest.raises(ApiError, match="Cannot pull nginx: the Docker Engine answered 403: denied"):
            list(streams.messages(api(), "pull nginx", "POST", "/images/create"))


def test_stalled_stream_is_hung(api, tmp_path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        server.listen(5)

        def serve():
            connection = server.accept()[0]
            connection.recv(65536)
            connection.sendall(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{"a": 1}\r\n')
            threading.Event().wait()

        threading.Thread(target=serve, daemon=True).start()
        stream = streams.messages(api(), "pull nginx", "POST", "/images/create", stall_timeout=3)
        assert next(stream) == {"a": 1}
        with pytest.raises(Unreachable) as raised:
            next(stream)
    assert raised.value.kind == "hung"


@pytest.mark.parametrize(
    "content",
    [
        {"auths": {"hub:5000": {"auth": "no base64"}}},
        {"auths": []},
        {"proxies": []},
        {"proxies": None},
        {"proxies": {"default": 5}},
        {"HttpHeaders": 5},
        {"credHelpers": []},
        [],
    ],
)
def test_invalid_config_json_does_not_prevent_changes(api, tmp_path, monkeypatch, content):
    (tmp_path / "config.json").write_text(json.dumps(content))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with daemon(tmp_path / "s", answer({})):
        assert api().post("start container web", "/containers/web/start") == {}
