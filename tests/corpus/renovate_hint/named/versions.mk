# renovate: datasource=docker depName=golangci/golangci-lint
LINT_VERSION ?= v1.60.3
# renovate: datasource=docker depName=acme/agent packageName=ghcr.io/acme/agent
AGENT_VERSION := 2.1

.PHONY: lint
lint:
	docker run --rm -v $(CURDIR):/app -w /app golangci/golangci-lint:$(LINT_VERSION) golangci-lint run
