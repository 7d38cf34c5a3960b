# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Docker or Podman: the differences between the products, chosen once from the headers of the first response."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Mapping, NamedTuple

# pylint: disable=import-outside-toplevel  # only what a task uses is imported
if TYPE_CHECKING:
    from .api import Api
    from .containers import Containers
    from .daemon import Daemon
    from .images import Images
    from .networks import Networks


class Flavour(NamedTuple):
    """One product. Its classes convert its responses to Docker's form; other differences are attributes.

    Other packages use these attributes and never check which product it is.
    """

    # Name in the result of docker_daemon_status, and in messages.
    product: str
    name: str
    # The systemd units that serve the API.
    service: str
    socket: str
    containers: Callable[[Api], Containers]
    daemon: Callable[[Api], Daemon]
    images: Callable[[Api], Images]
    networks: Callable[[Api], Networks]
    # The image store, if the product has only one: a value of shapes.image_store.
    image_store: str | None = None
    # Whether containers have limits that no task set, so that an option removed from a task looks like a default.
    fills_in_limits: bool = False
    # Predefined networks, in addition to those of Docker.
    predefined_networks: frozenset[str] = frozenset()
    # Whether a container's endpoints have the ids of their network and of themselves.
    has_endpoint_ids: bool = True
    # Fields of an endpoint that POST /networks/{id}/connect applies. None: all of them.
    applied_on_connect: frozenset[str] | None = None
    # Whether a container shows all settings of its endpoints, so that they can be restored.
    shows_endpoint_settings: bool = True
    has_config_only_networks: bool = True
    # Whether a network has all options that its creation accepts, and may have any name.
    keeps_network_options: bool = True
    # Whether output of a command still arrives when its standard input has ended.
    keeps_output_after_stdin: bool = True


def _containers(api: Api) -> Containers:
    from .containers import Containers

    return Containers(api)


def _daemon(api: Api) -> Daemon:
    from .daemon import Daemon

    return Daemon(api)


def _images(api: Api) -> Images:
    from .images import Images

    return Images(api)


def _networks(api: Api) -> Networks:
    from .networks import Networks

    return Networks(api)


DOCKER = Flavour("docker", "Docker", "docker.service", "docker.socket", _containers, _daemon, _images, _networks)


def of(headers: Mapping[str, str]) -> Flavour:
    """The product whose ping had these headers."""
    if "Libpod-Api-Version" not in headers:
        return DOCKER
    from .podman import flavour

    return flavour(headers["Libpod-Api-Version"])
