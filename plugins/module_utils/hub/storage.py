# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The storage folder of a CNCF distribution registry, read and filled while the registry runs.

The layout is the second version of the registry's own, the same in all its releases: blobs lie once, and a link in a repository says that it has one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from typing import Any, Callable, Iterator, Optional

from ..errors import StepFailed

# Beside the registry's own folders; the clean-up takes away what a run that was killed left here.
INCOMING = "incoming"


class Storage:
    """``root`` is the registry's ``rootdirectory``. What is written belongs to the owner of ``root``, so that the registry may remove it."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._tree = os.path.join(root, "docker", "registry", "v2")

    def tagged(self, repository: str, tag: str) -> Optional[str]:
        """The digest that the cache last saw under a tag, or None."""
        return _read(self._repository(repository, "_manifests", "tags", tag, "current", "link"))

    def manifest(self, repository: str, digest: str) -> Optional[str]:
        """The text of a manifest, or None."""
        linked = _read(self._repository(repository, "_manifests", "revisions", *digest.split(":"), "link"))
        return _read(self._blob(digest)) if linked else None

    def has_blob(self, repository: str, digest: str) -> bool:
        """Whether a repository has a layer or a config."""
        return os.path.exists(self._blob(digest)) and os.path.exists(self._link(repository, digest))

    def put_blob(self, repository: str, digest: str, download: Callable[[Callable[[bytes], Any]], Any]) -> int:
        """Take what ``download(write)`` writes into a repository, once it is known to be what the digest says; the bytes that came. Raises StepFailed."""
        came = 0
        if not os.path.exists(self._blob(digest)):
            with self._incoming() as file:
                found = _Hashed(file, digest.split(":")[0])
                download(found.write)
                if found.digest != digest:
                    raise StepFailed("What was downloaded as %s is %s" % (digest, found.digest), "Something on the way changes the content: look at proxies")
                came = found.size
                self._move(file, self._blob(digest))
        # The link comes last: the registry believes it.
        with self._incoming() as file:
            file.write(digest.encode("ascii"))
            self._move(file, self._link(repository, digest))
        return came

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

    def _move(self, file: Any, target: str) -> None:
        self._make(os.path.dirname(target))
        file.flush()
        os.chmod(file.name, 0o644)
        self._own(file.name)
        # A reader sees the whole file or none.
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
    """Passes on what is written, and knows its digest."""

    def __init__(self, file: Any, algorithm: str) -> None:
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
        """The digest of all that was written."""
        return "%s:%s" % (self._hash.name, self._hash.hexdigest())


def _read(path: str) -> Optional[str]:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
