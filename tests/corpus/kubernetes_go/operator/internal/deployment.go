package internal

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	exporterImage = "prom/statsd-exporter:v0.27.1"
	proxyRepository = "quay.io/brancz/kube-rbac-proxy"
)

// deployment of a cache; its image is that of the resource.
func deployment(cache *Cache) *appsv1.Deployment {
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{Name: cache.Name},
		Spec: appsv1.DeploymentSpec{Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
			InitContainers: []corev1.Container{{
				Name:    "sysctl",
				Image:   "busybox:1.36.1",
				Command: []string{"sysctl", "-w", "net.core.somaxconn=1024"},
			}},
			Containers: []corev1.Container{
				{Name: "cache", Image: cache.Spec.Image},
				{Name: "exporter", Image: exporterImage},
				{Name: "proxy", Image: fmt.Sprintf("%s:%s", proxyRepository, cache.Spec.ProxyVersion)},
			},
		}}},
	}
}
