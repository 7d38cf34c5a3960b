# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is predicted of a removal; tests/integration compares it with what Engines do."""

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.errors import Conflict, StepFailed
from ansible_collections.flotilla.docker.plugins.module_utils.image import removal
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import parse_reference
from ansible_collections.flotilla.docker.plugins.module_utils.image.removal_rules import (
    ImageEntry,
    ImageUser,
    PredictedHost,
)
from ansible_collections.flotilla.docker.plugins.module_utils.layers.model import chain_ids

from ..in_memory import images
from ..in_memory.engine import Engine

SHA, OTHER = "sha256:" + "aa" * 32, "sha256:" + "bb" * 32
BASE, TOP = "sha256:" + "01" * 32, "sha256:" + "02" * 32


def names(*texts):
    return tuple(parse_reference(text) for text in texts)


def predict(asked, entries, containers=(), kept=frozenset(), containerd=False, force=False, prune=True):
    host = PredictedHost({image.id: image for image in entries}, containers, kept, containerd)
    return host.remove(entries[0].id, parse_reference(asked) if asked else None, force, prune)


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
def test_image_is_deleted_with_its_last_name_only(asked, known, untagged, deleted):
    assert predict(asked, [ImageEntry("i", names(*known), layers=("base", "top"))]) == (untagged, deleted)


def test_layers_that_something_else_uses_stay():
    image = ImageEntry("i", names("one:1"), layers=("base", "middle", "top"))
    assert predict("one:1", [image, ImageEntry("j", layers=("base",))]).deleted == ["i", "top", "middle"]
    assert predict("one:1", [image], kept={"base", "middle"}).deleted == ["i", "top"]
    assert predict("one:1", [image], [ImageUser("user", "i")], force=True).deleted == ["i"]


def test_unused_parents_without_a_name_are_deleted_too():
    child, parent = (
        ImageEntry("child", names("one:1"), "parent", ("base", "top")),
        ImageEntry("parent", (), "", ("base",)),
    )
    assert predict("one:1", [child, parent]).deleted == ["child", "top", "parent", "base"]
    assert predict("one:1", [child, parent], prune=False).deleted == ["child", "top"]
    assert predict("one:1", [child, parent], [ImageUser("user", "parent")]).deleted == ["child", "top"]
    assert predict("one:1", [child, parent, ImageEntry("other", names("two:1"), "parent", ("base",))]).deleted == [
        "child",
        "top",
    ]
    assert predict("one:1", [parent._replace(names=names("one:1")), child._replace(names=())]) == (["one:1"], [])


def test_containerd_store_reports_no_layers_and_keeps_used_images_without_a_name():
    image = ImageEntry("i", names("one:1", "two:1"), layers=("base",))
    assert predict(None, [image], containerd=True) == (["one:1", "two:1"], ["i"])
    single = image._replace(names=names("one:1"))
    assert predict("one:1", [single], [ImageUser("user", "i")], containerd=True, force=True) == (["one:1"], [])
    assert predict("one@" + SHA, [single], [ImageUser("user", "i")], containerd=True, force=True) == (["one:1"], ["i"])
    built = ImageEntry("child", names("two:1"), "i")
    assert predict("one:1", [single, built], containerd=True) == (["one:1"], [])
    assert predict("one:1", [single, built], containerd=True, force=True) == (["one:1"], ["i"])


def engine_of(user=None):
    """An Engine with image one:1, image two:1, which was built on it, and the container ``user``, which may be of two:1.

    The image of container orphan, which was built on two:1, was removed.
    """
    one = images.image("one:1", SHA)
    one.update(RootFS={"Layers": [BASE]}, GraphDriver={"Data": {"UpperDir": "/base"}})
    two = images.image("two:1", OTHER)
    two.update(
        ParentId=SHA,
        RootFS={"Layers": [BASE, TOP]},
        GraphDriver={"Data": {"UpperDir": "/top", "LowerDir": "/base"}},
    )
    engine = Engine(images=[one, two], info={"Name": "elsewhere", "DockerRootDir": "/nowhere"})
    if user == "orphan":
        container = engine.containers.add("orphan", running=False, image="sha256:gone")
        container["GraphDriver"] = {"Data": {"LowerDir": "/orphan-init:/top:/base"}}
    elif user:
        engine.containers.add("keeper", running=user == "running", image=OTHER)
    return engine


def step(asked, engine, force=False):
    return removal.RemoveImage(asked, removal.View(engine, lambda info: set()), force, True)


def test_check_takes_earlier_predicted_removals_into_account():
    engine = engine_of()
    view = removal.View(engine, lambda info: set())
    first, second = (removal.RemoveImage(name, view, False, True).predict(engine) for name in ("two:1", "one:1"))
    assert first.value["deleted"] == [OTHER, chain_ids([BASE, TOP])[1]]
    assert second.value["deleted"] == [SHA, BASE]
    assert not removal.RemoveImage(OTHER, view, False, True).predict(engine).changed


def test_layers_of_containers_without_an_image_are_kept():
    engine = engine_of("orphan")
    assert step("two:1", engine).predict(engine).value["deleted"] == [OTHER]


def test_check_refuses_with_the_message_of_the_run():
    engine = engine_of()
    refusal = "conflict: unable to delete aaaa (cannot be forced) - image has dependent child images"
    engine.failures["remove"] = Conflict("remove image", 409, refusal)
    short = "aa" * 6
    said = []
    for verb in ("predict", "apply"):
        with pytest.raises(StepFailed) as failure:
            getattr(step(short, engine), verb)(engine)
        said.append(str(failure.value))
    assert said[0] == said[1] and OTHER in said[0]


@pytest.mark.parametrize(
    "state, force, refused", [("running", True, True), ("exited", False, True), ("exited", True, False)]
)
def test_image_in_use_is_refused_and_its_containers_are_named(state, force, refused):
    engine = engine_of(state)
    if refused:
        with pytest.raises(StepFailed, match="keeper"):
            step("two:1", engine, force).predict(engine)
    else:
        assert step("two:1", engine, force).predict(engine).value["deleted"] == [OTHER]


def test_engine_29_lists_images_without_parents():
    inspected = {"Id": SHA, "RepoTags": ["nginx:latest", "nginx@" + SHA], "RepoDigests": ["nginx@" + SHA], "RootFS": {}}
    image = removal.image_of(inspected, containerd=True)
    assert image.names == names("nginx:latest", "nginx@" + SHA) and image.parent == ""
    assert removal.user_of({"Id": "c" * 64, "ImageID": SHA}) == ImageUser("c" * 12, SHA)


def test_check_removes_an_image_that_the_engine_leaves_out_of_its_list():
    engine = engine_of()
    engine.images.listed = False
    view = removal.View(engine, lambda info: set())
    assert removal.RemoveImage("one:1", view, False, True).predict(engine).changed
    assert not removal.RemoveImage("one:1", view, False, True).predict(engine).changed
