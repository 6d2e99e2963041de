#!/bin/sh
set -eu
BASE=${BASE:-alpine}
dotnet publish src/Tool -r linux-musl-x64 /t:PublishContainer \
  "-p:ContainerBaseImage=alpine:3.20" \
  --property:ContainerImageTag=dev
