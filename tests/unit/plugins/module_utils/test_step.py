# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils import step

PLUGINS = Path(__file__).resolve().parents[4] / "plugins"


def kinds_of_steps():
    """All concrete step classes, found by importing all files that mention Step."""
    for path in sorted((PLUGINS / "module_utils").rglob("*.py")):
        if "Step" in path.read_text(encoding="utf-8"):
            import_module(
                "ansible_collections.flotilla.docker.plugins."
                + ".".join(path.relative_to(PLUGINS).with_suffix("").parts)
            )
    return sorted(_below(step.Step), key=lambda kind: (kind.__module__, kind.__name__))


def _below(kind):
    for each in kind.__subclasses__():
        if each.__module__.startswith("ansible_collections.flotilla.docker.plugins.module_utils."):
            yield each
            yield from _below(each)


@pytest.mark.parametrize(
    "kind",
    [kind for kind in kinds_of_steps() if kind is not step.Record and not kind.__subclasses__()],
    ids=lambda kind: kind.__name__,
)
def test_a_step_has_an_undo_or_says_that_it_cannot_be_undone(kind):
    assert kind.undoable == (kind.undo is not step.Step.undo)
