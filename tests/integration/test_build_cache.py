# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The layers of an image that BuildKit built, and those that its build cache keeps."""

from __future__ import annotations

import pytest

COMMANDS = [
    "ADD rootfs.tar /",
    "WORKDIR /srv",
    "RUN /bin/sh -c true",
    "RUN /bin/sh -c head -c 300000",
    "RUN /bin/sh -c rm /big",
    "WORKDIR /x",
]
DOCKERFILE = """FROM scratch
ADD rootfs.tar /
ENV PATH=/bin
WORKDIR /srv
RUN true
RUN head -c 300000 /dev/zero > /big
LABEL kind=test
RUN rm /big
WORKDIR /x
CMD ["sh"]
"""
# Built only from files of the host, because BuildKit of Engine 20.10 cannot pull from a registry without TLS.
BUILD = f"""
rm -rf /root/build; mkdir /root/build; cd /root/build
docker pull -q hub:5000/library/busybox:1.0 && docker create --name base hub:5000/library/busybox:1.0
docker export base > rootfs.tar && docker rm base && docker rmi hub:5000/library/busybox:1.0
cat > Dockerfile <<'END'
{DOCKERFILE}
END
DOCKER_BUILDKIT=1 docker build -t built:1 .
"""
INSTALL = (
    "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker-buildx"
)


@pytest.fixture
def built(empty):
    """The host with such an image. Only the client of 20.10 includes BuildKit."""
    empty.execute("sh", "-c", f"docker buildx version || case $(hostname) in e20) ;; *) {INSTALL};; esac")
    empty.execute("sh", "-ec", BUILD)
    yield empty
    empty.execute("docker", "builder", "prune", "--all", "--force")
    if empty.name.startswith("e"):
        # Engine 26.1 forgets layers that a cache had, and a later pull does not download them again.
        left = "systemctl stop docker.socket docker; rm -rf /var/lib/docker/*; systemctl reset-failed docker docker.socket; systemctl start docker"
        empty.execute("sh", "-c", f'test -z "$(ls /var/lib/docker/image/overlay2/layerdb/sha256)" || {{ {left}; }}')


@pytest.mark.parametrize(
    "host",
    ["e20", *(pytest.param(name, marks=pytest.mark.long) for name in ("e26", "e28", "c26", "c28"))],
    indirect=True,
)
def test_each_layer_has_its_command_and_layers_of_the_build_cache_have_no_owner(built, play):
    copies = built.name.startswith("c")
    kept = (
        "gone.totals.unowned | map(attribute='chain_id') | difference(seen.totals.unowned | map(attribute='chain_id'))"
    )
    if copies:
        kept = "gone.totals.unowned | map(attribute='chain_id')"
    finished = play(
        [
            {"flotilla.docker.image_layers": {"name": "built:1"}, "register": "seen"},
            {"flotilla.docker.image_remove": {"name": "built:1"}, "check_mode": True, "register": "predicted"},
            {"flotilla.docker.image_remove": {"name": "built:1"}, "register": "removed"},
            {"flotilla.docker.image_layers": {}, "register": "gone"},
            {"ansible.builtin.command": {"argv": "{{ ['stat'] + gone.totals.unowned | map(attribute='path') }}"}},
            {"ansible.builtin.command": "docker builder prune --all --force"},
            {"flotilla.docker.image_layers": {}, "register": "pruned"},
            {
                "ansible.builtin.assert": {
                    "that": [
                        "seen.images[0].layer_count == 6",
                        *(
                            f"seen.images[0].layers[{number}].created_by is match({command!r})"
                            for number, command in enumerate(COMMANDS)
                        ),
                        "seen.images[0].history | map(attribute='layer') | list == [0, none, 1, 2, 3, none, 4, 5, none]",
                        "seen.images[0].layers[3].size >= 300000 and seen.images[0].layers[3].size < 400000",
                        f"seen.images[0].layers | map(attribute='in_build_cache') | list == {[not copies] * 6}",
                        f"seen.images[0].layers | map(attribute='freed_with_image') | list == {[copies] * 6}",
                        "predicted.untagged == removed.untagged and predicted.deleted == removed.deleted",
                        f"({kept} | sort == seen.images[0].layers | map(attribute='chain_id') | sort) != {copies}",
                        f"{kept} | length == 6 and gone.totals.unowned_size >= 300000 and gone.totals.size == gone.totals.unowned_size",
                        # An Engine that was restarted with a cache may have forgotten layers, which are never deleted.
                        f"pruned.totals.unowned | map(attribute='chain_id') | intersect({kept}) == [] and pruned.missing == []",
                    ]
                }
            },
        ],
        hosts=built.name,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
