# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the rows of rows.py on the Engine of one host of the test fleet."""

from __future__ import annotations

import docker

from bench import fleets, measure, rows


def measured(fleet_name, wanted, rounds):
    """Key, and the results of both sides, of each wanted row."""
    with fleets.up(fleet_name, "--host", "e28=forky,engine") as fleet:
        host = Engine(fleet["hosts"]["e28"]["socket"])
        for row in wanted:
            yield row.key, host.compare(row, rounds)


class Engine:
    """The Engine that all rows use."""

    def __init__(self, socket):
        self.socket = socket
        self.api = docker.APIClient(socket, version="auto")

    def compare(self, row, rounds):
        """Costs of both sides, and of a play without tasks for a row with a net ratio. The side that goes first changes from round to round."""
        costs = {"peer": [], "ours": []}
        for number in range(rounds):
            if row.net:
                costs.setdefault("empty", []).append(measure.run_tasks([], self.socket))
            sides = [("peer", row.peer), ("ours", row.ours)]
            for side, tasks in sides if number % 2 == 0 else sides[::-1]:
                self._prepare(row.before, tasks)
                costs[side].append(measure.run_tasks(tasks, self.socket))
        return costs

    def _prepare(self, before, tasks):
        self._clear()
        if before != rows.NOTHING:
            measure.run_tasks([rows.PULL_ALL], self.socket)
        if before == rows.AS_IT_SHOULD_BE:
            # Tasks that only read a container do not create it.
            reads = any("container_info" in name for name in tasks[0])
            different = [task for number, task in enumerate(tasks) if task not in tasks[:number]]
            measure.run_tasks([{"flotilla.docker.container_run": rows.WEB}] if reads else different, self.socket)

    def _clear(self):
        for container in self.api.containers(all=True):
            self.api.remove_container(container["Id"], force=True, v=True)
        for image in self.api.images(quiet=True):
            self.api.remove_image(image, force=True)
