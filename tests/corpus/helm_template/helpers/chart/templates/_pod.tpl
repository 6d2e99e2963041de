{{- define "agent.pod" -}}
serviceAccountName: agent
initContainers:
  - name: chown
    image: busybox:1.36.1
    command: ["chown", "-R", "472", "/data"]
  - name: init
    image: "{{ .Values.init.image }}"
containers:
  - name: agent
    image: "{{ .Values.image.registry }}/{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
    imagePullPolicy: {{ .Values.image.pullPolicy }}
  {{- with .context }}
  - name: extra
    image: {{ .image }}
  {{- end }}
{{- end -}}
