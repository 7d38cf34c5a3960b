# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The layers of an image as a tree to print."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from ..shapes import size_text


def render(title: str, layers: Sequence[Mapping[str, Any]]) -> str:
    """A tree to print: size, short chain id and command of each layer."""
    lines = [f"{title} ({len(layers)} layers)"]
    for layer in layers:
        branch = "└─" if layer is layers[-1] else "├─"
        command = " ".join((layer["created_by"] or "").split())
        size, chain_id = size_text(layer["size"]), layer["chain_id"][7:19]
        lines.append(f"{branch} {layer['index']}  {size:>9}  {chain_id}  {command[:80]}")
    return "\n".join(lines)
