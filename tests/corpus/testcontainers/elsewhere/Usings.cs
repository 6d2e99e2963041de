global using Testcontainers.PostgreSql;
global using Testcontainers.Redis;
