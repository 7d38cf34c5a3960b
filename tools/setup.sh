#!/usr/bin/env bash
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: tools/setup.sh play|docs|test
# Installs what is needed to run the playbooks, build the docs or test, and prints it first. Does nothing if everything is installed.
# tests/fleet/engine.sh installs the Engine and the packages of the fleet, when a fleet is first created.
set -euo pipefail
# shellcheck source=tools/env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
purpose=${1:-}
case $purpose in
    play) venvs=tools ;;
    docs) venvs="tools docs" ;;
    test) venvs="tools core219 importer" ;;
    *) echo "usage: tools/setup.sh play|docs|test" >&2; exit 2 ;;
esac
log=$cache/setup.log

main() {
    mkdir -p "$cache"
    one_at_a_time
    install_packages
    python_for tools >/dev/null || fail "needs Python 3.11 or newer, and found none of python3.11, python3.12, python3.13"
    for venv in $venvs; do
        make_venv "$venv"
    done
    if [ "$purpose" = test ]; then
        seed_ansible_test tools
        seed_ansible_test core219
    fi
}

say() { echo "setup: $*"; }
fail() { say "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null; }

one_at_a_time() {
    has flock || return 0
    exec 9>"$cache/setup.lock"
    flock -w 900 9 || fail "another set-up has held $cache/setup.lock for 15 minutes"
}

# --- Debian's packages

missing_packages() {
    has python3 && python3 -c 'import ensurepip' 2>/dev/null || echo python3-venv
    has ssh || echo openssh-client
    [ "$purpose" != test ] || has shellcheck || echo shellcheck
}

install_packages() {
    local packages
    packages=$(missing_packages | paste -sd ' ')
    [ -n "$packages" ] || return 0
    has apt-get || fail "needs $packages, and installs them only on Debian and distributions based on it: install them and call again"
    say "installing from Debian: $packages"
    # The lists may be old. An unreachable source of third parties must not stop the installation.
    as_root apt-get update -q >"$log" 2>&1 || true
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages >>"$log" 2>&1 </dev/null ||
        explain "could not install $packages from Debian: is there a network, and does 'apt-get update' work?"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif has sudo && sudo -n true 2>/dev/null; then sudo -n "$@"
    else fail "needs root (or sudo without a password) for: $*"
    fi
}

explain() {
    tail -n 15 "$log" >&2
    fail "$* The whole output is in $log."
}

# --- virtual environments

make_venv() {
    local folder python
    folder=$(venv_folder "$1") python=$(python_for "$1")
    [ ! -e "$folder/.complete" ] || return 0
    say "installing from PyPI into $folder (Python $python): $(pinned "$1")"
    get_uv
    rm -rf "$folder"
    {
        "$uv" venv --quiet --seed --python "$(command -v "python$python")" "$folder" &&
            "$uv" pip install --quiet --python "$folder/bin/python" -r "$checkout/tools/requirements/$1.txt"
    } >"$log" 2>&1 || explain "could not install the pins of tools/requirements/$1.txt from PyPI: is there a network? Then call again."
    touch "$folder/.complete"
}

pinned() { grep -o '^[a-z-]*==' "$checkout/tools/requirements/$1.txt" | tr -d = | uniq | paste -sd , | sed 's/,/, /g'; }

# uv creates the environments in a tenth of pip's time.
get_uv() {
    local folder
    folder=$cache/venvs/uv-$(sha256sum <"$checkout/tools/requirements/uv.txt" | cut -c 1-12)
    uv=$folder/bin/uv
    export UV_CACHE_DIR=$cache/uv UV_LINK_MODE=hardlink
    # uv uses the package index that pip is configured to use, if any.
    [ -z "${PIP_INDEX_URL:-}" ] || export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}
    [ ! -x "$uv" ] || return 0
    rm -rf "$folder"
    { python3 -m venv "$folder" && "$folder/bin/pip" install -q -r "$checkout/tools/requirements/uv.txt"; } >"$log" 2>&1 ||
        explain "could not install uv from PyPI: is there a network? Then call again."
}

# --- ansible-test

# ansible-test downloads a script that installs pip. A script of that name in its cache,
# here one that uses pip's wheel from PyPI, avoids the download.
seed_ansible_test() {
    local python version seeds
    python=$(venv_folder "$1")/bin/python
    version=$("$python" - <<'P'
import pathlib, re, ansible_test
print(re.search(r"pip='([\d.]+)'", (pathlib.Path(ansible_test.__file__).parent / "_internal/python_requirements.py").read_text()).group(1))
P
    )
    seeds=$HOME/.ansible/test/cache
    [ ! -e "$seeds/get_pip_${version//./_}.py" ] || [ ! -e "$seeds/pip-$version-py3-none-any.whl" ] || return 0
    say "fetching pip $version for ansible-test into $seeds"
    mkdir -p "$seeds"
    "$python" -m pip download -q --no-deps -d "$seeds" "pip==$version" >"$log" 2>&1 || explain "could not fetch pip $version from PyPI: is there a network?"
    cat >"$seeds/get_pip_${version//./_}.py" <<P
import os, runpy, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "pip-$version-py3-none-any.whl"))
sys.argv[1:] = ["install"] + [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
P
}

main
