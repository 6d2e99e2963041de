package internal

import "os"

const (
	// EnvRelatedImageProxy is set by the bundle.
	EnvRelatedImageProxy = "RELATED_IMAGE_PROXY"
	DefaultProxyImage    = "docker.io/envoyproxy/envoy:v1.31.0"
	defaultTag           = "v2"
)

var sidecarImage = "quay.io/acme/sidecar:" + defaultTag

func proxyImage() string {
	if image, ok := os.LookupEnv(EnvRelatedImageProxy); ok {
		return image
	}
	return DefaultProxyImage
}
