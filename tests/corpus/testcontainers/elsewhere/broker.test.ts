import { GenericContainer } from "../support/containers";

describe.each(["rabbitmq:3.13-alpine", "rabbitmq:4.0-alpine"])("broker %s", (image) => {
  it("takes a message", async () => {
    await using broker = await new GenericContainer(image).withExposedPorts(5672).start();
  });
});
