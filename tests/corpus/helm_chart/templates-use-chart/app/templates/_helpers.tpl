{{/*
The image: a registry for all wins, and the chart's version is the default tag.
*/}}
{{- define "app.image" -}}
{{- $registry := .Values.global.registry | default "docker.io" -}}
{{- printf "%s/%s:%s" $registry .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- define "app.labels" -}}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}
