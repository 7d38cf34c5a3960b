# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The images in the registry, built from Debian's packages nginx and busybox-static."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from image import OCI, Image, Tree

CONTENT = Path(__file__).parent / "content"
APPLETS = [
    "sh",
    "ash",
    "cat",
    "chmod",
    "cp",
    "cut",
    "date",
    "dd",
    "df",
    "du",
    "echo",
    "env",
    "false",
    "free",
    "grep",
    "head",
    "hostname",
    "httpd",
    "id",
    "ip",
    "ls",
    "mkdir",
    "mv",
    "nc",
    "ps",
    "rm",
    "sed",
    "seq",
    "sleep",
    "sort",
    "tail",
    "tee",
    "top",
    "touch",
    "tr",
    "true",
    "uname",
    "wc",
    "wget",
]
PATH = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]


def nginx(version):
    """Six layers, like Docker Hub's nginx. Two versions differ in the last layer only."""
    page = f"<!DOCTYPE html>\n<title>Welcome to nginx!</title>\n<h1>Welcome to nginx!</h1>\n<p>nginx {version} of the test fleet\n"
    return (
        Image()
        .layer("ADD busybox / # base", _accounts(_busybox(Tree())))
        .setting("ENV NGINX_VERSION=fleet", Env=[*PATH, "NGINX_VERSION=fleet"])
        .layer("RUN install nginx and its libraries", _nginx_program(Tree()))
        .layer(
            "COPY docker-entrypoint.sh / # entrypoint",
            Tree().file("docker-entrypoint.sh", _content("docker-entrypoint.sh"), 0o755),
        )
        .layer(
            "COPY 10-check.sh /docker-entrypoint.d # entrypoint",
            Tree().file("docker-entrypoint.d/10-check.sh", _content("10-check.sh"), 0o755),
        )
        .layer(
            "COPY 20-ready.sh /docker-entrypoint.d # entrypoint",
            Tree().file("docker-entrypoint.d/20-ready.sh", _content("20-ready.sh"), 0o755),
        )
        .setting('ENTRYPOINT ["/docker-entrypoint.sh"]', Entrypoint=["/docker-entrypoint.sh"])
        .setting("EXPOSE map[80/tcp:{}]", ExposedPorts={"80/tcp": {}})
        .setting("STOPSIGNAL SIGQUIT", StopSignal="SIGQUIT")
        .setting('CMD ["nginx" "-g" "daemon off;"]', Cmd=["nginx", "-g", "daemon off;"])
        .setting("LABEL maintainer=flotilla.docker contributors", Labels={"maintainer": "flotilla.docker contributors"})
        .layer(
            "COPY index.html /usr/share/nginx/html/ # page",
            Tree().file("usr/share/nginx/html/index.html", page.encode()),
        )
    )


def busybox(version, **kind):
    """A shell in one shared layer, and its version in another."""
    return (
        Image(**kind)
        .layer("ADD busybox / # base", _accounts(_busybox(Tree())))
        .layer("COPY version /etc/version", Tree().file("etc/version", f"{version}\n".encode()))
        .setting('CMD ["sh"]', Env=PATH, Cmd=["sh"])
    )


def multi():
    """The same image for amd64 and arm64, for tests of platforms. The programs of both are for amd64."""
    return [busybox("multi", format=OCI), busybox("multi", format=OCI, architecture="arm64")]


def _busybox(tree):
    # The package has a second file named busybox that is not the program.
    tree.folder("tmp", 0o1777).file("bin/busybox", Path("/bin/busybox").read_bytes(), 0o755)
    for applet in APPLETS:
        tree.link(f"bin/{applet}", "busybox")
    return tree


def _accounts(tree):
    return (
        tree.file("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33:www-data:/:/bin/false\n")
        .file("etc/group", b"root:x:0:\nwww-data:x:33:\n")
        .folder("root", 0o700)
    )


def _nginx_program(tree):
    tree.file("usr/sbin/nginx", Path("/usr/sbin/nginx").read_bytes(), 0o755)
    linked = subprocess.run(["ldd", "/usr/sbin/nginx"], check=True, capture_output=True, text=True).stdout
    for library in re.findall(r"(/\S+)", linked):
        tree.file(library, Path(library).read_bytes(), 0o755)
    for folder in ("run", "var/log/nginx", "var/lib/nginx"):
        tree.folder(folder)
    return tree.file("etc/nginx/nginx.conf", _content("nginx.conf"))


def _content(name):
    return (CONTENT / name).read_bytes()
