# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest
import yaml
from ansible.errors import AnsibleError
from ansible_collections.flotilla.docker.plugins.action import report_write
from ansible_collections.flotilla.docker.plugins.modules import report_write as documentation


def run(check=False, diff=False, **arguments):
    task = SimpleNamespace(args=arguments, check_mode=check, diff=diff, async_val=0, action="report_write")
    connection = SimpleNamespace(_shell=SimpleNamespace(tmpdir=None))
    return report_write.ActionModule(task, connection, None, None, None, None).run(task_vars={})


def test_report_is_written_once_and_everybody_can_read_it(tmp_path):
    path = tmp_path / "report.json"
    assert run(path=str(path), content="{}\n") == {"changed": True, "path": str(path)}
    assert path.read_text(encoding="utf-8") == "{}\n" and path.stat().st_mode & 0o777 == 0o644
    assert not run(path=str(path), content="{}\n")["changed"]
    assert run(path=str(path), content="[]\n")["changed"]
    assert [file.name for file in tmp_path.iterdir()] == ["report.json"]


def test_mode_of_an_unchanged_report_is_corrected(tmp_path):
    path = tmp_path / "report.json"
    run(path=str(path), content="é")
    path.chmod(0o600)
    assert run(path=str(path), content="é")["changed"] and path.stat().st_mode & 0o777 == 0o644


def test_check_mode_predicts_and_writes_nothing(tmp_path):
    path = tmp_path / "report.json"
    assert run(check=True, path=str(path), content="new")["changed"] and not path.exists()
    path.write_text("old", encoding="utf-8")
    assert run(check=True, diff=True, path=str(path), content="new")["diff"] == {
        "before": "old",
        "after": "new",
        "before_header": str(path),
        "after_header": str(path),
    }
    assert path.read_text(encoding="utf-8") == "old"


def test_relative_path_and_home_are_those_of_the_user_who_runs_ansible(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    assert run(path="a.json", content="")["path"] == str(tmp_path / "a.json")
    assert run(path="~/b.json", content="")["path"] == str(tmp_path / "home" / "b.json")


@pytest.mark.parametrize(
    "place, reason", [("absent/report.json", "No such file or directory"), ("", "It is not a regular file")]
)
def test_failure_names_the_path_and_the_reason(tmp_path, place, reason):
    with pytest.raises(AnsibleError, match=f"Cannot write the report {tmp_path / place} on the controller: {reason}"):
        run(path=str(tmp_path / place), content="")


def test_device_is_not_replaced(tmp_path):
    """As /dev/null, which root could replace."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(AnsibleError, match="It is not a regular file"):
        run(path=str(tmp_path / "pipe"), content="")
    assert (tmp_path / "pipe").is_fifo()


def test_report_stays_as_it_is_where_writing_fails(tmp_path, monkeypatch):
    path = tmp_path / "report.json"
    run(path=str(path), content="old")

    def refuse(*_paths):
        raise OSError(28, "No space left")

    monkeypatch.setattr(report_write.os, "replace", refuse)
    with pytest.raises(AnsibleError, match="No space left"):
        run(path=str(path), content="new")
    assert path.read_text(encoding="utf-8") == "old" and [file.name for file in tmp_path.iterdir()] == ["report.json"]


def test_options_are_those_of_the_documentation():
    options = yaml.safe_load(documentation.DOCUMENTATION)["options"]
    assert set(options) == {"path", "content"} and all(option["required"] for option in options.values())
    with pytest.raises(AnsibleError, match="missing required arguments: content"):
        run(path="report.json")
