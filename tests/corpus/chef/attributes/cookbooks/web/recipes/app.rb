version = '1.27.2'

docker_image 'web' do
  repo 'nginx'
  tag version
  action :pull_if_missing
end

docker_container 'web' do
  repo 'nginx'
  tag version
  port ['80:80', '443:443']
  env ["TAG=#{version}"]
end

docker_container 'redis'

docker_container 'app' do
  repo "registry.example.org/acme/app"
  tag node['web']['app_version']
  command 'bundle exec puma'
  links ['redis:redis']
end
