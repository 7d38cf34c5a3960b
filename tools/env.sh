# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# Paths; sourced by setup.sh and run. Changes nothing on the machine.

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cache=${FLOTILLA_CACHE:-$HOME/.cache/flotilla}

# pyenv has shims for every python3.N, which fail for versions that are not selected.
# The real interpreters are appended to PATH, so that they only add versions.
real_interpreters() {
    local path folder
    path=$(tr : '\n' <<<"$PATH" | grep -v '/shims/*$' | paste -sd :)
    for folder in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin; do
        [ ! -x "$folder/python3" ] || path+=:$folder
    done
    echo "$path"
}

# The first of the versions that is installed, as 3.N.
first_python() {
    local version
    for version; do
        if command -v "python$version" >/dev/null; then echo "$version" && return; fi
    done
    return 1
}

# ansible-core 2.21 needs Python 3.12; on 3.11 the same pins give 2.19.
python_for() {
    case $1 in
        core219) first_python 3.11 3.12 3.13 ;;
        *) first_python 3.13 3.12 3.11 ;;
    esac
}

# The name of a virtual environment has a hash of its requirements, so other requirements need a new one.
venv_folder() {
    local python
    python=$(python_for "$1") || return 1
    echo "$cache/venvs/$1-$({ "python$python" -VV; cat "$checkout"/tools/requirements/"$1".txt "$checkout"/tests/fleet/requirements.txt; } | sha256sum | cut -c 1-12)"
}

# The state of test fleets. It contains sockets, whose path length is limited, so checkouts with a long path store it elsewhere.
fleet_state() {
    local state=$checkout/.cache/fleet
    if [ ${#state} -gt 50 ] && [ ! -d "$state" ]; then
        state=${TMPDIR:-/tmp}/fleet-$(sha256sum <<<"$checkout" | cut -c 1-8)
        mkdir -p "$checkout/.cache"
        ln -sfn "$state" "$checkout/.cache/fleet"
    elif [ -L "$state" ]; then
        state=$(readlink "$state")
    fi
    echo "$state"
}

PATH=$(real_interpreters)
