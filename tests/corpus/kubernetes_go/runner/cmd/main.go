package main

import (
	"k8s.io/api/core/v1"

	"example.com/runner/config"
)

func job(settings config.Settings) v1.PodSpec {
	helper := v1.Container{
		Name:  "helper",
		Image: "alpine",
	}
	build := config.Container{Image: "not/kubernetes:1"}
	return v1.PodSpec{
		Containers: append([]v1.Container{helper}, v1.Container{Name: build.Name, Image: settings.Image}),
		Volumes:    nil,
	}
}
