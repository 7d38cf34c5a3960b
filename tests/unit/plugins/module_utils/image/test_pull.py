# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A pull against an Engine that plays recorded streams; Engine 29's are known from elsewhere."""

from __future__ import annotations

import time

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.engine.credentials import StoredLogin
from ansible_collections.flotilla.docker.plugins.module_utils.errors import BadOption, Missing, PullFailed, Unreachable
from ansible_collections.flotilla.docker.plugins.module_utils.image import login, plan
from ansible_collections.flotilla.docker.plugins.module_utils.image.failures import pull_failed
from ansible_collections.flotilla.docker.plugins.module_utils.image.lookup import find_reference
from ansible_collections.flotilla.docker.plugins.module_utils.image.platform import parse_platform
from ansible_collections.flotilla.docker.plugins.module_utils.image.progress import Progress
from ansible_collections.flotilla.docker.plugins.module_utils.image.reference import parse_reference
from ansible_collections.flotilla.docker.plugins.module_utils.image.source import EngineSource, Remote, ask_engine
from ansible_collections.flotilla.docker.plugins.module_utils.image.steps import Pull, PullContext, PullOptions, find
from ansible_collections.flotilla.docker.plugins.module_utils.step import Outcome, SideBySide, Step

from ..in_memory.engine import Engine

OLD, NEW = "sha256:" + "aa" * 32, "sha256:" + "bb" * 32
NGINX = parse_reference("nginx")
DONE = [
    {"status": "Pulling from library/nginx", "id": "latest"},
    {"status": "Digest: " + NEW},
    {"status": "Status: Downloaded newer image for nginx:latest"},
]


SILENCE = Unreachable("no message", kind="hung")


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


def engine_with(*known, streams=(), after=None, platforms=()):
    """An Engine with ``known`` images. Each pull returns one of ``streams``; after the last one it has the image ``after``."""
    engine = Engine(api="1.45")
    engine.images.known = list(known)
    engine.images.streams = list(streams)
    engine.images.pulled = after
    engine.images.platforms = platforms
    return engine


class Digest(EngineSource):
    """A registry that has this digest."""

    def __init__(self, digest=None):
        super().__init__()
        self.digest = digest

    def remote(self, engine, reference):
        return Remote(self.digest, reason="" if self.digest else "not reachable")


def pull(engine, present=None, clock=time.monotonic, source=EngineSource(), **options):
    context = PullContext(source, sleep=lambda seconds: None, clock=clock)
    return Pull(NGINX, present, PullOptions(**options), context).apply(engine)


@pytest.mark.parametrize(
    "before, after, changed",
    [
        (None, image(), True),
        (image(), image(), False),
        (image(OLD), image(NEW, NEW), True),
        (image(OLD, OLD), image(OLD, NEW), True),  # the same content in another index
        (image(OLD, RepoTags=["other:1"]), image(OLD), True),  # only the name is new
    ],
)
def test_pull_is_changed_when_id_or_names_differ(before, after, changed):
    assert pull(engine_with(streams=[DONE], after=after), before).changed is changed


def test_error_in_the_stream_fails_although_an_old_image_exists():
    with pytest.raises(PullFailed, match="unexpected EOF"):
        cut = [{"errorDetail": {"message": "unexpected EOF"}, "error": "unexpected EOF"}]
        pull(engine_with(streams=[cut], after=image()), image())


def test_pull_without_an_image_of_that_name_fails():
    with pytest.raises(PullFailed) as failure:
        pull(engine_with(streams=[DONE], after=image(RepoTags=["other:1"])))
    assert failure.value.kind == "stale"


def test_image_of_another_platform_fails_although_the_engine_pulled_it():
    warned = DONE + [
        {
            "errorDetail": {
                "message": "image with reference nginx was found but does not match the specified platform: wanted linux/arm64, actual: linux/amd64"
            }
        }
    ]
    for stream in (DONE, warned):  # Engine 20.10 is silent, 26 appends an error
        with pytest.raises(PullFailed, match="is not offered for linux/arm64: the registry has it for linux/amd64"):
            pull(engine_with(streams=[stream], after=image()), platform="linux/arm64")


def test_countdown_of_a_retry_is_not_progress():
    ticks = iter(range(0, 1000, 30))
    waiting = [{"status": "Retrying in %d seconds" % left, "id": "0123456789ab"} for left in range(20, 0, -1)]
    with pytest.raises(PullFailed, match="no progress for 120 s"):
        pull(engine_with(streams=[waiting], after=image()), clock=lambda: next(ticks))


