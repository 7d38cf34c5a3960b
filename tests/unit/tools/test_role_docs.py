# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables in the roles' READMEs say what meta/argument_specs.yml says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[3] / "tools"))

import write_role_docs  # noqa: E402  pylint: disable=wrong-import-position

README = f"# r\n{write_role_docs.BEGIN}\nan old table\n{write_role_docs.END}\nmore\n"
SPEC = {
    "argument_specs": {
        "main": {
            "options": {
                "r_mode": {
                    "type": "str",
                    "choices": ["fast", "safe"],
                    "default": "safe",
                    "description": ["How.", "V(fast) leaves out O(r_names)."],
                },
                "r_names": {
                    "type": "list",
                    "elements": "dict",
                    "description": "For P(flotilla.docker.flow#role), such as C(a|b\\)).",
                    "options": {
                        "user": {"type": "str", "default": "root", "description": "Who."},
                        "key": {"type": "str", "required": True, "description": "It."},
                    },
                },
            }
        },
        "other": {
            "options": {
                "r_mode": {"type": "str", "description": "The same."},
                "r_port": {"type": "int", "default": 80, "description": "Where, as in E(PORT) of M(a.b.c)."},
            }
        },
    }
}


def test_each_variable_is_a_row_and_text_around_the_table_is_kept():
    text = write_role_docs.written(README, SPEC)
    assert text.startswith("# r\n") and text.endswith("\nmore\n") and "an old table" not in text
    assert [line for line in text.splitlines() if line.startswith("| `")] == [
        "| `r_mode` | fast, **safe** | How. `fast` leaves out `r_names`. |",
        "| `r_names` | list of dict | For [flow](../flow/README.md), such as `a\\|b)`. `user` (str, **root**): Who. `key` (required): It. |",
        "| `r_port` | int, **80** | Where, as in `PORT` of `a.b.c`. |",
    ]
    assert write_role_docs.written(text, SPEC) == text


def test_readme_without_the_lines_for_the_table_is_an_error():
    with pytest.raises(SystemExit, match="must have these two lines"):
        write_role_docs.written("# r\n", SPEC)
