# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every module about images against the answers of Engine 29.7, which no Debian has: its shapes are recorded."""

from __future__ import annotations

import json
import platform
from types import SimpleNamespace

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.errors import FlotillaError, SearchFailed, StepFailed
from ansible_collections.flotilla.docker.plugins.module_utils.layers.api import ApiStore
from ansible_collections.flotilla.docker.plugins.module_utils.ledger import Ledger
from ansible_collections.flotilla.docker.plugins.module_utils.registry import lookup
from ansible_collections.flotilla.docker.plugins.module_utils.registry.http import no_answer
from ansible_collections.flotilla.docker.plugins.modules import (
    hub_search,
    image_layers,
    image_list,
    image_pull,
    image_remove,
)

from ..module_utils.engine import recorded

INDEX, OTHER = "sha256:" + "11" * 32, "sha256:" + "22" * 32
LAYERS = ["sha256:" + f"{number:02x}" * 32 for number in (0xA0, 0xA1)]
CONTAINERD = {
    "Driver": "overlayfs",
    "DriverStatus": [["driver-type", "io.containerd.snapshotter.v1"]],
    "DockerRootDir": "/var/lib/docker",
}
OVERLAY2 = {"Driver": "overlay2", "DriverStatus": [["Backing Filesystem", "extfs"]], "DockerRootDir": "/var/lib/docker"}
# No GraphDriver; empty fields of Config and history are missing; a digest for each image.
NGINX = {
    "Id": INDEX,
    "RepoTags": ["nginx:latest"],
    "RepoDigests": ["nginx@" + INDEX],
    "Created": "2026-11-01T10:00:00Z",
    "Config": {"Cmd": ["nginx"]},
    "Architecture": "amd64",
    "Os": "linux",
    "Size": 1075112,
    "RootFS": {"Type": "layers", "Layers": LAYERS},
    "Descriptor": {"mediaType": "application/vnd.oci.image.index.v1+json", "digest": INDEX, "size": 856},
    "Identity": {"Pull": [{"Repository": "docker.io/library/nginx"}]},
}
# Only another platform's content is on the host.
FOREIGN = dict(
    NGINX,
    Id=OTHER,
    RepoTags=["multi:latest"],
    RepoDigests=["multi@" + OTHER],
    Architecture="",
    Os="",
    Config={},
    RootFS={},
)
LISTED = [
    {
        "Created": 1793527200,
        "Id": INDEX,
        "ParentId": "",
        "RepoDigests": ["nginx@" + INDEX],
        "RepoTags": ["nginx:latest"],
        "SharedSize": 7,
        "Size": 9,
    },
    {
        "Containers": -1,
        "Created": 0,
        "Id": OTHER,
        "Labels": None,
        "ParentId": "",
        "RepoDigests": [],
        "RepoTags": [],
        "SharedSize": -1,
        "Size": 5,
    },
]
# Both the old and the new shape of the disk usage; without LayersSize where only the new one was asked for.
USAGE = {"BuildCacheUsage": {"ActiveCount": 0, "TotalCount": 1, "Items": [{"ID": "u5yuhk6ipqnm3fnun44vnsqvq"}]}}
CONTAINERS = [{"Id": "c" * 64, "Names": ["/web"], "ImageID": INDEX, "State": "running"}]


def engine(more=None, info=None):
    """Engine 29 with the containerd store, or with another /info."""
    answers = {
        ("GET", "/info"): (200, dict(info or CONTAINERD, Name=platform.node() + "-elsewhere")),
        ("GET", "/images/json"): (200, LISTED),
        ("GET", "/containers/json"): (200, CONTAINERS),
        ("GET", "/system/df"): (200, USAGE),
        ("GET", f"/images/{INDEX}/history"): (200, None),
        ("GET", f"/images/{OTHER}/history"): (200, None),
    }
    for image, names in ((NGINX, ("nginx:latest", INDEX)), (FOREIGN, ("multi:latest", OTHER))):
        answers.update({("GET", f"/images/{name}/json"): (200, image) for name in names})
    return recorded.engine({**answers, **(more or {})}, "1.52", Api_Version="1.55")


def params(module, **given):
    """The parameters that AnsibleModule has for these options."""
    seen = {}
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(module.runner, "run", lambda *functions, argument_spec, **more: seen.update(argument_spec))
    module.main()
    monkeypatch.undo()
    return dict({name: option.get("default") for name, option in seen.items()}, **given)


def ran(module, on, check=False, **given):
    options = params(module, **given)
    return Ledger().perform(module.decide(on, options), on, check)


