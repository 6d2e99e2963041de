# frozen_string_literal: true

require "testcontainers"
require "testcontainers/postgres"

module Containers
  REDIS_IMAGE = "redis:6.2-alpine"
  NAMES = %w[redis:5 postgres:9]

  def self.redis
    @redis ||= Testcontainers::DockerContainer.new(REDIS_IMAGE).with_exposed_port(6379)
  end

  def self.postgres
    @postgres ||= Testcontainers::PostgresContainer.new("postgres:14", username: "portal")
  end

  def self.usage
    <<~TEXT
      Testcontainers::DockerContainer.new("not:this")
    TEXT
  end
end
