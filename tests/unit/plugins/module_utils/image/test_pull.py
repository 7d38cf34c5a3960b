# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A pull against an engine that plays recorded streams; Engine 29's are known from elsewhere."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption, Missing, PullFailed, Unreachable
from ansible_collections.flotilla.docker.plugins.module_utils.image import login, plan
from ansible_collections.flotilla.docker.plugins.module_utils.image.platform import parse_platform
from ansible_collections.flotilla.docker.plugins.module_utils.image.progress import Progress
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import parse_reference
from ansible_collections.flotilla.docker.plugins.module_utils.image.remote import Remote, ask_engine
from ansible_collections.flotilla.docker.plugins.module_utils.image.steps import EngineLookup, Pull, PullOptions
from ansible_collections.flotilla.docker.plugins.module_utils.step import Outcome, SideBySide, Step

OLD, NEW = "sha256:" + "aa" * 32, "sha256:" + "bb" * 32
NGINX = parse_reference("nginx")
DONE = [
    {"status": "Pulling from library/nginx", "id": "latest"},
    {"status": "Digest: " + NEW},
    {"status": "Status: Downloaded newer image for nginx:latest"},
]


def image(image_id=OLD, digest=OLD, **more):
    return dict(
        {
            "Id": image_id,
            "RepoTags": ["nginx:latest"],
            "RepoDigests": ["nginx@" + digest],
            "Os": "linux",
            "Architecture": "amd64",
            "RootFS": {"Layers": ["x"]},
        },
        **more,
    )


class Engine:
    """Plays one stream for each attempt; after the last it has ``after``."""

    def __init__(self, *streams, after=None, before=None):
        self.images = self
        self.streams = list(streams)
        self.now = before
        self.after = after

    def find(self, reference, platform=None):
        return self.now

    def pull(self, name, tag, platform=None, login=None, stall_timeout=None):
        stream = self.streams.pop(0)
        if not self.streams:
            self.now = self.after
        return iter(stream)


class Digest(EngineLookup):
    """A registry that has this digest."""

    def __init__(self, digest=None):
        self.digest = digest

    def remote(self, engine, reference, login=None):
        return Remote(self.digest, reason="" if self.digest else "not reachable")


def pull(engine, present=None, **options):
    return Pull(NGINX, present, PullOptions(sleep=lambda seconds: None, **options)).apply(engine)


@pytest.mark.parametrize(
    "before, after, changed",
    [
        (None, image(), True),
        (image(), image(), False),
        (image(OLD), image(NEW, NEW), True),
        (image(OLD, OLD), image(OLD, NEW), True),  # the same content under another index
        (image(OLD, RepoTags=["other:1"]), image(OLD), True),  # only the name is new
    ],
)
def test_changed_is_what_differs_not_what_the_engine_says(before, after, changed):
    assert pull(Engine(DONE, after=after), before).changed is changed


def test_an_error_in_the_stream_is_no_success_though_an_old_image_is_there():
    with pytest.raises(PullFailed, match="unexpected EOF"):
        pull(Engine([{"errorDetail": {"message": "unexpected EOF"}, "error": "unexpected EOF"}], after=image()), image())


def test_a_pull_that_leaves_nothing_under_the_name_is_a_failure():
    with pytest.raises(PullFailed) as failure:
        pull(Engine(DONE, after=image(RepoTags=["other:1"])))
    assert failure.value.kind == "stale"


def test_another_platform_than_asked_is_said_though_the_engine_pulled_it():
    warned = DONE + [
        {
            "errorDetail": {
                "message": "image with reference nginx was found but does not match the specified platform: wanted linux/arm64, actual: linux/amd64"
            }
        }
    ]
    for stream in (DONE, warned):  # Engine 20.10 is silent, 26 appends an error
        with pytest.raises(PullFailed, match="is not offered for linux/arm64: what the registry has is for linux/amd64"):
            pull(Engine(stream, after=image()), platform="linux/arm64")


def test_counting_down_a_retry_is_no_progress():
    ticks = iter(range(0, 1000, 30))
    waiting = [{"status": "Retrying in %d seconds" % left, "id": "0123456789ab"} for left in range(20, 0, -1)]
    with pytest.raises(PullFailed, match="no progress for 120 s"):
        pull(Engine(waiting, after=image()), clock=lambda: next(ticks))


@pytest.mark.parametrize(
    "seen, words",
    [
        ([], "does not tell the daemon what the image is made of"),
        (["Pulling fs layer", "Waiting"], "not a byte came of any layer"),
        (["Pulling fs layer", "Downloading"], "it stopped half way"),
        (["Downloading", "Retrying in 5 seconds"], "begins the download of layer 0123456789ab again and again"),
    ],
)
def test_a_stalled_pull_says_where_it_stands(seen, words):
    class Hung(Engine):
        daemon = SimpleNamespace(require_answer=lambda: None)

        def pull(self, *arguments):
            yield from ({"status": status, "id": "0123456789ab"} for status in seen)
            raise Unreachable("no message", kind="hung")

    with pytest.raises(PullFailed, match=words) as failure:
        pull(Hung())
    assert failure.value.kind == "stalled" and failure.value.transient


