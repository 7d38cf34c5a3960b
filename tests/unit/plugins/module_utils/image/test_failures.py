# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The words of real Engines: 20.10, 26.1 and 28.5 as they answered on the test fleet (c: containerd store); 29.7 as recorded elsewhere."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.image.failures import classify, pull_failed
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import parse_reference

HEAD = 'failed to resolve reference "hub:5001/library/nginx:latest": unexpected status from HEAD request to http://hub:5001/v2/library/nginx/manifests/latest: '
SHA = "sha256:" + "c8" * 32


@pytest.mark.parametrize(
    "kind, transient, words",
    [
        (
            "rate_limited",
            True,
            "toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit",
        ),
        ("rate_limited", True, HEAD + "429 Too Many Requests"),
        ("rate_limited", True, "error from registry: toomanyrequests: slow down"),  # 29c, in a blob
        ("server_error", True, "received unexpected HTTP status: 503 Service Unavailable"),
        ("server_error", True, "unknown: " + HEAD + "500 Internal Server Error"),
        ("server_error", True, "error pulling image configuration: download failed after attempts=1: unknown blob"),
        (
            "server_error",
            True,
            f"failed to copy: httpReadSeeker: failed open: could not fetch content descriptor {SHA} "
            "(application/vnd.docker.container.image.v1+json) from remote:"
            " not found",
        ),
        ("login_required", False, "unauthorized"),
        ("login_required", False, "unauthorized: authentication required"),
        (
            "login_required",
            False,
            'Head "https://hub:5443/v2/library/nginx/manifests/latest": no basic auth credentials',
        ),
        (
            "login_required",
            False,
            "pull access denied for x, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
        ),
        ("login_required", False, HEAD + "401 Unauthorized"),
        ("denied", False, "denied"),
        ("denied", False, "error from registry: denied"),  # 29c
        ("denied", False, HEAD + "403 Forbidden"),
        ("unknown_image", False, "manifest for hub:5000/library/nginx:9 not found: manifest unknown: manifest unknown"),
        (
            "unknown_image",
            False,
            'failed to resolve reference "hub:5000/library/nginx:9": hub:5000/library/nginx:9: not found',
        ),
        ("unknown_image", False, "name unknown"),
        ("not_a_registry", False, "error unmarshalling content: invalid character '<' looking for beginning of value"),
        (
            "not_a_registry",
            False,
            f"failed to copy: httpReadSeeker: failed open: could not fetch content descriptor {SHA} (text/html) from remote: not found",
        ),
        ("not_a_registry", False, "unsupported manifest media type and no default available: text/html"),  # 29
        ("corrupt", True, "filesystem layer verification failed for digest " + SHA),
        (
            "corrupt",
            True,
            f'failed commit on ref "layer-{SHA}": commit failed: unexpected commit digest {SHA}, expected {SHA}: failed precondition',
        ),
        ("cut", True, "unexpected EOF"),
        ("cut", True, "short read: expected 5161402 bytes but got 300000: unexpected EOF"),
        (
            "no_space",
            False,
            "failed to register layer: Error processing tar file(exit status 1): write /a.bin: no space left on device",
        ),
        (
            "no_space",
            False,
            "failed to extract layer sha256:1: write /var/lib/containerd/x: no space left on device: unknown",
        ),
        ("wrong_platform", False, "no matching manifest for linux/s390x in the manifest list entries"),
        ("bad_reference", False, "invalid tag format"),
        ("tls", False, 'Get "https://hub:5443/v2/": x509: certificate signed by unknown authority'),
        ("tls", False, 'Get "https://hub:5000/v2/": http: server gave HTTP response to HTTPS client'),
        ("timed_out", True, 'Get "https://hub:5443/v2/": net/http: TLS handshake timeout'),
        ("timed_out", True, 'Get "https://hub/v2/": dial tcp 172.31.0.2:443: i/o timeout'),
        (
            "name",
            False,
            'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.0.0.53:53: no such host',
        ),
        (
            "name",
            True,
            'Get "https://hub/v2/": dial tcp: lookup hub on 10.0.0.53:53: read udp 10.0.0.2:40000->10.0.0.53:53: i/o timeout',
        ),
        ("refused", True, 'Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused'),
        ("unreachable", True, 'Get "http://hub:5001/v2/": dial tcp 172.18.0.2:5001: connect: no route to host'),
        ("unknown", False, "something that no Engine has said yet"),
    ],
)
def test_each_message_of_each_engine_has_its_class(kind, transient, words):
    cause = classify(words)
    assert (cause.kind, cause.transient) == (kind, transient)


def test_failure_names_the_image_the_advice_and_the_message_of_the_engine():
    failure = pull_failed(parse_reference("nginx:9"), "manifest unknown")
    assert (
        str(failure) == "Cannot pull nginx:9: the registry has no such image (manifest unknown)."
        " Check repository, tag and digest; hub_search with tags lists the tags of a repository."
    )
    assert failure.facts == {"kind": "unknown_image", "reference": "nginx:9"}
