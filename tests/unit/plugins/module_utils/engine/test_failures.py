# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ssl

import docker
import pytest
import requests
from ansible_collections.flotilla.docker.plugins.module_utils.engine.failures import raise_for_status, reporting
from ansible_collections.flotilla.docker.plugins.module_utils.engine.message import Answer
from ansible_collections.flotilla.docker.plugins.module_utils.errors import (
    ApiError,
    BadOption,
    Conflict,
    Missing,
    NotFound,
    Unreachable,
)
from docker.errors import DockerException

SOCKET, TCP, SSH = "unix:///var/run/docker.sock", "tcp://host:2376", "ssh://ops@host"


def because(*chain):
    """The first exception, raised from the second and so on, in the way docker-py nests them."""
    for outer, inner in zip(chain, chain[1:]):
        outer.__cause__ = inner
    return chain[0]


def aborted(error):
    return requests.exceptions.ConnectionError(f"('Connection aborted.', {error!r})")


def tls(words):
    return requests.exceptions.SSLError(
        f"HTTPSConnectionPool(host='host', port=2376): Max retries exceeded with url: /_ping (Caused by SSLError({ssl.SSLError(1, words)!r}))"
    )


def refused(words, status=400):
    """An answer with an error status."""
    return Answer(status, {}, words.encode())


# Exceptions that docker-py 5.0.3 to 7.2.0 and requests raised.
@pytest.mark.parametrize(
    "error, address, kind, says",
    [
        (aborted(FileNotFoundError(2, "No such file or directory")), SOCKET, "no_socket", "systemctl start docker"),
        (
            because(
                DockerException("Error while fetching server API version"),
                aborted(FileNotFoundError(2, "No such file or directory")),
            ),
            SOCKET,
            "no_socket",
            "no socket",
        ),
        (aborted(PermissionError(13, "Permission denied")), SOCKET, "permission", "group docker"),
        (aborted(ConnectionRefusedError(111, "Connection refused")), SOCKET, "refused", "systemctl start docker"),
        (
            requests.exceptions.ReadTimeout(
                "UnixHTTPConnectionPool(host='localhost', port=None): Read timed out. (read timeout=2)"
            ),
            SOCKET,
            "hung",
            "within 2 s",
        ),
        (
            requests.exceptions.ConnectionError(
                "HTTPConnectionPool(host='host', port=2376): Max retries exceeded (Caused by NewConnectionError: [Errno 111] Connection refused)"
            ),
            TCP,
            "refused",
            "-H",
        ),
        (
            requests.exceptions.ConnectionError("(Caused by NewConnectionError: [Errno 113] No route to host)"),
            TCP,
            "no_route",
            "firewall",
        ),
        (
            requests.exceptions.ConnectTimeout("Connection to host timed out. (connect timeout=2)"),
            TCP,
            "no_route",
            "firewall",
        ),
        (
            requests.exceptions.ConnectionError("(Caused by NameResolutionError: Failed to resolve 'host')"),
            TCP,
            "name",
            "docker_host",
        ),
        (
            requests.exceptions.ProxyError("(Caused by ProxyError('Unable to connect to proxy'))"),
            TCP,
            "proxy",
            "NO_PROXY",
        ),
        (refused("Client sent an HTTP request to an HTTPS server."), TCP, "tls", "Set tls: true"),
        (
            refused("client version 1.99 is too new. Maximum supported API version is 1.41"),
            SOCKET,
            "version",
            "auto or to 1.41.",
        ),
        (
            refused(
                "client version 1.39 is too old. Minimum supported API version is 1.40, please upgrade your client"
            ),
            SOCKET,
            "version",
            "1.40.",
        ),
        (tls("[SSL: WRONG_VERSION_NUMBER] wrong version number"), TCP, "tls", "does not use TLS"),
        (tls("[SSL: RECORD_LAYER_FAILURE] record layer failure"), TCP, "tls", "does not use TLS"),
        (tls("[SSL: SSLV3_ALERT_BAD_CERTIFICATE] sslv3 alert bad certificate"), TCP, "tls", "client_cert"),
        (tls("[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required"), TCP, "tls", "client_cert"),
        (
            tls("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate"),
            TCP,
            "tls",
            "ca_path",
        ),
        (
            tls(
                "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for 'host'"
            ),
            TCP,
            "tls",
            "tls_hostname",
        ),
        (
            tls("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired"),
            TCP,
            "tls",
            "clock",
        ),
        (tls("[X509: KEY_VALUES_MISMATCH] key values mismatch"), TCP, "tls", "client_cert and client_key do not match"),
        (
            requests.exceptions.ConnectionError(
                "('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))"
            ),
            SOCKET,
            "cut",
            "journalctl",
        ),
        (
            requests.exceptions.ChunkedEncodingError("('Connection broken: IncompleteRead(0 bytes read)')"),
            SOCKET,
            "cut",
            "journalctl",
        ),
        (
            requests.exceptions.ConnectionError("ops@10.0.0.1: Permission denied (publickey)."),
            SSH,
            "ssh",
            "without a password prompt",
        ),
        (
            requests.exceptions.ConnectionError(
                "No ED25519 host key is known for 10.0.0.1 and you have requested strict checking.; "
                "Host key verification failed."
            ),
            SSH,
            "ssh",
            "known_hosts",
        ),
        (
            requests.exceptions.ConnectionError(
                "WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!; Host key verification failed."
            ),
            SSH,
            "ssh",
            "ssh-keygen -R",
        ),
        (
            requests.exceptions.ConnectionError("ssh: Could not resolve hostname nowhere: Name or service not known"),
            SSH,
            "name",
            "Correct the host",
        ),
        (
            requests.exceptions.ConnectionError("ssh: connect to host 10.0.0.1 port 22: Connection refused"),
            SSH,
            "refused",
            "no SSH server listens",
        ),
        (
            requests.exceptions.ConnectionError("ssh: connect to host 10.0.0.1 port 22: Connection timed out"),
            SSH,
            "no_route",
            "firewall",
        ),
        (
            requests.exceptions.ConnectionError("bash: line 1: docker: command not found"),
            SSH,
            "not_installed",
            "docker-cli",
        ),
        (
            requests.exceptions.ConnectionError(
                "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock"
            ),
            SSH,
            "permission",
            "group docker there",
        ),
        (
            requests.exceptions.ConnectionError(
                "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"
            ),
            SSH,
            "no_socket",
            "systemctl start docker",
        ),
        (
            requests.exceptions.ConnectionError(
                "('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))"
            ),
            SSH,
            "ssh",
            "dial-stdio",
        ),
        (FileNotFoundError(2, "No such file or directory", "ssh"), SSH, "ssh", "openssh-client"),
        (
            DockerException("Invalid bind address format: port is required: tcp://host"),
            "tcp://host",
            "address",
            "tcp://host:2376",
        ),
        (
            DockerException(
                "Credentials store error: StoreError('docker-credential-x not installed or not available in PATH')"
            ),
            SOCKET,
            "credentials",
            "docker login",
        ),
        (ValueError("Expecting value: line 1 column 1 (char 0)"), SOCKET, "unknown", "systemctl status docker"),
    ],
)
def test_each_failure_has_a_kind_and_advice(error, address, kind, says):
    with pytest.raises(Unreachable) as raised, reporting("list images", address, 2):
        if isinstance(error, Answer):
            raise_for_status("list images", error, address)
        raise error
    assert raised.value.kind == kind
    assert says in str(raised.value)
    assert raised.value.advice
    assert "object at 0x" not in str(raised.value) and "Traceback" not in str(raised.value)


