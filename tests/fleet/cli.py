# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line."""

from __future__ import annotations

import argparse
import os
import re
import sys

from docker.errors import DockerException
from requests.exceptions import RequestException

from fleet import fleets, images, machine, releases
from fleet.report import FleetError, say, table
from fleet.state import State

LOGS = ("registry", "registry-auth", "search", "proxy")
EXAMPLES = """examples:
  python tests/fleet up                                     node1 (Debian 12), node2 (13), node3 (forky), without an Engine
  python tests/fleet up --name big --hosts 30 --releases 12,13
  python tests/fleet up --name it --host e20=12,engine --host e26=13,engine,containerd
  python tests/fleet exec --name it e20 docker images
  python tests/fleet down --all

A host is NAME=RELEASE[,TRAIT...], with RELEASE one of {releases} and TRAIT one of {traits}.
""".format(releases=", ".join(releases.RELEASES), traits=", ".join(releases.TRAITS))


def main(arguments=None):
    options = _parser().parse_args(arguments)
    try:
        return options.run(options) or 0
    except FleetError as error:
        print(f"fleet: {error}", file=sys.stderr)
    except (DockerException, RequestException) as error:
        print(f"fleet: this machine's Docker Engine reported an error: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("fleet: interrupted; the next 'up' or 'down' of this name cleans up", file=sys.stderr)
    return 1


def _parser():
    parser = argparse.ArgumentParser(
        prog="python tests/fleet",
        description="Debian hosts with systemd and SSH, a registry and a search index, as containers on this machine.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    up = _command(commands, "up", _up, "create a fleet and write its inventory")
    up.add_argument("--hosts", type=int, default=3, metavar="N", help="how many hosts (default 3)")
    up.add_argument(
        "--releases", default="12,13,forky", metavar="R,R,...", help="their releases, in turn (default 12,13,forky)"
    )
    up.add_argument(
        "--host",
        action="append",
        default=[],
        metavar="NAME=RELEASE[,TRAIT...]",
        help="a host with these traits, instead of --hosts; may be repeated",
    )
    up.add_argument("--keep", action="store_true", help="do nothing if a fleet with exactly these hosts runs")
    up.add_argument(
        "--user",
        choices=("root", "ops"),
        default="root",
        help="user that the inventory logs in as; ops becomes root by sudo (default root)",
    )

    down = _command(commands, "down", _down, "remove a fleet completely")
    down.add_argument("--all", action="store_true", help="every fleet of this checkout")
    _command(commands, "status", _status, "show the fleets and their hosts", name=None)

    execute = _command(commands, "exec", _exec, "run a command on a host as root, without SSH")
    execute.add_argument("host", help="a host of the fleet, or hub")
    execute.add_argument("command", nargs=argparse.REMAINDER, help="the command and its arguments")

    log = _command(commands, "log", _log, "show the requests that a service of the hub received")
    log.add_argument("service", choices=LOGS)

    clean = commands.add_parser("clean", help="remove cached images that this checkout no longer uses")
    clean.add_argument("--all", action="store_true", help="all cached images")
    clean.set_defaults(run=_clean)
    return parser


def _command(commands, verb, run, text, name="default"):
    command = commands.add_parser(verb, help=text, description=text[0].upper() + text[1:] + ".")
    command.add_argument("--name", type=_fleet_name, default=name, help=f"of the fleet (default {name or 'all'})")
    command.set_defaults(run=run)
    return command


def _fleet_name(text):
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,19}", text):
        raise argparse.ArgumentTypeError(f"{text!r}: a fleet's name must be 1 to 20 characters of a-z, 0-9 and '-'")
    return text


def _up(options):
    hosts = [releases.parse_host(text) for text in options.host] or releases.cycled(
        options.hosts, options.releases.split(",")
    )
    if not hosts:
        raise FleetError("--hosts must be 1 or more")
    releases.require_different_names(hosts)
    say(
        f"{options.name}: "
        + ", ".join(f"{host.name} ({','.join([host.release.name, *sorted(host.traits)])})" for host in hosts)
    )
    client = machine.connect()
    found = fleets.kept(client, options.name, hosts, options.user) if options.keep else None
    state, described = found or fleets.up(client, options.name, hosts, options.user)
    rows = [
        ("host", "release", "address", "engine"),
        *((host["name"], host["release"], host["address"], host["socket"] or "none yet") for host in described),
    ]
    say(f"{options.name} is up")
    print(f"{table(rows)}\n\nansible-playbook -i {_shown(state.inventory)} ...")


def _down(options):
    client = machine.connect()
    for name in fleets.names(client) if options.all else [options.name]:
        say(f"{name} is removed" if fleets.down(client, name) else f"{name} was not up")


def _status(options):
    rows = fleets.status(machine.connect(), options.name)
    print(table([("fleet", "host", "image", "address", "state"), *rows]) if rows else "no fleet is up")


def _exec(options):
    if not options.command:
        raise FleetError("exec needs a command, as in: exec node1 systemctl status")
    terminal = ["-it"] if sys.stdin.isatty() and sys.stdout.isatty() else ["-i"]
    os.execvp("docker", ["docker", "exec", *terminal, f"flotilla-{options.name}-{options.host}", *options.command])


def _log(options):
    path = State(options.name).logs / f"{options.service}.log"
    if not path.exists():
        raise FleetError(
            f"no log {_shown(path)}; is the fleet {options.name} up, and did the {options.service} receive requests?"
        )
    sys.stdout.write(path.read_text(encoding="utf-8", errors="replace"))


def _clean(options):
    images.clean(machine.connect(), options.all)


def _shown(path):
    return os.path.relpath(path)
