package volumes

import core "k8s.io/api/core/v1"

// Models are mounted as an image.
var Models = core.Volume{
	Name: "models",
	VolumeSource: core.VolumeSource{
		Image: &core.ImageVolumeSource{
			Reference:  "ollama/models:2025-01",
			PullPolicy: core.PullIfNotPresent,
		},
	},
}

var debug = core.EphemeralContainer{
	EphemeralContainerCommon: core.EphemeralContainerCommon{Name: "debug", Image: "nicolaka/netshoot:v0.13"},
}
