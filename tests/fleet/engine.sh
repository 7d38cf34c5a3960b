#!/bin/sh
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Ensures that this machine has a running Docker Engine and the packages that the test fleet needs.
# A running Engine is used without changes; otherwise Debian's docker.io is installed and started.
# It can be run at any time and does nothing if everything is installed.
set -eu

cache=${FLOTILLA_CACHE:-$HOME/.cache/flotilla}
log=$cache/engine.log
patience=${FLOTILLA_ENGINE_TIMEOUT:-60}
PATH=$PATH:/usr/sbin:/sbin

say() { echo "engine: $*"; }
fail() {
    say "$*" >&2
    exit 1
}

main() {
    engine_answers || take_turns
    [ -z "$(missing_packages)" ] || install
    engine_answers || start
    raise_inotify
    say "Docker $(docker version --format '{{.Server.Version}}') answers"
}

engine_answers() { timeout 10 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# Two runs at the same time would start two daemons; the second one waits here and uses the first one's Engine.
take_turns() {
    mkdir -p "$cache"
    exec 9>"$cache/engine.lock"
    flock -w 600 9 || fail "another start of the Engine has held $cache/engine.lock for 10 minutes"
}

missing_packages() {
    {
        engine_answers || {
            has dockerd || echo docker.io
            # Debian 13 and newer have the client in a separate package.
            has docker || ! apt-cache show docker-cli >/dev/null 2>&1 || echo docker-cli
            has iptables || echo iptables
        }
        has mmdebstrap || echo mmdebstrap
        has ssh || echo openssh-client
        has zstd || echo zstd
        [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || echo debian-archive-keyring
    } | paste -sd ' ' -
}

has() { command -v "$1" >/dev/null 2>&1; }

install() {
    has apt-get || fail "needs $(missing_packages), and installs that only on Debian and distributions based on it; install it, or start Docker Engine yourself"
    # The lists may be missing or old. An unreachable source of third parties must not stop the installation.
    as_root apt-get update -q >>"$(log_file)" 2>&1 || true
    packages=$(missing_packages)
    say "installing from Debian: $packages"
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages >>"$log" 2>&1 </dev/null 9>&- ||
        { tail -n 15 "$log" >&2; fail "could not install $packages; the whole output is in $log"; }
}

log_file() {
    mkdir -p "$cache"
    echo "$log"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif has sudo; then sudo -n "$@"
    else fail "needs root (or sudo without a password) for: $*"
    fi
}

start() {
    [ -z "${DOCKER_HOST:-}" ] || fail "DOCKER_HOST is $DOCKER_HOST and no Engine answers there; start that Engine or unset DOCKER_HOST"
    [ ! -S /run/docker.sock ] || [ -w /run/docker.sock ] || fail "$(id -un) may not use /run/docker.sock; run as root, or join the group docker"
    if [ -d /run/systemd/system ]; then
        say "starting docker.service"
        as_root systemctl reset-failed docker.service docker.socket 2>/dev/null || true
        as_root systemctl start docker.service || fail "docker.service did not start: see journalctl -u docker"
    else
        forget_dead_daemon
        [ -f /run/docker.pid ] || launch
    fi
    await_engine
}

# After a power failure, pid files may contain process ids that now belong to other processes:
# dockerd would refuse to start, or wait for a process that is not containerd. Only running processes have a command line.
forget_dead_daemon() {
    for entry in dockerd:/run/docker.pid containerd:/run/docker/containerd/containerd.pid; do
        name=${entry%%:*} file=${entry#*:}
        [ -f "$file" ] || continue
        { tr '\0' ' ' <"/proc/$(cat "$file")/cmdline"; } 2>/dev/null | grep -q "^[^ ]*$name " || as_root rm -f "$file"
    done
}

launch() {
    say "starting dockerd (no systemd here); its log is $(log_file)"
    # In a new session it keeps running after this shell; without fd 9 it does not keep the lock.
    as_root setsid --fork dockerd >>"$log" 2>&1 </dev/null 9>&-
}

await_engine() {
    waited=0
    until engine_answers; do
        [ "$waited" -lt "$patience" ] || explain_silence
        sleep 0.5
        waited=$((waited + 1))
    done
}

explain_silence() {
    tail -n 15 "$log" >&2 || true
    fail "no Engine answers after $patience tries; above is the end of its log, $log"
}

# Each systemd uses several inotify instances. The kernel's default of 128 suffices for about twenty hosts;
# systemd of further hosts exits without a message.
raise_inotify() {
    raise fs.inotify.max_user_instances 8192
    raise fs.inotify.max_user_watches 1048576
}

raise() {
    file=/proc/sys/$(echo "$1" | tr . /)
    [ "$(cat "$file")" -ge "$2" ] || as_root sh -c "echo $2 > $file" || say "could not set $1=$2: more than about 15 hosts may fail"
}

main
