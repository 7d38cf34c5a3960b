# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a daemon did not respond: patterns for the chain of exceptions, each with its cause and advice."""

from __future__ import annotations

from ..explanations import Rule

_SOCKET = ("unix://",)
# Sockets of rootless Engines.
_OF_USER = ("unix:///run/user/", "unix:///var/run/user/")
_OF_PODMAN = ("unix:///run/podman/", "unix:///var/run/podman/")
_NETWORK = ("tcp://", "http://", "https://")
_SSH = ("ssh://",)

# The first match wins. Some releases have the operating system's error only as text inside "Connection aborted", so the text is matched.
CAUSES = (
    Rule(
        "unknown",
        r"(response|message) is larger than",
        "{where} sent too much: {error}",
        "Ask for less. For logs, set tail or since",
    ),
    Rule(
        "hung",
        r"response is not complete after",
        "{where} is too slow: {error}",
        "Check the load of the daemon and the network, and docker_host",
    ),
    Rule(
        "ssh",
        r"No such file or directory: '?ssh|FileNotFoundError",
        "the program ssh is not installed on this host",
        "Install openssh-client on the host that runs the task",
        where=_SSH,
    ),
    Rule(
        "ssh",
        r"HOST IDENTIFICATION HAS CHANGED",
        "the SSH host key of {where} has changed, so it may be a different host",
        "Find out why it changed. If the new key is right, remove the old one with ssh-keygen -R HOST, and add the new one to known_hosts",
        where=_SSH,
    ),
    Rule(
        "ssh",
        r"Host key verification failed",
        "the SSH host key of {where} is not in known_hosts",
        "Check the key, then add it to known_hosts of the user who runs the task, for example with ansible.builtin.known_hosts",
        where=_SSH,
    ),
    Rule(
        "ssh",
        r"Permission denied \(|Too many authentication failures",
        "{where} refused the SSH login: {error}",
        "Set up a key for the user who runs the task, with which SSH logs in without a password prompt",
        where=_SSH,
    ),
    Rule(
        "name",
        r"Could not resolve hostname",
        "the host name of {where} cannot be resolved",
        "Correct the host in docker_host",
        where=_SSH,
    ),
    Rule(
        "no_route",
        r"(?i)Connection timed out|No route to host|Network is unreachable",
        "{where} cannot be reached over the network: {error}",
        "Check the host and its firewall, and that sshd is running",
        where=_SSH,
    ),
    Rule(
        "refused",
        r"connect to host .* Connection refused",
        "no SSH server listens at {where}",
        "Check the host and the port in docker_host",
        where=_SSH,
    ),
    Rule(
        "not_installed",
        r"docker: (command )?not found|docker: No such file|status 127",
        "the docker CLI, which is needed to reach the daemon, is not installed on the host of {where}",
        "Install Docker there, including its CLI (package docker-cli on Debian 13 and later)",
        where=_SSH,
    ),
    Rule(
        "permission",
        r"(?i)permission denied",
        "the user of {where} has no permission to use the daemon's socket there",
        "Add that user to the group docker there, or log in as a user who has permission",
        where=_SSH,
    ),
    Rule(
        "no_socket",
        r"(?i)is the docker daemon running|dial unix|failed to connect to the docker API",
        "the daemon is not running on the host of {where}",
        "Start it there: systemctl start docker",
        where=_SSH,
    ),
    Rule(
        "hung",
        r"Read timed out|ReadTimeout|timed out",
        "{where} did not respond within {timeout}",
        "Check the daemon on that host, or increase timeout",
        where=_SSH,
    ),
    Rule(
        "ssh",
        r"",
        "the connection through {where} failed: {error}",
        "Check that ssh logs in without a password prompt, and that docker system dial-stdio works there",
        where=_SSH,
    ),
    Rule(
        "no_socket",
        r"FileNotFoundError|No such file or directory",
        "there is no socket at {where}",
        "Install Podman, and start its API socket: systemctl enable --now podman.socket",
        where=_OF_PODMAN,
    ),
    Rule(
        "permission",
        r"PermissionError|Permission denied",
        "this user has no permission to use {where}, which belongs to root",
        "Use become: true, or the user's own Podman at unix:///run/user/UID/podman/podman.sock",
        where=_OF_PODMAN,
    ),
    Rule(
        "refused",
        r"ConnectionRefusedError|Connection refused",
        "nothing listens at {where}",
        "Start Podman's API socket: systemctl start podman.socket",
        where=_OF_PODMAN,
    ),
    Rule(
        "no_socket",
        r"FileNotFoundError|No such file or directory",
        "there is no socket at {where}",
        "As the owning user, run: systemctl --user start docker (for Podman: podman.socket)."
        " To keep it running without a login, enable lingering: loginctl enable-linger",
        where=_OF_USER,
    ),
    Rule(
        "permission",
        r"PermissionError|Permission denied",
        "this user has no permission to use {where}, which belongs to another user",
        "Run the task as that user, or as root (become: true)",
        where=_OF_USER,
    ),
    Rule(
        "refused",
        r"ConnectionRefusedError|Connection refused",
        "nothing listens at {where}",
        "As the owning user, run: systemctl --user start docker (for Podman: podman.socket)",
        where=_OF_USER,
    ),
    Rule(
        "no_socket",
        r"FileNotFoundError|No such file or directory",
        "there is no socket at {where}",
        "Start the daemon (systemctl start docker), or point docker_host at its socket",
        where=_SOCKET,
    ),
    Rule(
        "permission",
        r"PermissionError|Permission denied",
        "this user has no permission to use {where}",
        "Use become: true, or add the user to the group docker and open a new session",
        where=_SOCKET,
    ),
    Rule(
        "proxy",
        r"ProxyError",
        "the HTTP proxy from the environment could not connect to {where}",
        "Add the host to NO_PROXY",
        where=_NETWORK,
    ),
    Rule(
        "no_route",
        r"ConnectTimeout|connect timeout|No route to host|Network is unreachable",
        "{where} cannot be reached over the network: {error}",
        "Check the host, its firewall and the port in docker_host",
        where=_NETWORK,
    ),
    Rule(
        "hung",
        r"timed out|ReadTimeout",
        "{where} did not respond within {timeout}",
        "The daemon is starting or hangs: check journalctl -u docker, or increase timeout",
    ),
    Rule(
        "tls",
        r"HTTP request to an HTTPS server",
        "{where} accepts only TLS connections",
        "Set tls: true, or validate_certs: true with ca_path, client_cert and client_key",
    ),
    Rule(
        "tls",
        r"WRONG_VERSION_NUMBER|UNKNOWN_PROTOCOL|HTTP_REQUEST|RECORD_LAYER_FAILURE|record layer failure",
        "{where} does not use TLS",
        "Set tls and validate_certs to false, or use the daemon's TLS port, which is usually 2376",
    ),
    Rule(
        "tls",
        r"(?i)alert.(bad.certificate|certificate.required|unknown.ca|handshake.failure|certificate.unknown)",
        "{where} rejected the client certificate, or requires one",
        "Set client_cert and client_key to a certificate and its key, signed by the CA in the daemon's tlscacert",
    ),
    Rule(
        "tls",
        r"Hostname mismatch|doesn't match|IP address mismatch|not valid for",
        "the certificate of {where} is for a different host name",
        "Use a name from the certificate in docker_host, or set tls_hostname to it",
    ),
    Rule(
        "tls",
        r"certificate has expired|not yet valid",
        "the certificate of {where} has expired or is not valid yet: {error}",
        "Renew the certificate, or correct the clock of this host",
    ),
    Rule(
        "tls",
        r"CERTIFICATE_VERIFY_FAILED",
        "the certificate of {where} is not signed by a CA in ca_path",
        "Set ca_path to the file with the daemon's CA",
    ),
    Rule(
        "tls",
        r"KEY_VALUES_MISMATCH",
        "client_cert and client_key do not match",
        "Set client_key to the key of the certificate in client_cert",
    ),
    Rule(
        "tls",
        r"SSLError|\[SSL|certificate",
        "the TLS connection to {where} failed: {error}",
        "Check tls, validate_certs, ca_path, client_cert and client_key against the daemon's certificates",
    ),
    Rule(
        "name",
        r"NameResolutionError|Name or service not known|name resolution|nodename nor servname|No address associated",
        "the host name of {where} cannot be resolved",
        "Correct the host in docker_host",
    ),
    Rule(
        "refused",
        r"ConnectionRefusedError|Connection refused",
        "nothing listens at {where}",
        "Start the daemon: systemctl start docker",
        where=_SOCKET,
    ),
    Rule(
        "refused",
        r"ConnectionRefusedError|Connection refused",
        "nothing listens at {where}",
        "Check the port, and whether the daemon there listens on it (hosts in daemon.json, or -H)",
    ),
    Rule(
        "hung",
        r"BlockingIOError|Resource temporarily unavailable",
        "too many clients are waiting for {where}, so it accepts no more connections",
        "The daemon is starting or hangs: check journalctl -u docker, then run the task again",
        where=_SOCKET,
    ),
    Rule(
        "address",
        r"AF_UNIX path too long",
        "the socket path of {where} is longer than the maximum of 107 bytes",
        "Use a shorter path in docker_host, for example a symbolic link to the socket's directory",
        where=_SOCKET,
    ),
    Rule(
        "address",
        r"BadStatusLine|LineTooLong|UnknownProtocol|got more than \d+ headers",
        "the server at {where} did not return a valid HTTP response: {error}",
        "Correct docker_host",
    ),
    Rule(
        "cut",
        r"RemoteDisconnected|Connection reset|BrokenPipe|IncompleteRead|Connection aborted|ProtocolError",
        "{where} closed the connection",
        "The daemon stopped during the request, or another program listens there: check journalctl -u docker, then run the task again",
    ),
    Rule(
        "credentials",
        r"Invalid configuration for registry|Credentials store error|StoreError|credential",
        "the registry logins in this user's Docker config.json cannot be read: {error}",
        "Log in again with docker login, or remove the invalid entry from the file",
    ),
    Rule(
        "address",
        r"Invalid bind address|fd protocol|port is required|Invalid URL|invalid host|Failed to parse|label (empty|too long)",
        "{where} is not a valid daemon address",
        "Set docker_host to an address such as unix:///var/run/docker.sock, tcp://host:2376 or ssh://user@host",
    ),
)
