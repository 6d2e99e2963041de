import { App, Chart, ChartProps } from 'cdk8s';
import * as kplus from 'cdk8s-plus-29';
import { Construct } from 'constructs';
import { IntOrString, KubeDeployment, KubeService } from './imports/k8s';

const HELLO = 'paulbouwer/hello-kubernetes:1.10';

export class Hello extends Chart {
  constructor(scope: Construct, id: string, props: ChartProps = {}) {
    super(scope, id, props);
    const label = { app: 'hello', image: 'is/a-label:1' };

    new KubeService(this, 'service', {
      spec: { type: 'LoadBalancer', ports: [{ port: 80, targetPort: IntOrString.fromNumber(8080) }], selector: label },
    });

    new KubeDeployment(this, 'deployment', {
      spec: {
        selector: { matchLabels: label },
        template: {
          metadata: { labels: label },
          spec: {
            containers: [
              { name: 'hello', image: HELLO, ports: [{ containerPort: 8080 }] },
              { name: "proxy", image: "envoyproxy/envoy:v1.30.1" },
            ],
            // initContainers: [{ name: 'wait', image: 'busybox:1' }],
          },
        },
      },
    });

    const redis = new kplus.Deployment(this, 'redis', {
      containers: [{ image: 'redis:7.2', securityContext: { user: 1005 } }],
    });
    redis.addContainer({ image: 'oliver006/redis_exporter:v1.58.0', portNumber: 9121 });
    redis.podMetadata.addLabel('image', 'none:1');
  }
}

const app = new App();
new Hello(app, 'hello');
app.synth();
