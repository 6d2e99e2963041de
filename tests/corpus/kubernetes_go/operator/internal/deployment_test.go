package internal

import corev1 "k8s.io/api/core/v1"

var fake = corev1.Container{Name: "cache", Image: "example/made-up:test"}