def test_list_accepts_fields_that_engine_29_leaves_out():
    listed = image_list.report(engine(), params(image_list), None)["images"]
    assert [(image["references"], image["labels"], image["shared_size"], image["dangling"]) for image in listed] == [
        (["nginx:latest"], {}, 7, False),
        ([], {}, None, True),
    ]
    assert listed[0]["containers"] == ["web"] and listed[1]["created"] is None


@pytest.mark.parametrize("info", [CONTAINERD, OVERLAY2])
def test_layers_are_returned_without_graph_driver_history_and_content(info):
    on, options = engine(info=info), params(image_layers, name=["nginx", "multi"])
    result = image_layers.report(on, options, ran(image_layers, on, name=["nginx", "multi"]))
    nginx, foreign = result["images"]
    assert (
        [layer["diff_id"] for layer in nginx["layers"]] == LAYERS
        and nginx["layers"][0]["path"] is None
        and nginx["history"] == []
    )
    assert foreign["layers"] == [] and foreign["reference"] == "multi:latest"
    assert result["driver"] == info["Driver"] and result["missing"]


HISTORY = [
    {"Created": 1793527200, "CreatedBy": "RUN install nginx", "Size": 7, "Comment": "buildkit.dockerfile.v0"},
    {"Created": 1793527100, "CreatedBy": "ADD base", "Size": 2, "Comment": ""},
]


@pytest.mark.parametrize("info", [CONTAINERD, OVERLAY2])
def test_pull_with_layers_returns_each_layer_as_image_layers_does(info):
    directories = {"Name": "overlay2", "Data": {"UpperDir": "/top", "LowerDir": "/base"}} if info is OVERLAY2 else None
    image = dict(NGINX, GraphDriver=directories)
    on = engine(
        {
            ("GET", "/images/nginx:latest/json"): (200, image),
            ("GET", f"/images/{INDEX}/json"): (200, image),
            ("GET", f"/images/{INDEX}/history"): (200, HISTORY),
        },
        info=info,
    )
    listed = image_layers.report(on, params(image_layers), ran(image_layers, on, name=["nginx"]))
    asked = len(on.asked)
    result = ran(image_pull, on, name=["nginx"], pull="missing", layers=True)
    assert len(on.asked) - asked == 3, "the image, /info and the history"
    assert {key: result[key] for key in ("missing", "path_holds")} == {
        key: listed[key] for key in ("missing", "path_holds")
    }
    of_others = {"used_by", "containers", "freed_with_image", "in_build_cache"}
    expected = [{key: layer[key] for key in layer.keys() - of_others} for layer in listed["images"][0]["layers"]]
    layers = result["images"][0]["layers"]
    assert [{key: layer[key] for key in layer.keys() - {"status", "bytes"}} for layer in layers] == expected
    assert [layer["created_by"] for layer in layers] == ["ADD base", "RUN install nginx"]
    assert [layer["path"] for layer in layers] == (["/base", "/top"] if directories else [None, None])


def test_pull_with_layers_asks_for_the_history_of_the_platform_of_the_task():
    image = dict(NGINX, Architecture="arm64")
    on = engine(
        {
            ("GET", "/images/nginx:latest/json"): (200, image),
            ("GET", f"/images/{INDEX}/history"): (200, HISTORY),
        }
    )
    result = ran(image_pull, on, name=["nginx"], pull="missing", platform="arm64", layers=True)
    assert result["images"][0]["layers"][1]["created_by"] == "RUN install nginx"
    asked = [query for _method, path, query in on.asked if path.endswith("/history")]
    assert asked == [{"platform": ['{"os": "linux", "architecture": "arm64"}']}]


def test_pull_with_layers_has_no_layers_where_check_mode_cannot_know_them():
    on = engine({("GET", "/images/new:latest/json"): (404, {"message": "No such image"})})
    options = {"name": ["new", "nginx"], "pull": "missing", "pull_check_mode_behavior": "always", "layers": True}
    new, present = ran(image_pull, on, check=True, **options)["images"]
    assert new["changed"] and new["layers"] == []
    assert not present["changed"] and len(present["layers"]) == 2


def test_pull_without_layers_does_not_ask_for_the_history():
    on = engine()
    result = ran(image_pull, on, name=["nginx"], pull="missing")
    assert "path" not in result["images"][0]["layers"][0] and "missing" not in result
    assert [path for _method, path, _query in on.asked] == ["/info", "/images/nginx:latest/json"]


def test_image_whose_pull_failed_has_no_layers_and_the_others_have_them():
    with pytest.raises(StepFailed) as failure:
        ran(image_pull, engine(), name=["absent", "nginx"], pull="never", layers=True)
    absent, nginx = failure.value.facts["images"]
    assert absent["error"] and "layers" not in absent
    assert len(nginx["layers"]) == 2 and failure.value.facts["missing"]


