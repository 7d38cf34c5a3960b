# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Explains why an index of images or a registry gave no usable answer: one class of failures for both the Engine and HTTP, with different advice."""

from __future__ import annotations

from .. import explanations
from ..errors import SearchFailed
from ..explanations import Rule
from .client import retry_after
from .http import Answer

# By kind: what the server did, and what to do if this host sent the request over HTTP.
_HTTP = (
    Rule(
        "rate_limited",
        "",
        "has reached its rate limit",
        "Wait a minute and run the task again; a smaller limit needs fewer requests",
    ),
    Rule(
        "refused",
        "",
        "denied the request",
        "Check the credentials. Docker Hub denies some clients; with via set to engine the Engine asks another address",
    ),
    Rule("unknown_image", "", "has no such repository", "Check the name"),
    Rule(
        "not_an_index", "", "did not return the expected list", "Check the address, and the proxy settings of this host"
    ),
    Rule(
        "endless",
        "",
        "returned a list that does not end",
        "Check the registry: a page of a list must not link to itself or to an earlier one",
    ),
    Rule("server_error", "", "has an internal error", "Run the task again later"),
    Rule(
        "bad_filter",
        "",
        "did not accept the search term",
        "Correct term; it must not start with a scheme such as https://",
    ),
)
# Messages of Engines 20.10 to 29 about a search. Their HTTP status is meaningless; that of the index is in the message.
_ENGINE = (
    Rule("rate_limited", r"status code:? 429", "has reached its rate limit", "Wait a minute and run the task again"),
    Rule(
        "refused",
        r"status code:? 40[13]",
        "denied the request",
        "Set via to http to search Docker Hub from the managed host",
    ),
    Rule(
        "not_an_index",
        r"status code:? [34]\d\d|error decoding|invalid character|unmarshal",
        "did not return a list of images",
        "Check the host in term, and the proxy settings of the Engine. A registry without a search API, as most are, can only list tags",
    ),
    Rule("server_error", r"status code:? 5\d\d", "has an internal error", "Run the task again later"),
    Rule(
        "bad_filter",
        r"invalid filter|invalid search|invalid repository name|invalid limit|outside the range|should not contain",
        "or the Engine did not accept the term or a filter",
        "Correct term and filters; term must not start with a scheme such as https://",
    ),
    Rule(
        "unreachable",
        r"dial tcp|lookup |x509|tls:|connection re|EOF|timeout|no such host|invalid registry endpoint|deadline|server gave HTTP",
        "cannot be reached by the Engine",
        "Check the network, DNS and proxy settings of the Engine, or set via to http if the managed host itself reaches Docker Hub",
    ),
)
_BY_KIND = {rule.kind: rule for rule in _HTTP}
_STATUSES = {401: "refused", 403: "refused", 404: "unknown_image", 429: "rate_limited"}


def search_failed(kind: str, server: str, detail: str) -> SearchFailed:
    """The error for an answer over HTTP."""
    rule = _BY_KIND[kind]
    return SearchFailed(f"{server} {rule.cause} ({detail})", rule.advice, kind=kind)


def bad_status(answer: Answer, server: str) -> SearchFailed:
    """The error for an answer with a status other than 200."""
    kind = _STATUSES.get(answer.status, "server_error" if answer.status >= 500 else "not_an_index")
    seconds = retry_after(answer)
    return search_failed(
        kind, server, f"status {answer.status}" + (f", wait {seconds:.0f} s" if seconds is not None else "")
    )


def engine_search_failed(term: str, message: str) -> SearchFailed:
    """The error for an Engine's message about a search."""
    rule = explanations.first(_ENGINE, message)
    if rule is None:
        return SearchFailed(f"Cannot search for {term}: {message.strip()}", "See journalctl -u docker", kind="unknown")
    return SearchFailed(
        f"Cannot search for {term}: the index {rule.cause} ({message.strip()})", rule.advice, kind=rule.kind
    )
