import { Construct } from "constructs";
import { App, TerraformStack } from "cdktf";
import { DockerProvider } from "@cdktf/provider-docker/lib/provider";
import { Image } from "@cdktf/provider-docker/lib/image";
import { Container } from "@cdktf/provider-docker/lib/container";
import { Instance } from "@cdktf/provider-google/lib/compute-instance";

class Stack extends TerraformStack {
  constructor(scope: Construct, name: string) {
    super(scope, name);
    new DockerProvider(this, "docker", {});

    const nginx = new Image(this, "nginxImage", {
      name: "nginx:1.26-alpine",
      keepLocally: false,
    });

    new Container(this, "nginxContainer", {
      name: "tutorial",
      image: nginx.repoDigest,
      ports: [{ internal: 80, external: 8000 }],
    });

    new Container(this, "mail", { name: "mail", image: "mailhog/mailhog:v1.0.1" });

    new Instance(this, "vm", {
      name: "vm",
      machineType: "e2-small",
      bootDisk: { initializeParams: { image: "ubuntu-os-cloud/ubuntu-2204-lts" } },
    } as never);
  }
}

const app = new App();
new Stack(app, "learn-cdktf-docker");
app.synth();
