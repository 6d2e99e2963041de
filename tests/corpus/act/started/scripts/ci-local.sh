#!/bin/sh
# act -j lint would do as well
set -e
act --list
act pull_request --secret-file .secrets --container-architecture linux/amd64
