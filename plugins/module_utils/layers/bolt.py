# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a bbolt database file, in which containerd stores its metadata. A bbolt library would wait for containerd's lock."""

from __future__ import annotations

import struct
from typing import Callable, Iterator, TypeVar

from ..errors import StoreUnreadable

_MAGIC = 0xED0CDAED
_BRANCH, _LEAF = 1, 2
_PAGE_HEADER = 16
_ATTEMPTS = 3

Read = TypeVar("Read")


class Bucket:
    """A bucket: names to values or to buckets."""

    def __init__(self, data: bytes, page_size: int, page: int | None, inline: bytes = b"") -> None:
        self._data = data
        self._page_size = page_size
        self._page = page
        self._inline = inline

    def __getitem__(self, name: bytes) -> Bucket | bytes:
        for key, value in self.items():
            if key == name:
                return value
        raise KeyError(name)

    def bucket(self, name: bytes) -> Bucket:
        """The bucket of that name. Raises KeyError."""
        found = self[name]
        if not isinstance(found, Bucket):
            raise KeyError(name)
        return found

    def values(self) -> dict[bytes, bytes]:
        """Everything in it that is not a bucket."""
        return {key: value for key, value in self.items() if isinstance(value, bytes)}

    def items(self) -> Iterator[tuple[bytes, Bucket | bytes]]:
        """Names with their values or buckets, in order."""
        elements = _elements(self._inline, 0, self) if self._page is None else self._of_page(self._page)
        for is_bucket, key, value in elements:
            yield key, self._nested(value) if is_bucket else value

    def _of_page(self, number: int) -> Iterator[tuple[bool, bytes, bytes]]:
        return _elements(self._data, number * self._page_size, self)

    def _nested(self, value: bytes) -> Bucket:
        """A small bucket is inside its value, behind a header whose root page is 0."""
        root = struct.unpack_from("<Q", value)[0]
        return (
            Bucket(self._data, self._page_size, root) if root else Bucket(self._data, self._page_size, None, value[16:])
        )


def _elements(buffer: bytes, start: int, bucket: Bucket) -> Iterator[tuple[bool, bytes, bytes]]:
    _number, flags, count, _overflow = struct.unpack_from("<QHHI", buffer, start)
    if not flags & (_BRANCH | _LEAF):
        raise StoreUnreadable(f"page at {start} has the flags {flags:#x}")
    for index in range(count):
        at = start + _PAGE_HEADER + index * 16
        if flags & _BRANCH:
            yield from bucket._of_page(struct.unpack_from("<IIQ", buffer, at)[2])
            continue
        is_bucket, position, key_size, value_size = struct.unpack_from("<IIII", buffer, at)
        key = at + position
        yield bool(is_bucket & 1), buffer[key : key + key_size], buffer[key + key_size : key + key_size + value_size]


def parse(data: bytes) -> Bucket:
    """The root bucket of a database's content. Raises StoreUnreadable."""
    metas = [meta for meta in (_meta(data, 0), _meta(data, 4096), _meta(data, 16384), _meta(data, 65536)) if meta]
    if not metas:
        raise StoreUnreadable("it has no valid bbolt header")
    _transaction, page_size, root = max(metas)
    return Bucket(data, page_size, root)


def load(path: str, walk: Callable[[Bucket], Read]) -> Read:
    """The result of ``walk(root bucket)`` for a file. Reads again if containerd wrote to the file meanwhile. Raises OSError or StoreUnreadable."""
    for attempt in range(1, _ATTEMPTS + 1):
        with open(path, "rb") as file:
            data = file.read()
        try:
            return walk(parse(data))
        except (struct.error, IndexError, RecursionError, UnicodeDecodeError, StoreUnreadable) as error:
            if attempt == _ATTEMPTS:
                raise StoreUnreadable(f"{path} cannot be read: {error}") from error
    raise AssertionError("not reached")


def _meta(data: bytes, start: int) -> tuple[int, int, int] | None:
    """Transaction, page size and root page of one of the two headers. The one that is being written fails its checksum."""
    header = data[start + _PAGE_HEADER : start + _PAGE_HEADER + 64]
    if len(header) < 64:
        return None
    magic, _version, page_size, _flags, root, _sequence, _free, _pages, transaction, checksum = struct.unpack(
        "<IIIIQQQQQQ", header
    )
    return (transaction, page_size, root) if magic == _MAGIC and checksum == _fnv1a(header[:56]) else None


def _fnv1a(data: bytes) -> int:
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def unsigned(data: bytes) -> int:
    """Go's uvarint."""
    value = shift = 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    return value


def signed(data: bytes) -> int:
    """Go's varint, which is zig-zag."""
    value = unsigned(data)
    return -(value // 2) - 1 if value & 1 else value // 2
