# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Searches Docker Hub, and lists tags, over HTTP: no daemon is needed."""

from __future__ import annotations

import re
from typing import Any, Callable, Dict, List, Mapping, Optional
from urllib.parse import quote, urlencode

from ..errors import SearchFailed
from .http import Answer, NoAnswer, fetch
from .registry import Registry, retry_after

HUB = "https://hub.docker.com"
PAGE = 100
# How many results of a search are looked at where a filter leaves few of them: a common word has tens of thousands.
LOOKED = 1000

_ADVICE = {
    "rate_limited": "Wait a minute and run the task again; fewer pages help",
    "refused": "Docker Hub keeps some clients out: use via=engine, which asks another address",
    "unknown_image": "Check the name",
    "not_an_index": "Check the address, and proxies on the way",
    "server_error": "Run the task again later",
    "bad_filter": "Correct term and filters; a term has no scheme such as https://",
    "unreachable": "Check name, network and proxy settings, or use via=engine if the daemon reaches it",
}
_WHAT = {
    "rate_limited": "refuses more requests for now",
    "refused": "refuses the request",
    "unknown_image": "has no such image",
    "not_an_index": "does not answer as an index of images does",
    "server_error": "is in trouble",
    "bad_filter": "or the daemon refuses a filter or the term",
    "unreachable": "cannot be reached",
}
# First match wins; Engines 20.10 to 29.
_ENGINE_WORDS = (
    ("rate_limited", r"status code:? 429"),
    ("refused", r"status code:? 40[13]"),
    ("not_an_index", r"status code:? [34]\d\d|error decoding|invalid character|unmarshal"),
    ("server_error", r"status code:? 5\d\d"),
    ("bad_filter", r"invalid filter|invalid search|invalid repository name|invalid limit|outside the range|should not contain"),
    ("unreachable", r"dial tcp|lookup |x509|tls:|connection re|EOF|timeout|no such host|invalid registry endpoint|deadline|server gave HTTP"),
)


