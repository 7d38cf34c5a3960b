# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is foreseen of a removal; tests/integration compares it with what engines do."""

from __future__ import annotations

import pytest

from ansible_collections.flotilla.docker.plugins.module_utils.errors import Conflict, StepFailed
from ansible_collections.flotilla.docker.plugins.module_utils.image import removal
from ansible_collections.flotilla.docker.plugins.module_utils.image.foresight import Container, Host, Image
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import parse_reference
from ansible_collections.flotilla.docker.plugins.module_utils.layers.model import chain_ids

SHA, OTHER = "sha256:" + "aa" * 32, "sha256:" + "bb" * 32
BASE, TOP = "sha256:" + "01" * 32, "sha256:" + "02" * 32


def names(*texts):
    return tuple(parse_reference(text) for text in texts)


def foresee(asked, images, containers=(), kept=frozenset(), containerd=False, force=False, prune=True):
    host = Host({image.id: image for image in images}, containers, kept, containerd)
    return host.remove(images[0].id, parse_reference(asked) if asked else None, force, prune)


@pytest.mark.parametrize(
    "asked, known, untagged, deleted",
    [
        ("nginx", ["nginx:latest", "nginx@" + SHA], ["nginx:latest", "nginx@" + SHA], ["i", "top", "base"]),
        ("nginx", ["nginx:latest", "nginx:1"], ["nginx:latest"], []),
        ("nginx", ["nginx:latest", "nginx@" + SHA, "web:1"], ["nginx:latest", "nginx@" + SHA], []),
        ("nginx@" + SHA, ["nginx:latest", "nginx@" + SHA], ["nginx@" + SHA], []),
        (None, ["nginx:latest", "web:1"], ["nginx:latest", "web:1"], ["i", "top", "base"]),
    ],
)
def test_a_name_goes_alone_and_the_image_with_its_last_name(asked, known, untagged, deleted):
    assert foresee(asked, [Image("i", names(*known), layers=("base", "top"))]) == (untagged, deleted)


def test_layers_that_somebody_else_has_stay():
    image = Image("i", names("one:1"), layers=("base", "middle", "top"))
    assert foresee("one:1", [image, Image("j", layers=("base",))]).deleted == ["i", "top", "middle"]
    assert foresee("one:1", [image], kept={"base", "middle"}).deleted == ["i", "top"]
    assert foresee("one:1", [image], [Container("user", "i")], force=True).deleted == ["i"]


def test_parents_without_a_name_go_too_unless_something_needs_them():
    child, parent = Image("child", names("one:1"), "parent", ("base", "top")), Image("parent", (), "", ("base",))
    assert foresee("one:1", [child, parent]).deleted == ["child", "top", "parent", "base"]
    assert foresee("one:1", [child, parent], prune=False).deleted == ["child", "top"]
    assert foresee("one:1", [child, parent], [Container("user", "parent")]).deleted == ["child", "top"]
    assert foresee("one:1", [child, parent, Image("other", names("two:1"), "parent", ("base",))]).deleted == ["child", "top"]
    assert foresee("one:1", [parent._replace(names=names("one:1")), child._replace(names=())]) == (["one:1"], [])


def test_the_containerd_store_tells_no_layers_and_keeps_what_is_used_without_a_name():
    image = Image("i", names("one:1", "two:1"), layers=("base",))
    assert foresee(None, [image], containerd=True) == (["one:1", "two:1"], ["i"])
    single = image._replace(names=names("one:1"))
    assert foresee("one:1", [single], [Container("user", "i")], containerd=True, force=True) == (["one:1"], [])
    assert foresee("one@" + SHA, [single], [Container("user", "i")], containerd=True, force=True) == (["one:1"], ["i"])
    built = Image("child", names("two:1"), "i")
    assert foresee("one:1", [single, built], containerd=True) == (["one:1"], [])
    assert foresee("one:1", [single, built], containerd=True, force=True) == (["one:1"], ["i"])


