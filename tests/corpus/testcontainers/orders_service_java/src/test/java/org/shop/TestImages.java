package org.shop;

import org.testcontainers.utility.DockerImageName;

/** What the tests of all modules start. */
public final class TestImages {
    public static final DockerImageName REDIS = DockerImageName.parse("redis:7.2-alpine");
    public static final DockerImageName OLD_REDIS = REDIS.withTag("6.2");
    public static final String MAILPIT = "axllent/mailpit:v1.18";
    static final String UNUSED = "unused:1";

    private TestImages() {}
}
