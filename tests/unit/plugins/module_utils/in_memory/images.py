# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Images in memory."""

from __future__ import annotations

from typing import Any

IMAGE_ID = "sha256:" + "ab" * 32
OTHER_IMAGE_ID = "sha256:" + "cd" * 32


def image(name: str = "busybox:latest", identity: str = IMAGE_ID, **config: Any) -> Any:
    """An inspected image."""
    return {
        "Id": identity,
        "RepoTags": [name],
        "RepoDigests": [],
        "Os": "linux",
        "Architecture": "amd64",
        "RootFS": {"Layers": ["sha256:1"]},
        "Config": dict({"Cmd": ["sh"], "Env": ["PATH=/bin"]}, **config),
    }


class Images:
    """``known`` are inspected images.

    ``streams`` are the messages of each pull. After the last of them, ``pulled`` is the only image, unless it is None.
    ``platforms`` are the architectures of every image at the registry. ``listed`` is whether the Engine lists its images,
    ``filters`` are those of the last list.
    """

    def __init__(self, journal: Any, known: Any = ()) -> None:
        self.known = list(known)
        self.streams: list[Any] = []
        self.pulled: Any = None
        self.platforms: Any = ()
        self.listed = True
        self.filters: Any = {}
        self._journal = journal

    def find(self, name: str, platform: Any = None) -> Any:
        named = (known for known in self.known if _is_called(known, name))
        return next(named, next((known for known in self.known if known["Id"].startswith("sha256:" + name)), None))

    def list(self, all: bool = False, filters: Any = None, **params: Any) -> Any:
        """With ``ParentId``, as Engines before 29 list it. Filters have no effect."""
        self.filters = dict(filters or {})
        return [dict({"ParentId": ""}, **known) for known in self.known if self.listed]

    def history(self, name: str, platform: Any = None) -> Any:
        return [{"Size": 1000} for _layer in self.find(name)["RootFS"]["Layers"]]

    def pull(self, name: str, tag: str, platform: Any = None, login: Any = None, stall_timeout: Any = None) -> Any:
        messages = self.streams.pop(0)
        if not self.streams and self.pulled:
            self.known = [self.pulled]
        for message in messages:
            if isinstance(message, Exception):
                raise message
            yield message

    def distribution(self, reference: str, login: Any = None, within: Any = None) -> Any:
        self._journal("distribution")
        return {
            "Descriptor": {"digest": "sha256:" + "ab" * 32},
            "Platforms": [{"os": "linux", "architecture": name} for name in self.platforms],
        }

    def remove(self, name: str, force: bool = False, prune: bool = True) -> Any:
        """Remove an image of one name, and all its layers."""
        self._journal("remove", name)
        found = self.find(name)
        self.known.remove(found)
        return [{"Untagged": name}, {"Deleted": found["Id"]}, *({"Deleted": key} for key in found["RootFS"]["Layers"])]


def _is_called(known: Any, name: str) -> bool:
    return name == known["Id"] or {name, f"{name}:latest"} & set(known["RepoTags"]) != set()
