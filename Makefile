# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

.DEFAULT_GOAL := help

# What `make flow` and `make fleet` take: make flow INVENTORY=hosts.yml, make fleet HOSTS=30 RELEASES=12,13
INVENTORY ?=
HOSTS ?= 3
RELEASES ?= 12,13,forky

run := tools/run
fleet := $(run) python tests/fleet
gates := $(run) python tools/gates

help: ## Show what can be called
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- use it

flow: ready ## Bare hosts to running containers: on a test fleet of three, or on yours with INVENTORY=hosts.yml
ifeq ($(INVENTORY),)
	$(fleet) up --keep --name flow
	$(run) ansible-playbook -i .cache/fleet/flow/inventory.yml flotilla.docker.flow
else
	$(run) ansible-playbook -i $(INVENTORY) flotilla.docker.flow
endif

fleet: ready ## Bring up a test fleet (HOSTS=3 RELEASES=12,13,forky)
	$(fleet) up --hosts $(HOSTS) --releases $(RELEASES)

fleet-down: ready ## Remove every test fleet of this checkout without a trace
	$(fleet) down --all

# --- work on it

setup: ## Install what the tests need: Debian packages, and tools from PyPI outside the checkout
	@tools/setup.sh test

ready:
	@tools/setup.sh play

test: setup ## Everything below, with all set-up
	@$(gates)

test-all: setup ## Everything, with what is too long for every change
	@FLOTILLA_TEST_ALL=1 $(gates)

unit: ready ## The unit tests, in seconds
	$(run) pytest

lint build sanity units integration molecule runner: setup
	@$(gates) $@

lint: ## Spelling of YAML, playbooks, changelog and docs
build: ## The collection's archive: built, installed, judged as Galaxy would
sanity: ## ansible-test sanity with the newest and the oldest ansible-core
units: ## ansible-test units on Python 3.8 to 3.13
integration: ## Modules and playbooks against real engines
molecule: ## The role and the flow on bare hosts, twice
runner: ## The flow as AWX runs it

bench: ready ## What the same work costs with community.docker and with this collection
	$(fleet) up --name bench --host e28=forky,engine
	$(run) python tools/bench
	$(fleet) down --name bench

peer-suite: ready ## community.docker's own tests of docker_container, run against container_run
	$(fleet) up --name peer --host p20=12,engine
	$(run) python tools/peer_suite
	$(fleet) down --name peer

docs: ## The collection's documentation as HTML, in .cache/docs/build/html
	@tools/setup.sh docs
	$(run) tools/docs.sh

.PHONY: help flow fleet fleet-down setup ready test test-all lint build sanity unit units integration molecule runner peer-suite bench docs
