#!/usr/bin/env python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes documentation from the option tables: the doc fragments, and the page of docker run's flags.

usage: write_option_docs.py [--check]     with --check nothing is written, and the exit code is 1 if a file is out of date
"""

from __future__ import annotations

import json
import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
# isort: off
# Makes the checkout a collection.
import conftest  # noqa: F401  pylint: disable=unused-import,wrong-import-position
from ansible_collections.flotilla.docker.plugins.module_utils.container import table  # pylint: disable=wrong-import-position
from ansible_collections.flotilla.docker.plugins.module_utils.container_set import spec as set_spec  # pylint: disable=wrong-import-position
from ansible_collections.flotilla.docker.plugins.module_utils.network import options as network  # pylint: disable=wrong-import-position
from ansible_collections.flotilla.docker.plugins.module_utils.volume import options as volume  # pylint: disable=wrong-import-position

# isort: on

FRAGMENTS = ROOT / "plugins/doc_fragments"
SET_FRAGMENT = FRAGMENTS / "container_set_options.py"
# Fragment to the module that has its options, the package with the rows, and the rows.
TABLES = {
    "container_options": ("container_run", "container", tuple(table.CONTROLS) + table.OPTIONS),
    "network_options": ("network_create", "network", network.CONTROLS + network.ROWS),
    "volume_options": ("volume_create", "volume", volume.CONTROLS + volume.ROWS),
}
PAGE = ROOT / "docs/docker_run.md"

# Flags of docker run (CLI 28) that no row names, with the option that has the same effect or the reason why there is none.
OTHER_FLAGS = {
    "--attach": "none: a task has no terminal; O(detach=false) returns the output of the container",
    "--cidfile": "none: register the result and use container.Id",
    "--detach-keys": "none: a task has no terminal",
    "--disable-content-trust": "none: the CLI verifies signatures itself, the Engine API does not",
    "--cpu-count": "none: Windows containers only",
    "--cpu-percent": "none: Windows containers only",
    "--io-maxbandwidth": "none: Windows containers only",
    "--io-maxiops": "none: Windows containers only",
    "--isolation": "none: Windows containers only",
    "--health-interval": "O(healthcheck.interval)",
    "--health-retries": "O(healthcheck.retries)",
    "--health-start-interval": "O(healthcheck.start_interval)",
    "--health-start-period": "O(healthcheck.start_period)",
    "--health-timeout": "O(healthcheck.timeout)",
    "--no-healthcheck": "O(healthcheck.test=NONE)",
    "--help": "none: ansible-doc flotilla.docker.container_run",
    "--ip": "O(networks[].ipv4_address)",
    "--ip6": "O(networks[].ipv6_address)",
    "--link-local-ip": "O(networks[].link_local_ips)",
    "--network-alias": "O(networks[].aliases)",
    "--quiet": "none: a task prints no progress here",
    "--sig-proxy": "none: a task has no terminal",
    "--use-api-socket": "none: experimental in the CLI; mount the socket with O(volumes)",
}
PAGE_TEXT = """# Every flag of docker run, and its option

Flags are those of Docker CLI 28. Written by `tools/write_option_docs.py` from the option table.

%s
"""


def _options(rows) -> str:
    return "\n".join(text for _name, text in sorted(_rows(rows)))


def _rows(rows):
    for row in rows:
        yield row.name, _option(row.name, row.spec, row.help, row.aliases, getattr(row, "since", None))
        for name, (spec, help_text, _flag) in getattr(row, "partners", {}).items():
            yield name, _option(name, spec, help_text, ())


def _option(name, spec, sentences, aliases, since=None, indent=2) -> str:
    lines = [f"{name}:", "  description:"]
    sentences = (sentences,) if isinstance(sentences, str) else tuple(sentences)
    sentences += (f"Needs Engine API {since}.",) if since else ()
    for sentence in sentences:
        lines.append(_wrapped(f"    - {json.dumps(sentence, ensure_ascii=False)}", 150 - indent))
    for key in ("type", "elements", "required", "default", "choices"):
        if key in spec:
            lines.append(f"  {key}: {json.dumps(spec[key])}")
    if aliases:
        lines.append(f"  aliases: {json.dumps(list(aliases))}")
    if "options" in spec:
        lines.append("  suboptions:")
        for field, inner in spec["options"].items():
            lines.append(_option(field, inner, inner["help"], (), indent=4))
    return textwrap.indent("\n".join(lines), " " * indent)


def _wrapped(line, width) -> str:
    """Wrap a quoted YAML text, in which a line break is read as a space."""
    return textwrap.fill(line, width, subsequent_indent=" " * 6, break_long_words=False, break_on_hyphens=False)


def fragment(module, package, rows) -> str:
    """A doc fragment's text."""
    return f'''# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of {module}. Written by tools/write_option_docs.py from module_utils/{package}; edit the rows there."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of {module}."""

    DOCUMENTATION = r"""
options:
{_options(rows)}
"""
'''


