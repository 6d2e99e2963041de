package main

import (
	"github.com/pulumi/pulumi-docker/sdk/v4/go/docker"
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const caddy = "caddy:2.7"

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		_, err := appsv1.NewDeployment(ctx, "edge", &appsv1.DeploymentArgs{
			Spec: appsv1.DeploymentSpecArgs{
				Template: &corev1.PodTemplateSpecArgs{
					Spec: &corev1.PodSpecArgs{
						Containers: corev1.ContainerArray{
							corev1.ContainerArgs{
								Name:  pulumi.String("edge"),
								Image: pulumi.String(caddy),
							},
							corev1.ContainerArgs{
								Name:  pulumi.String("shell"),
								Image: pulumi.StringPtr("nicolaka/netshoot:v0.12"),
							},
						},
					},
				},
			},
		})
		if err != nil {
			return err
		}
		_, err = docker.NewRemoteImage(ctx, "vector", &docker.RemoteImageArgs{
			Name: pulumi.String("timberio/vector:0.38.0-alpine"),
		})
		return err
	})
}
