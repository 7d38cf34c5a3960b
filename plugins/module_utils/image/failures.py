# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a pull failed, read from the engine's words: its statuses mean little below Engine 28 and with the containerd store."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..errors import PullFailed
from .progress import Progress
from .reference import Reference


class Cause(NamedTuple):
    """One class of failure. ``transient``: the same pull may succeed a little later."""

    kind: str
    pattern: str
    transient: bool
    what: str
    advice: str


# First match wins. The words are those of Engines 20.10 to 29 with either image store, and of Podman.
CAUSES = (
    Cause(
        "no_space",
        r"no space left on device|disk quota exceeded",
        False,
        "the disk of the host is full",
        "Free space below the daemon's data root (docker system df shows what uses it), then run the task again",
    ),
    Cause(
        "rate_limited",
        r"toomanyrequests|429 Too Many Requests|pull rate limit|too many requests",
        True,
        "the registry refuses more pulls for now",
        "Wait until the limit is over, log in (registry_username, registry_password) for a higher one, or use a mirror (registry-mirrors)",
    ),
    Cause(
        "wrong_platform",
        r"no matching manifest for|no match for platform in manifest|does not match the (specified|expected) platform|no image found in (image index|manifest"
        r" list) for",
        False,
        "the image is not offered for this platform",
        "Choose a platform or a tag that the image has; docker buildx imagetools inspect and image_pull of another tag show them",
    ),
    Cause(
        "not_a_registry",
        r"error unmarshalling content|unsupported manifest media type|unexpected media type|invalid character '<'|\(text/html\)|error parsing HTTP \d+ response"
        r" body|mediaType in manifest",
        False,
        "what answered is not a registry (a web page, perhaps a login page of the network)",
        "Check the host and port in the name, and proxies on the way",
    ),
    Cause(
        "server_error",
        r"50[0234] (Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)|unexpected HTTP status: 5\d\d|unexpected status.*: 5\d\d"
        r"|blob unknown|unknown blob|could not fetch content descriptor .* from remote: not found",
        True,
        "the registry is in trouble",
        "Look at the registry, then run the task again",
    ),
    Cause(
        "login_required",
        r"no basic auth credentials|denied: requested access|may require 'docker login'|insufficient_scope|authentication required|401 Unauthorized"
        r"|\bunauthorized\b|incorrect username or password|authorization failed|unable to retrieve auth token|invalid username/password",
        False,
        "the registry does not let these credentials (or this anonymous user) read the image, or the image does not exist",
        "Check the name; then set registry_username and registry_password, or log in as the user who runs the task",
    ),
    Cause("denied", r"403 Forbidden|\bdenied\b|DENIED", False, "the registry forbids it", "Ask for the right to pull this repository, or check its name"),
    Cause(
        "unknown_image",
        r"manifest unknown|manifest for .* not found|name unknown|repository name not known|MANIFEST_UNKNOWN|NAME_UNKNOWN|repository .* not found|failed to"
        r" resolve reference .*: not found"
        r"|: not found$|404 Not Found|manifest invalid",
        False,
        "the registry has no such image",
        "Check repository, tag and digest; hub_search with tags lists the tags that there are",
    ),
    Cause(
        "bad_reference",
        r"invalid tag format|invalid reference format|must be lowercase|cannot parse platform|invalid platform",
        False,
        "the engine refuses the name or the platform",
        "Correct name or platform",
    ),
    Cause(
        "corrupt",
        r"filesystem layer verification failed|unexpected commit digest|digest mismatch|does not match digest|invalid checksum|Digest did not match",
        True,
        "the registry or something on the way sent content that does not fit its digest",
        "Try another registry or mirror; a proxy that changes downloads gives this too",
    ),
    Cause(
        "tls",
        r"x509:|tls:|TLS handshake|server gave HTTP response to HTTPS client|certificate signed by unknown|first record does not look like a TLS handshake",
        False,
        "the daemon makes no TLS connection to the registry",
        "Put the registry's CA into /etc/docker/certs.d/HOST:PORT/ca.crt on the host, or name a registry without TLS in insecure-registries of daemon.json",
    ),
    Cause(
        "name",
        r"no such host|server misbehaving|Temporary failure in name resolution",
        False,
        "the host name of the registry cannot be resolved on the host",
        "Correct the name, or the host's DNS",
    ),
    Cause(
        "cut",
        r"unexpected EOF|short read|connection reset|broken pipe|expected HTTP 206|\bEOF\b|use of closed network connection|http2: ",
        True,
        "the connection to the registry was cut",
        "Look at the network between host and registry; the next run goes on with the layers that are there",
    ),
    Cause(
        "timed_out",
        r"TLS handshake timeout|i/o timeout|Client\.Timeout|deadline exceeded|request canceled|timed out|net/http: timeout",
        True,
        "the registry does not answer in time",
        "Check that the host reaches the registry, a proxy or a firewall between them",
    ),
    Cause(
        "refused",
        r"connection refused|no route to host|network is unreachable",
        True,
        "nothing answers at the registry's address",
        "Check host and port of the registry, and that it runs",
    ),
)
_BY_KIND = {cause.kind: cause for cause in CAUSES}
_UNKNOWN = Cause("unknown", "", False, "the engine reports an error", "")
_STALLS = {
    "silent": (
        "the registry does not tell the daemon what the image is made of",
        "Check that the host reaches the registry, or raise stall_timeout",
    ),
    "waiting": (
        "not a byte came of any layer",
        "Check the registry and the network. If they are well, downloads that hang since earlier hold all places that the daemon has for downloads"
        " (max-concurrent-downloads): restart the daemon, with live-restore its containers go on",
    ),
    "retrying": (
        "the daemon begins the download of layer {layer} again and again",
        "Look at the registry, and at the network between host and registry; the next run goes on with the layers that are there",
    ),
    "moving": ("it stopped half way", "Check the registry and the network, or raise stall_timeout; the next run goes on with the layers that are there"),
}


def classify(text: str) -> Cause:
    """The class of failure that an engine's words tell."""
    # A time-out of the handshake says "TLS" too, but it passes and a wrong certificate does not.
    if re.search(r"handshake timeout", text):
        return _BY_KIND["timed_out"]
    return next((cause for cause in CAUSES if re.search(cause.pattern, text)), _UNKNOWN)


def pull_failed(reference: Reference, text: str) -> PullFailed:
    """The error for an engine's words about a pull; the words themselves stay at its end."""
    cause = classify(text)
    return _failure(reference, cause, "Cannot pull %s: %s (%s)" % (reference.familiar, cause.what, text.strip()))


def stalled(reference: Reference, seconds: float, progress: Progress) -> PullFailed:
    """The error for a pull that was given up because nothing moved."""
    what, advice = _STALLS[progress.stage]
    what = "it made no progress for %g s: %s" % (seconds, what.format(layer=", ".join(sorted(progress.retrying))))
    return _failure(reference, Cause("stalled", "", True, what, advice), "Cannot pull %s: %s" % (reference.familiar, what))


def _failure(reference: Reference, cause: Cause, message: str) -> PullFailed:
    return PullFailed(message, cause.advice, kind=cause.kind, transient=cause.transient, reference=reference.familiar)
