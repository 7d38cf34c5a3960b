# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One word for one thing, everywhere a person reads: in texts, messages, comments and names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

COLLECTION = Path(__file__).resolve().parents[2]
FOLDERS = ("changelogs", "docs", "meta", "molecule", "playbooks", "plugins", "roles", "tests", "tools")
ENDINGS = {".md", ".py", ".yml", ".sh", ".service", ".socket", ".conf", ".toml", ""}
# What must not be written, and what to write in its place.
REPLACED = {
    # "engine" is a name in code. After one of these words it is the product, in a sentence.
    r"([Aa]n?|[Tt]he|[Ee]ach|[Ee]very|[Aa]ny|[Nn]o|[Tt]his|[Tt]hese|[Oo]ther|real|older|newer|Docker|[Rr]ootless) engines?"
    r"(?![-\w./`'\"]|: | (module|role)s?\b)": "Engine",
    r"engines (before|since|that|of|with|have|answer)": "Engines",
    r"[Dd]aemons? (ask|pull|return|report)s?": "the Engine: the daemon is its process, which is started and configured",
    r"[Mm]end(s|ed)?": "fix",
    r"[Ff]ores(ee|ees|een|ight)": "predict",
    r"([Tt]ake|[Tt]akes|[Tt]aken|[Tt]ook|[Pp]uts?) back": "roll back",
    r"for ever": "forever",
    r"[Ss]eldom": "rarely",
    r"[Uu]nasked": "without being asked",
    r"(does|do|did) not linger": "lingering is disabled",
    r"[Bb]ystanders?": "other containers",
    r"[Ll]ifelines?": "connection to the controller",
    r"and its kin": "and distributions based on it",
    r"[Hh]alf[- ]made": "incomplete",
    r"broken off": "interrupted",
    r"allotted": "limits",
    r"([Bb]ehavi|[Cc]ol|[Aa]rm|[Hh]on)ours?|[Ll]icences?|\w+(alis|ognis)(e[sd]?|ing)": "the American spelling",
}
ANY = re.compile(r"\b(?:" + "|".join(REPLACED) + r")\b")


def is_text(path):
    return path.suffix in ENDINGS and path.is_file() and path != Path(__file__).resolve()


def texts():
    yield from (path for path in COLLECTION.iterdir() if path.suffix == ".md" or path.name == "Makefile")
    for folder in FOLDERS:
        yield from filter(is_text, (COLLECTION / folder).rglob("*"))


def test_one_word_is_used_for_one_thing():
    found = []
    for path in texts():
        text = path.read_text(encoding="utf-8")
        for match in ANY.finditer(text):
            better = next(better for words, better in REPLACED.items() if re.fullmatch(words, match.group()))
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{path.relative_to(COLLECTION)}:{line}: {match.group()!r}: write {better!r}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "sentence", ["install an engine on it", "the engines answer", "foresees", "what was taken back"]
)
def test_rules_find_these(sentence):
    assert ANY.search(sentence)


@pytest.mark.parametrize(
    "sentence", ["the Engine", "this engine: str", "for every option", "an engine_host", "the daemon answers"]
)
def test_rules_do_not_find_these(sentence):
    assert not ANY.search(sentence)
