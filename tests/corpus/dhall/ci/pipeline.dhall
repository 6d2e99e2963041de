let Step = ./Step.dhall

let golang = "golang:1.22"

let steps =
      [ Step::{ name = "test", image = golang, commands = [ "go test ./..." ] }
      , Step::{ name = "lint", image = "golangci/golangci-lint:v1.58", commands = [ "golangci-lint run" ] }
      , Step::{ name = "notify", image = ./notify.dhall, commands = [] : List Text }
      ]

in  { kind = "pipeline", name = "default", steps, image_pull_secrets = [ "dockerconfig" ] }
