# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why no answer came from a daemon: words and classes in the chain of exceptions, and what they mean."""

from __future__ import annotations

from typing import NamedTuple, Tuple


class Cause(NamedTuple):
    """Where ``pattern`` is found in the chain's texts and class names, ``what`` happened and ``advice`` helps."""

    kind: str
    pattern: str
    what: str
    advice: str
    schemes: Tuple[str, ...] = ("",)


_SOCKET = ("unix://",)
# Where the sockets of users' own Engines lie.
_OF_USER = ("unix:///run/user/", "unix:///var/run/user/")
_OF_PODMAN = ("unix:///run/podman/", "unix:///var/run/podman/")
_NETWORK = ("tcp://", "http://", "https://")
_SSH = ("ssh://",)

# The first match wins. "Connection aborted" has the operating system's error only as text in some releases, hence the words.
CAUSES = (
    Cause(
        "ssh",
        r"No such file or directory: '?ssh|FileNotFoundError",
        "this host has no program ssh",
        "Install openssh-client on the host that runs the task",
        _SSH,
    ),
    Cause(
        "ssh",
        r"HOST IDENTIFICATION HAS CHANGED",
        "the SSH key of {where} is not the one that is known of it, so it may be another host",
        "Find out why it changed; if that is right, forget the old key with ssh-keygen -R HOST, and put the new one into known_hosts",
        _SSH,
    ),
    Cause(
        "ssh",
        r"Host key verification failed",
        "the SSH key of {where} is not known here",
        "Check the key, then put it into known_hosts of the user who runs the task, such as with ansible.builtin.known_hosts",
        _SSH,
    ),
    Cause(
        "ssh",
        r"Permission denied \(|Too many authentication failures",
        "{where} does not let this user log in by SSH: {error}",
        "Give the user who runs the task a key that the SSH host accepts without a question",
        _SSH,
    ),
    Cause("name", r"Could not resolve hostname", "the host name of {where} cannot be resolved", "Correct the host in docker_host", _SSH),
    Cause(
        "no_route",
        r"(?i)Connection timed out|No route to host|Network is unreachable",
        "no way through the network to {where}: {error}",
        "Check the host, its firewall, and that its sshd listens",
        _SSH,
    ),
    Cause("refused", r"connect to host .* Connection refused", "no sshd listens at {where}", "Check the host and the port in docker_host", _SSH),
    Cause(
        "not_installed",
        r"docker: (command )?not found|docker: No such file|status 127",
        "there is no docker CLI on the host of {where}, and the way to its daemon leads through that",
        "Install Docker there, its CLI too (Debian's package docker-cli, from Debian 13 on)",
        _SSH,
    ),
    Cause(
        "permission",
        r"(?i)permission denied",
        "the user of {where} may not use the daemon's socket there",
        "Add that user to the group docker there, or log in as one who may",
        _SSH,
    ),
    Cause(
        "no_socket",
        r"(?i)is the docker daemon running|dial unix|failed to connect to the docker API",
        "no daemon answers on the host of {where}",
        "Start it there: systemctl start docker",
        _SSH,
    ),
    Cause(
        "hung",
        r"Read timed out|ReadTimeout|timed out",
        "{where} gave no answer within {timeout}",
        "Look at the daemon on that host, or raise timeout",
        _SSH,
    ),
    Cause(
        "ssh",
        r"",
        "no connection to the daemon through {where}: {error}",
        "Check that ssh reaches the host without a question, and that docker system dial-stdio works there",
        _SSH,
    ),
    Cause(
        "no_socket",
        r"FileNotFoundError|No such file or directory",
        "there is no socket at {where}",
        "Install Podman, and let its API listen: systemctl enable --now podman.socket",
        _OF_PODMAN,
    ),
    Cause(
        "permission",
        r"PermissionError|Permission denied",
        "this user may not use {where}, which is root's",
        "Use become: true, or the user's own Podman at unix:///run/user/UID/podman/podman.sock",
        _OF_PODMAN,
    ),
    Cause(
        "refused",
        r"ConnectionRefusedError|Connection refused",
        "nothing listens at {where}",
        "Let Podman's API listen: systemctl start podman.socket",
        _OF_PODMAN,
    ),
    Cause(
        "no_socket",
        r"FileNotFoundError|No such file or directory",
        "there is no socket at {where}",
        "Start it as the user whose Engine it is: systemctl --user start docker (of Podman podman.socket)."
        " It runs without a login only after loginctl enable-linger",
        _OF_USER,
    ),
    Cause(
        "permission",
        r"PermissionError|Permission denied",
        "this user may not use {where}, which is another user's",
        "Run the task as that user, or as root (become: true)",
        _OF_USER,
    ),
    Cause(
        "refused",
        r"ConnectionRefusedError|Connection refused",
        "nothing listens at {where}",
        "Start it as the user whose Engine it is: systemctl --user start docker (of Podman podman.socket)",
        _OF_USER,
    ),
    Cause(
        "no_socket",
        r"FileNotFoundError|No such file or directory",
        "there is no socket at {where}",
        "Start the daemon (systemctl start docker), or point docker_host at its socket",
        _SOCKET,
    ),
    Cause(
        "permission",
        r"PermissionError|Permission denied",
        "this user may not use {where}",
        "Use become: true, or add the user to the group docker and open a new session",
        _SOCKET,
    ),
    Cause("proxy", r"ProxyError", "the HTTP proxy of the environment does not lead to {where}", "Add the host to NO_PROXY", _NETWORK),
    Cause(
        "no_route",
        r"ConnectTimeout|connect timeout|No route to host|Network is unreachable",
        "no way through the network to {where}: {error}",
        "Check the host, its firewall and the port in docker_host",
        _NETWORK,
    ),
    Cause(
        "hung",
        r"timed out|ReadTimeout",
        "{where} gave no answer within {timeout}",
        "The daemon is starting or hangs: look at journalctl -u docker, or raise timeout",
    ),
    Cause(
        "tls",
        r"HTTP request to an HTTPS server",
        "{where} speaks TLS only",
        "Set tls: true, or validate_certs: true with ca_path, client_cert and client_key",
    ),
    Cause(
        "tls",
        r"WRONG_VERSION_NUMBER|UNKNOWN_PROTOCOL|HTTP_REQUEST|RECORD_LAYER_FAILURE|record layer failure",
        "{where} does not speak TLS",
        "Leave tls and validate_certs off, or use the daemon's TLS port, which is mostly 2376",
    ),
    Cause(
        "tls",
        r"(?i)alert.(bad.certificate|certificate.required|unknown.ca|handshake.failure|certificate.unknown)",
        "{where} does not accept the client certificate, or wants one",
        "Set client_cert and client_key to a pair that the authority in the daemon's tlscacert signed",
    ),
    Cause(
        "tls",
        r"Hostname mismatch|doesn't match|IP address mismatch|not valid for",
        "the certificate of {where} is for another name",
        "Use that name in docker_host, or set tls_hostname to it",
    ),
    Cause("tls", r"certificate has expired|not yet valid", "the certificate of {where} is out of date: {error}", "Renew it, or correct the clock of this host"),
    Cause(
        "tls",
        r"CERTIFICATE_VERIFY_FAILED",
        "no authority in ca_path signed the certificate of {where}",
        "Set ca_path to the file with the daemon's authority",
    ),
    Cause("tls", r"KEY_VALUES_MISMATCH", "client_cert and client_key do not belong together", "Set both to files of one pair"),
    Cause(
        "tls",
        r"SSLError|\[SSL|certificate",
        "no TLS connection to {where}: {error}",
        "Check tls, validate_certs, ca_path, client_cert and client_key against the daemon's certificates",
    ),
    Cause(
        "name",
        r"NameResolutionError|Name or service not known|name resolution|nodename nor servname|No address associated",
        "the host name of {where} cannot be resolved",
        "Correct the host in docker_host",
    ),
    Cause("refused", r"ConnectionRefusedError|Connection refused", "nothing listens at {where}", "Start the daemon: systemctl start docker", _SOCKET),
    Cause(
        "refused",
        r"ConnectionRefusedError|Connection refused",
        "nothing listens at {where}",
        "Check the port, and whether the daemon there listens on it (hosts in daemon.json, or -H)",
    ),
    Cause(
        "cut",
        r"RemoteDisconnected|Connection reset|BrokenPipe|IncompleteRead|Connection aborted|ProtocolError",
        "{where} closed the connection",
        "The daemon went away in the middle, or is none: look at journalctl -u docker, then run the task again",
    ),
    Cause(
        "credentials",
        r"Incorrect padding|binascii|not enough values to unpack|Invalid configuration for registry|Credentials store error|StoreError|credential",
        "the logins in the docker CLI's config.json of this user cannot be read: {error}",
        "Log in again with docker login, or take the broken entry out of the file",
    ),
    Cause(
        "address",
        r"Invalid bind address|fd protocol|port is required|Invalid URL|invalid host|Failed to parse|label (empty|too long)",
        "{where} is not an address of a daemon",
        "Write docker_host like unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host",
    ),
)
