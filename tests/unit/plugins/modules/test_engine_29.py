# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every module about images against the answers of Engine 29.7, which no Debian has: its shapes are recorded, over docker-py's real transport."""

from __future__ import annotations

import io
import json
import platform
from urllib.parse import parse_qs, urlsplit

import docker
import pytest
import requests

from ansible_collections.flotilla.docker.plugins.module_utils.engine.api import Api
from ansible_collections.flotilla.docker.plugins.module_utils.engine.engine import Engine
from ansible_collections.flotilla.docker.plugins.module_utils.errors import FlotillaError, SearchFailed, StepFailed
from ansible_collections.flotilla.docker.plugins.module_utils.hub import lookup
from ansible_collections.flotilla.docker.plugins.module_utils.hub.http import NoAnswer
from ansible_collections.flotilla.docker.plugins.module_utils.layers.api import ApiStore
from ansible_collections.flotilla.docker.plugins.module_utils.runner import Ledger
from ansible_collections.flotilla.docker.plugins.modules import hub_search, image_layers, image_list, image_pull, image_remove

INDEX, OTHER = "sha256:" + "11" * 32, "sha256:" + "22" * 32
LAYERS = ["sha256:" + "%02x" % number * 32 for number in (0xA0, 0xA1)]
CONTAINERD = {"Driver": "overlayfs", "DriverStatus": [["driver-type", "io.containerd.snapshotter.v1"]], "DockerRootDir": "/var/lib/docker"}
OVERLAY2 = {"Driver": "overlay2", "DriverStatus": [["Backing Filesystem", "extfs"]], "DockerRootDir": "/var/lib/docker"}
# No GraphDriver; of Config and history what is empty is not there; a digest for each image.
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
FOREIGN = dict(NGINX, Id=OTHER, RepoTags=["multi:latest"], RepoDigests=["multi@" + OTHER], Architecture="", Os="", Config={}, RootFS={})
LISTED = [
    {"Created": 1793527200, "Id": INDEX, "ParentId": "", "RepoDigests": ["nginx@" + INDEX], "RepoTags": ["nginx:latest"], "SharedSize": 7, "Size": 9},
    {"Containers": -1, "Created": 0, "Id": OTHER, "Labels": None, "ParentId": "", "RepoDigests": [], "RepoTags": [], "SharedSize": -1, "Size": 5},
]
# Both the old and the new shape of the disk usage; without LayersSize where only the new one was asked for.
USAGE = {"BuildCacheUsage": {"ActiveCount": 0, "TotalCount": 1, "Items": [{"ID": "u5yuhk6ipqnm3fnun44vnsqvq"}]}}
CONTAINERS = [{"Id": "c" * 64, "Names": ["/web"], "ImageID": INDEX, "State": "running"}]


class Body(io.BytesIO):
    """Ends as a connection does: who reads in pieces waits for that."""

    def read(self, *size):
        data = super().read(*size)
        if self.tell() == len(self.getvalue()):
            self.close()
        return data


class Recorded(requests.adapters.BaseAdapter):
    """Answers by method and path, without version; a status, or a list of messages as lines."""

    def __init__(self, answers):
        super().__init__()
        self.answers = answers
        self.asked = []

    def send(self, request, **_options):  # pylint: disable=arguments-differ
        url = urlsplit(request.url)
        path = "/" + url.path.split("/", 2)[2]
        self.asked.append((request.method, path, parse_qs(url.query)))
        status, body = self.answers.get((request.method, path), (404, {"message": "No such image"}))
        response = requests.Response()
        response.status_code, response.request, response.url = status, request, request.url
        lines = body if isinstance(body, str) else json.dumps(body)
        response.raw = requests.packages.urllib3.HTTPResponse(body=Body(lines.encode()), preload_content=False)
        return response

    def close(self):
        pass


def engine(more=None, info=None):
    """Engine 29 with the containerd store, or with another /info."""
    answers = {
        ("GET", "/info"): (200, dict(info or CONTAINERD, Name=platform.node() + "-elsewhere")),
        ("GET", "/images/json"): (200, LISTED),
        ("GET", "/containers/json"): (200, CONTAINERS),
        ("GET", "/system/df"): (200, USAGE),
        ("GET", "/images/%s/history" % INDEX): (200, None),
        ("GET", "/images/%s/history" % OTHER): (200, None),
    }
    for image, names in ((NGINX, ("nginx:latest", INDEX)), (FOREIGN, ("multi:latest", OTHER))):
        answers.update({("GET", "/images/%s/json" % name): (200, image) for name in names})
    client = docker.APIClient(base_url="http://engine29:2375", version="1.52")
    client.adapter = Recorded({**answers, **(more or {})})
    client.mount("http://", client.adapter)
    made = Engine(Api(client, "unix:///run/docker.sock"), {"Api-Version": "1.55"})
    made.adapter = client.adapter
    return made


def params(module, **given):
    """What AnsibleModule makes of these options."""
    seen = {}
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(module.runner, "run", lambda *functions, argument_spec, **more: seen.update(argument_spec))
    module.main()
    monkeypatch.undo()
    return dict({name: option.get("default") for name, option in seen.items()}, **given)


