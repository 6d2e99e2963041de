ARG GO_VERSION=1.21
FROM golang:${GO_VERSION}-bookworm AS build
FROM gcr.io/distroless/base-debian12
