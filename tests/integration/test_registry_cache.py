# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role registry_cache for a fleet of ten Engines: requests to the upstream, and what a clean-up keeps."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor

import fleets
import modules
import pytest
from registry import Registry
from token_upstream import token_upstream

pytestmark = pytest.mark.long

CACHES = {"cache12": "12", "cache13": "13", "cacheforky": "forky"}
TRAITS = (
    ["12,engine"] * 3 + ["13,engine"] * 3 + ["forky,engine"] * 2 + ["13,engine,containerd", "forky,engine,containerd"]
)
ENGINES = {f"p{number:02}": traits for number, traits in enumerate(TRAITS, 1)}
# A config and six layers.
BLOBS = 7
PASSWORD = "not-for-any-output"


@pytest.fixture(scope="module")
def fleet():
    with fleets.fleet("cache", {**CACHES, **ENGINES}) as described:
        yield described


@pytest.fixture
def site(fleet, tmp_path):
    """Plays on the fleet, whose Engines have no images, with counters of the upstream at zero."""
    site = Site(fleet, tmp_path)
    site.forget()
    yield site
    site.remove_caches()


class Site:
    def __init__(self, fleet, folder):
        self.fleet, self._folder = fleet, folder
        self.upstream = Registry(fleet["hub"])
        self.url = "http://" + fleet["hub"]["proxy"]

    def play(self, hosts, *tasks, arguments=(), check=True):
        """The output of tasks that must succeed, or not with ``check=False``."""
        plays = [{"hosts": hosts, "gather_facts": False, "tasks": tasks}]
        done = fleets.play(self.fleet, self._folder / "play.yml", plays, "--forks=10", *arguments)
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def bring_cache(self, host, *arguments, check=True, **variables):
        """Run the role registry_cache."""
        names = {f"registry_cache_{name}": value for name, value in {"upstream": self.url, **variables}.items()}
        return self.play(host, role("registry_cache", **names), arguments=arguments, check=check)

    def pull(self, mirror, *hosts):
        """These Engines, or all ten, pull nginx at once; the requests that this cost the upstream, such as {"GET blobs": 7}."""
        options = {"registry-mirrors": [mirror], "insecure-registries": [mirror.split("//")[1]]}
        configured = {"flotilla.docker.docker_daemon_config": {"options": options}}
        self.play(":".join(hosts or ENGINES), configured, {"flotilla.docker.image_pull": {"name": "nginx"}})
        return self.upstream.counts("library/nginx")

    def forget(self):
        """No Engine has the image, and the upstream counts from nothing."""
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda host: self.on(host, "docker image rm --force nginx 2>&1 || true"), ENGINES))
        self.upstream.heal()

    def remove_caches(self):
        self.play(
            ":".join(CACHES), role("registry_cache", registry_cache_state="absent", registry_cache_remove_data=True)
        )

    def on(self, host, script):
        """What a shell on a host prints."""
        container = self.fleet["hosts"][host]["container"]
        return subprocess.run(
            ["docker", "exec", container, "sh", "-c", script], check=True, capture_output=True, text=True
        ).stdout

    def address(self, cache):
        return "http://{}:5000".format(self.fleet["hosts"][cache]["address"])


def role(name, **variables):
    return {"ansible.builtin.include_role": {"name": f"flotilla.docker.{name}"}, "vars": variables}


def test_ten_hosts_cause_one_download_from_the_upstream(site, record_property):
    without = site.pull(site.url)
    site.forget()
    site.bring_cache("cache13", tls=False)
    cold = site.pull(site.address("cache13"))
    site.forget()
    site.remove_caches()
    site.bring_cache("cache13", tls=False, warm=["nginx"])
    warm = site.pull(site.address("cache13"))
    record_property("requests", json.dumps({"without": without, "cold": cold, "warm": warm}))

    assert without["GET blobs"] == len(ENGINES) * BLOBS
    # An empty cache forwards requests for a blob until it has all of it.
    assert warm["GET blobs"] == BLOBS <= cold["GET blobs"]


@pytest.mark.parametrize("cache", CACHES)
def test_engines_pull_through_a_cache_after_its_clean_up_removed_blobs(site, cache):
    site.bring_cache(cache, tls=False, warm=["nginx"], max_size="3M")
    site.on(cache, "systemctl start registry-cache-cleanup.service")
    left = int(site.on(cache, "du -sk /var/lib/registry-cache").split()[0])
    site.upstream.heal()
    first = site.pull(site.address(cache), "p01", "p09")
    site.forget()
    again = site.pull(site.address(cache), "p04", "p10")

    assert left <= 3 * 1024
    assert first["GET blobs"] > 0
    assert "GET blobs" not in again


