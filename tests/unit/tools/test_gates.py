# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A check that failed, hung, broke or tested nothing is never counted as passed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[3] / "tools"))

from gates import cli, junit  # noqa: E402  pylint: disable=wrong-import-position
from gates.command import Command  # noqa: E402  pylint: disable=wrong-import-position

CASES = '<testsuite><testcase classname="c" name="good"/><testcase classname="c" name="bad">{}</testcase></testsuite>'


@pytest.fixture(autouse=True)
def scratch(tmp_path, monkeypatch):
    monkeypatch.setattr(junit, "JUNIT", tmp_path / "junit")
    monkeypatch.setattr(cli, "LOGS", tmp_path / "logs")
    return tmp_path


def python(code, **more):
    return Command("it", [sys.executable, "-c", code], **more)


def counts(*commands):
    def gate():
        for each in commands:
            if isinstance(each, Exception):
                raise each
            yield each

    cli.run_gate(gate, live=False)
    added, _failed = junit.add_up(["gate"])
    return {verdict: number for verdict, number in added.items() if number}


def write(folder, text):
    return f"import pathlib; p = pathlib.Path({str(folder)!r}); p.mkdir(); (p / 'a.xml').write_text({text!r})"


@pytest.mark.parametrize(
    "commands, expected",
    [
        ([python("")], {"passed": 1}),
        ([python("raise SystemExit(3)")], {"failed": 1}),
        ([python("import os; os.kill(os.getpid(), 9)")], {"failed": 1}),
        ([python("import time; time.sleep(60)", silent_minutes=0)], {"failed": 1}),
        ([Command("it", ["/no/such/program"])], {"failed": 1}),
        ([Command("it", skip="no such Python")], {"skipped": 1}),
        ([python(""), ValueError("in the gate itself")], {"passed": 1, "failed": 1}),
        ([], {"failed": 1}),
    ],
)
def test_verdict_of_a_command(commands, expected):
    assert counts(*commands) == expected


@pytest.mark.parametrize(
    "verdict, expected",
    [
        ("", {"passed": 3}),
        ("<failure/>", {"passed": 2, "failed": 1}),
        ("<error/>", {"passed": 2, "failed": 1}),
        ("<skipped/>", {"passed": 2, "skipped": 1}),
    ],
)
def test_reported_cases_are_added(scratch, verdict, expected):
    assert counts(python(write(scratch / "reports", CASES.format(verdict)), reports=scratch / "reports")) == expected


def test_command_that_reports_no_case_has_failed(scratch):
    assert counts(python("", reports=scratch / "reports")) == {"failed": 1}


def test_command_that_ran_too_few_cases_has_failed(scratch):
    reports = scratch / "reports"
    assert counts(python(write(reports, CASES.format("<skipped/>")), reports=reports, at_least=2)) == {
        "passed": 1,
        "skipped": 1,
        "failed": 1,
    }


def test_reports_of_an_earlier_run_do_not_count(scratch):
    (scratch / "reports").mkdir()
    (scratch / "reports" / "old.xml").write_text(CASES.format(""), encoding="utf-8")
    assert counts(python("", reports=scratch / "reports")) == {"failed": 1}


def test_last_line_has_the_totals(scratch, capsys):
    counts(python(""), Command("other", skip="no such Python"))
    assert cli.close({"gate": 1.0}) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 0 failed, 1 skipped"


def test_command_that_keeps_printing_does_not_count_as_hung():
    talks = "for _ in 1 2 3 4 5 6 7 8 9 10; do echo; sleep 0.5; done"
    assert counts(Command("it", ["sh", "-c", talks], silent_minutes=4 / 60)) == {"passed": 1}
