defmodule Shop.RedisContainer do
  @moduledoc """
  A Redis for tests: `Container.new("redis:6")` is too old.
  """

  @image "redis"
  @tag "7.4-alpine"
  @image_with_tag "#{@image}:#{@tag}"

  defstruct [:image, :port]

  def new, do: %__MODULE__{image: @image_with_tag, port: 6379}

  def with_image(%__MODULE__{} = config, image), do: %{config | image: image}
end
