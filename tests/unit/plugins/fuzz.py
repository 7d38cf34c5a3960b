# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that users write in tasks, valid and invalid ones, for tests that try many."""

from __future__ import annotations

from hypothesis import strategies as st

# Values that a user may write: valid ones, nearly valid ones, and anything else that YAML allows.
PIECES = [
    "80",
    "0",
    "65536",
    "8080:80",
    "127.0.0.1:80:80",
    "[::1]:80:80",
    "80-90",
    "80/udp",
    "/srv",
    "web:/srv:ro",
    "512m",
    "-1",
    "1m30s",
    "nofile:1:2",
    "/dev/fuse:rwm",
    "NET_ADMIN",
    "a=b",
    "sh -c 'x",
    "²",
    "",
    " ",
    ":",
    "::",
    "-",
    "container:",
    "~",
    "\x00",
]
TEXT = st.one_of(
    st.sampled_from(PIECES),
    st.lists(st.sampled_from(PIECES + [":", "/", "-", "."]), max_size=4).map("".join),
    st.text(max_size=12),
)
SCALARS = st.one_of(TEXT, st.integers(-(2**70), 2**70), st.floats(), st.booleans(), st.none())
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=5,
)


def of_spec(spec):
    """Values that pass Ansible's own check of types."""
    if spec.get("choices"):
        return st.sampled_from(spec["choices"])
    if "options" in spec:
        one = st.fixed_dictionaries(
            {name: of_spec(field) for name, field in spec["options"].items() if field.get("required")},
            optional={name: of_spec(field) for name, field in spec["options"].items() if not field.get("required")},
        )
        return st.lists(one, max_size=3) if spec["type"] == "list" else one
    return {
        "str": TEXT,
        "path": TEXT,
        "int": st.integers(-(2**40), 2**40),
        "float": st.floats(),
        "bool": st.booleans(),
        "raw": ANYTHING,
        "dict": st.dictionaries(TEXT, ANYTHING, max_size=3),
        "list": st.lists(ANYTHING if spec.get("elements") == "list" else TEXT, max_size=3),
    }[spec["type"]]


def tasks(spec, most=4):
    """Tasks with one to ``most`` of the options of an argument spec."""
    return st.lists(st.sampled_from(sorted(spec)), min_size=1, max_size=most, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: of_spec(spec[name]) for name in names})
    )