@pytest.mark.parametrize(
    "seen, words",
    [
        ([], "the registry has not returned the manifest"),
        (["Pulling fs layer", "Waiting"], "no layer data was received"),
        (["Pulling fs layer", "Downloading"], "the download stopped half way"),
        (["Downloading", "Retrying in 5 seconds"], "restarts the download of layer 0123456789ab again and again"),
    ],
)
def test_stalled_pull_reports_its_stage(seen, words):
    messages = [*({"status": status, "id": "0123456789ab"} for status in seen), SILENCE]
    with pytest.raises(PullFailed, match=words) as failure:
        pull(engine_with(streams=[messages, [SILENCE]]))
    assert failure.value.kind == "stalled" and failure.value.transient


def test_stalled_pull_is_retried_once():
    with pytest.raises(PullFailed) as failure:
        pull(engine_with(streams=[[SILENCE]] * 4), retries=3)
    assert failure.value.facts["attempts"] == 2


def test_engine_has_15_seconds_to_ask_a_silent_registry(monkeypatch):
    def distribution(reference, login, within):
        assert within <= 15
        raise Unreachable("Cannot ask: no answer", kind="hung")

    engine = engine_with()
    monkeypatch.setattr(engine.images, "distribution", distribution)
    remote = ask_engine(engine, NGINX)
    assert remote.digest is None and remote.reason == "the registry did not answer the Engine within 15 s"


@pytest.mark.parametrize(
    "known, remote, changed, state", [(OLD, OLD, False, True), (OLD, NEW, True, True), (OLD, None, True, False)]
)
def test_check_compares_the_digest_in_the_registry(known, remote, changed, state):
    outcome = Pull(NGINX, image(digest=known), context=PullContext(Digest(remote))).predict(None)
    assert outcome.changed is changed and bool(outcome.value.remote.digest) is state


def test_check_of_an_image_without_a_digest_reports_why_it_is_unknown():
    outcome = Pull(NGINX, image(RepoDigests=[]), context=PullContext(Digest(NEW))).predict(None)
    assert outcome.changed and "no digest to compare" in outcome.value.remote.reason


@pytest.mark.parametrize(
    "present, policy, platform, expected",
    [
        (None, "missing", None, True),
        (image(), "missing", None, False),
        (image(), "always", None, True),
        (image(), "missing", "linux/arm64", True),
        (image(Variant="v1"), "missing", "linux/x86_64", False),
        (
            image(RootFS={}, Architecture=""),
            "missing",
            None,
            True,
        ),  # 29 with the containerd store: only another platform is here
    ],
)
def test_policy_and_platform_decide_whether_to_pull(present, policy, platform, expected):
    assert plan.must_pull(NGINX, present, policy, platform) is expected


@pytest.mark.parametrize(
    "reference, present, policy", [(NGINX, None, "never"), (parse_reference("ab" * 32), None, "always")]
)
def test_missing_image_that_cannot_be_pulled_fails(reference, present, policy):
    with pytest.raises(Missing):
        plan.must_pull(reference, present, policy)


@pytest.mark.parametrize(
    "one, other",
    [("linux/arm64", "arm64/v8"), ("amd64", "linux/x86_64"), ("linux/arm/v7", "linux/armhf"), ("linux/arm", "armhf")],
)
def test_spellings_of_a_platform_are_equal(one, other):
    if other == "arm64/v8":
        other = "linux/arm64/v8"
    assert parse_platform(one) == parse_platform(other)


def test_progress_sums_up_the_stream():
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


def test_credentials_of_a_task_are_for_one_registry():
    names = [parse_reference("nginx"), parse_reference("ghcr.io/a/b")]
    with pytest.raises(BadOption, match="images from one registry"):
        login.require_one_registry(names, {"registry_username": "alice", "registry_password": "s3cret"})
    login.require_one_registry(names, {})


class Numbered(Step):
    def __init__(self, number, fails=False):
        self.summary = "step %d" % number
        self.number = number
        self.fails = fails

    undoable = False

    def apply(self, engine):
        if self.fails:
            raise Missing("step %d fails" % self.number)
        return Outcome(True, self.number)


