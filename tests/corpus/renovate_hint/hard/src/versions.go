// Package versions names what the operator installs.
package versions

const (
	// renovate: datasource=docker depName=library/redis
	Redis = "7.4.0"

	Grafana = "11.2.0" // renovate: datasource=docker depName=grafana/grafana

	// renovate: datasource=go depName=golang.org/x/tools
	Tools = "v0.24.0"

	// renovate: datasource=docker depName=busybox versioning=docker
	// The digest is pinned too.
	Busybox = "1.36@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
)
