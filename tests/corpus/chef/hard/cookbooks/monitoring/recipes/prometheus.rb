prometheus_version = 'v2.54.1'
registry = 'quay.io'

docker_image 'prometheus' do
  repo "#{registry}/prometheus/prometheus"
  tag prometheus_version
  read_timeout 600
end

docker_container 'prometheus' do
  repo "#{registry}/prometheus/prometheus"
  tag prometheus_version
  network_mode 'host'
  command '--config.file=/etc/prometheus/prometheus.yml'
  action :run
  only_if { ::File.exist?('/etc/prometheus/prometheus.yml') }
end

docker_container 'grafana' do
  repo 'grafana/grafana'
  tag node['monitoring']['grafana']['tag']
  env ['GF_SERVER_ROOT_URL=https://grafana.example.org']
end

# docker_image 'alertmanager'
log 'docker_image alertmanager is set up elsewhere'
