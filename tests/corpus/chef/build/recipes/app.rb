# Builds the application, and runs it beside its cache.
docker_image 'acme/app' do
  tag 'v1'
  source '/opt/app'
  action :build_if_missing
end

docker_container 'redis'

docker_container 'old-cache' do
  repo 'memcached'
  action :delete
end

docker_image 'haproxy' do
  action :remove
end
