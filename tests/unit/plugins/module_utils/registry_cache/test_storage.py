# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


from __future__ import annotations

import hashlib
import os

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.errors import StepFailed
from ansible_collections.flotilla.docker.plugins.module_utils.registry_cache.storage import INCOMING, Storage

BLOB = b"layer"
DIGEST = "sha256:" + hashlib.sha256(BLOB).hexdigest()
HEX = DIGEST.split(":")[1]
TREE = "docker/registry/v2"


def put(root, content=BLOB, repository="library/nginx"):
    return Storage(str(root)).put_blob(repository, DIGEST, lambda write: [write(content[:2]), write(content[2:])])


def test_blob_is_stored_where_the_registry_looks_for_it(tmp_path):
    assert put(tmp_path) == len(BLOB)
    assert (tmp_path / TREE / "blobs/sha256" / HEX[:2] / HEX / "data").read_bytes() == BLOB
    link = tmp_path / TREE / "repositories/library/nginx/_layers/sha256" / HEX / "link"
    assert link.read_text() == DIGEST


def test_stored_files_can_be_read_by_the_registry(tmp_path):
    put(tmp_path)
    modes = {oct(path.stat().st_mode & 0o777) for path in (tmp_path / TREE).rglob("*") if path.is_file()}
    assert modes == {"0o644"}


def test_stored_files_belong_to_the_owner_of_the_storage_directory(tmp_path):
    if os.getuid():
        pytest.skip("only root may give files away")
    os.chown(tmp_path, 1234, 1234)
    put(tmp_path)
    assert {path.stat().st_uid for path in tmp_path.rglob("*")} == {1234}


@pytest.mark.parametrize("missing", ["data", "link"])
def test_blob_without_data_or_without_link_is_missing(tmp_path, missing):
    put(tmp_path)
    for path in list((tmp_path / TREE).rglob(missing)):
        path.unlink()
    assert not Storage(str(tmp_path)).has_blob("library/nginx", DIGEST)


def test_blob_with_another_digest_is_refused_and_nothing_is_left(tmp_path):
    with pytest.raises(StepFailed, match="has the digest sha256:"):
        put(tmp_path, b"other")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_failed_download_leaves_nothing(tmp_path):
    def fail(write):
        write(b"la")
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        Storage(str(tmp_path)).put_blob("library/nginx", DIGEST, fail)
    assert list((tmp_path / INCOMING).iterdir()) == []


def test_empty_storage_has_nothing(tmp_path):
    storage = Storage(str(tmp_path))
    assert storage.tagged("library/nginx", "latest") is None
    assert storage.manifest("library/nginx", DIGEST) is None
    assert not storage.has_blob("library/nginx", DIGEST)


def test_manifest_without_a_link_in_the_repository_is_missing(tmp_path):
    blob = tmp_path / TREE / "blobs/sha256" / HEX[:2] / HEX / "data"
    blob.parent.mkdir(parents=True)
    blob.write_bytes(BLOB)
    assert Storage(str(tmp_path)).manifest("library/nginx", DIGEST) is None
