# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the unit tests cheaper under ansible-test, and independent of the speed of the machine."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# Hypothesis fails tests that are slow, which all of them are on a busy machine.
settings.register_profile("any speed", deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("any speed")


def pytest_configure(config):
    """Run all tests in one process, as pytest does. ansible-test forks for each, which costs more than most of our tests."""
    fork_for_each_test = config.pluginmanager.get_plugin("ansible_forked")
    if fork_for_each_test:
        config.pluginmanager.unregister(fork_for_each_test)
