# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import check_tag, parse_reference

SHA = "sha256:" + "ab" * 32
OTHER = "sha256:" + "cd" * 32


@pytest.mark.parametrize(
    "text, familiar, canonical, version",
    [
        ("nginx", "nginx:latest", "docker.io/library/nginx:latest", "latest"),
        ("docker.io/library/nginx", "nginx:latest", "docker.io/library/nginx:latest", "latest"),
        ("index.docker.io/nginx:1", "nginx:1", "docker.io/library/nginx:1", "1"),
        ("library/nginx:1", "nginx:1", "docker.io/library/nginx:1", "1"),
        ("bitnami/nginx", "bitnami/nginx:latest", "docker.io/bitnami/nginx:latest", "latest"),
        ("hub:5000/nginx", "hub:5000/nginx:latest", "hub:5000/nginx:latest", "latest"),
        ("hub:5000/library/nginx:1", "hub:5000/library/nginx:1", "hub:5000/library/nginx:1", "1"),
        ("localhost/web", "localhost/web:latest", "localhost/web:latest", "latest"),
        ("[::1]:5000/web", "[::1]:5000/web:latest", "[::1]:5000/web:latest", "latest"),
        ("nginx@" + SHA, "nginx@" + SHA, "docker.io/library/nginx@" + SHA, SHA),
        ("ghcr.io/a/b_c/d--e:v1@" + SHA, "ghcr.io/a/b_c/d--e:v1@" + SHA, "ghcr.io/a/b_c/d--e:v1@" + SHA, SHA),
        ("ab" * 32, SHA, SHA, ""),
        (SHA, SHA, SHA, ""),
    ],
)
def test_reference_has_a_familiar_and_a_canonical_form(text, familiar, canonical, version):
    reference = parse_reference(text)
    assert (reference.familiar, reference.canonical, reference.version) == (familiar, canonical, version)


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "must be an image name"),
        ("Nginx", "lower-case repository"),
        ("nginx:", "must have a valid tag"),
        ("nginx:a b", "must have a valid tag"),
        ("nginx@sha256:abc", "must have a digest after @"),
        ("https://hub/nginx", "must not start with a scheme"),
        ("-nginx", "must be an image name"),
        ("hub:port/nginx", "registry host and port"),
        ("hub:5000/", "must be an image name"),
    ],
)
def test_invalid_reference_is_refused_with_the_reason_and_the_option(text, says):
    with pytest.raises(BadOption, match=says) as failure:
        parse_reference(text, option="image")
    assert failure.value.option == "image"


@pytest.mark.parametrize(
    "text, image, expected",
    [
        ("nginx", {"Id": SHA, "RepoTags": ["nginx:latest"]}, True),
        ("nginx", {"Id": SHA, "RepoTags": ["docker.io/library/nginx:latest"]}, True),  # as Podman reports it
        ("nginx:1", {"Id": SHA, "RepoTags": ["nginx:latest"]}, False),
        ("nginx", {"Id": SHA, "RepoTags": ["hub:5000/nginx:latest"]}, False),
        ("nginx", {"Id": SHA, "RepoTags": ["<none>:<none>"]}, False),
        ("nginx", {"Id": SHA, "RepoTags": None}, False),
        ("nginx@" + SHA, {"Id": OTHER, "RepoDigests": ["nginx@" + SHA]}, True),
        ("nginx:1@" + SHA, {"Id": OTHER, "RepoDigests": ["nginx@" + SHA], "RepoTags": []}, True),
        ("nginx@" + SHA, {"Id": OTHER, "RepoDigests": ["other@" + SHA]}, False),
        (SHA, {"Id": SHA}, True),
        (SHA, {"Id": OTHER}, False),
    ],
)
def test_names_of_an_inspected_image_are_recognized(text, image, expected):
    assert parse_reference(text).names(image) is expected


@pytest.mark.parametrize("tag", ["", "foo/bar", "-1", "a" * 129, "sha256:" + "0" * 64])
def test_tag_that_is_none_is_refused(tag):
    with pytest.raises(BadOption, match="tag must have letters, digits"):
        check_tag("tag", tag)
    check_tag("tag", "1.27-alpine_2")
