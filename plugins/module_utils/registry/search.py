# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Searches Docker Hub, and lists tags of Docker Hub and of registries, over HTTP: no Engine is needed."""

from __future__ import annotations

from typing import Any, Callable, Mapping, NamedTuple
from urllib.parse import quote, urlencode

from ..errors import NoAnswer, SearchFailed
from .client import Registry
from .failures import bad_status, search_failed
from .http import Answer, fetch
from .paging import PAGES, pages
from .versions import newest_first

HUB = "https://hub.docker.com"
PAGE = 100
# Docker Hub lists the most recently updated tags first, so only this many pages are read: some repositories have tens of thousands of tags.
TAG_PAGES = 50
# Maximum number of search results that are filtered: a common word has tens of thousands.
SEARCHED = 1000

Fetch = Callable[..., Answer]


class Tags(NamedTuple):
    """Tags of a repository, the newest first; ``complete`` is False if the repository has older ones that were not read."""

    tags: list
    complete: bool = True


class HubSearch:
    """Docker Hub's HTTP API at ``base``. Docker documents only the API for tags."""

    def __init__(self, fetch: Fetch = fetch, base: str = HUB, ca_path: str | None = None) -> None:
        self._fetch = fetch
        self._base = base.rstrip("/")
        self._ca_path = ca_path

    def search(
        self, term: str, limit: int, wanted: Callable[[Mapping[str, Any]], bool] | None = None
    ) -> list[dict[str, Any]]:
        """Results in the form of the Engine's search, in the index's order. Raises SearchFailed.

        With ``wanted``, pages are read until ``limit`` results match, up to SEARCHED results.
        """
        size = PAGE if wanted else min(PAGE, limit)
        most = -(-max(SEARCHED, limit) // size)
        found: dict[str, dict[str, Any]] = {}
        query = {"query": term}
        for entries in self._pages("/v2/search/repositories/", query, size, "repo_name", most):
            results = map(_result, entries)
            found.update((result["name"], result) for result in results if wanted is None or wanted(result))
            if len(found) >= limit:
                break
        return list(found.values()) if wanted else list(found.values())[:limit]

    def tags(self, repository: str, most: int, wanted: Callable[[str], bool] = lambda name: True) -> Tags:
        """Tags of a repository such as "library/nginx", the most recently updated first. Raises SearchFailed."""
        namespace, _slash, name = repository.partition("/")
        path = f"/v2/namespaces/{quote(namespace)}/repositories/{quote(name)}/tags"
        found: dict[str, dict[str, Any]] = {}
        looked = 0
        for entries in self._pages(path, {}, PAGE, "name", TAG_PAGES):
            looked += 1
            found.update((str(entry.get("name")), _tag(entry)) for entry in entries if wanted(str(entry.get("name"))))
            if len(found) >= most:
                break
        by_version = [found[tag] for tag in newest_first(found)]
        newest = sorted(by_version, key=lambda tag: str(tag["last_updated"] or ""), reverse=True)[:most]
        return Tags(newest, len(found) >= most or looked < TAG_PAGES)

    def _pages(self, path: str, query: dict[str, Any], size: int, key: str, most: int) -> Any:
        """The entries of each page. Docker Hub's link to the next page is not followed, because a mirror may return another host in it."""

        def page(number: str) -> tuple[list, list[str], str | None]:
            content = self._content(f"{path}?{urlencode(dict(query, page=number, page_size=size))}")
            entries = _entries(content, self._base)
            more = str(int(number) + 1) if content.get("next") and entries else None
            return entries, [str(entry.get(key) or entry.get("name")) for entry in entries], more

        return pages(self._base, "1", page, min(most, PAGES - 1))

    def _content(self, path: str) -> Mapping[str, Any]:
        try:
            answer = self._fetch(
                "GET", self._base + path, headers={"Accept": "application/json"}, ca_path=self._ca_path
            )
        except NoAnswer as error:
            raise unreachable(error) from error
        return _decoded(answer, self._base)


def registry_tags(registry: Registry, repository: str) -> list[str]:
    """All tags in a registry's list, in its order. Raises SearchFailed. Registries return no dates."""

    def page(path: str) -> tuple[list[str], list[str], str | None]:
        try:
            answer = registry.ask("GET", path)
        except NoAnswer as error:
            raise unreachable(error) from error
        tags = _decoded(answer, registry.base).get("tags", "none") or []
        if not isinstance(tags, list):
            raise search_failed("not_an_index", registry.base, "the answer has no list of tags")
        names = [str(tag) for tag in tags]
        return names, names, registry.next_page(answer, path)

    found = [name for names in pages(registry.base, f"/v2/{repository}/tags/list?n={PAGE}", page) for name in names]
    return list(dict.fromkeys(found))


def unreachable(error: NoAnswer) -> SearchFailed:
    """The failure as one of a search. Its message and advice have the details."""
    return SearchFailed(error.message, error.advice, kind="unreachable")


def _decoded(answer: Answer, base: str) -> Mapping[str, Any]:
    if answer.status != 200:
        raise bad_status(answer, base)
    if not answer.body.strip():
        raise search_failed("not_an_index", base, "the answer is empty")
    try:
        content = answer.json()
    except (ValueError, RecursionError):
        raise search_failed("not_an_index", base, "the answer is not valid JSON") from None
    if not isinstance(content, dict):
        raise search_failed("not_an_index", base, "the answer is not a JSON object")
    return content


def _entries(content: Mapping[str, Any], base: str) -> list[Mapping[str, Any]]:
    if "results" not in content:
        raise search_failed("not_an_index", base, "the answer has no results")
    entries = content["results"] or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise search_failed("not_an_index", base, "the results are not a list of objects")
    return entries


def _result(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": str(entry.get("repo_name") or entry.get("name") or ""),
        "description": entry.get("short_description") or entry.get("description") or "",
        "star_count": _number(entry.get("star_count")),
        "is_official": bool(entry.get("is_official")),
        "is_automated": bool(entry.get("is_automated")),
    }


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _tag(entry: Mapping[str, Any]) -> dict[str, Any]:
    images = entry.get("images")
    return {
        "name": str(entry.get("name")),
        "digest": entry.get("digest"),
        "size": entry.get("full_size"),
        "last_updated": entry.get("last_updated"),
        "platforms": [_platform(image) for image in images if isinstance(image, dict)]
        if isinstance(images, list)
        else [],
    }


def _platform(image: Mapping[str, Any]) -> str:
    return "/".join(str(part) for part in (image.get("os"), image.get("architecture"), image.get("variant")) if part)
