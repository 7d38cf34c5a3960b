# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recorded answers in place of the web."""

from __future__ import annotations

from ansible_collections.flotilla.docker.plugins.module_utils.registry.http import no_answer


class Web:
    """Answers by a part of the URL, and records the requests."""

    def __init__(self, **answers):
        self.answers = {key.replace("_", "-"): value for key, value in answers.items()}
        self.asked = []

    def __call__(self, method, url, headers=None, data=None, ca_path=None, **more):
        self.asked.append((method, url, headers or {}))
        for part, answer in self.answers.items():
            if part in url:
                answer = answer(headers or {}) if callable(answer) else answer
                if isinstance(answer, Exception):
                    raise answer
                return answer
        raise no_answer(url, "Name or service not known")
