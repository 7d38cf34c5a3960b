# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that limit reads and writes of block devices."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Mapping

from ...errors import BadOption
from ...option import MapOption, Option
from .. import convert, normal, show

_DEVICE = "Path of the device on the host."


def _rows_by_path(read: Callable[[str, Any], int]) -> Any:
    return lambda option, value: convert.rates(option, value, read)


def _by_path(observed: Iterable[dict[str, Any]] | None) -> dict[str, Any]:
    return {normal.path(entry["Path"]): entry for entry in observed or []}


def _with_normal_path(entry: Mapping[str, Any]) -> Any:
    return dict(entry, Path=normal.path(entry["Path"]))


def _entries(mapping: dict[str, Any]) -> list[Any]:
    return list(mapping.values())


def _weights(option: str, value: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {normal.path(entry["path"]): {"Path": entry["path"], "Weight": entry["weight"]} for entry in value}


def _bytes(option: str, value: object) -> int:
    return convert.size(option, value, _rate_example(option, "10m"))


def _operations(option: str, value: int) -> int:
    if value < 0:
        raise BadOption(option, "must be 0 or more", got=value, example=_rate_example(option, "1000"))
    return int(value)


def _rate_example(option: str, rate: str) -> str:
    return f"{option.partition('.')[0]}: [{{path: /dev/sda, rate: {rate}}}]"


def _unreported(info: Mapping[str, Any]) -> None:
    """/info does not show whether the kernel can enforce the limit."""


def _rate_spec(kind: str) -> dict[str, Any]:
    rate = "Bytes per second, such as V(10m)." if kind == "str" else "Operations per second."
    fields = {
        "path": {"help": _DEVICE, "type": "str", "required": True},
        "rate": {"help": rate, "type": kind, "required": True},
    }
    return {"type": "list", "elements": "dict", "options": fields}


def _device_rate(name: str, path: str, kind: str, read: Callable[[str, Any], int], what: str) -> MapOption:
    return MapOption(
        name,
        spec=_rate_spec(kind),
        path=f"HostConfig.{path}",
        flag="--{}".format(name.replace("_", "-")),
        parse=_rows_by_path(read),
        read=_by_path,
        normal=_with_normal_path,
        emit=_entries,
        kernel=_unreported,
        show=show.byte_rates if kind == "str" else show.operation_rates,
        help=(what,),
    )


ROWS = (
    Option(
        "blkio_weight",
        spec={"type": "int"},
        kernel=_unreported,
        range=(0, 1000),
        path="HostConfig.BlkioWeight",
        flag="--blkio-weight",
        live="BlkioWeight",
        help=("Weight of block I/O relative to other containers, from 10 to 1000.",),
    ),
    MapOption(
        "blkio_weight_device",
        spec={
            "type": "list",
            "elements": "dict",
            "options": {
                "path": {"help": _DEVICE, "type": "str", "required": True},
                "weight": {"help": "Weight, from 10 to 1000.", "type": "int", "required": True},
            },
        },
        kernel=_unreported,
        path="HostConfig.BlkioWeightDevice",
        flag="--blkio-weight-device",
        parse=_weights,
        read=_by_path,
        normal=_with_normal_path,
        emit=_entries,
        show=show.weights,
        help=("Weight of block I/O by device.",),
    ),
    _device_rate(
        "device_read_bps", "BlkioDeviceReadBps", "str", _bytes, "Bytes per second that may be read from a device."
    ),
    _device_rate(
        "device_write_bps",
        "BlkioDeviceWriteBps",
        "str",
        _bytes,
        "Bytes per second that may be written to a device.",
    ),
    _device_rate("device_read_iops", "BlkioDeviceReadIOps", "int", _operations, "Reads per second from a device."),
    _device_rate("device_write_iops", "BlkioDeviceWriteIOps", "int", _operations, "Writes per second to a device."),
)
