package cache

import "example.com/shop/testutil"

func TestCache(t *testing.T) {
	c := testutil.Container{
		Image:        "memcached:1.6-alpine",
		ExposedPorts: []string{"11211"},
		WaitingFor:   wait.ForListeningPort("11211"),
	}
	pod := corev1.Container{Name: "x", Image: "made-up:1"}
}
