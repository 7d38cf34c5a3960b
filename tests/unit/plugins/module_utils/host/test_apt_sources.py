# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.flotilla.docker.plugins.module_utils.host.apt_sources import Source, read_sources

URL = "https://download.docker.com/linux"
LIST = f"# Docker\ndeb [arch=amd64 signed-by=/etc/apt/keyrings/docker.gpg] {URL}/debian bookworm stable\n"
DEB822 = f"""Types: deb
URIs: {URL}/debian/
Suites: trixie
Components: stable
Signed-By: /etc/apt/keyrings/docker.asc

Enabled: no
Types: deb
URIs: {URL}/ubuntu
Suites: noble
"""


def found(tmp_path, **files):
    (tmp_path / "sources.list.d").mkdir()
    for name, text in files.items():
        (tmp_path / name.replace("__", "/").replace("_", ".")).write_text(text, encoding="utf-8")
    return [source._replace(file=source.file[len(str(tmp_path)) + 1 :]) for source in read_sources(URL, str(tmp_path))]


def test_one_line_format(tmp_path):
    assert found(
        tmp_path, sources_list="deb http://deb.example.org/debian bookworm main\n", **{"sources.list.d__a_list": LIST}
    ) == [Source("sources.list.d/a.list", f"{URL}/debian", "bookworm", "/etc/apt/keyrings/docker.gpg", True)]


def test_deb822_format_without_disabled_entries(tmp_path):
    assert found(tmp_path, **{"sources.list.d__docker_sources": DEB822}) == [
        Source("sources.list.d/docker.sources", f"{URL}/debian", "trixie", "/etc/apt/keyrings/docker.asc", True)
    ]


def test_a_file_with_other_repositories_is_marked(tmp_path):
    text = "deb http://deb.example.org/debian bookworm main\n" + LIST
    assert [source.alone for source in found(tmp_path, sources_list=text)] == [False]


def test_files_that_apt_ignores_are_ignored(tmp_path):
    assert found(tmp_path, **{"sources.list.d__a_list_disabled": LIST}) == []
