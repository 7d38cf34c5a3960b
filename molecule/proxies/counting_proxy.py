# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A forward proxy for HTTP and CONNECT that wants a password, and writes a line for each request: counting_proxy.py PORT USER:PASSWORD LOG"""

from __future__ import annotations

import asyncio
import base64
import sys
from urllib.parse import urlsplit


async def pump(reader, writer):
    """Copy until one end closes."""
    try:
        while True:
            data = await reader.read(65536)
            if not data:
                break
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def serve(reader, writer, password, log):
    """One request, for one connection: its answer ends with the connection, so that each request is counted."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    method, target, _version = head.split("\r\n", 1)[0].split(" ")
    if "proxy-authorization: basic " + password not in head.replace(
        "Proxy-Authorization: Basic", "proxy-authorization: basic"
    ):
        log.write(f"refused {target}\n")
        writer.write(
            b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
        writer.close()
        return
    log.write(f"{method} {target}\n")
    address = urlsplit(f"//{target}" if method == "CONNECT" else target)
    upstream_reader, upstream_writer = await asyncio.open_connection(address.hostname, address.port or 80)
    if method == "CONNECT":
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    else:
        lines = [
            line for line in head.split("\r\n")[1:] if line and not line.lower().startswith(("proxy-", "connection:"))
        ]
        path = target[target.index(address.netloc) + len(address.netloc) :]
        upstream_writer.write("\r\n".join([f"{method} {path} HTTP/1.1", *lines, "Connection: close", "", ""]).encode())
    await asyncio.gather(pump(reader, upstream_writer), pump(upstream_reader, writer))


async def main(port, password, path):
    """Serve until the process is killed."""
    password = base64.b64encode(password.encode()).decode()
    with open(path, "a", encoding="utf-8", buffering=1) as log:
        server = await asyncio.start_server(
            lambda reader, writer: serve(reader, writer, password, log), "127.0.0.1", int(port)
        )
        await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))
