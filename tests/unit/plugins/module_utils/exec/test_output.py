# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.exec.output import STDERR, STDOUT, Output
from hypothesis import given
from hypothesis import strategies as st


def frame(stream, data):
    return bytes([stream, 0, 0, 0]) + len(data).to_bytes(4, "big") + data


@given(
    parts=st.lists(st.tuples(st.sampled_from([STDOUT, STDERR]), st.binary(max_size=50)), max_size=20),
    size=st.integers(min_value=1, max_value=30),
)
def test_frames_are_put_together_however_they_are_cut(parts, size):
    data = b"".join(frame(stream, text) for stream, text in parts)
    output = Output(tty=False, limit=0)
    for start in range(0, len(data), size):
        output.take(data[start : start + size])
    expected = {stream: b"".join(text for each, text in parts if each == stream) for stream in (STDOUT, STDERR)}
    assert {stream: bytes(output._kept[stream]) for stream in expected} == expected


def test_terminal_has_no_frames():
    output = Output(tty=True, limit=0)
    output.take(b"\x01\x00plain")
    assert output.sizes == {STDOUT: 7, STDERR: 0}


@pytest.mark.parametrize(
    "data, strip, expected",
    [
        (b"text\r\n\n", True, ("text", "utf-8")),
        (b"text\n", False, ("text\n", "utf-8")),
        ("ä".encode(), True, ("ä", "utf-8")),
        (b"\xff\xfe", True, ("//4=", "base64")),
        (b"a\0b", True, ("YQBi", "base64")),
    ],
)
def test_output_that_is_not_text_is_base64(data, strip, expected):
    output = Output(tty=True, limit=0)
    output.take(data)
    assert output.text(STDOUT, strip) == expected


def test_end_of_long_output_is_kept_and_cut_characters_are_dropped():
    output = Output(tty=True, limit=5)
    for _part in range(100):
        output.take("ä".encode())
    assert output.text(STDOUT, True) == ("ää", "utf-8")
    assert output.left_out == 195
