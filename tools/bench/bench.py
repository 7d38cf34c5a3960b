# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures pairs of playbooks in turn, so that whatever else the machine does touches both. The result is a ratio, never a bound."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import docker
from peer_suite import engine, peer
from peer_suite.paths import CHECKOUT

IMAGES = ("nginx:latest", "nginx:1.0", "busybox:1.0", "busybox:2.0", "multi:latest")
WEB = {"name": "bench", "image": "nginx:latest", "published_ports": ["18080:80"]}


def main():
    """Print one line for each pair."""
    asked = _arguments()
    tree = peer.lay_out(peer.fetch(), redirected=False)
    _registry, engines = engine.of_fleet(asked.fleet, [asked.host])
    host = Bench(engines[0], tree)
    print(f"Engine {engines[0].version}, {asked.rounds} rounds, median; ratio = community.docker / flotilla.docker")
    print(f"{'':46} {'peer':>9} {'ours':>9} {'ratio':>6}")
    for name, prepare, peers, ours in _pairs():
        _show(name, "s", *host.times(prepare, peers, ours, asked.rounds))
    for name, prepare, peers, ours in _pairs()[:2]:
        _show(f"{name}: API requests", "", *host.requests(prepare, peers[:1], ours[:1]))
    host.clear()


def _pairs():
    """Name, what to do before each round, the peer's tasks, ours."""
    peers_web, our_web = {"community.docker.docker_container": WEB}, {"flotilla.docker.container_run": dict(WEB, grace=0)}
    peers_pulls = [{"community.docker.docker_image_pull": {"name": name}} for name in IMAGES]
    our_pull = [{"flotilla.docker.image_pull": {"name": list(IMAGES)}}]
    return [
        ("10 tasks, container as it should be", "present", [peers_web] * 10, [our_web] * 10),
        ("1 task, container created and started", "absent", [peers_web], [our_web]),
        ("5 images pulled anew: 5 tasks, 1 task", "no images", peers_pulls, our_pull),
        ("5 images up to date: 5 tasks, 1 task", "images", peers_pulls, our_pull),
    ]


class Bench:
    """A host of the fleet, and playbooks against its engine."""

    def __init__(self, one, tree):
        self._engine = one
        self._tree = tree
        self._api = docker.APIClient(one.socket, version="auto")

    def times(self, prepare, peers, ours, rounds):
        """Median seconds of both."""
        taken = {"peer": [], "ours": []}
        for _round in range(rounds):
            for side, tasks in (("peer", peers), ("ours", ours)):
                self._prepare(prepare, tasks)
                taken[side].append(self._play(tasks))
        return statistics.median(taken["peer"]), statistics.median(taken["ours"])

    def requests(self, prepare, peers, ours):
        """Requests to the Engine of both."""
        counts = []
        for tasks in (peers, ours):
            self._prepare(prepare, tasks)
            with tempfile.TemporaryDirectory() as folder, _proxy().recording(self._engine.socket, Path(folder)) as proxy:
                self._play(tasks, proxy.address)
                counts.append(len(proxy.requests))
        return tuple(counts)

    def clear(self):
        """No container and no image."""
        for container in self._api.containers(all=True):
            self._api.remove_container(container["Id"], force=True, v=True)
        for image in self._api.images(quiet=True):
            self._api.remove_image(image, force=True)

    def _prepare(self, state, tasks):
        self.clear()
        if state == "no images":
            return
        self._play([{"flotilla.docker.image_pull": {"name": list(IMAGES)}}])
        if state == "present":
            self._play(tasks[:1])

    def _play(self, tasks, socket=None):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "play.yml"
            play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "vars": {"ansible_python_interpreter": sys.executable}, "tasks": tasks}
            path.write_text(json.dumps([play]), encoding="utf-8")
            known = {"ANSIBLE_COLLECTIONS_PATH": str(self._tree), "DOCKER_HOST": socket or self._engine.socket, "ANSIBLE_LOCALHOST_WARNING": "false"}
            started = time.monotonic()
            done = subprocess.run(["ansible-playbook", "-i", "localhost,", path], env={**os.environ, **known}, capture_output=True, text=True, check=False)
            if done.returncode:
                raise SystemExit(done.stdout + done.stderr)
            return time.monotonic() - started


def _proxy():
    """The recording proxy of the integration tests."""
    spec = importlib.util.spec_from_file_location("proxy", CHECKOUT / "tests/integration/proxy.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _show(name, unit, peers, ours):
    numbers = ["%.2f %s" % (value, unit) if unit else "%d" % value for value in (peers, ours)]
    print(f"{name:46} {numbers[0]:>9} {numbers[1]:>9} {peers / ours:6.2f}", flush=True)


def _arguments():
    parser = argparse.ArgumentParser(prog="bench", description="Measure the same work with community.docker and with this collection.")
    parser.add_argument("--fleet", default="bench", help="the test fleet (default: bench)")
    parser.add_argument("--host", default="e28", help="a host of it with an engine (default: e28)")
    parser.add_argument("--rounds", type=int, default=3, help="how often (default: 3)")
    return parser.parse_args()