def test_parallel_steps_keep_their_order_and_do_not_stop_each_other():
    together = SideBySide([Numbered(0), Numbered(1, fails=True), Numbered(2)], limit=2)
    outcome = together.apply(None)
    assert [getattr(part, "value", None) for part in outcome.value] == [0, None, 2]
    assert isinstance(outcome.value[1], Missing) and together.actions(outcome) == ["step 0", "step 2"]


def test_defect_in_a_thread_is_raised():
    class Defect(Numbered):
        def apply(self, engine):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        SideBySide([Defect(0)], limit=3).apply(None)


@pytest.mark.parametrize("text", ["1234567", "12345678901", "abcdef0123456"])
def test_start_of_an_id_is_an_id_unless_an_image_has_that_name(text):
    known = image("sha256:" + text.ljust(64, "0"))
    assert find_reference(engine_with(known), text).image_id == known["Id"]
    named = image(RepoTags=[text + ":latest"])
    assert find_reference(engine_with(known, named), text).familiar == text + ":latest"
    assert find_reference(engine_with(), text).familiar == text + ":latest"


class Refusal(Digest):
    """A registry that refuses an image."""

    def remote(self, engine, reference):
        raise pull_failed(reference, self.digest)


@pytest.mark.parametrize("present", [None, image()])
@pytest.mark.parametrize(
    "answer", ["manifest unknown", "pull access denied", "insufficient_scope: authorization failed"]
)
def test_check_assumes_that_an_earlier_task_builds_or_pushes_an_image_that_no_registry_has(answer, present):
    predicted = Pull(NGINX, present, context=PullContext(Refusal(answer))).predict(None)
    assert predicted.changed and predicted.value.image is None
    assert "Cannot pull nginx:latest" in predicted.warnings[0]


@pytest.mark.parametrize("answer", ["invalid reference format", "no matching manifest for linux/amd64"])
def test_check_refuses_what_no_earlier_task_can_provide(answer):
    with pytest.raises(PullFailed):
        Pull(NGINX, context=PullContext(Refusal(answer))).predict(None)


@pytest.mark.parametrize("policy", ["never", "missing"])
def test_check_assumes_that_an_earlier_task_provides_an_image_that_cannot_be_pulled(policy):
    reference = parse_reference("ab" * 32) if policy == "missing" else NGINX
    step = plan.Ensure(reference, policy, PullOptions())
    predicted = step.predict(engine_with())
    assert predicted.changed
    assert "There is no image" in predicted.warnings[0]
    with pytest.raises(Missing):
        step.apply(engine_with())


def test_login_is_read_only_when_the_registry_is_asked():
    def stored(registry):
        raise ZeroDivisionError

    context = PullContext(EngineSource(login.Logins(stored=stored)))
    plan.Ensure(NGINX, "missing", PullOptions(), context).apply(engine_with(image()))
    with pytest.raises(ZeroDivisionError):
        plan.Ensure(NGINX, "always", PullOptions(), context).apply(engine_with(image(), streams=[DONE]))


def test_failure_without_a_login_has_the_reason_why_no_login_was_read():
    logins = login.Logins(stored=lambda registry: StoredLogin(None, "Error loading credentials"))
    denied = [{"error": "pull access denied, repository does not exist or may require 'docker login'"}]
    with pytest.raises(PullFailed, match="Error loading credentials"):
        pull(engine_with(streams=[denied]), source=EngineSource(logins))


@pytest.mark.parametrize("platforms, offered", [(["amd64", "arm64"], True), (["amd64"], False)])
def test_platform_that_inspect_cannot_show_is_verified_at_the_registry(platforms, offered):
    """Engine 26 with the containerd store shows only one platform of an index."""
    engine = engine_with(image(), streams=[DONE], platforms=platforms)
    if not offered:
        with pytest.raises(PullFailed, match="is not offered for linux/arm64"):
            pull(engine, image(), platform="arm64")
        return
    outcome = pull(engine, image(), platform="arm64")
    assert not outcome.changed
    assert outcome.value.image["Architecture"] == "arm64"


def test_platform_is_requested_in_its_full_form(monkeypatch):
    asked = []
    engine = engine_with()
    monkeypatch.setattr(engine.images, "find", lambda reference, platform: asked.append(platform))
    find(engine, NGINX, "arm64", PullContext())
    assert asked == ["linux/arm64"]
