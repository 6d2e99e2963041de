package org.shop.orders;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.testcontainers.containers.DockerComposeContainer;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.KafkaContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.PostgreSQLContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.DockerImageName;

/**
 * Starts what the service talks to.
 *
 * <p>Was {@code new GenericContainer<>("rabbitmq:3.8")} until we moved to Kafka.
 */
@Testcontainers
abstract class AbstractIntegrationTest {

    private static final String KAFKA_VERSION = "7.6.1";
    private static final String NOT_AN_IMAGE = "alpine:3.19";

    static final DockerImageName POSTGRES_IMAGE =
            DockerImageName.parse("timescale/timescaledb:2.14.2-pg16").asCompatibleSubstituteFor("postgres");
    static final DockerImageName KEYCLOAK = DockerImageName.parse("quay.io/keycloak/keycloak");

    static final Network NETWORK = Network.newNetwork();

    @Container
    @ServiceConnection
    static final PostgreSQLContainer<?> POSTGRES = new PostgreSQLContainer<>(POSTGRES_IMAGE)
            .withDatabaseName("orders")
            .withInitScript("schema.sql");

    @Container
    static final KafkaContainer KAFKA =
            new KafkaContainer(DockerImageName.parse("confluentinc/cp-kafka").withTag(KAFKA_VERSION))
                    .withNetwork(NETWORK)
                    .withNetworkAliases("kafka");

    @Container
    @ServiceConnection(name = "redis")
    static final GenericContainer<?> REDIS = new GenericContainer<>("redis:" + System.getProperty("redis.version", "7.2"))
            .withExposedPorts(6379)
            .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*", 1));

    static final GenericContainer<?> IDENTITY =
            new GenericContainer<>(KEYCLOAK.withTag("24.0.3"))
                    .withCommand("start-dev")
                    .withStartupTimeout(Duration.ofMinutes(2));

    static final GenericContainer<?> GATEWAY = new GenericContainer<>(
            new ImageFromDockerfile("orders-gateway", false)
                    .withDockerfileFromBuilder(builder -> builder
                            .from("nginx:1.25-alpine")
                            .copy("nginx.conf", "/etc/nginx/nginx.conf")
                            .build()));

    static final DockerComposeContainer<?> LEGACY =
            new DockerComposeContainer<>("legacy", Path.of("docker/compose.yml").toFile());

    static GenericContainer<?> stub(String image) {
        return new GenericContainer<>(image).withExposedPorts(8080);
    }

    GenericContainer<?> wiremock = stub("wiremock-standalone");

    GenericContainer<?> migrations() {
        return new GenericContainer<>("registry.shop.org/orders/migrations:" + System.getenv("GIT_SHA"));
    }

    static boolean isPostgres(DockerImageName name) {
        return name.isCompatibleWith(DockerImageName.parse("postgres"));
    }
}
