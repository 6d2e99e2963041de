#!/usr/bin/env bats

setup() {
  load helpers
  TEST_IMAGE=${TEST_IMAGE:-hello-world:linux}
}

@test "it says hello" {
  run docker run --rm "$TEST_IMAGE"
  [ "$status" -eq 0 ]
  [[ "$output" == *"Hello from Docker!"* ]]
}

@test "it can be mirrored" {
  run -0 crane copy gcr.io/google-containers/pause:3.2 localhost:5000/pause:3.2
}