def ran(module, on, check=False, **given):
    options = params(module, **given)
    return Ledger().perform(module.decide(on, options), on, check)


def test_the_list_bears_what_is_left_out():
    listed = image_list.report(engine(), params(image_list), None)["images"]
    assert [(image["references"], image["labels"], image["shared_size"], image["dangling"]) for image in listed] == [
        (["nginx:latest"], {}, 7, False),
        ([], {}, None, True),
    ]
    assert listed[0]["containers"] == ["web"] and listed[1]["created"] is None


@pytest.mark.parametrize("info", [CONTAINERD, OVERLAY2])
def test_layers_are_told_without_graph_driver_history_and_content(info):
    result = image_layers.report(engine(info=info), params(image_layers, name=["nginx", "multi"]), None)
    nginx, foreign = result["images"]
    assert [layer["diff_id"] for layer in nginx["layers"]] == LAYERS and nginx["layers"][0]["path"] is None and nginx["history"] == []
    assert foreign["layers"] == [] and foreign["reference"] == "multi:latest"
    assert result["driver"] == info["Driver"] and result["missing"]


def test_on_overlay2_engine_29_still_tells_directories():
    image = dict(NGINX, GraphDriver={"Name": "overlay2", "Data": {"UpperDir": "/top", "LowerDir": "/base"}})
    assert [layer.path for layer in ApiStore().layers(image)] == ["/base", "/top"]


def test_the_build_cache_is_in_the_new_place():
    on = engine()
    assert on.daemon.build_cache() == ["u5yuhk6ipqnm3fnun44vnsqvq"]
    assert on.adapter.asked[-1][2] == {"type": ["build-cache"]}


def test_a_removal_is_foreseen_and_an_image_in_use_stays():
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
    return ran(image_pull, on, **dict({"name": ["nginx"], "retries": 0, "registry_username": None}, **given))


def test_a_pull_is_read_without_the_rendered_progress():
    images = pulled(stream({"status": "Pulling from library/nginx", "id": "latest"}, {"status": "Digest: " + INDEX}, {"status": "Status: Image is up to date"}))
    assert images[0]["layer_count"] == 2 and images[0]["digest"] == INDEX and not images[0]["changed"] and images[0]["platform"] == "linux/amd64"


@pytest.mark.parametrize(
    "status, words, kind",
    [
        (401, "unauthorized: authentication required", "login_required"),
        (403, "denied", "denied"),
        (403, "error from registry: denied", "denied"),
        (404, 'failed to resolve reference "docker.io/library/nginx:latest": docker.io/library/nginx:latest: not found', "unknown_image"),
        (429, "toomanyrequests: You have reached your pull rate limit", "rate_limited"),
        (500, "failed to resolve reference: unexpected status from HEAD request to https://hub/v2/: 503 Service Unavailable", "server_error"),
        (200, stream({"errorDetail": {"message": "error from registry: toomanyrequests: slow down"}}), "rate_limited"),
        (200, stream({"errorDetail": {"message": "unsupported manifest media type and no default available: text/html"}}), "not_a_registry"),
    ],
)
def test_statuses_and_streams_have_their_classes(monkeypatch, status, words, kind):
    def nobody(method, url, **more):
        raise NoAnswer(url, "name", "Name or service not known")

    monkeypatch.setattr(lookup.Lookup, "__init__", _without_network(nobody))
    with pytest.raises(StepFailed) as failure:
        pulled({"message": words} if status != 200 else words, status)
    image = failure.value.facts["images"][0]
    assert image["kind"] == kind and image["attempts"] == 1


def _without_network(fetch):
    original = lookup.Lookup.__init__
    return lambda self, config, **more: original(self, config, fetch=fetch, **more)


def test_another_platforms_image_is_not_taken_for_this_ones():
    on = engine({("POST", "/images/create"): (200, stream({"status": "Digest: " + OTHER}))})
    foreseen = ran(image_pull, on, check=True, name=["multi"], pull="missing", pull_check_mode_behavior="always")
    assert foreseen[0]["changed"], "without content for this platform it is missing"


@pytest.mark.parametrize("words, kind", [("unexpected status code 429", "rate_limited"), ("unexpected status code 404", "not_an_index")])
def test_a_search_fails_in_lower_case(words, kind):
    on = engine({("GET", "/images/search"): (500, {"message": words})})
    with pytest.raises(SearchFailed) as failure:
        hub_search.report(on, params(hub_search, term="nginx", via="engine"), None)
    assert failure.value.kind == kind


def test_what_engine_29_refuses_to_speak_is_told_with_the_version_to_use():
    words = "client version 1.39 is too old. Minimum supported API version is 1.40, please upgrade your client to a newer version"
    with pytest.raises(FlotillaError, match="Set api_version to auto or to 1.40"):
        image_list.report(engine({("GET", "/images/json"): (400, {"message": words})}), params(image_list), None)