@pytest.fixture(scope="module")
def hub_with_login(fleet):
    """Stands in for Docker Hub where it asks for a login."""
    gateway = fleet["hub"]["registry"].rsplit(".", 1)[0] + ".1"
    with token_upstream(gateway, "http://" + fleet["hub"]["registry"], "alice", PASSWORD) as upstream:
        yield upstream


def test_login_is_sent_to_the_upstream_and_is_in_no_output(site, hub_with_login):
    login = {"upstream": hub_with_login.url, "upstream_username": "alice", "upstream_password": PASSWORD}
    said = site.bring_cache("cache13", "-vvv", "--diff", tls=False, **login)
    site.pull(site.address("cache13"), "p01", "p09")
    logs = site.on(
        "cache13", "journalctl --no-pager --output cat; ps axww; find /tmp /root /var/tmp -type f -exec cat {} +"
    )
    rights = site.on("cache13", "stat --format '%U %a' /etc/registry-cache/config.yml")

    assert hub_with_login.expected in hub_with_login.logins
    assert PASSWORD not in said + logs
    assert rights == "docker-registry 600\n"


@pytest.mark.parametrize(
    ("login", "says"),
    [
        (
            {"upstream_username": "alice", "upstream_password": "wrong"},
            "does not accept the login: it answered 401. Correct upstream_username",
        ),
        ({"upstream_username": "bob", "upstream_password": PASSWORD}, "does not accept the login"),
    ],
)
def test_wrong_login_fails_before_it_is_used(site, hub_with_login, login, says):
    said = site.bring_cache("cache13", check=False, tls=False, upstream=hub_with_login.url, **login)

    assert says in said
    assert site.on("cache13", "ls /etc/registry-cache") == "upstream\n"


def test_upstream_with_basic_authentication_is_refused(site):
    ca = open(site.fleet["ca"], encoding="utf-8").read()
    hub = site.fleet["hub"]
    said = site.bring_cache(
        "cache13",
        check=False,
        tls=False,
        upstream="https://" + hub["registry_auth"],
        upstream_ca=ca,
        upstream_username=hub["username"],
        upstream_password=hub["password"],
    )

    assert "uses Basic authentication, and the cache supports token authentication only" in said


def test_engines_of_both_stores_trust_a_given_certificate(site, tmp_path):
    name = site.fleet["hosts"]["cache12"]["address"]
    made = modules.Run(
        "docker_certificates", {"folder": str(tmp_path / "made"), "name": "cache", "names": [name]}
    ).result()
    given = {
        part: (tmp_path / "made" / "hosts" / "cache" / f"{part}.pem").read_text(encoding="utf-8")
        for part in ("ca", "cert", "key")
    }
    said = site.bring_cache(
        "cache12", "--diff", warm=["nginx"], tls_certificate=given["cert"], tls_key=given["key"], tls_ca=given["ca"]
    )
    engine = role(
        "docker_engine",
        docker_engine_registry_mirrors=[f"https://{name}:5000"],
        docker_engine_registry_certificates={f"{name}:5000": given["ca"]},
    )
    site.play("p03:p04:p08:p09:p10", engine, {"flotilla.docker.image_pull": {"name": "nginx"}})

    assert made["changed"]
    assert given["key"].splitlines()[1] not in said
    assert site.upstream.counts("library/nginx")["GET blobs"] == BLOBS


@pytest.mark.parametrize(
    ("variables", "before", "says"),
    [
        (
            {},
            "systemd-run --unit taken python3 -m http.server 5000; until bash -c ': < /dev/tcp/127.0.0.1/5000' 2>/dev/null; do sleep 0.2; done",
            "Another program has port 5000: end it, or choose another registry_cache_port. Its last words:",
        ),
        ({"upstream": "http://127.0.0.1:9"}, "true", "It starts only while it reaches http://127.0.0.1:9"),
        (
            {"tls": True, "tls_certificate": "no certificate", "tls_key": "no key"},
            "true",
            "correct registry_cache_tls_certificate",
        ),
    ],
)
def test_cache_that_does_not_start_reports_why(site, variables, before, says):
    site.on("cache13", before)
    try:
        said = site.bring_cache("cache13", check=False, **{"tls": False, **variables})
    finally:
        site.on("cache13", "systemctl stop taken 2>/dev/null || true")

    assert says in said
