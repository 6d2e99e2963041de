package org.shop.orders;

import static org.shop.TestImages.MAILPIT;

import org.junit.jupiter.api.Test;
import org.shop.TestImages;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

class CacheTest {
    private final GenericContainer<?> cache = new GenericContainer<>(TestImages.REDIS).withExposedPorts(6379);
    private final GenericContainer<?> old = new GenericContainer<>(TestImages.OLD_REDIS);
    private final GenericContainer<?> newest = new GenericContainer<>(TestImages.REDIS.withTag("7.4-rc1"));
    private final GenericContainer<?> mail = new GenericContainer<>(MAILPIT);
    private final GenericContainer<?> copy = new GenericContainer<>(DockerImageName.parse(TestImages.MAILPIT));

    // from a library that is not in this repository
    private final GenericContainer<?> other = new GenericContainer<>(OtherImages.KAFKA);

    private static String proxy() {
        return "ghcr.io/shopify/toxiproxy:2.9.0";
    }

    @Test
    void keepsWhatItIsGiven() {
        String image = "haproxy:2.8";
        if (System.getenv("NEXT") != null) {
            image = "haproxy:3.0";
        }
        try (GenericContainer<?> balancer = new GenericContainer<>(image);
                GenericContainer<?> proxy = new GenericContainer<>(proxy())) {
            balancer.start();
            proxy.start();
        }
    }
}
