import static org.testcontainers.utility.DockerImageName.parse;
import static java.time.Duration.ofSeconds;

class QueueTest {
  static class Queue extends org.testcontainers.containers.GenericContainer<Queue> {
    Queue() {
      super(parse("ghcr.io/acme/queue:3.6.0"));
      withStartupTimeout(ofSeconds(9));
    }
  }
}
