#!/usr/bin/env python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes what is documented from the option table of container_run: the doc fragment and the page of docker run's flags.

usage: write_option_docs.py [--check]     with --check nothing is written, and the exit code is 1 if a file is out of date
"""

from __future__ import annotations

import json
import pathlib
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
# Makes the checkout importable as the collection.
import conftest  # noqa: E402,F401  pylint: disable=unused-import,wrong-import-position

from ansible_collections.flotilla.docker.plugins.module_utils.container import table  # noqa: E402  pylint: disable=wrong-import-position

FRAGMENT = ROOT / "plugins/doc_fragments/container_options.py"
PAGE = ROOT / "docs/docker_run.md"

# Flags of docker run (CLI 28) that no row names, with the option that does the same or the reason why there is none.
OTHER_FLAGS = {
    "--attach": "none: a task has no terminal; O(detach=false) returns what the container wrote",
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
    "--use-api-socket": "none: an experiment of the CLI; mount the socket with O(volumes)",
}
PAGE_TEXT = """# Every flag of docker run, and its option

Flags are those of Docker CLI 28. Written by `tools/write_option_docs.py` from the option table.

%s
"""


def _options() -> str:
    return "\n".join(text for _name, text in sorted(_rows()))


def _rows():
    for row in tuple(table.CONTROLS) + table.OPTIONS:
        yield row.name, _option(row.name, row.spec, row.help, row.aliases, getattr(row, "since", None))
        for name, (spec, help_text, _flag) in getattr(row, "partners", {}).items():
            yield name, _option(name, spec, help_text, ())


def _option(name, spec, sentences, aliases, since=None, indent=2) -> str:
    lines = ["%s:" % name, "  description:"]
    sentences = tuple(sentences) + (("Needs Engine API %s." % since,) if since else ())
    for sentence in sentences:
        lines.append(_wrapped("    - %s" % json.dumps(sentence, ensure_ascii=False)))
    for key in ("type", "elements", "required", "default", "choices"):
        if key in spec:
            lines.append("  %s: %s" % (key, json.dumps(spec[key])))
    if aliases:
        lines.append("  aliases: %s" % json.dumps(list(aliases)))
    if "options" in spec:
        lines.append("  suboptions:")
        for field, inner in spec["options"].items():
            lines.append(_option(field, inner, (inner["help"],), (), indent=4))
    return textwrap.indent("\n".join(lines), " " * indent)


def _wrapped(line) -> str:
    """A quoted YAML text may go on in the next line, which it reads as a space."""
    return textwrap.fill(line, 150, subsequent_indent=" " * 6, break_long_words=False, break_on_hyphens=False)


def fragment() -> str:
    """The doc fragment's text."""
    return '''# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of container_run. Written by tools/write_option_docs.py from module_utils/container; edit the rows there."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of container_run."""

    DOCUMENTATION = r"""
options:
%s
"""
''' % _options()


def page() -> str:
    """The page that maps every flag of docker run to its option."""
    flags = dict(OTHER_FLAGS)
    for row in tuple(table.CONTROLS) + table.OPTIONS:
        named = [(row.flag, row.name)] + [(flag, name) for name, (_spec, _help, flag) in getattr(row, "partners", {}).items()]
        for flag, name in named:
            if flag:
                flags[flag] = ", ".join(filter(None, [flags.get(flag), "O(%s)" % name]))
    lines = ["| docker run | container_run |", "| --- | --- |"]
    lines += ["| `%s` | %s |" % (flag, _code(flags[flag])) for flag in sorted(flags)]
    return PAGE_TEXT % "\n".join(lines)


def _code(text: str) -> str:
    return text.replace("O(", "`").replace(")", "`") if "O(" in text else text


def main() -> int:
    """Write, or compare."""
    stale = []
    for path, text in ((FRAGMENT, fragment()), (PAGE, page())):
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path.relative_to(ROOT))
        if "--check" not in sys.argv[1:]:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if stale and "--check" in sys.argv[1:]:
        print("out of date, run tools/write_option_docs.py: %s" % ", ".join(map(str, stale)))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
