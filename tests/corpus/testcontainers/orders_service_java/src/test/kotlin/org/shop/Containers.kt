package org.shop

import org.testcontainers.containers.GenericContainer
import org.testcontainers.containers.MongoDBContainer
import org.testcontainers.utility.DockerImageName

object Containers {
    private const val MONGO_TAG = "7.0.8"
    private const val ELASTIC = "docker.elastic.co/elasticsearch/elasticsearch"

    val mongo by lazy {
        MongoDBContainer(DockerImageName.parse("mongo:$MONGO_TAG")).apply { start() }
    }

    class Elastic : GenericContainer<Elastic>("$ELASTIC:8.13.2") {
        init {
            withEnv("discovery.type", "single-node")
            withEnv("image", "not/an-image:1")
        }
    }

    class Mail(version: String) : GenericContainer<Mail>("axllent/mailpit:$version")

    fun minio() = GenericContainer<Nothing>("""minio/minio:RELEASE.2024-04-18T19-09-19Z""").apply {
        withCommand("server /data")
    }
}