def test_engine_29_with_overlay2_shows_directories():
    image = dict(NGINX, GraphDriver={"Name": "overlay2", "Data": {"UpperDir": "/top", "LowerDir": "/base"}})
    assert [layer.path for layer in ApiStore().layers(image)] == ["/base", "/top"]


def test_build_cache_is_read_from_its_new_field():
    on = engine()
    assert on.daemon.build_cache() == ["u5yuhk6ipqnm3fnun44vnsqvq"]
    assert on.asked[-1][2] == {"type": ["build-cache"]}


def test_removal_is_predicted_and_an_image_in_use_stays():
    with pytest.raises(StepFailed, match="web"):
        ran(image_remove, engine(), check=True, name=["nginx"])
    gone = ran(image_remove, engine({("GET", "/containers/json"): (200, [])}), check=True, name=["nginx"])
    assert gone == {"untagged": ["nginx:latest"], "deleted": [INDEX], "missing": []}
    deletes = {("DELETE", "/images/nginx:latest"): (200, [{"Untagged": "nginx:latest"}, {"Deleted": INDEX}])}
    stays = ran(image_remove, engine({**deletes, ("GET", "/containers/json"): (200, [])}), name=["nginx"])
    assert stays["deleted"] == [], "the image is still there under its id"


def stream(*messages):
    return "".join(json.dumps(message) + "\r\n" for message in messages)


def pulled(messages, status=200, **given):
    on = engine({("POST", "/images/create"): (status, messages)})
    return ran(image_pull, on, **dict({"name": ["nginx"], "retries": 0, "registry_username": None}, **given))["images"]


def test_pull_is_read_without_rendered_progress():
    images = pulled(
        stream(
            {"status": "Pulling from library/nginx", "id": "latest"},
            {"status": "Digest: " + INDEX},
            {"status": "Status: Image is up to date"},
        )
    )
    assert (
        images[0]["layer_count"] == 2
        and images[0]["digest"] == INDEX
        and not images[0]["changed"]
        and images[0]["platform"] == "linux/amd64"
    )


@pytest.mark.parametrize(
    "status, words, kind",
    [
        (401, "unauthorized: authentication required", "login_required"),
        (403, "denied", "denied"),
        (403, "error from registry: denied", "denied"),
        (
            404,
            'failed to resolve reference "docker.io/library/nginx:latest": docker.io/library/nginx:latest: not found',
            "unknown_image",
        ),
        (429, "toomanyrequests: You have reached your pull rate limit", "rate_limited"),
        (
            500,
            "failed to resolve reference: unexpected status from HEAD request to https://hub/v2/: 503 Service Unavailable",
            "server_error",
        ),
        (200, stream({"errorDetail": {"message": "error from registry: toomanyrequests: slow down"}}), "rate_limited"),
        (
            200,
            stream({"errorDetail": {"message": "unsupported manifest media type and no default available: text/html"}}),
            "not_a_registry",
        ),
    ],
)
def test_statuses_and_streams_of_a_failed_pull_have_a_class(monkeypatch, status, words, kind):
    def unreachable(method, url, **more):
        raise no_answer(url, "Name or service not known")

    monkeypatch.setattr(lookup.Lookup, "__init__", _without_network(unreachable))
    with pytest.raises(StepFailed) as failure:
        pulled({"message": words} if status != 200 else words, status)
    image = failure.value.facts["images"][0]
    assert image["kind"] == kind and image["attempts"] == 1


def _without_network(fetch):
    original = lookup.Lookup.__init__
    return lambda self, config, logins, **more: original(self, config, logins, fetch=fetch, **more)


def test_image_of_another_platform_is_missing():
    on = engine({("POST", "/images/create"): (200, stream({"status": "Digest: " + OTHER}))})
    predicted = ran(image_pull, on, check=True, name=["multi"], pull="missing", pull_check_mode_behavior="always")
    assert predicted["images"][0]["changed"], "without content for this platform it is missing"


@pytest.mark.parametrize(
    "words, kind", [("unexpected status code 429", "rate_limited"), ("unexpected status code 404", "not_an_index")]
)
def test_failed_search_is_understood_in_lower_case(words, kind):
    on = engine({("GET", "/images/search"): (500, {"message": words})})
    with pytest.raises(SearchFailed) as failure:
        hub_search.report(SimpleNamespace(engine=lambda: on), params(hub_search, term="nginx", via="engine"), None)
    assert failure.value.kind == kind


def test_refused_api_version_names_the_version_to_use():
    words = "client version 1.39 is too old. Minimum supported API version is 1.40, please upgrade your client to a newer version"
    with pytest.raises(FlotillaError, match="Set api_version to auto or to 1.40"):
        image_list.report(engine({("GET", "/images/json"): (400, {"message": words})}), params(image_list), None)
