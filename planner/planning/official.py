"""The images that Docker keeps as its official ones: names in `library/` that exist for certain.

https://github.com/docker-library/official-images/tree/master/library
"""

_WORDS = """
adminer aerospike alpine alt amazoncorretto amazonlinux api-firewall arangodb archlinux backdrop bash bonita
buildpack-deps busybox caddy cassandra chronograf cirros clearlinux clefos clickhouse clojure composer consul
convertigo couchbase couchdb crate crux dart debian docker drupal eclipse-mosquitto eclipse-temurin eggdrop
elasticsearch elixir emqx erlang express-gateway fedora flink fluentd friendica gazebo gcc geonetwork ghost
golang gradle groovy haproxy haskell haxe hello-world hitch httpd hylang ibm-semeru-runtimes ibmjava influxdb
irssi jetty jobber joomla jruby julia kapacitor kibana kong krakend lightstreamer liquibase logstash mageia
mariadb matomo maven mediawiki memcached mongo mongo-express monica mysql nats nats-streaming neo4j
neurodebian nextcloud nginx node notary odoo open-liberty openjdk opensuse oraclelinux orientdb percona perl
photon php php-zendserver phpmyadmin plone postfixadmin postgres pypy python r-base rabbitmq rakudo-star redis
redmine registry rethinkdb rocket.chat rockylinux ros ruby rust sapmachine satosa scratch silverpeas sl solr
sonarqube sourcemage spark spiped storm swift swipl teamspeak telegraf thrift tomcat tomee traefik ubuntu unit
valkey varnish vault websphere-liberty wordpress xwiki yourls znc zookeeper almalinux centos nuxeo
"""
OFFICIAL = frozenset(f"library/{name}" for name in _WORDS.split()) - {"library/scratch"}
