import * as cdk from 'aws-cdk-lib';
import { aws_batch as batch, aws_codebuild as codebuild, aws_ecs as ecs, aws_lambda as lambda } from 'aws-cdk-lib';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecr from 'aws-cdk-lib/aws-ecr';
import { Construct } from 'constructs';

const FLUENT = 'public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32';

interface Props extends cdk.StackProps {
  /** Like `ContainerImage.fromRegistry('evil:1')`. */
  readonly tag: string;
}

export class ShopStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id, props);

    const task = new ecs.FargateTaskDefinition(this, 'Task', { cpu: 256 });
    task.addContainer('web', {
      image: ecs.ContainerImage.fromRegistry('nginx:1.25'),
      portMappings: [{ containerPort: 80 }],
    });
    task.addContainer('own', { image: ecs.ContainerImage.fromAsset('./web') });
    task.addContainer('ecr', {
      image: ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(this, 'r', 'shop/api'), props.tag),
    });
    task.addFirelensLogRouter('logs', {
      image: ContainerImage.fromRegistry(FLUENT),
      firelensConfig: { type: ecs.FirelensLogRouterType.FLUENTBIT },
    });
    task.addContainer('tagged', {
      image: ecs.ContainerImage.fromRegistry(`registry.shop.org/worker:${props.tag}`),
    });

    new codebuild.Project(this, 'Build', {
      environment: { buildImage: codebuild.LinuxBuildImage.fromDockerRegistry('maven:3.9-eclipse-temurin-21') },
    });

    new lambda.Function(this, 'Fn', {
      runtime: lambda.Runtime.NODEJS_20_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset('fn', {
        bundling: {
          image: cdk.DockerImage.fromRegistry("node:20-bookworm-slim"),
          command: ['sh', '-c', 'npm ci'],
        },
      }),
    });

    new batch.CfnJobDefinition(this, 'Job', {
      type: 'container',
      containerProperties: { image: 'amazonlinux:2023', vcpus: 1 },
    });

    new ecs.CfnTaskDefinition(this, 'Raw', {
      containerDefinitions: [{ name: 'datadog', image: 'datadog/agent:7.53.0' }],
    });

    new ec2.Instance(this, 'Bastion', {
      machineImage: ec2.MachineImage.latestAmazonLinux2023(),
    } as never);
  }
}
