# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The storage directory of a CNCF distribution registry, read and written while the registry runs.

All releases of the registry use version 2 of its layout: each blob is stored once, and a repository has a link file for each of its blobs.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from typing import IO, Any, Callable, Iterator

from ..disk import text_of
from ..errors import StepFailed

# A directory next to the registry's; the clean-up of the cache removes files of killed runs from it.
INCOMING = "incoming"


class Storage:
    """A storage directory. ``root`` is the registry's ``rootdirectory``, whose owner gets all new files, so that the registry may remove them."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._tree = os.path.join(root, "docker", "registry", "v2")

    def tagged(self, repository: str, tag: str) -> str | None:
        """The digest that the cache has for a tag, or None."""
        return text_of(self._repository(repository, "_manifests", "tags", tag, "current", "link"))

    def manifest(self, repository: str, digest: str) -> str | None:
        """The text of a manifest, or None."""
        linked = text_of(self._repository(repository, "_manifests", "revisions", *digest.split(":"), "link"))
        return text_of(self._blob(digest)) if linked else None

    def has_blob(self, repository: str, digest: str) -> bool:
        """Whether a repository has a layer or a config."""
        return os.path.exists(self._blob(digest)) and os.path.exists(self._link(repository, digest))

    def put_blob(self, repository: str, digest: str, download: Callable[[Callable[[bytes], Any]], Any]) -> int:
        """Store the content that ``download(write)`` writes, after its digest was verified. Returns the number of bytes. Raises StepFailed."""
        size = 0
        if not os.path.exists(self._blob(digest)):
            with self._incoming() as file:
                found = _Hashed(file, digest.split(":")[0])
                download(found.write)
                if found.digest != digest:
                    raise StepFailed(
                        f"The content that was downloaded for {digest} has the digest {found.digest}",
                        "Check the proxies between this host and the upstream: one of them changes the content",
                    )
                size = found.size
                self._move(file, self._blob(digest))
        # The link is written last: with it, the registry serves the blob without checking it.
        with self._incoming() as file:
            file.write(digest.encode("ascii"))
            self._move(file, self._link(repository, digest))
        return size

    @contextlib.contextmanager
    def _incoming(self) -> Iterator[Any]:
        folder = os.path.join(self._root, INCOMING)
        self._make(folder)
        file = tempfile.NamedTemporaryFile(dir=folder, delete=False)  # pylint: disable=consider-using-with
        try:
            with file:
                yield file
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(file.name)

    def _move(self, file: IO[bytes], target: str) -> None:
        self._make(os.path.dirname(target))
        file.flush()
        os.chmod(file.name, 0o644)
        self._own(file.name)
        # A reader sees the complete file or none.
        os.rename(file.name, target)

    def _make(self, folder: str) -> None:
        if os.path.isdir(folder):
            return
        self._make(os.path.dirname(folder))
        with contextlib.suppress(FileExistsError):
            os.mkdir(folder, 0o755)
            self._own(folder)

    def _own(self, path: str) -> None:
        owner = os.stat(self._root)
        os.chown(path, owner.st_uid, owner.st_gid)

    def _repository(self, repository: str, *parts: str) -> str:
        return os.path.join(self._tree, "repositories", repository, *parts)

    def _link(self, repository: str, digest: str) -> str:
        return self._repository(repository, "_layers", *digest.split(":"), "link")

    def _blob(self, digest: str) -> str:
        algorithm, _colon, name = digest.partition(":")
        return os.path.join(self._tree, "blobs", algorithm, name[:2], name, "data")


class _Hashed:
    """Writes to a file, and computes the digest."""

    def __init__(self, file: IO[bytes], algorithm: str) -> None:
        self._file = file
        self._hash = hashlib.new(algorithm)
        self.size = 0

    def write(self, piece: bytes) -> None:
        """Write one piece."""
        self._file.write(piece)
        self._hash.update(piece)
        self.size += len(piece)

    @property
    def digest(self) -> str:
        """The digest of everything that was written."""
        return f"{self._hash.name}:{self._hash.hexdigest()}"
