# shellcheck shell=bash
# read by the other scripts
GO_VERSION=1.22.5
export SYFT_VERSION="v1.8.0"
