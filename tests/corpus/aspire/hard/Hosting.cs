namespace Shop.Hosting;

public static class CollectorExtensions
{
    private const string Image = "otel/opentelemetry-collector-contrib";
    private const string Tag = "0.111.0";

    public static IResourceBuilder<CollectorResource> AddCollector(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddResource(new CollectorResource(name))
            .WithImage(Image, Tag);

    public static void AddTools(this IDistributedApplicationBuilder builder, string version)
    {
        builder.AddContainer("ui", "provectuslabs/kafka-ui", version);
        builder.AddContainer("cache", "valkey/valkey").WithImageTag("8.0").WithImageRegistry("ghcr.io");
        builder.AddContainer("proxy", Image, $"{Tag}-amd64");
    }
}
