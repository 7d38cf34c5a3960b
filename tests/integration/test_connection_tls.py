# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failures of connections over TLS, with real TLS servers."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading

import pytest
import trustme
from ansible_collections.flotilla.docker.plugins.module_utils.arguments import CONNECTION
from ansible_collections.flotilla.docker.plugins.module_utils.engine import connection
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption, Unreachable
from ansible_collections.flotilla.docker.plugins.modules import container_exec

PING = b"HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK"


@contextlib.contextmanager
def server(context=None):
    """The port of a server that answers each request with PING, over TLS if there is a context."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            while True:
                try:
                    client = listener.accept()[0]
                except OSError:
                    return
                with contextlib.suppress(OSError), client:
                    with context.wrap_socket(client, server_side=True) if context else client as stream:
                        stream.recv(65536)
                        stream.sendall(PING)

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Paths of a CA with a client certificate and key, the same of a CA that the server does not trust, and the server's context."""
    folder = tmp_path_factory.mktemp("tls")
    ours, strange = trustme.CA(), trustme.CA()
    paths = {}
    for name, ca in (("our", ours), ("strange", strange)):
        pair = ca.issue_cert("client@example.com")
        for kind, blob in (
            ("ca", ca.cert_pem),
            ("cert", pair.cert_chain_pems[0]),
            ("key", pair.private_key_pem),
        ):
            paths[name + "_" + kind] = str(folder / (name + "_" + kind + ".pem"))
            blob.write_to_path(paths[name + "_" + kind])
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.verify_mode = ssl.CERT_REQUIRED
    ours.configure_trust(context)
    ours.issue_cert("127.0.0.1", "docker.example.com").configure_cert(context)
    elsewhere = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.issue_cert("docker.example.com").configure_cert(elsewhere)
    return dict(paths, context=context, elsewhere=elsewhere)


def engine_at(port, **changes):
    params = {name: spec.get("default") for name, spec in CONNECTION.items()}
    return connection.connect(dict(params, docker_host="tcp://127.0.0.1:%d" % port, timeout=5, **changes))


def pair(files, name):
    return {"client_cert": files[name + "_cert"], "client_key": files[name + "_key"]}


def test_daemon_and_client_verify_each_other(files):
    with server(files["context"]) as port:
        assert engine_at(port, validate_certs=True, ca_path=files["our_ca"], **pair(files, "our")).api_version == "1.51"


def test_requests_ca_bundle_does_not_replace_ca_path(files, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", files["strange_ca"])
    with server(files["context"]) as port:
        assert engine_at(port, validate_certs=True, ca_path=files["our_ca"], **pair(files, "our")).api_version == "1.51"


def test_requests_ca_bundle_does_not_enable_verification_with_tls_only(files, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", files["strange_ca"])
    with server(files["context"]) as port:
        assert engine_at(port, tls=True, **pair(files, "our")).api_version == "1.51"


def test_tls_hostname_replaces_the_name_in_docker_host(files):
    with server(files["elsewhere"]) as port:
        assert (
            engine_at(port, validate_certs=True, ca_path=files["our_ca"], tls_hostname="docker.example.com").api_version
            == "1.51"
        )


def test_certificate_for_a_different_name_is_refused(files):
    with server(files["elsewhere"]) as port, pytest.raises(Unreachable, match="is for a different host name") as raised:
        engine_at(port, validate_certs=True, ca_path=files["our_ca"])
    assert raised.value.kind == "tls"


@pytest.mark.parametrize(
    "options, says",
    [
        ({}, "accepts only TLS connections|closed the connection"),
        ({"tls": True}, "rejected the client certificate"),
        ({"pair": "strange", "tls": True}, "rejected the client certificate"),
        ({"pair": "our", "validate_certs": True, "ca": "strange"}, "is not signed by a CA in ca_path"),
    ],
)
def test_wrong_tls_options_have_cause_and_advice(files, options, says):
    changes = dict(options)
    if "pair" in changes:
        changes.update(pair(files, changes.pop("pair")))
    if "ca" in changes:
        changes["ca_path"] = files[changes.pop("ca") + "_ca"]
    with server(files["context"]) as port, pytest.raises(Unreachable, match=says) as raised:
        engine_at(port, **changes)
    assert raised.value.kind in ("tls", "cut")


def test_tls_to_a_port_without_tls_is_explained():
    with server() as port, pytest.raises(Unreachable, match="does not use TLS") as raised:
        engine_at(port, tls=True)
    assert raised.value.kind == "tls"


def test_input_of_a_command_is_refused_before_it_is_created(files):
    """The end of the input cannot be sent over TLS, so the command would wait forever."""
    task = dict.fromkeys(("command", "chdir", "user", "env", "env_file", "exec_timeout", "creates", "removes"))
    task.update(container="web", argv=["cat"], stdin="x", stdin_add_newline=True, max_output=0)
    task.update(tty=False, detach=False, privileged=False)
    with server(files["context"]) as port, pytest.raises(BadOption, match="stdin cannot be used over TLS") as raised:
        next(container_exec.decide(engine_at(port, tls=True, **pair(files, "our")), task))
    assert "docker_host: ssh://" in str(raised.value)
