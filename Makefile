# Copyright (c) 2026, flotilla.docker contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

.DEFAULT_GOAL := help

# Variables of `make flow` and `make fleet`: make flow INVENTORY=hosts.yml, make fleet HOSTS=30 RELEASES=12,13
INVENTORY ?=
HOSTS ?= 3
RELEASES ?= 12,13,forky
# Variables of `make bench`: make bench ROUNDS=2 ROWS="unchanged pull"
ROUNDS ?= 5
ROWS ?=

run := tools/run
fleet := $(run) python tests/fleet
gates := $(run) python tools/gates

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- Use the collection

flow: export ANSIBLE_CALLBACKS_ENABLED ?= flotilla.docker.pull_progress
flow: ready ## Run the flow, from bare hosts to running containers, on a test fleet or on INVENTORY=hosts.yml
ifeq ($(INVENTORY),)
	$(fleet) up --keep --name flow
	$(run) ansible-playbook -i .cache/fleet/flow/inventory.yml flotilla.docker.flow
else
	$(run) ansible-playbook -i $(INVENTORY) flotilla.docker.flow
endif

fleet: ready ## Create a test fleet (HOSTS=3 RELEASES=12,13,forky)
	$(fleet) up --hosts $(HOSTS) --releases $(RELEASES)

fleet-down: ready ## Remove every test fleet of this checkout
	$(fleet) down --all

# --- Work on the collection

setup: ## Install what the tests need: Debian packages, and Python tools outside the checkout
	@tools/setup.sh test

ready:
	@tools/setup.sh play

test: setup ## Install what the tests need and run all checks below
	@$(gates)

test-all: setup ## Run all checks, including the long ones
	@FLOTILLA_TEST_ALL=1 $(gates)

unit: ready ## Run the unit tests with the Python of this machine
	$(run) pytest

lint build sanity units molecule runner: setup
	@$(gates) $@

integration: setup
	@$(gates) integration containers

lint: ## Check style, types, YAML, playbooks, changelog and docs
build: ## Build, install and import the collection archive, as Galaxy does
sanity: ## Run ansible-test sanity with the newest and the oldest ansible-core
units: ## Run the unit tests of the plugins on the other Pythons from 3.8 to 3.13
integration: ## Run the integration tests of modules against real Engines
molecule: ## Run the Molecule scenarios of the roles and the flow
runner: ## Run the flow with ansible-runner, as AWX does

bench: ready ## Measure the speed relative to community.docker (ROUNDS=5 ROWS="unchanged pull")
	$(run) python tools/bench --rounds $(ROUNDS) $(ROWS)

peer-suite: ready ## Run the integration tests of community.docker against this collection
	$(fleet) up --name peer --host p20=12,engine
	$(run) python tools/peer_suite
	$(fleet) down --name peer

docs: ## Build the HTML documentation in .cache/docs/build/html
	@tools/setup.sh docs
	$(run) tools/docs.sh

.PHONY: help flow fleet fleet-down setup ready test test-all lint build sanity unit units integration molecule runner peer-suite bench docs
