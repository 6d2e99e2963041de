namespace Shop.Orders.Tests;

public sealed class OrdersFixture : IAsyncLifetime
{
    private readonly PostgreSqlContainer _orders = new PostgreSqlBuilder("postgres:16.4-alpine").Build();

    private readonly RedisContainer _cache = new RedisBuilder().WithImage("redis:7.4").Build();

    private readonly Uri _service = new UriBuilder("localhost:8080").Uri;
}
