package operator

// image: acme/of-a-comment:1

const exporter = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: exporter
spec:
  template:
    spec:
      initContainers:
        - name: wait
          image: busybox:1.36
      containers:
        - name: exporter
          image: oliver006/redis_exporter:v1.62.0
        - name: {{ .Name }}
          image: {{ .Image }}
`

const query = `
SELECT image
FROM images
WHERE name = $1
`
