using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using Testcontainers.MsSql;
using Testcontainers.PostgreSql;

namespace Billing.Tests;

public sealed class DatabaseFixture : IAsyncLifetime
{
    private const string SqlImage = "mcr.microsoft.com/mssql/server:2022-CU12-ubuntu-22.04";

    private readonly MsSqlContainer _sql = new MsSqlBuilder()
        .WithImage(SqlImage)
        .WithPassword(@"Str0ng""Pass")
        .Build();

    private readonly PostgreSqlContainer _postgres = new PostgreSqlBuilder("postgres:16.3")
        .WithDatabase("billing")
        .Build();

    private readonly IContainer _seq = new ContainerBuilder()
        .WithImage("datalust/seq:2024.1")
        .WithEnvironment("ACCEPT_EULA", "Y")
        .Build();

    public async Task InitializeAsync()
    {
        var image = new ImageFromDockerfileBuilder()
            .WithName("billing-migrations:test")
            .WithDockerfile("Dockerfile")
            .Build();
        await image.CreateAsync();
        var migrations = new ContainerBuilder().WithImage(image).Build();
        await Task.WhenAll(_sql.StartAsync(), _postgres.StartAsync(), _seq.StartAsync(), migrations.StartAsync());
    }

    public Task DisposeAsync() => _sql.DisposeAsync().AsTask();
}
