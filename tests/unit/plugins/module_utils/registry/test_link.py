# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.flotilla.docker.plugins.module_utils.registry import link

HERE = "https://hub:5000/v2/web/tags/list?n=2"


@pytest.mark.parametrize(
    "header, expected",
    [
        ('</v2/web/tags/list?last=b&n=2>; rel="next"', "https://hub:5000/v2/web/tags/list?last=b&n=2"),
        ("</v2/web/tags/list?last=b>; rel=next", "https://hub:5000/v2/web/tags/list?last=b"),
        ('<list?last=b>; rel="next"', "https://hub:5000/v2/web/tags/list?last=b"),
        ("<?last=b>; rel=next", "https://hub:5000/v2/web/tags/list?last=b"),
        ("<http://other/v2/x>; rel=next", "http://other/v2/x"),
        ('<a>; REL="Next"', "https://hub:5000/v2/web/tags/a"),
        ('<a>; rel="last NEXT"', "https://hub:5000/v2/web/tags/a"),
        ('<a>; rel="prev", <b?x=1,2>; rel="next"', "https://hub:5000/v2/web/tags/b?x=1,2"),
        ("<a>;rel=prev,<b>;rel=next", "https://hub:5000/v2/web/tags/b"),
        ('<b>; title="x, y; rel=prev"; rel=next', "https://hub:5000/v2/web/tags/b"),
        ("<b>; title*=UTF-8''x; rel=next; flag", "https://hub:5000/v2/web/tags/b"),
        ('  <b>  ;  rel  =  "next"  ', "https://hub:5000/v2/web/tags/b"),
        ("no link, <b>; rel=next", "https://hub:5000/v2/web/tags/b"),
        ('<b>; rel="prev"; rel="next"', None),  # the first counts
        ('<a>; rel="prev"', None),
        ("<a>", None),
        ("/v2/web", None),
        ("", None),
    ],
)
def test_next_page_is_found_in_every_form_of_the_header(header, expected):
    assert link.next_page(header, HERE) == expected


@pytest.mark.parametrize(
    "header", ["<" * 9000, "<a>;" + " " * 9000, '<a>;b="' + "\\" * 9000, "<a>;b=c" * 2000, "," * 9000]
)
def test_header_that_is_not_a_link_has_no_next_page(header):
    assert link.next_page(header, HERE) is None
