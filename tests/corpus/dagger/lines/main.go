// A module whose calls each begin a line.
package main

import (
	"context"

	"dagger/lines/internal/dagger"
)

type Lines struct{}

func (m *Lines) Site(ctx context.Context, src *dagger.Directory) *dagger.Container {
	built := dag.Container().
		From("node:22-alpine").
		WithDirectory("/src", src).
		WithExec([]string{"npm", "ci"})
	return dag.Container().
		From("nginx:1.27-alpine").
		WithDirectory("/usr/share/nginx/html", built.Directory("/src/dist"))
}
