// Builds and tests the site.
package main

import (
	"context"
	"fmt"

	"dagger/site/internal/dagger"
)

const goVersion = "1.22.3"

type Site struct{}

// Test runs the tests against a database.
func (m *Site) Test(ctx context.Context, source *dagger.Directory) (string, error) {
	db := dag.Container().
		From("postgres:16-alpine").
		WithEnvVariable("POSTGRES_PASSWORD", "test").
		WithExposedPort(5432).
		AsService()

	return dag.Container().
		From(fmt.Sprintf("golang:%s-bookworm", goVersion)).
		WithServiceBinding("db", db).
		WithMountedDirectory("/src", source).
		WithExec([]string{"go", "test", "./..."}).
		Stdout(ctx)
}

// Image is what is published.
func (m *Site) Image(source *dagger.Directory) *dagger.Container {
	built := dag.Container().From("node:" + nodeVersion()).WithDirectory("/app", source)
	return dag.Container().
		From("cgr.dev/chainguard/nginx:latest").
		WithDirectory("/usr/share/nginx/html", built.Directory("/app/dist")).
		WithLabel("from", "alpine:3.19")
}

func (m *Site) Publish(ctx context.Context, source *dagger.Directory, tag string) (string, error) {
	return m.Image(source).Publish(ctx, "ghcr.io/shop/site:"+tag)
}

func (m *Site) Shell(image string) *dagger.Container {
	return dag.Container().From(image).Terminal()
}

func nodeVersion() string { return "20" }
