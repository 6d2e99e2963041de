# Exercises the resources of the docker cookbook.
registry = 'localhost:5043'

docker_image 'busybox' do
  tag '1.36'
  read_timeout 60
end

docker_image 'hello build' do
  repo 'someara/image-1'
  tag 'v0.1.0'
  source '/usr/local/src/container1/Dockerfile'
  force true
  action :build_if_missing
end

docker_tag 'private repo tag for busybox' do
  target_repo 'busybox'
  to_repo "#{registry}/acme/busybox"
end

docker_image "#{registry}/acme/tool" do
  tag '2.0'
  not_if { ::File.exist?('/marker') }
  action :pull
end

%w(alpine debian).each do |name|
  docker_image name do
    tag 'latest'
  end
end

docker_image 'postgres:16' do
  action [:remove]
  only_if 'docker images | grep postgres'
end
