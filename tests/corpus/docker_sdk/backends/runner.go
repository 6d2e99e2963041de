package runner

import (
	"context"
	"io"
	"os"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/client"
)

const tools = "ghcr.io/shop/tools:2"

// Run runs a command. Config{Image: "evil:1"} is an example.
func Run(ctx context.Context, cli *client.Client, cmd []string, ref string) error {
	reader, err := cli.ImagePull(ctx, "docker.io/library/busybox:1.36", image.PullOptions{})
	if err != nil {
		return err
	}
	_, _ = io.Copy(os.Stdout, reader)

	_, err = cli.ContainerCreate(ctx, &container.Config{
		Image: tools,
		Cmd:   cmd,
		Labels: map[string]string{
			"image": "none:1",
		},
	}, nil, nil, nil, "")
	if err != nil {
		return err
	}
	_, err = cli.ContainerCreate(ctx, &container.Config{Image: ref}, nil, nil, nil, "")
	return err
}
