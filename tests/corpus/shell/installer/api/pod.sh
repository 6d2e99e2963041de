#!/bin/bash
: ${VERSION:=1.16.0}
cat << EOF
apiVersion: v1
kind: Pod
metadata:
  name: db-${1}-${VERSION}
spec:
  containers:
  - image: acme/db:${VERSION}
    name: db
EOF
