# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Image references, "host:port/repository:tag@digest", as users write them and as Engines report them."""

from __future__ import annotations

import re
from typing import Any, Mapping, NamedTuple

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
    tag: str | None = None
    digest: str | None = None
    image_id: str | None = None

    @property
    def name(self) -> str:
        """The repository as docker images shows it: "nginx", "hub:5000/web"."""
        if self.registry != DOCKER_HUB:
            return f"{self.registry}/{self.repository}"
        official = self.repository.startswith("library/") and self.repository.count("/") == 1
        return self.repository[len("library/") :] if official else self.repository

    @property
    def familiar(self) -> str:
        """As docker images shows it: "nginx:latest", "nginx@sha256:…"."""
        return self.image_id or self.name + self._suffix

    @property
    def canonical(self) -> str:
        """With everything that the familiar form leaves out: "docker.io/library/nginx:latest"."""
        return self.image_id or f"{self.registry}/{self.repository}{self._suffix}"

    @property
    def _suffix(self) -> str:
        return (":" + self.tag if self.tag else "") + ("@" + self.digest if self.digest else "")

    @property
    def key(self) -> str:
        """The name by which an Engine finds the image on the host; some do not accept a tag together with a digest."""
        return f"{self.name}@{self.digest}" if self.digest else self.familiar

    @property
    def repository_path(self) -> str:
        """Registry and repository, without a version."""
        return f"{self.registry}/{self.repository}"

    @property
    def pullable(self) -> str:
        """The name to pull: by digest if there is one, else by tag."""
        return self.repository_path + ("@" + self.digest if self.digest else f":{self.tag}")

    @property
    def version(self) -> str:
        """The digest or tag for requests to the registry: the digest takes precedence."""
        return self.digest or self.tag or ""

    def digests_in(self, image: Mapping[str, Any]) -> tuple[str, ...]:
        """The digests that an inspected image has in this repository. An image without any is not necessarily outdated."""
        found = (parse_known(text) for text in image.get("RepoDigests") or ())
        return tuple(known.digest for known in found if known and known.digest and self.shares_repository(known))

    def names(self, image: Mapping[str, Any]) -> bool:
        """Whether an inspected image has this name, in any form that Engines use."""
        if self.image_id:
            return image["Id"] == self.image_id
        if self.digest:
            return self.digest in self.digests_in(image)
        found = (parse_known(text) for text in image.get("RepoTags") or ())
        return any(known and self.shares_repository(known) and known.tag == self.tag for known in found)

    def shares_repository(self, other: Reference) -> bool:
        """Whether both are of one repository."""
        return (self.registry, self.repository) == (other.registry, other.repository)


def parse_reference(text: str, option: str = "name", default_tag: str = "latest") -> Reference:
    """The reference for a name of a task. Raises BadOption, naming ``option``. A name with neither tag nor digest gets the default tag."""
    text = text.strip()
    match = _ID.match(text)
    if match:
        return Reference("", "", image_id="sha256:" + match.group(1))

    rest, at, digest = text.partition("@")
    if at and not _DIGEST.match(digest):
        raise _bad(option, text, "must have a digest after @", "nginx@sha256:<64 hex digits>")
    registry, path = _split_registry(rest)
    path, colon, tag = path.partition(":")
    if colon and not _TAG.match(tag):
        raise _bad(option, text, f"must have a valid tag; {tag!r} is not one", "nginx:1.27")
    if "://" in text:
        raise _bad(option, text, "must not start with a scheme such as https://", text.split("://", 1)[1] or "nginx")
    if not _HOST.match(registry):
        raise _bad(
            option,
            text,
            f"must have a registry host and port before the path; {registry!r} is not one",
            "registry.example.com:5000/nginx",
        )
    if path != path.lower():
        raise _bad(option, text, "must have a lower-case repository name", rest.lower())
    if not _PATH.match(path) or len(path) > 255:
        raise _bad(option, text, "must be an image name", "nginx:latest or registry.example.com:5000/team/web:1.0")
    if registry == DOCKER_HUB and "/" not in path:
        path = "library/" + path
    return Reference(registry, path, tag or (None if digest else default_tag), digest or None)


def check_tag(option: str, tag: str) -> None:
    """Raise BadOption unless an option is a tag."""
    if not _TAG.match(tag):
        raise BadOption(
            option, "must have letters, digits, '_', '.' and '-' only, at most 128", got=tag, example=f"{option}: 1.27"
        )


def parse_known(text: str) -> Reference | None:
    """The reference for a name that an Engine reported, or None for "<none>:<none>" and the like."""
    try:
        return parse_reference(text)
    except BadOption:
        return None


def _split_registry(text: str) -> tuple[str, str]:
    """Split off the registry. The first part is a host only if it has a dot, a colon or capitals, or is localhost."""
    first, slash, rest = text.partition("/")
    if not slash or not ("." in first or ":" in first or first == "localhost" or first != first.lower()):
        return DOCKER_HUB, text
    return (DOCKER_HUB if first == "index.docker.io" else first), rest


def _bad(option: str, text: str, problem: str, example: str) -> BadOption:
    return BadOption(option, problem, got=text, example=f"{option}: {example}")
