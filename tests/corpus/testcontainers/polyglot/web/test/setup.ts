import { GenericContainer, Network, Wait, type StartedTestContainer } from 'testcontainers';
import { PostgreSqlContainer } from "@testcontainers/postgresql";
import { RabbitMQContainer } from '@testcontainers/rabbitmq';

const images = {
  localstack: 'localstack/localstack:3.4',
  jaeger: `jaegertracing/all-in-one:1.57`,
};
const RABBIT = 'rabbitmq:3.13-management';

let started: StartedTestContainer[] = [];

export default async function setup() {
  const network = await new Network().start();

  const db = await new PostgreSqlContainer('postgis/postgis:16-3.4')
    .withNetwork(network)
    .withDatabase('web')
    .start();

  const broker = await new RabbitMQContainer(RABBIT).start();

  const cache = await new GenericContainer(process.env.CACHE_IMAGE ?? 'valkey/valkey:7.2')
    .withExposedPorts(6379)
    .withWaitStrategy(Wait.forLogMessage(/Ready to accept "connections"/))
    .start();

  const app = await GenericContainer.fromDockerfile('.', 'Dockerfile.test').build('web-under-test', { deleteOnExit: false });

  // new GenericContainer('evil:1')
  const label = 'not:an-image';
  started = [db as never, broker as never, cache, await app.start()];
  console.log(`started ${started.length} of ${label} don't panic`);
}
