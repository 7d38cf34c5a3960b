# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import collections
import pathlib
import subprocess
import sys
import zipfile

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils import archive_imports

# Prints the path of each module that is imported from the archive, and of each file of the archive that is compiled.
PROGRAM = """
import sys

sys.path.insert(0, {archive!r})
sys.addaudithook(lambda event, arguments: event == "compile" and print("compiled", arguments[1]))
import {first}
import package.module
import package.inner.module

for name in ("package", "package.module", "package.inner", "package.inner.module"):
    print("imported", name, sys.modules[name].__file__)
try:
    import package.missing
except ImportError as error:
    print("missing", error.name)
try:
    import package.broken
except SyntaxError as error:
    print("broken", error.filename, error.lineno)
"""
FILES = {
    "package/__init__.py": "",
    "package/module.py": "from .inner import module\n",
    "package/inner/__init__.py": "",
    "package/inner/module.py": "",
    "package/broken.py": "\nfor\n",
}


@pytest.fixture
def run(tmp_path):
    """Runs PROGRAM, which imports ``first`` from an archive before all else. Returns its lines as lists of words."""
    archive = tmp_path / "payload.zip"
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("archive_imports.py", pathlib.Path(archive_imports.__file__).read_text(encoding="utf-8"))
        for path, text in FILES.items():
            content.writestr(path, text)

    def run(first):
        program = PROGRAM.format(archive=str(archive), first=first)
        done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True)
        return [line.replace(f"{archive}/", "").split() for line in done.stdout.decode().splitlines()]

    return run


def compilations(lines):
    """How often each file of FILES that has no error was compiled."""
    found = collections.Counter(words[1] for words in lines if words[0] == "compiled")
    return [found[path] for path in FILES if "broken" not in path]


def test_each_file_is_compiled_once(run):
    assert compilations(run("archive_imports")) == [1, 1, 1, 1]


def test_python_compiles_each_file_twice(run):
    """Otherwise archive_imports is not needed any more."""
    assert compilations(run("zipimport")) == [2, 2, 2, 2]


def test_all_else_is_as_with_zipimport(run):
    def results(first):
        return [words for words in run(first) if words[0] != "compiled"]

    assert results("archive_imports") == results("zipimport")
    assert [words[-1] for words in results("archive_imports")] == [*list(FILES)[:4], "package.missing", "2"]
