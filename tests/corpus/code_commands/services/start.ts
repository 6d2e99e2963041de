import { execSync, spawn } from "node:child_process";
import { $ } from "zx";

const port = 6379;

export function redis(): void {
  execSync(`docker run -d --name cache -p ${port}:6379 redis:7.2-alpine`, { stdio: "inherit" });
}

export const broker = spawn("docker", ["run", "--rm", "-p", "1883:1883", "eclipse-mosquitto:2.0.18"]);

await $`podman pull quay.io/keycloak/keycloak:25.0`;
console.log(`docker run ghcr.io/acme/not-run:1`);
