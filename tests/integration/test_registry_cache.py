# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role registry_cache for a fleet of ten Engines: what the upstream is asked for, and what a clean-up leaves."""

from __future__ import annotations

import json
import subprocess

import pytest

import fleets
from registry import Registry, until

pytestmark = pytest.mark.long

CACHES = {"cache12": "12", "cache13": "13", "cacheforky": "forky"}
TRAITS = ["12,engine"] * 3 + ["13,engine"] * 3 + ["forky,engine"] * 2 + ["13,engine,containerd", "forky,engine,containerd"]
ENGINES = {f"p{number:02}": traits for number, traits in enumerate(TRAITS, 1)}
# A config and six layers.
BLOBS = 7
MANAGED = {"gather_facts": False}


@pytest.fixture(scope="module")
def fleet():
    with fleets.fleet("cache", {**CACHES, **ENGINES}) as described:
        yield described


@pytest.fixture
def site(fleet, tmp_path):
    """Plays on the fleet, whose Engines have no image and whose upstream has counted nothing."""
    site = Site(fleet, tmp_path)
    site.forget()
    yield site
    site.remove_caches()


class Site:
    def __init__(self, fleet, folder):
        self.fleet, self._folder = fleet, folder
        self.upstream = Registry(fleet["hub"])
        self.url = "http://" + fleet["hub"]["proxy"]

    def play(self, *plays, check=True):
        """The output of plays that must succeed, or not with ``check=False``."""
        done = fleets.play(self.fleet, self._folder / "play.yml", [dict(MANAGED, **play) for play in plays], "--forks=10")
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def bring_cache(self, host, check=True, **variables):
        """Run the role registry_cache."""
        names = {f"registry_cache_{name}": value for name, value in {"upstream": self.url, **variables}.items()}
        return self.play({"hosts": host, "tasks": [role("registry_cache", **names)]}, check=check)

    def pull(self, mirror, hosts=":".join(ENGINES)):
        """All these Engines pull nginx at once; the requests that this cost the upstream, such as {"GET blobs": 7}."""
        options = {"registry-mirrors": [mirror], "insecure-registries": [mirror.split("//")[1]]}
        tasks = [{"flotilla.docker.docker_daemon_config": {"options": options}}, {"flotilla.docker.image_pull": {"name": "nginx"}}]
        self.play({"hosts": hosts, "tasks": tasks})
        return self.upstream.counts("library/nginx")

    def forget(self):
        """No Engine has the image, and the upstream counts from nothing."""
        self.play({"hosts": ":".join(ENGINES), "tasks": [{"ansible.builtin.command": "docker image rm --force nginx"}]})
        self.upstream.heal()

    def remove_caches(self):
        self.play({"hosts": ":".join(CACHES), "tasks": [role("registry_cache", registry_cache_state="absent", registry_cache_remove_data=True)]})

    def on(self, host, script):
        """What a shell on a host prints."""
        return subprocess.run(
            ["docker", "exec", self.fleet["hosts"][host]["container"], "sh", "-c", script], check=True, capture_output=True, text=True
        ).stdout


def role(name, **variables):
    return {"ansible.builtin.include_role": {"name": f"flotilla.docker.{name}"}, "vars": variables}


def test_ten_hosts_cost_the_upstream_one_download(site, record_property):
    without = site.pull(site.url)
    site.forget()
    site.bring_cache("cache13", tls=False)
    cold = site.pull(address("cache13", site))
    site.forget()
    site.remove_caches()
    site.bring_cache("cache13", tls=False, warm=["nginx"])
    warm = site.pull(address("cache13", site))
    record_property("requests", json.dumps({"without": without, "cold": cold, "warm": warm}))
    print({"without": without, "cold": cold, "warm": warm})

    assert without["GET blobs"] == len(ENGINES) * BLOBS
    assert warm["GET blobs"] == BLOBS < cold["GET blobs"]


def address(host, site):
    return "http://%s:5000" % site.fleet["hosts"][host]["address"]


@pytest.mark.parametrize("cache", CACHES)
def test_engines_pull_through_a_cache_that_lost_blobs_to_its_clean_up(site, cache):
    site.bring_cache(cache, tls=False, warm=["nginx"], max_size="3M")
    site.on(cache, "systemctl start registry-cache-cleanup.service")
    left = int(site.on(cache, "du -sk /var/lib/registry-cache").split()[0])
    site.upstream.heal()
    first = site.pull(address(cache, site), "p01:p09")
    site.forget()
    again = site.pull(address(cache, site), "p04:p10")
    print(left, first, again)
    assert left <= 3 * 1024
    assert 0 < first["GET blobs"]
    assert "GET blobs" not in again


@pytest.mark.parametrize("cache", CACHES)
def test_engines_pull_through_a_cache_whose_blobs_grew_too_old_for_it(site, cache):
    """The registry lets go of what it fetched a week ago."""
    site.bring_cache(cache, tls=False)
    site.pull(address(cache, site), "p01")
    site.on(cache, "systemctl stop registry-cache && sed -i -E 's/20[0-9]{2}-/2020-/g' /var/lib/registry-cache/scheduler-state.json && systemctl start registry-cache")
    until(lambda: "data" not in site.on(cache, "find /var/lib/registry-cache/docker -name data"))
    site.forget()
    site.pull(address(cache, site), "p04:p09")
    print(site.on(cache, "find /var/lib/registry-cache -name data | wc -l"))
