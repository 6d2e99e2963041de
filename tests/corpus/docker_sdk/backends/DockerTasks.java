package org.shop.ci;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerResponse;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.model.HostConfig;

/** Starts helpers; {@code pullImageCmd("evil:1")} is an example. */
final class DockerTasks {
    private static final String HELPER = "curlimages/curl";

    private final DockerClient docker;

    DockerTasks(DockerClient docker) {
        this.docker = docker;
    }

    void pull() throws InterruptedException {
        docker.pullImageCmd(HELPER).withTag("8.7.1").exec(new PullImageResultCallback()).awaitCompletion();
        docker.pullImageCmd("docker.io/library/alpine:3.19").start().awaitCompletion();
    }

    String start() {
        CreateContainerResponse created = docker.createContainerCmd("redis:7-alpine")
                .withName("cache")
                .withHostConfig(HostConfig.newHostConfig().withAutoRemove(true))
                .exec();
        docker.startContainerCmd(created.getId()).exec();
        return created.getId();
    }

    String start(String image) {
        return docker.createContainerCmd(image).exec().getId();
    }
}
