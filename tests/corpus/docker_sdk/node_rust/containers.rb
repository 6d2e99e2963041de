require 'docker'

IMAGE = 'ubuntu'

Docker::Image.create('fromImage' => IMAGE, 'tag' => '22.04')
image = Docker::Image.create('fromImage' => 'ghcr.io/shop/base:1')
container = Docker::Container.create('Image' => 'redis:7', 'Cmd' => %w[redis-server --save])
# Docker::Image.create('fromImage' => 'evil:1')
container.start
puts "#{image.id} runs"
