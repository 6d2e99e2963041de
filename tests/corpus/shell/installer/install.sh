#!/usr/bin/env bash
set -eu
source install/_lib.sh
source install/pull.sh
source install/certificates.sh
source install/upgrade.sh
