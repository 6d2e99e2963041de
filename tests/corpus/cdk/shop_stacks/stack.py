from aws_cdk import Stack
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_ecs_patterns as patterns
from constructs import Construct

GRAFANA_VERSION = "10.4.2"


class Dashboards(Stack):
    def __init__(self, scope: Construct, construct_id: str, **kwargs) -> None:
        super().__init__(scope, construct_id, **kwargs)
        patterns.ApplicationLoadBalancedFargateService(
            self,
            "Grafana",
            task_image_options=patterns.ApplicationLoadBalancedTaskImageOptions(
                image=ecs.ContainerImage.from_registry("grafana/grafana:" + GRAFANA_VERSION),
                environment={"IMAGE": "not/an-image:1"},
            ),
        )
        codebuild.PipelineProject(
            self,
            "Build",
            environment=codebuild.BuildEnvironment(
                build_image=codebuild.LinuxBuildImage.from_docker_registry("python:3.12"),
            ),
        )
