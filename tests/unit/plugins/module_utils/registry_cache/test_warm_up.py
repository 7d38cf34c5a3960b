# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cache is filled through its API and on its disk. Here, both are a folder that a substitute for the registry writes like the real one does."""

from __future__ import annotations

import hashlib
import json
import os

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.errors import StepFailed
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import parse_reference
from ansible_collections.flotilla.docker.plugins.module_utils.registry.client import Registry
from ansible_collections.flotilla.docker.plugins.module_utils.registry.http import Answer, no_answer
from ansible_collections.flotilla.docker.plugins.module_utils.registry_cache.storage import INCOMING, Storage
from ansible_collections.flotilla.docker.plugins.module_utils.registry_cache.warm_up import (
    FetchBlob,
    FetchManifests,
    look,
    upstream_digest,
)

NGINX = parse_reference("nginx")
REPOSITORY = "library/nginx"


def digest_of(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def manifest(*blobs):
    config, *layers = [{"digest": digest_of(blob)} for blob in blobs]
    return json.dumps({"config": config, "layers": layers}).encode("utf-8")


def index(**children):
    entries = [
        {"digest": digest_of(content), "platform": {"os": "linux", "architecture": name}}
        for name, content in children.items()
    ]
    return json.dumps({"manifests": entries}).encode("utf-8")


class World:
    """An upstream, a cache in front of it, and the cache's disk."""

    def __init__(self, root, latest, *contents):
        self.root = root
        self.contents = {digest_of(content): content for content in (latest,) + contents}
        self.latest = digest_of(latest)
        self.asked = []
        self.storage = Storage(str(root))
        self.upstream = Registry("https://upstream", self.fetch)
        self.cache = Registry("https://cache", self.fetch)

    def fetch(self, method, url, headers=None, data=None, ca_path=None, write=None, limit=None):
        self.asked.append((method, url))
        digest = url.rsplit("/", 1)[-1]
        digest = self.latest if digest == "latest" else digest
        if digest not in self.contents:
            return Answer(404, {})
        content = self.contents[digest]
        if url.startswith("https://cache"):
            self.keep_manifest(digest, content, tagged=url.endswith("/latest"))
        if write:
            write(content)
        return Answer(200, {"docker-content-digest": digest}, b"" if method == "HEAD" or write else content)

    def keep_manifest(self, digest, content, tagged):
        tree = self.root / "docker" / "registry" / "v2"
        hexadecimal = digest.split(":")[1]
        files = {
            tree / "blobs" / "sha256" / hexadecimal[:2] / hexadecimal / "data": content,
            tree
            / "repositories"
            / REPOSITORY
            / "_manifests"
            / "revisions"
            / "sha256"
            / hexadecimal
            / "link": digest.encode("ascii"),
        }
        if tagged:
            files[tree / "repositories" / REPOSITORY / "_manifests" / "tags" / "latest" / "current" / "link"] = (
                digest.encode("ascii")
            )
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)

    def warm(self, platforms=("amd64",)):
        digest = upstream_digest(self.upstream, NGINX)
        cached = look(self.storage, NGINX, digest, platforms)
        if not cached.complete and not cached.missing:
            cached = FetchManifests(self.cache, self.storage, NGINX, platforms).apply(None).value
        for blob in cached.missing:
            FetchBlob(self.upstream, self.storage, NGINX, blob).apply(None)
        return look(self.storage, NGINX, digest, platforms)

    def blobs_asked(self):
        return sorted(url.rsplit("/", 1)[-1] for method, url in self.asked if method == "GET" and "/blobs/" in url)


def test_each_blob_is_fetched_once_and_a_second_run_asks_for_the_digest_only(tmp_path):
    world = World(tmp_path, manifest(b"config", b"one", b"two"), b"config", b"one", b"two")
    assert world.warm().complete
    assert world.blobs_asked() == sorted(digest_of(blob) for blob in (b"config", b"one", b"two"))
    world.asked.clear()
    assert world.warm().complete
    assert world.asked == [("HEAD", "https://upstream/v2/library/nginx/manifests/latest")]


def test_only_missing_blobs_are_fetched(tmp_path):
    world = World(tmp_path, manifest(b"config", b"one", b"two"), b"config", b"one", b"two")
    world.warm()
    gone = digest_of(b"one").split(":")[1]
    os.unlink(str(tmp_path / "docker/registry/v2/blobs/sha256" / gone[:2] / gone / "data"))
    world.asked.clear()
    assert world.warm().complete
    assert world.blobs_asked() == [digest_of(b"one")]


