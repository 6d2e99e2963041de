package e2e

func NewTracing(e Environment) Runnable {
	return e.Runnable("tracing").Init(StartOptions{Image: "jaegertracing/all-in-one:1.60", Ports: ports})
}
