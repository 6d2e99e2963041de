// Package images holds what the tests of the whole start.
package images

var (
	Consul = "consul:1.15"
	Store  = "acme/store:RELEASE.2026-01-02"
	Local  = "built-here:dev"
)
