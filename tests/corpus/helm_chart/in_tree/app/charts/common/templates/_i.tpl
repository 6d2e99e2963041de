{{- define "common.image" -}}
{{ .Values.image.name }}:{{ .Values.image.version }}
{{- end -}}