def set_fragment() -> str:
    """The doc fragment of container_set: its entries have the same options, without defaults of their own."""
    rows = [
        (row.name, row.spec, row.help, row.aliases, getattr(row, "since", None))
        for row in tuple(table.CONTROLS) + table.OPTIONS
        if row.name not in set_spec.NOT_OF_MEMBERS
    ]
    for row in table.OPTIONS:
        rows += [(name, spec, text, (), None) for name, (spec, text, _flag) in getattr(row, "partners", {}).items()]
    rows += [(name, spec, spec["help"], (), None) for name, spec in set_spec.MEMBER.items()]
    names = {row[0] for row in rows}
    options = "\n".join(_entry_option(names, *row) for row in sorted(rows, key=lambda row: row[0]))
    return f'''# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of the containers of container_set. Written by tools/write_option_docs.py; edit the rows in module_utils/container."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the containers of container_set."""

    DOCUMENTATION = r"""
options:
  containers:
    description:
      - The containers of the set. Each entry has the options of M(flotilla.docker.container_run) and a few more.
      - Options that an entry does not set come from O(defaults).
    type: list
    elements: dict
    default: []
    suboptions:
{options}
"""
'''


def _entry_option(names, name, spec, sentences, aliases, since) -> str:
    sentences = (sentences,) if isinstance(sentences, str) else tuple(sentences)
    if "default" in spec:
        sentences += (
            "If neither the entry nor O(defaults) sets it, V({}) is used.".format(
                json.dumps(spec["default"]).strip('"')
            ),
        )
    spec = {key: value for key, value in spec.items() if key != "default"}
    return _option(
        name, _of_entries(names, spec), [_of_entry(names, text) for text in sentences], aliases, since, indent=6
    )


def _of_entry(names, text) -> str:
    """The text with options of container_run as those of an entry."""
    return re.sub(r"O\((\w+)", lambda match: f"O(containers[].{match[1]}" if match[1] in names else match[0], text)


def _of_entries(names, spec):
    """The same for the texts of suboptions."""
    if "options" not in spec:
        return spec
    fields = spec["options"].items()
    return dict(spec, options={field: dict(inner, help=_help(names, inner["help"])) for field, inner in fields})


def _help(names, sentences):
    return [_of_entry(names, text) for text in ((sentences,) if isinstance(sentences, str) else sentences)]


def page() -> str:
    """The page that maps every flag of docker run to its option."""
    flags = dict(OTHER_FLAGS)
    for row in tuple(table.CONTROLS) + table.OPTIONS:
        named = [(row.flag, row.name)] + [
            (flag, name) for name, (_spec, _help, flag) in getattr(row, "partners", {}).items()
        ]
        for flag, name in named:
            if flag:
                flags[flag] = ", ".join(filter(None, [flags.get(flag), f"O({name})"]))
    lines = ["| docker run | container_run |", "| --- | --- |"]
    lines += [f"| `{flag}` | {_code(flags[flag])} |" for flag in sorted(flags)]
    return PAGE_TEXT % "\n".join(lines)


def _code(text: str) -> str:
    return text.replace("O(", "`").replace(")", "`") if "O(" in text else text


def main() -> int:
    """Write the files, or compare them with --check."""
    stale = []
    written = {FRAGMENTS / f"{name}.py": fragment(*source) for name, source in TABLES.items()}
    for path, text in (*written.items(), (SET_FRAGMENT, set_fragment()), (PAGE, page())):
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path.relative_to(ROOT))
        if "--check" not in sys.argv[1:]:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if stale and "--check" in sys.argv[1:]:
        print("out of date, run tools/write_option_docs.py: {}".format(", ".join(map(str, stale))))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
