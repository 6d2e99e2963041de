{{/*
Usage:
  image: {{ include "mill.picture" (set . "part" "miller") }}
*/}}
{{- define "mill.picture" -}}
{{- $own := (index .Values .part).image -}}
{{- $path := join "/" (compact (list (default .Values.defaults.registry $own.registry) (default .Values.defaults.organization $own.organization) $own.name)) -}}
{{- $version := coalesce $own.digest $own.tag .Values.defaults.tag -}}
{{- join "" (list $path (ternary ":" "@" (empty $own.digest)) $version) -}}
{{- end -}}

{{- define "mill.flavour" -}}
{{- if .Values.lean.enabled -}}lean{{- else -}}full{{- end -}}
{{- end -}}

{{- define "mill.base.image" -}}
{{- if ne (len .) 2 -}}
{{- fail "two things are wanted" -}}
{{- end -}}
{{- $root := index . 0 -}}
{{- $image := merge (dict "repository" (index . 1)) (dict "tag" $root.Chart.AppVersion) -}}
{{- printf "%s:%s-%s%s" $image.repository $image.tag (include "mill.flavour" $root) (ternary "-hard" "" $root.Values.hardened) -}}
{{- end -}}
