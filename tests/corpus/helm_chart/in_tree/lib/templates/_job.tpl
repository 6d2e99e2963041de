{{- define "lib.job" -}}
apiVersion: batch/v1
kind: Job
spec:
  template:
    spec:
      containers:
      - name: a
        image: {{ .Values.job.image }}:{{ .Values.job.version }}
{{- end -}}
