sidecar = "fluent/fluent-bit:3.1.7"
