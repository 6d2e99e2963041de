var builder = DistributedApplication.CreateBuilder(args);

var cache = builder.AddRedis("cache");
var bus = builder.AddRabbitMQ("bus").WithImageTag("4.0-management");
var orders = builder.AddPostgres("postgres")
    .WithImage("pgvector/pgvector")
    .WithImageTag("pg17")
    .AddDatabase("orders");

builder.AddContainer("mail", "axllent/mailpit", "v1.20").WithHttpEndpoint(8025, 8025);

// builder.AddContainer("old", "acme/of-a-comment", "1");
builder.AddProject<Projects.Web>("web").WithReference(cache).WithReference(orders);

builder.Build().Run();