def test_only_the_platforms_of_the_task_are_fetched(tmp_path):
    amd, arm = manifest(b"config-amd", b"layer-amd"), manifest(b"config-arm", b"layer-arm")
    world = World(
        tmp_path, index(amd64=amd, arm64=arm), amd, arm, b"config-amd", b"layer-amd", b"config-arm", b"layer-arm"
    )
    assert world.warm(["linux/aarch64"]).complete
    assert world.blobs_asked() == sorted([digest_of(b"config-arm"), digest_of(b"layer-arm")])
    assert not look(world.storage, NGINX, world.latest, ["amd64"]).complete


def test_missing_platform_is_refused_with_those_that_are_offered(tmp_path):
    amd = manifest(b"config-amd")
    world = World(tmp_path, index(amd64=amd), amd, b"config-amd")
    with pytest.raises(StepFailed, match="nginx:latest is not offered for s390x, but for linux/amd64"):
        world.warm(["s390x"])


def test_moved_tag_is_fetched_again(tmp_path):
    world = World(tmp_path, manifest(b"config"), b"config")
    world.warm()
    newer = manifest(b"newer")
    world.contents.update({digest_of(content): content for content in (newer, b"newer")})
    world.latest = digest_of(newer)
    assert not look(world.storage, NGINX, world.latest, ["amd64"]).complete
    assert world.warm().complete
    assert digest_of(b"newer") in world.blobs_asked()


def test_blob_with_another_digest_is_not_stored(tmp_path):
    storage = Storage(str(tmp_path))
    with pytest.raises(StepFailed, match="The content that was downloaded for sha256"):
        storage.put_blob(REPOSITORY, digest_of(b"right"), lambda write: write(b"wrong"))
    assert not storage.has_blob(REPOSITORY, digest_of(b"right"))
    assert os.listdir(str(tmp_path / INCOMING)) == []


def test_interrupted_download_leaves_nothing(tmp_path):
    def cut(*_arguments, **more):
        more["write"](b"con")
        raise no_answer("https://upstream/v2/", "IncompleteRead")

    world = World(tmp_path, manifest(b"config"), b"config")
    blob = FetchBlob(Registry("https://upstream", cut), world.storage, NGINX, digest_of(b"config"))
    with pytest.raises(StepFailed, match="failed.*Run the task again"):
        blob.apply(None)
    assert not world.storage.has_blob(REPOSITORY, digest_of(b"config"))
    assert os.listdir(str(tmp_path / INCOMING)) == []


def test_blob_of_another_repository_is_linked_and_not_fetched(tmp_path):
    storage = Storage(str(tmp_path))
    assert storage.put_blob("library/other", digest_of(b"shared"), lambda write: write(b"shared")) == 6
    assert storage.put_blob(REPOSITORY, digest_of(b"shared"), None) == 0
    assert storage.has_blob(REPOSITORY, digest_of(b"shared"))


def test_expired_token_is_renewed(tmp_path):
    tokens = iter(["first", "second"])
    challenge = {
        "www-authenticate": 'Bearer realm="https://auth/token",service="s",scope="repository:library/nginx:pull"'
    }

    def fetch(method, url, headers=None, data=None, ca_path=None, write=None, limit=None):
        if url.startswith("https://auth"):
            return Answer(200, {}, json.dumps({"token": next(tokens)}).encode("utf-8"))
        good = "Bearer first" if "/manifests/" in url else "Bearer second"
        if headers.get("Authorization") != good:
            return Answer(401, challenge)
        if write:
            write(b"config")
        return Answer(200, {"docker-content-digest": "sha256:0"})

    upstream = Registry("https://upstream", fetch)
    upstream_digest(upstream, NGINX)
    assert FetchBlob(upstream, Storage(str(tmp_path)), NGINX, digest_of(b"config")).apply(None).value == 6


@pytest.mark.parametrize(
    "status, advice", [(401, "credentials"), (404, "name and tag"), (429, "limits pulls"), (502, "log")]
)
def test_refusal_of_the_upstream_has_advice(status, advice):
    upstream = Registry("https://upstream", lambda *_arguments, **_more: Answer(status, {}))
    with pytest.raises(
        StepFailed, match="https://upstream answered %d when asked for nginx:latest.*%s" % (status, advice)
    ):
        upstream_digest(upstream, NGINX)
