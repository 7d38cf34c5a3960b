#!/usr/bin/python
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: docker_engine_facts
short_description: Read the facts of a host that the role docker_engine needs
version_added: 0.1.0
author:
  - flotilla.docker contributors (@flotilla-docker)
description:
  - Reads, in one run, the distribution, the state of C(docker.service) and C(docker.socket), installed and held packages, package sources, Python and
    docker-py, groups of users, what users lack for a rootless Engine, and whether the daemon is configured as it should be.
  - The role P(flotilla.docker.docker_engine#role) uses the result to skip tasks that have nothing to do.
  - The module needs neither Docker nor docker-py on the host. It does not lock the package manager, and connects to an Engine
    only for O(configuration).
extends_documentation_fragment:
  - flotilla.docker.attributes.reads
options:
  packages:
    description:
      - Names of packages to look up.
    type: list
    elements: str
    default: []
  candidates:
    description:
      - Names of packages. If none of them is installed, their versions in the package lists of apt are looked up.
    type: list
    elements: str
    default: []
  package_files:
    description:
      - Names of C(.deb) and C(.rpm) files. The packages in them are looked up, too. The files need not be on the host.
    type: list
    elements: str
    default: []
  packages_folder:
    description:
      - Folder on the host. The packages in its C(.deb) and C(.rpm) files are looked up, too.
    type: path
  files:
    description:
      - Paths of files on the host. Their checksums are read.
    type: list
    elements: path
    default: []
  repository_url:
    description:
      - Address, or the beginning of one, of a package repository to find in the sources of apt.
    type: str
  interpreters:
    description:
      - Paths of further Python interpreters in which docker-py is looked for.
    type: list
    elements: path
    default: []
  users:
    description:
      - Users. Their groups are read.
    type: list
    elements: str
    default: []
  rootless_users:
    description:
      - Users for whom the requirements of a rootless Engine are checked. Needs root.
    type: list
    elements: str
    default: []
  rootless_environment:
    description:
      - Environment variables of the rootless daemons, on which the requirements depend.
    type: dict
    default: {}
  configuration:
    description:
      - Options of M(flotilla.docker.docker_daemon_config). If the daemon runs with them already, RV(configuration) is what that module would return.
        Nothing is changed.
    type: dict
    default: {}
seealso:
  - module: flotilla.docker.docker_daemon_config
  - module: flotilla.docker.docker_daemon_status
"""

EXAMPLES = r"""
- name: Read which Engine is installed
  flotilla.docker.docker_engine_facts:
    packages: [docker.io, docker-ce, moby-engine]
  register: engine

- name: Fail if Docker's packages and those of the distribution are mixed
  ansible.builtin.assert:
    that: "not ('docker.io' in engine.packages and 'docker-ce' in engine.packages)"
"""

RETURN = r"""
distribution:
  description:
    - The host's distribution, from C(os-release).
    - C(base) is the distribution whose packages the host uses, such as C(ubuntu) on Linux Mint, and C(release) the code name of
      the release of C(base), empty if it is not known.
  returned: success
  type: dict
  sample: {id: linuxmint, name: Linux Mint, version: "22.1", family: Debian, base: ubuntu, release: noble}
service_manager:
  description: Service manager of the host, such as C(systemd).
  returned: success
  type: str
  sample: systemd
package_manager:
  description: C(apt), C(dnf5), C(dnf), C(yum) or C(zypper). Empty if the host has none of them.
  returned: success
  type: str
  sample: apt
packages:
  description: The packages of O(packages) that are installed, each with its version and whether it is held at this version.
  returned: success
  type: dict
  sample: {docker.io: {version: 26.1.5+dfsg1-9+b9, held: false}}
candidates:
  description: Versions of O(candidates) that apt would install.
  returned: success
  type: dict
  sample: {docker.io: 26.1.5+dfsg1-9+b9}
package_files:
  description: Path, package and version without its epoch of each package file.
  returned: success
  type: list
  elements: dict
  sample: [{path: /srv/docker.io_26.1.5_amd64.deb, name: docker.io, version: 26.1.5}]
folder_files:
  description: Paths of all files in O(packages_folder).
  returned: success
  type: list
  elements: str
  sample: [/srv/docker.io_26.1.5_amd64.deb]
files:
  description: SHA-256 checksum and first line of each of O(files), V(null) for a file that does not exist.
  returned: success
  type: dict
  sample: {/etc/apt/sources.list.d/docker.sources: {sha256: 9f86d0..., first_line: "Types: deb"}}
repository_sources:
  description:
    - Enabled entries of the sources of apt for O(repository_url).
    - C(alone) says whether their file has no entry for another repository.
  returned: success
  type: list
  elements: dict
  sample:
    - file: /etc/apt/sources.list.d/docker.list
      uri: https://download.docker.com/linux/debian
      suite: bookworm
      signed_by: /etc/apt/keyrings/docker.gpg
      alone: true
units:
  description: C(load_state), C(active_state) and C(enabled) of C(docker.service) and C(docker.socket). Empty without systemd.
  returned: success
  type: dict
  sample: {docker.service: {load_state: loaded, active_state: active, enabled: enabled}}
python:
  description: The interpreter that ran the module, whether it is C(/usr/bin/python3), and the version of its docker-py.
  returned: success
  type: dict
  sample: {executable: /usr/bin/python3, version: 3.13.5, is_system: true, docker_py: 7.1.0}
interpreters:
  description: Whether each of O(interpreters) exists, and the version of its docker-py.
  returned: success
  type: dict
  sample: {/opt/venv/bin/python: {exists: true, docker_py: 7.1.0}}
users:
  description: The groups of each of O(users), V(null) for a user who does not exist.
  returned: success
  type: dict
  sample: {ops: [docker, ops]}
rootless:
  description:
    - C(managed) are the users for whom M(flotilla.docker.docker_daemon_config) set up a rootless Engine.
    - C(problems) are the requirements of a rootless Engine that users of O(rootless_users) do not meet, with advice.
  returned: success
  type: dict
  sample: {managed: [ops], problems: {}}
daemon_json:
  description: C(path) of the daemon's configuration file, whether it C(exists), when it was C(modified) in UTC, and an C(error) if it cannot be read.
  returned: success
  type: dict
  sample: {path: /etc/docker/daemon.json, exists: true, modified: "2026-11-21T20:54:52Z", error: null}
configuration:
  description:
    - What M(flotilla.docker.docker_daemon_config) would return with O(configuration) and its option O(flotilla.docker.docker_daemon_config#module:status),
      if it has nothing to do and the daemon answers.
    - V(null) if it would change something or fail.
  returned: success
  type: dict
  sample: {options: {}, changed_keys: [], service_action: none, restart_pending: [], restart_held_by: "", status: {reachable: true}}
"""

from typing import Any, Mapping

from ansible_collections.flotilla.docker.plugins.module_utils import runner
from ansible_collections.flotilla.docker.plugins.module_utils.daemon_config import arguments
from ansible_collections.flotilla.docker.plugins.module_utils.engine_facts import facts

SPEC = {
    "packages": {"type": "list", "elements": "str", "default": []},
    "candidates": {"type": "list", "elements": "str", "default": []},
    "package_files": {"type": "list", "elements": "str", "default": []},
    "packages_folder": {"type": "path"},
    "files": {"type": "list", "elements": "path", "default": []},
    "repository_url": {"type": "str"},
    "interpreters": {"type": "list", "elements": "path", "default": []},
    "users": {"type": "list", "elements": "str", "default": []},
    "rootless_users": {"type": "list", "elements": "str", "default": []},
    "rootless_environment": {"type": "dict", "default": {}},
    "configuration": {"type": "dict", "default": {}},
}


def report(engine: None, params: Mapping[str, Any], decided: None) -> dict[str, Any]:
    """The facts."""
    return facts.read(params)


def mask(params: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    """The parameters as they may be shown, and what may appear nowhere."""
    shown, secrets = arguments.mask(params["configuration"])
    return dict(params, configuration=shown), secrets


def main() -> None:
    runner.run(report=report, argument_spec=SPEC, connect=None, mask=mask)


if __name__ == "__main__":
    main()
