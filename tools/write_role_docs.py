#!/usr/bin/env python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the table of variables in each role's README from its meta/argument_specs.yml.

usage: write_role_docs.py [--check]     with --check nothing is written, and the exit code is 1 if a file is out of date
"""

from __future__ import annotations

import json
import pathlib
import re
import sys

import yaml

ROLES = pathlib.Path(__file__).resolve().parent.parent / "roles"
BEGIN = "<!-- Written by tools/write_role_docs.py from meta/argument_specs.yml. -->"
END = "<!-- End of the generated table. -->"
HEAD = ("| variable | type, **default** | |", "|---|---|---|")


def table(spec: dict) -> str:
    """The variables of all entry points, each once, in the order of the file."""
    rows = {}
    for entry in spec["argument_specs"].values():
        for name, option in entry["options"].items():
            rows.setdefault(name, _row(name, option))
    return "\n".join([*HEAD, *rows.values()])


def _row(name: str, option: dict) -> str:
    sentences = _sentences(option["description"])
    for field, inner in option.get("options", {}).items():
        sentences.append("{}: {}".format(_field(field, inner), " ".join(_sentences(inner["description"]))))
    return "| `{}` | {} | {} |".format(name, _kind(option), " ".join(sentences).replace("|", "\\|"))


def _field(name: str, option: dict) -> str:
    return "`{}` ({})".format(name, "required" if option.get("required") else _kind(option))


def _kind(option: dict) -> str:
    default = option.get("default")
    if "choices" in option:
        return ", ".join(f"**{choice}**" if choice == default else choice for choice in option["choices"])
    kind = option["type"] + (" of {}".format(option["elements"]) if option.get("elements", "raw") != "raw" else "")
    if default in (None, "", [], {}):
        return kind
    return f"{kind}, **{default if isinstance(default, str) else json.dumps(default)}**"


def _sentences(description) -> list:
    return [_markdown(text) for text in ([description] if isinstance(description, str) else description)]


def _markdown(text: str) -> str:
    """Convert Ansible's markup to Markdown: roles become links; modules, values, options, environment variables and code become code."""
    text = re.sub(r"P\(flotilla\.docker\.(\w+)#role\)", r"[\1](../\1/README.md)", text)
    return re.sub(r"\b[VOCEM]\(((?:\\.|[^)])*)\)", lambda match: "`{}`".format(match.group(1).replace("\\", "")), text)


def written(readme: str, spec: dict) -> str:
    """The README with the new table."""
    before, _begin, rest = readme.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not end:
        raise SystemExit(f"README.md must have these two lines, between which the table is written:\n{BEGIN}\n{END}")
    return f"{before}{BEGIN}\n{table(spec)}\n{END}{after}"


def main() -> int:
    """Write the files, or compare them with --check."""
    stale = []
    for path in sorted(ROLES.glob("*/meta/argument_specs.yml")):
        readme = path.parent.parent / "README.md"
        old = readme.read_text(encoding="utf-8")
        new = written(old, yaml.safe_load(path.read_text(encoding="utf-8")))
        if new == old:
            continue
        stale.append(str(readme.relative_to(ROLES.parent)))
        if "--check" not in sys.argv[1:]:
            readme.write_text(new, encoding="utf-8")
    if stale and "--check" in sys.argv[1:]:
        print("out of date, run tools/write_role_docs.py: {}".format(", ".join(stale)))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
