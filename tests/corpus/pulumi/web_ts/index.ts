import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as docker from "@pulumi/docker";
import * as gcp from "@pulumi/gcp";
import * as k8s from "@pulumi/kubernetes";

const config = new pulumi.Config();
const version = config.require("version");
const redisTag = "7.2-alpine";
const labels = { app: "web", image: "label/not-an-image:1" };

// built here and pushed
const app = new docker.Image("app", {
  build: { context: "../app", platform: "linux/amd64" },
  imageName: "ghcr.io/shop/web:v1",
});

const exporter = new docker.RemoteImage("exporter", { name: "prom/node-exporter:v1.8.0", keepLocally: true });
const local = new docker.Container("local", {
  image: "traefik:v3.0",
  ports: [{ internal: 80, external: 8080 }],
});

new k8s.apps.v1.Deployment("web", {
  metadata: { labels },
  spec: {
    selector: { matchLabels: labels },
    replicas: 2,
    template: {
      metadata: { labels },
      spec: {
        initContainers: [{ name: "wait", image: "busybox:1.36", command: ["sh", "-c", "sleep 5"] }],
        containers: [
          { name: "web", image: app.imageName, resources: { requests: { cpu: "100m" } } },
          {
            name: "cache",
            image: `redis:${redisTag}`,
            ports: [{ containerPort: 6379 }],
          },
          { name: "own", image: pulumi.interpolate`registry.shop.org/sidecar:${version}` },
          // { name: "old", image: "memcached:1.5" },
        ],
      },
    },
  },
});

new k8s.helm.v3.Release("grafana", {
  chart: "grafana",
  repositoryOpts: { repo: "https://grafana.github.io/helm-charts" },
  values: {
    image: { repository: "grafana/grafana", tag: "10.4.2" },
    sidecar: { enabled: false },
  },
});

const cluster = new aws.ecs.Cluster("cluster");
export const service = new awsx.ecs.FargateService("service", {
  cluster: cluster.arn,
  taskDefinitionArgs: {
    container: {
      name: "nginx",
      image: "public.ecr.aws/nginx/nginx:1.25",
      cpu: 128,
      essential: true,
    },
  },
});

new aws.ecs.TaskDefinition("jobs", {
  family: "jobs",
  containerDefinitions: JSON.stringify([
    { name: "cron", image: "alpine:3.19", memory: 64 },
  ]),
});

const machine = new gcp.compute.Instance("bastion", {
  machineType: "e2-micro",
  bootDisk: { initializeParams: { image: "debian-cloud/debian-12" } },
});
export const picture = { image: "assets/logo:1" };
export const names = [exporter.name, local.name, machine.name];
