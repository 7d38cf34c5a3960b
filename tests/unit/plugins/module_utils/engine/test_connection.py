# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import contextlib
import socket
import threading

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.arguments import CONNECTION
from ansible_collections.flotilla.docker.plugins.module_utils.engine import connection
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption, Unreachable


def params(**changes):
    return dict({name: spec.get("default") for name, spec in CONNECTION.items()}, **changes)


@contextlib.contextmanager
def listener(path, answer=None):
    """A socket that sends ``answer`` to each connection (None: never answers)."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen(5)

    def serve():
        with contextlib.suppress(OSError):
            while True:
                client = server.accept()[0]
                client.recv(65536)
                client.sendall(answer)
                client.close()

    if answer is not None:
        threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"unix://{path}"
    finally:
        server.close()


PING = b"HTTP/1.1 200 OK\r\nApi-Version: %s\r\nServer: Docker/28.5.2 (linux)\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK"


@pytest.mark.parametrize(
    "theirs, used",
    [(b"1.41", "1.41"), (b"1.51", "1.51"), (b"1.55", connection.TESTED_API), (b"1.100", connection.TESTED_API)],
)
def test_newest_common_api_version_is_used(tmp_path, theirs, used):
    with listener(tmp_path / "s", PING % theirs) as url:
        engine = connection.connect(params(docker_host=url))
    assert engine.api_version == used


def test_api_version_of_the_task_is_used(tmp_path):
    with listener(tmp_path / "s", PING % b"1.51") as url:
        assert connection.connect(params(docker_host=url, api_version="1.44")).api_version == "1.44"


@pytest.mark.parametrize(
    "answer, kind",
    [
        (None, "hung"),
        (b"", "cut"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK", "address"),
        (b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n", "tls"),
    ],
)
def test_socket_of_another_program_is_explained(tmp_path, answer, kind):
    with listener(tmp_path / "s", answer) as url, pytest.raises(Unreachable) as raised:
        connection.connect(params(docker_host=url, timeout=30 if answer is not None else 1))
    assert raised.value.kind == kind
    assert raised.value.advice


def test_missing_socket_is_explained(tmp_path):
    with pytest.raises(Unreachable, match="there is no socket at unix://") as raised:
        connection.connect(params(docker_host=f"unix://{tmp_path}/none"))
    assert raised.value.kind == "no_socket"


def test_socket_without_listener_is_refused(tmp_path):
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / "s"))
    left.close()
    with pytest.raises(Unreachable) as raised:
        connection.connect(params(docker_host=f"unix://{tmp_path}/s"))
    assert raised.value.kind == "refused"


def test_regular_file_in_place_of_the_socket_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Unreachable) as raised:
        connection.connect(params(docker_host=f"unix://{tmp_path}/file"))
    assert raised.value.kind == "refused"


def test_port_without_listener_is_refused():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable) as raised:
            connection.connect(params(docker_host="tcp://127.0.0.1:%d" % taken.getsockname()[1]))
    assert raised.value.kind == "refused"


@pytest.mark.parametrize(
    "changes, option",
    [
        ({"api_version": "latest"}, "api_version"),
        ({"api_version": "1.12"}, "api_version"),
        ({"timeout": 0}, "timeout"),
        ({"docker_host": "nonsense"}, "docker_host"),
        (
            {
                "docker_host": "tcp://127.0.0.1:1",
                "tls": True,
                "client_cert": "/none/cert.pem",
                "client_key": "/none/key.pem",
            },
            "client_cert",
        ),
        ({"docker_host": "tcp://127.0.0.1:1", "validate_certs": True, "ca_path": "/none/ca.pem"}, "ca_path"),
    ],
)
def test_invalid_options_are_refused_before_connecting(changes, option):
    with pytest.raises(BadOption) as raised:
        connection.connect(params(**changes))
    assert raised.value.option == option


def test_later_connects_only_when_connect_is_called(tmp_path):
    later = connection.later(params(docker_host=f"unix://{tmp_path}/none"))
    assert later.address.socket_path == f"{tmp_path}/none"
    with pytest.raises(Unreachable):
        later.connect(timeout=1)


def test_later_refuses_invalid_options_at_once():
    with pytest.raises(BadOption):
        connection.later(params(docker_host="nonsense"))
