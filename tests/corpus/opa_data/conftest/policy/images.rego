package main

deny[msg] {
	image := input.spec.template.spec.containers[_].image
	not startswith_any(image, data.allowed_registries)
	msg := sprintf("%s comes from elsewhere", [image])
}
