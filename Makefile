.DEFAULT_GOAL := help

help: ## Show what can be called
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | column -ts "$$(printf '\t')"

.PHONY: help