class HubSearch:
    """Docker Hub's HTTP API at ``base``. Of what is used here only the tags are documented by Docker."""

    def __init__(self, fetch: Callable[..., Answer] = fetch, base: str = HUB, ca_path: Optional[str] = None) -> None:
        self._fetch = fetch
        self._base = base.rstrip("/")
        self._ca_path = ca_path

    def search(self, term: str, limit: int, wanted: Optional[Callable[[Mapping[str, Any]], bool]] = None) -> List[Dict[str, Any]]:
        """Results as the Engine's search has them, in the index's order. Raises SearchFailed.

        With ``wanted`` these are all such results of as many pages as give ``limit`` of them, and of LOOKED results at most.
        """
        found: List[Dict[str, Any]] = []
        size = PAGE if wanted else min(PAGE, limit)
        for number in range(1, -(-max(LOOKED, limit) // size) + 1):
            answer = self._page("/v2/search/repositories/?%s" % urlencode({"query": term, "page": number, "page_size": size}))
            entries = _entries(answer, self._base)
            found += [result for result in map(_result, entries) if wanted is None or wanted(result)]
            if not answer.get("next") or not entries or len(found) >= limit:
                break
        return found if wanted else found[:limit]

    def tags(self, repository: str, most: int, wanted: Callable[[str], bool] = lambda name: True) -> List[Dict[str, Any]]:
        """Tags of a repository such as "library/nginx", the newest first. Raises SearchFailed."""
        namespace, _slash, name = repository.partition("/")
        found: List[Dict[str, Any]] = []
        page = 1
        while len(found) < most:
            path = "/v2/namespaces/%s/repositories/%s/tags?%s" % (quote(namespace), quote(name), urlencode({"page": page, "page_size": PAGE}))
            answer = self._page(path)
            entries = _entries(answer, self._base)
            found += [_tag(entry) for entry in entries if wanted(str(entry.get("name")))]
            if not answer.get("next") or not entries:
                break
            page += 1
        return sorted(found, key=lambda tag: tag["last_updated"] or "", reverse=True)[:most]

    def _page(self, path: str) -> Mapping[str, Any]:
        try:
            answer = self._fetch("GET", self._base + path, headers={"Accept": "application/json"}, ca_path=self._ca_path)
        except NoAnswer as error:
            raise SearchFailed(error.message, _ADVICE["unreachable"], kind="unreachable") from error
        return _decoded(answer, self._base)


def registry_tags(registry: Registry, repository: str) -> List[str]:
    """All tags that a registry lists, in its order. Raises SearchFailed. Registries tell no dates."""
    found: List[str] = []
    path: Optional[str] = "/v2/%s/tags/list?n=%d" % (repository, PAGE)
    while path:
        try:
            answer = registry.ask("GET", path)
        except NoAnswer as error:
            raise SearchFailed(error.message, _ADVICE["unreachable"], kind="unreachable") from error
        content = _decoded(answer, registry.base)
        tags = content.get("tags", "none") or []
        if not isinstance(tags, list):
            raise _failed("not_an_index", registry.base, "the answer has no list of tags")
        found += map(str, tags)
        path = _next(answer.headers.get("link", ""))
    return found


def said_by_engine(term: str, words: str) -> SearchFailed:
    """The error for an engine's words about a search: its status says nothing, and the index's own status is among the words."""
    for kind, pattern in _ENGINE_WORDS:
        if re.search(pattern, words):
            return SearchFailed("Cannot search for %s: the index %s (%s)" % (term, _WHAT[kind], words.strip()), _ADVICE[kind], kind=kind)
    return SearchFailed("Cannot search for %s: %s" % (term, words.strip()), "Look at journalctl -u docker", kind="unknown")


def natural(text: str) -> List[Any]:
    """Sorts 1.9 before 1.10."""
    return [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in re.split(r"(\d+)", text)]


def _decoded(answer: Answer, base: str) -> Mapping[str, Any]:
    statuses = {401: "refused", 403: "refused", 404: "unknown_image", 429: "rate_limited"}
    if answer.status != 200:
        seconds = retry_after(answer)
        kind = statuses.get(answer.status, "server_error" if answer.status >= 500 else "not_an_index")
        raise _failed(kind, base, "status %d%s" % (answer.status, ", wait %d s" % seconds if seconds is not None else ""))
    if not answer.body.strip():
        raise _failed("not_an_index", base, "the answer is empty")
    try:
        content = answer.json()
    except ValueError:
        raise _failed("not_an_index", base, "the answer is not JSON") from None
    if not isinstance(content, dict):
        raise _failed("not_an_index", base, "the answer is not an object")
    return content


def _entries(content: Mapping[str, Any], base: str) -> List[Mapping[str, Any]]:
    if "results" not in content:
        raise _failed("not_an_index", base, "the answer has no results")
    entries = content["results"] or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _failed("not_an_index", base, "the results are not a list of objects")
    return entries


def _failed(kind: str, base: str, text: str) -> SearchFailed:
    return SearchFailed("%s %s (%s)" % (base, _WHAT[kind], text), _ADVICE[kind], kind=kind)


def _result(entry: Mapping[str, Any]) -> Dict[str, Any]:
    name = str(entry.get("repo_name") or entry.get("name") or "")
    return {
        "name": name,
        "description": entry.get("short_description") or entry.get("description") or "",
        "star_count": entry.get("star_count") or 0,
        "is_official": bool(entry.get("is_official")),
        "is_automated": bool(entry.get("is_automated")),
    }


def _tag(entry: Mapping[str, Any]) -> Dict[str, Any]:
    return {
        "name": entry.get("name"),
        "digest": entry.get("digest"),
        "size": entry.get("full_size"),
        "last_updated": entry.get("last_updated"),
        "platforms": [
            "/".join(part for part in (image.get("os"), image.get("architecture"), image.get("variant")) if part) for image in entry.get("images") or ()
        ],
    }


def _next(link: str) -> Optional[str]:
    """The path in a Link header with rel="next"."""
    target, _sep, relation = link.partition(">")
    return target.lstrip("<") if 'rel="next"' in relation else None
