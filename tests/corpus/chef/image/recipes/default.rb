# Cookbook:: web
# Recipe:: default

docker_service 'default' do
  action [:create, :start]
end

docker_image 'nginx' do
  tag '1.27'
  action :pull
  notifies :redeploy, 'docker_container[web]'
end

docker_container 'web' do
  repo 'nginx'
  tag '1.27'
  port '80:80'
  volumes ['/srv/www:/usr/share/nginx/html']
end

package 'docker-ce'
