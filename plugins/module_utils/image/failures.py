# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Explains why a pull failed, by the Engine's message, because HTTP statuses are not meaningful before Engine 28 and with the containerd store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import explanations
from ..errors import PullFailed
from ..explanations import Rule

if TYPE_CHECKING:
    from .progress import Progress
    from .reference import Reference

# The messages are those of Engines 20.10 to 29 with either image store, and of Podman.
RULES = (
    # First, because it is temporary, and the message may also match patterns of permanent failures.
    Rule(
        "timed_out",
        r"handshake timeout",
        "the registry does not answer in time",
        "Check that the host reaches the registry, and proxies and firewalls between them",
        transient=True,
    ),
    Rule(
        "no_space",
        r"no space left on device|disk quota exceeded",
        "the disk of the host is full",
        "Free space on the filesystem of the daemon's data root (docker system df shows what uses it), then run the task again",
    ),
    Rule(
        "rate_limited",
        r"toomanyrequests|429 Too Many Requests|pull rate limit|too many requests",
        "the registry's rate limit is reached",
        "Wait until the limit is over, log in (registry_username, registry_password) for a higher one, or use a mirror (registry-mirrors)",
        transient=True,
    ),
    Rule(
        "wrong_platform",
        r"no matching manifest for|no match for platform in manifest|does not match the (specified|expected) platform"
        r"|no image found in (image index|manifest list) for",
        "the image is not offered for this platform",
        "Use a platform or a tag that the image has; docker buildx imagetools inspect shows them",
    ),
    Rule(
        "not_a_registry",
        r"error unmarshalling content|unsupported manifest media type|unexpected media type|invalid character '<'|\(text/html\)"
        r"|error parsing HTTP \d+ response body|mediaType in manifest",
        "the server is not a registry (it returned a web page, perhaps the login page of a network)",
        "Check host and port in the name, and the proxy settings of the daemon",
    ),
    Rule(
        "server_error",
        r"50[0234] (Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)|unexpected HTTP status: 5\d\d|unexpected status.*: 5\d\d"
        r"|blob unknown|unknown blob|could not fetch content descriptor .* from remote: not found",
        "the registry has an internal error",
        "Check the registry, then run the task again",
        transient=True,
    ),
    Rule(
        "login_required",
        r"no basic auth credentials|denied: requested access|may require 'docker login'|insufficient_scope|authentication required|401 Unauthorized"
        r"|\bunauthorized\b|incorrect username or password|authorization failed|unable to retrieve auth token|invalid username/password",
        "the registry does not allow this user (or anonymous users) to read the image, or the image does not exist",
        "Check the name; then set registry_username and registry_password, or run docker login as the user who runs the task",
    ),
    Rule(
        "denied",
        r"403 Forbidden|\bdenied\b|DENIED",
        "access to the image is denied",
        "Ask for permission to pull from this repository, or check its name",
    ),
    Rule(
        "unknown_image",
        r"manifest unknown|manifest for .* not found|name unknown|repository name not known|MANIFEST_UNKNOWN|NAME_UNKNOWN|repository .* not found"
        r"|failed to resolve reference .*: not found|: not found$|404 Not Found|manifest invalid",
        "the registry has no such image",
        "Check repository, tag and digest; hub_search with tags lists the tags of a repository",
    ),
    Rule(
        "bad_reference",
        r"invalid tag format|invalid reference format|must be lowercase|cannot parse platform|invalid platform",
        "the Engine does not accept the name or the platform",
        "Correct the name or the platform",
    ),
    Rule(
        "corrupt",
        r"filesystem layer verification failed|unexpected commit digest|digest mismatch|does not match digest|invalid checksum|Digest did not match",
        "the content does not match its digest",
        "Try another registry or mirror, and check proxies: one that changes downloads causes this too",
        transient=True,
    ),
    Rule(
        "tls",
        r"x509:|tls:|TLS handshake|server gave HTTP response to HTTPS client|certificate signed by unknown|first record does not look like a TLS handshake",
        "the Engine cannot make a TLS connection to the registry",
        "Put the registry's CA into /etc/docker/certs.d/HOST:PORT/ca.crt on the host, or add a registry without TLS to insecure-registries in daemon.json",
    ),
    Rule(
        "name",
        r"no such host|server misbehaving|Temporary failure in name resolution",
        "the host name of the registry cannot be resolved on the host",
        "Correct the name, or the host's DNS",
    ),
    Rule(
        "name",
        r"lookup \S+( on \S+)?: .*(i/o timeout|timed out)",
        "the DNS server does not answer in time",
        "Check the host's DNS settings, and that the host reaches its DNS server",
        transient=True,
    ),
    Rule(
        "cut",
        r"unexpected EOF|short read|connection reset|broken pipe|expected HTTP 206|\bEOF\b|use of closed network connection|http2: ",
        "the connection to the registry was closed during the download",
        "Check the network between host and registry. The next run keeps the layers that are complete",
        transient=True,
    ),
    Rule(
        "timed_out",
        r"i/o timeout|Client\.Timeout|deadline exceeded|request canceled|timed out|net/http: timeout",
        "the registry does not answer in time",
        "Check that the host reaches the registry, and proxies and firewalls between them",
        transient=True,
    ),
    Rule(
        "refused",
        r"connection refused",
        "nothing listens at the registry's address",
        "Check host and port of the registry, and that it is running",
        transient=True,
    ),
    Rule(
        "unreachable",
        r"no route to host|network is unreachable|host is unreachable",
        "no machine answers at the registry's address",
        "Check the host of the registry, that it is running, and the network between host and registry",
        transient=True,
    ),
)
_UNKNOWN = Rule("unknown", "", "the Engine reports an error")
# By the stage at which a pull stopped making progress.
_STALLS = {
    "silent": Rule(
        "stalled",
        "",
        "the registry has not returned the manifest",
        "Check that the host reaches the registry, or raise stall_timeout",
        transient=True,
    ),
    "waiting": Rule(
        "stalled",
        "",
        "no layer data was received",
        "Check the registry and the network. If both work, earlier downloads that hang may use all download slots of the daemon (max-concurrent-downloads):"
        " restart the daemon; with live-restore its containers keep running",
        transient=True,
    ),
    "retrying": Rule(
        "stalled",
        "",
        "the Engine restarts the download of layer {layer} again and again",
        "Check the registry, and the network between host and registry. The next run keeps the layers that are complete",
        transient=True,
    ),
    "moving": Rule(
        "stalled",
        "",
        "the download stopped half way",
        "Check the registry and the network, or raise stall_timeout. The next run keeps the layers that are complete",
        transient=True,
    ),
}


def classify(message: str) -> Rule:
    """The rule for an Engine's message about a pull."""
    return explanations.first(RULES, message) or _UNKNOWN


def pull_failed(reference: Reference, message: str) -> PullFailed:
    """The error for an Engine's message about a pull; the message itself is at its end."""
    rule = classify(message)
    return _failure(reference, rule, f"{rule.cause} ({message.strip()})")


def stalled(reference: Reference, seconds: float, progress: Progress) -> PullFailed:
    """The error for a pull without progress for that many seconds."""
    rule = _STALLS[progress.stage]
    cause = rule.cause.format(layer=", ".join(sorted(progress.retrying)))
    return _failure(reference, rule, f"no progress for {seconds:g} s: {cause}")


def _failure(reference: Reference, rule: Rule, text: str) -> PullFailed:
    return PullFailed(
        f"Cannot pull {reference.familiar}: {text}",
        rule.advice,
        kind=rule.kind,
        transient=rule.transient,
        reference=reference.familiar,
    )