class Engine:
    """A host of two images, of which the second stands on the first, and of containers."""

    is_local = False
    is_podman = False

    def __init__(self, containers=(), refuses=""):
        self.images = self.containers = self.daemon = self
        self._containers = list(containers)
        self._info = {"Driver": "overlay2", "DriverStatus": None, "Name": "elsewhere", "DockerRootDir": "/nowhere"}
        self._refuses = refuses

    def list(self, all=None):
        if all is None:
            return self._containers
        return [dict(self.find("one:1"), ParentId=""), dict(self.find("two:1"), ParentId=SHA)]

    def find(self, name):
        images = {
            "one:1": {"Id": SHA, "RepoTags": ["one:1"], "RepoDigests": [], "RootFS": {"Layers": [BASE]}, "GraphDriver": {"Data": {"UpperDir": "/base"}}},
            "two:1": {
                "Id": OTHER,
                "RepoTags": ["two:1"],
                "RepoDigests": [],
                "RootFS": {"Layers": [BASE, TOP]},
                "GraphDriver": {"Data": {"UpperDir": "/top", "LowerDir": "/base"}},
            },
            "orphan": {"GraphDriver": {"Data": {"LowerDir": "/orphan-init:/top:/base"}}},
        }
        images.update({SHA: images["one:1"], OTHER: images["two:1"], "aa" * 6: images["one:1"]})
        return images.get(name)

    def info(self):
        return self._info

    def remove(self, name, force, prune):
        raise Conflict("remove image", 409, self._refuses)


def step(asked, engine, force=False):
    return removal.Remove(asked, removal.View(engine, lambda info: set()), force, True)


def test_a_check_remembers_what_it_foresaw_for_the_names_before():
    view = removal.View(Engine(), lambda info: set())
    first, second = (removal.Remove(name, view, False, True).predict(view._engine) for name in ("two:1", "one:1"))
    assert first.value["deleted"] == [OTHER, chain_ids([BASE, TOP])[1]]
    assert second.value["deleted"] == [SHA, BASE]
    assert not removal.Remove(OTHER, view, False, True).predict(view._engine).changed


def test_layers_below_containers_whose_image_is_gone_are_told_by_their_directories():
    engine = Engine([{"Names": ["/orphan"], "ImageID": "sha256:gone", "State": "exited"}])
    assert step("two:1", engine).predict(engine).value["deleted"] == [OTHER]


def test_what_an_engine_refuses_is_refused_in_a_check_with_the_same_words():
    engine = Engine(refuses="conflict: unable to delete aaaa (cannot be forced) - image has dependent child images")
    short = "aa" * 6
    said = []
    for verb in ("predict", "apply"):
        with pytest.raises(StepFailed) as failure:
            getattr(step(short, engine), verb)(engine)
        said.append(str(failure.value))
    assert said[0] == said[1] and OTHER in said[0]


@pytest.mark.parametrize("state, force, refused", [("running", True, True), ("exited", False, True), ("exited", True, False)])
def test_an_image_in_use_stays_and_the_users_are_named(state, force, refused):
    engine = Engine([{"Names": ["/keeper"], "ImageID": OTHER, "State": state}])
    if refused:
        with pytest.raises(StepFailed, match="keeper"):
            step("two:1", engine, force).predict(engine)
    else:
        assert step("two:1", engine, force).predict(engine).value["deleted"] == [OTHER]


def test_engine_29_has_no_graph_driver_and_its_list_no_parents():
    inspected = {"Id": SHA, "RepoTags": ["nginx:latest", "nginx@" + SHA], "RepoDigests": ["nginx@" + SHA], "RootFS": {}}
    image = removal.image_of(inspected, containerd=True)
    assert image.names == names("nginx:latest", "nginx@" + SHA) and image.parent == ""
    assert removal.container_of({"Id": "c" * 64, "ImageID": SHA}) == Container("c" * 12, SHA)
