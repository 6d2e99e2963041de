defmodule ShopTest do
  use ExUnit.Case
  import Testcontainers.Container

  alias Testcontainers.PostgresContainer

  setup do
    config = PostgresContainer.new() |> PostgresContainer.with_image("postgres:16.4")
    {:ok, _} = Testcontainers.start_container(config)
    {:ok, web} = Testcontainers.start_container(new("nginx:1.27-alpine") |> with_fixed_port(80))
    assert config.image == "postgres:15"
    {:ok, web: web}
  end
end
