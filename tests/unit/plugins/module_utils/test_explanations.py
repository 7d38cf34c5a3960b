# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.flotilla.docker.plugins.module_utils import explanations
from ansible_collections.flotilla.docker.plugins.module_utils.explanations import Rule

RULES = (
    Rule("timed_out", r"TLS handshake timeout", "no answer in {limit} s", "Try again", transient=True),
    Rule("ssh", r"", "ssh failed", where=("ssh://",)),
    Rule("tls", r"(?i)tls: (\S+)( in \S+)?", "TLS failed because of {0}{1}", "Check the certificate of {where}"),
)


def test_first_matching_rule_wins():
    assert explanations.first(RULES, "net/http: TLS handshake timeout").kind == "timed_out"


def test_message_that_no_rule_matches_has_no_explanation():
    assert explanations.first(RULES, "something else") is None


def test_rule_for_an_address_applies_only_to_it():
    assert explanations.first(RULES, "broken", "ssh://host").kind == "ssh"


def test_fields_are_filled_by_groups_and_names():
    found = explanations.explain(RULES, "TLS: expired in web", where="https://x")
    assert found.cause == "TLS failed because of expired in web"


def test_group_that_did_not_match_is_empty():
    assert explanations.explain(RULES, "tls: expired").cause == "TLS failed because of expired"


def test_messages_are_grouped_by_the_rule_that_matches_them():
    found = explanations.grouped(RULES[:1], ["a TLS handshake timeout", "other", "b TLS handshake timeout"])
    assert [matching for _rule, matching in found] == [["a TLS handshake timeout", "b TLS handshake timeout"]]
