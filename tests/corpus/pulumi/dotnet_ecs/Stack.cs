using System.Collections.Generic;
using Pulumi;
using Pulumi.Docker;
using Pulumi.Docker.Inputs;
using Pulumi.Kubernetes.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Core.V1;
using Pulumi.Kubernetes.Types.Inputs.Meta.V1;

/// <summary>Runs the bus. Was Image = "rabbitmq:3.8" before.</summary>
class BusStack : Stack
{
    private const string Version = "3.13";

    public BusStack()
    {
        var pod = new Pod("bus", new PodArgs
        {
            Metadata = new ObjectMetaArgs { Labels = { { "image", "not/this:1" } } },
            Spec = new PodSpecArgs
            {
                Containers =
                {
                    new ContainerArgs
                    {
                        Name = "rabbit",
                        Image = $"rabbitmq:{Version}-management",
                    },
                    new ContainerArgs { Name = "metrics", Image = "kbudde/rabbitmq-exporter:1.0.0" },
                },
            },
        });

        var built = new Image("tools", new ImageArgs
        {
            ImageName = "ghcr.io/shop/tools:latest",
            Build = new DockerBuildArgs { Context = "./tools" },
        });

        var remote = new RemoteImage("mail", new RemoteImageArgs { Name = @"axllent/mailpit:v1.18" });
        var mail = new Container("mail", new ContainerArgs { Image = remote.ImageId, Name = "mail" });

        this.Logo = Output.Create("logo:1");
    }

    [Output] public Output<string> Logo { get; set; }
}