def test_a_stall_is_tried_again_once_only():
    class Silent(Engine):
        daemon = SimpleNamespace(require_answer=lambda: None)

        def pull(self, *arguments):
            raise Unreachable("no message", kind="hung")

    with pytest.raises(PullFailed) as failure:
        pull(Silent(), retries=3)
    assert failure.value.facts["attempts"] == 2


def test_a_daemon_that_asks_a_silent_registry_is_not_waited_for_long():
    def distribution(reference, login, within):
        assert within <= 15
        raise Unreachable("Cannot ask: the daemon gave no answer", kind="hung")

    remote = ask_engine(SimpleNamespace(images=SimpleNamespace(distribution=distribution)), NGINX)
    assert remote.digest is None and remote.reason == "the registry gave the daemon no answer within 15 s"


@pytest.mark.parametrize("known, remote, changed, state", [(OLD, OLD, False, True), (OLD, NEW, True, True), (OLD, None, True, False)])
def test_a_check_compares_the_registrys_digest_and_says_where_it_cannot(known, remote, changed, state):
    outcome = Pull(NGINX, image(digest=known), PullOptions(lookup=Digest(remote))).predict(None)
    assert outcome.changed is changed and bool(outcome.value.remote.digest) is state


def test_a_check_of_an_image_without_a_digest_says_that_it_does_not_know():
    outcome = Pull(NGINX, image(RepoDigests=[]), PullOptions(lookup=Digest(NEW))).predict(None)
    assert outcome.changed and "without a digest" in outcome.value.remote.reason


@pytest.mark.parametrize(
    "present, policy, platform, expected",
    [
        (None, "missing", None, True),
        (image(), "missing", None, False),
        (image(), "always", None, True),
        (image(), "missing", "linux/arm64", True),
        (image(Variant="v1"), "missing", "linux/x86_64", False),
        (image(RootFS={}, Architecture=""), "missing", None, True),  # 29 with the containerd store: only another platform is here
    ],
)
def test_what_has_to_be_pulled(present, policy, platform, expected):
    assert plan.must_pull(NGINX, present, policy, platform) is expected


@pytest.mark.parametrize("reference, present, policy", [(NGINX, None, "never"), (parse_reference("ab" * 32), None, "always")])
def test_what_may_not_or_cannot_be_pulled_is_an_error(reference, present, policy):
    with pytest.raises(Missing):
        plan.must_pull(reference, present, policy)


@pytest.mark.parametrize(
    "one, other", [("linux/arm64", "arm64/v8"), ("amd64", "linux/x86_64"), ("linux/arm/v7", "linux/armhf"), ("linux/arm", "armhf")]
)
def test_platforms_have_several_spellings(one, other):
    if other == "arm64/v8":
        other = "linux/arm64/v8"
    assert parse_platform(one) == parse_platform(other)


def test_progress_adds_up_what_the_stream_says():
    progress = Progress()
    for message in (
        {"status": "Pulling from library/nginx", "id": "latest"},
        {"status": "Already exists", "id": "0123456789ab"},
        {"status": "Downloading", "id": "ba9876543210", "progressDetail": {"current": 5, "total": 9}},
        {"status": "Download complete", "id": "ba9876543210"},
        {"status": "Pull complete", "id": "ba9876543210"},
    ):
        progress.add(message)
    assert progress.existed == ["0123456789ab"] and progress.pulled == ["ba9876543210"]
    assert progress.summary() == {"layers": 2, "layers_done": 2, "bytes": 9, "bytes_total": 9}


def test_credentials_are_for_one_registry():
    names = [parse_reference("nginx"), parse_reference("ghcr.io/a/b")]
    with pytest.raises(BadOption, match="several registries"):
        login.require_one_registry(names, {"registry_username": "alice", "registry_password": "s3cret"})
    login.require_one_registry(names, {})


class Numbered(Step):
    def __init__(self, number, fails=False):
        self.summary = "step %d" % number
        self.number = number
        self.fails = fails

    def apply(self, engine):
        if self.fails:
            raise Missing("step %d fails" % self.number)
        return Outcome(True, self.number)


def test_steps_side_by_side_keep_their_order_and_one_failure_stops_no_other():
    together = SideBySide([Numbered(0), Numbered(1, fails=True), Numbered(2)], limit=2)
    outcome = together.apply(None)
    assert [getattr(part, "value", None) for part in outcome.value] == [0, None, 2]
    assert isinstance(outcome.value[1], Missing) and together.actions(outcome) == ["step 0", "step 2"]


def test_a_defect_in_a_thread_is_not_lost():
    class Defect(Numbered):
        def apply(self, engine):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        SideBySide([Defect(0)], limit=3).apply(None)