@pytest.mark.parametrize("status, expected", [(404, NotFound), (301, NotFound), (409, Conflict), (500, ApiError)])
def test_error_response_names_the_action(status, expected):
    with pytest.raises(expected, match="Cannot start container web: the Docker Engine answered .*: the reason"):
        raise_for_status("start container web", refused("the reason", status), SOCKET)


@pytest.mark.parametrize(
    "error",
    [
        requests.exceptions.InvalidURL("Not supported URL scheme http+docker"),
        TypeError("request() got an unexpected keyword argument 'chunked'"),
    ],
)
def test_incompatible_docker_py_and_requests_are_named(error):
    with pytest.raises(Missing, match=f"docker-py {docker.__version__} does not work with requests"):
        with reporting("list images", SOCKET):
            raise error


def test_missing_tls_files_are_named():
    with pytest.raises(BadOption, match="client_cert"), reporting("connect", TCP):
        raise docker.errors.TLSParameterError(
            "Path to a certificate and key files must be provided through the client_cert param"
        )


def test_bugs_are_not_converted():
    with pytest.raises(TypeError), reporting("list images", SOCKET):
        raise TypeError("unsupported operand")


def test_own_errors_are_not_converted():
    with pytest.raises(Missing, match="^as it was.$"), reporting("list images", SOCKET):
        raise Missing("as it was")


@pytest.mark.parametrize(
    "words, advice",
    [
        (
            "error while calling PortManager.AddPort(): cannot expose privileged port 80, you can add",
            "sysctl net.ipv4.ip_unprivileged_port_start",
        ),
        ("unable to find user nosuch: no matching entries in passwd file", "has no such user or group: correct user"),
        ("network front is ambiguous (2 matches found on name)", "remove all but one with docker network rm"),
        ("Cannot mkdir: /etc/passwd is not a directory", "working_dir must be a directory"),
        ('workdir "/etc/passwd" exists on container 5e41, but is not a directory', "working_dir must be a directory"),
        ("NanoCPUs can not be set, as your kernel does not support CPU CFS scheduler", "Remove cpus from the task"),
        ("something else", ""),
    ],
)
def test_limits_of_a_rootless_engine_have_advice(words, advice):
    with pytest.raises(ApiError) as raised:
        raise_for_status("start container web", refused(words), SOCKET)
    assert advice in raised.value.advice
    assert bool(raised.value.advice) is bool(advice)


@pytest.mark.parametrize("verb", ["start", "stop"])
def test_container_that_is_started_or_stopped_already_is_no_error(verb):
    raise_for_status(f"{verb} container web", refused("", 304), SOCKET)
