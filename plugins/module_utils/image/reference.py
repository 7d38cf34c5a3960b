# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Image references: "host:port/repository:tag@digest", as people write them and as engines report them."""

from __future__ import annotations

import re
from typing import Any, Mapping, NamedTuple, Optional

from ..errors import BadOption

DOCKER_HUB = "docker.io"

# The grammar of the distribution project's reference package.
_HOST = re.compile(r"^(?:\[[0-9a-fA-F:]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?)(?::[0-9]+)?$")
_PATH = re.compile(r"^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$")
_TAG = re.compile(r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$")
_DIGEST = re.compile(r"^[A-Za-z][A-Za-z0-9+._-]*:[0-9a-fA-F]{32,}$")
_ID = re.compile(r"^(?:sha256:)?([0-9a-f]{64})$")


class Reference(NamedTuple):
    """One image name. Either ``image_id`` is set, or ``registry`` and ``repository`` with a tag, a digest or both."""

    registry: str
    repository: str
    tag: Optional[str] = None
    digest: Optional[str] = None
    image_id: Optional[str] = None

    @property
    def name(self) -> str:
        """The repository as docker images shows it: "nginx", "hub:5000/web"."""
        if self.registry != DOCKER_HUB:
            return "%s/%s" % (self.registry, self.repository)
        official = self.repository.startswith("library/") and self.repository.count("/") == 1
        return self.repository[len("library/"):] if official else self.repository

    @property
    def familiar(self) -> str:
        """As docker images shows it: "nginx:latest", "nginx@sha256:…"."""
        return self.image_id or self.name + self._suffix

    @property
    def canonical(self) -> str:
        """With everything that the familiar form leaves out: "docker.io/library/nginx:latest"."""
        return self.image_id or "%s/%s%s" % (self.registry, self.repository, self._suffix)

    @property
    def _suffix(self) -> str:
        return (":" + self.tag if self.tag else "") + ("@" + self.digest if self.digest else "")

    @property
    def key(self) -> str:
        """How an engine finds it among its own images; some do not find a tag and a digest together."""
        return "%s@%s" % (self.name, self.digest) if self.digest else self.familiar

    @property
    def repository_path(self) -> str:
        """Registry and repository, without a version."""
        return "%s/%s" % (self.registry, self.repository)

    @property
    def pullable(self) -> str:
        """The name for which a registry has one answer: by digest if there is one, else by tag."""
        return self.repository_path + ("@" + self.digest if self.digest else ":%s" % self.tag)

    @property
    def version(self) -> str:
        """What to ask the registry for: the digest wins over the tag."""
        return self.digest or self.tag or ""

    def digests_in(self, image: Mapping[str, Any]) -> tuple[str, ...]:
        """The digests that an inspected image has under this repository; none does not mean outdated."""
        found = (parse_known(text) for text in image.get("RepoDigests") or ())
        return tuple(known.digest for known in found if known and known.digest and self.shares_repository(known))

    def names(self, image: Mapping[str, Any]) -> bool:
        """Whether an inspected image goes by this name, whichever form the engine uses."""
        if self.image_id:
            return image["Id"] == self.image_id
        if self.digest:
            return self.digest in self.digests_in(image)
        found = (parse_known(text) for text in image.get("RepoTags") or ())
        return any(known and self.shares_repository(known) and known.tag == self.tag for known in found)

    def shares_repository(self, other: "Reference") -> bool:
        """Whether both are of one repository."""
        return (self.registry, self.repository) == (other.registry, other.repository)


def parse_reference(text: str, option: str = "name", default_tag: str = "latest") -> Reference:
    """The reference that people write. Raises BadOption, naming ``option``. A name with neither tag nor digest gets the default tag."""
    text = text.strip()
    match = _ID.match(text)
    if match:
        return Reference("", "", image_id="sha256:" + match.group(1))

    rest, at, digest = text.partition("@")
    if at and not _DIGEST.match(digest):
        raise _bad(option, text, "what follows @ is not a digest", "nginx@sha256:<64 hex digits>")
    registry, path = _split_registry(rest)
    path, colon, tag = path.partition(":")
    if colon and not _TAG.match(tag):
        raise _bad(option, text, "%r is not a tag" % tag, "nginx:1.27")
    if "://" in text:
        raise _bad(option, text, "a reference has no scheme", text.split("://", 1)[1] or "nginx")
    if not _HOST.match(registry):
        raise _bad(option, text, "%r is not a registry's host and port" % registry, "registry.example.com:5000/nginx")
    if path != path.lower():
        raise _bad(option, text, "a repository name is lower case", rest.lower())
    if not _PATH.match(path) or len(path) > 255:
        raise _bad(option, text, "it is not an image name", "nginx:latest or registry.example.com:5000/team/web:1.0")
    if registry == DOCKER_HUB and "/" not in path:
        path = "library/" + path
    return Reference(registry, path, tag or (None if digest else default_tag), digest or None)


def parse_known(text: str) -> Optional[Reference]:
    """A name that an engine reported, or None for "<none>:<none>" and the like."""
    try:
        return parse_reference(text)
    except BadOption:
        return None


def _split_registry(text: str) -> tuple[str, str]:
    """The first part is a host only if it cannot be a path: it has a dot, a colon or capitals, or is localhost."""
    first, slash, rest = text.partition("/")
    if not slash or not ("." in first or ":" in first or first == "localhost" or first != first.lower()):
        return DOCKER_HUB, text
    return (DOCKER_HUB if first == "index.docker.io" else first), rest


def _bad(option: str, text: str, reason: str, example: str) -> BadOption:
    return BadOption(option, text, reason, "%s: %s" % (option, example))
