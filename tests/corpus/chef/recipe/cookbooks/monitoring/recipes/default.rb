#
# Cookbook:: monitoring
# Recipe:: default
#

docker_service 'default' do
  action [:create, :start]
end

docker_image 'prom/prometheus' do
  tag 'v2.54.1'
  action :pull
  notifies :redeploy, 'docker_container[prometheus]'
end

directory '/etc/prometheus' do
  owner 'root'
end

docker_container 'prometheus' do
  repo 'prom/prometheus'
  tag 'v2.54.1'
  port '9090:9090'
  volumes ['/etc/prometheus:/etc/prometheus:ro']
  restart_policy 'always'
end

# docker_image 'prom/alertmanager'
docker_image 'prom/statsd-exporter' do
  action :remove
end
