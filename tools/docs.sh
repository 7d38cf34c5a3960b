#!/usr/bin/env bash
# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds the HTML documentation of the modules in .cache/docs/build/html. Run `tools/setup.sh docs` first.
set -euo pipefail
# shellcheck source=tools/env.sh
source "$(dirname "${BASH_SOURCE[0]}")/env.sh"
site=$checkout/.cache/docs
PATH=$(venv_folder docs)/bin:$PATH

rm -rf "$site"
mkdir -p "$site"
chmod go-w "$site"
antsibull-docs sphinx-init --use-current --squash-hierarchy --dest-dir "$site" flotilla.docker >/dev/null
# Checking links to Ansible's pages needs the network; without it they would be errors.
cat >>"$site/conf.py" <<'P'
project = title = html_short_title = "flotilla.docker"
intersphinx_mapping = {}
nitpicky = False
suppress_warnings = ["ref.ref"]
P
"$site/build.sh"
echo "docs: $site/build/html/index.html"
