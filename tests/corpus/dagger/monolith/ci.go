package main

import (
	"context"
	"log"
	"os"

	"dagger.io/dagger"
	sq "github.com/Masterminds/squirrel"
)

// images that are tested: alpine:3.17 is gone
var versions = []string{"3.18", "3.19"}

const (
	repo        = "docker.io/library/golang"
	defaultTag  = "1.21-alpine"
	lintVersion = `v1.58.1`
)

func main() {
	ctx := context.Background()
	client, err := dagger.Connect(ctx, dagger.WithLogOutput(os.Stderr))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()

	src := client.Host().Directory(".")
	golang := client.Container().From(repo + ":" + defaultTag)
	golang = golang.WithDirectory("/src", src).WithWorkdir("/src")

	lint := client.
		Container().
		// the linter brings its own Go
		From("golangci/golangci-lint:" + lintVersion + "-alpine").
		WithDirectory("/src", src)
	if _, err := lint.WithExec([]string{"golangci-lint", "run"}).Sync(ctx); err != nil {
		log.Fatal(err)
	}

	for _, version := range versions {
		_, err := client.Container().From("alpine:" + version).
			WithFile("/app", golang.File("/src/app")).
			Publish(ctx, "registry.shop.org/app:alpine")
		if err != nil {
			log.Fatal(err)
		}
	}

	query, _, _ := sq.Select("name").From("images").Where(sq.Eq{"tag": "latest"}).ToSql()
	log.Println(query)
}
