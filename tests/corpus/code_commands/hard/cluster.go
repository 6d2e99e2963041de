package cluster

import (
	"fmt"
	"os/exec"
)

const toolbox = "registry.k8s.io/e2e-test-images/agnhost:2.53"

func Probe(namespace string) error {
	args := []string{"run", "probe", "-n", namespace}
	if err := exec.Command("kubectl", append(args, "--image", "not/known-in-a-list:1")...).Run(); err != nil {
		return fmt.Errorf("kubectl run --image=not/run:1 failed: %w", err)
	}
	return exec.Command("kubectl", "-n", namespace, "run", "probe", "--image="+toolbox, "--restart=Never").Run()
}

func Dump(version string) error {
	script := fmt.Sprintf("docker run --rm --network host postgres:%s pg_dump -h localhost", version)
	if err := exec.Command("sh", "-c", script).Run(); err != nil {
		return err
	}
	return exec.Command("bash", "-c", fmt.Sprintf("skopeo copy docker://%s dir:%s", "busybox:1.36", "/tmp/x")).Run()
}
