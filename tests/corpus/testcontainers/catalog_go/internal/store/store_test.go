package store_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"testing"

	"github.com/ory/dockertest/v3"
	"github.com/ory/dockertest/v3/docker"
	"github.com/testcontainers/testcontainers-go"
	pgmodule "github.com/testcontainers/testcontainers-go/modules/postgres"
	"github.com/testcontainers/testcontainers-go/modules/redis"
	"github.com/testcontainers/testcontainers-go/wait"
)

const (
	postgresImage  = "postgres"
	postgresTag    = "16.2-alpine"
	defaultMinio   = "minio/minio:RELEASE.2024-03-30T09-41-56Z"
	unrelatedConst = "busybox:1.36"
)

var natsVersion = os.Getenv("NATS_VERSION")

func TestMain(m *testing.M) {
	pool, err := dockertest.NewPool("")
	if err != nil {
		log.Fatalf("could not connect to Docker: %s", err)
	}
	mysql, err := pool.Run("mysql", "8.0", []string{"MYSQL_ROOT_PASSWORD=secret"})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = pool.Purge(mysql) }()

	_, err = pool.RunWithOptions(&dockertest.RunOptions{
		Repository: "cockroachdb/cockroach",
		Tag:        "v23.2.3",
		Cmd:        []string{"start-single-node", "--insecure"},
	}, func(config *docker.HostConfig) { config.AutoRemove = true })
	if err != nil {
		log.Fatal(err)
	}

	if _, err := pool.BuildAndRun("catalog-fixture", "./testdata/Dockerfile", nil); err != nil {
		log.Fatal(err)
	}
	os.Exit(m.Run())
}

func TestStore(t *testing.T) {
	ctx := context.Background()
	pg, err := pgmodule.Run(ctx, fmt.Sprintf("%s:%s", postgresImage, postgresTag),
		pgmodule.WithDatabase("catalog"),
		testcontainers.WithWaitStrategy(wait.ForLog("ready").WithOccurrence(2)),
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pg.Terminate(ctx) })

	_, err = redis.RunContainer(ctx, testcontainers.WithImage("docker.io/redis:7"))
	if err != nil {
		t.Fatal(err)
	}

	req := testcontainers.ContainerRequest{
		Image:        defaultMinio,
		ExposedPorts: []string{"9000/tcp"},
		Cmd:          []string{"server", "/data"},
		// Image: "minio/minio:latest",
	}
	_, err = testcontainers.GenericContainer(ctx, testcontainers.GenericContainerRequest{
		ContainerRequest: req,
		Started:          true,
	})
	if err != nil {
		t.Fatal(err)
	}

	for _, name := range []string{"one", "two"} {
		t.Run(name, func(t *testing.T) {
			_, err := testcontainers.GenericContainer(ctx, testcontainers.GenericContainerRequest{
				ContainerRequest: testcontainers.ContainerRequest{
					Image: "nats:" + natsVersion,
				},
			})
			if err != nil {
				t.Error(err)
			}
		})
	}

	build := testcontainers.ContainerRequest{
		FromDockerfile: testcontainers.FromDockerfile{Context: "./testdata", Repo: "catalog", Tag: "test"},
	}
	_ = build
}

func start(ctx context.Context, image string) (testcontainers.Container, error) {
	return testcontainers.Run(ctx, image)
}
