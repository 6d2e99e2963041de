"""The official images of Docker Hub, those of old too: names without a namespace that everybody can pull.

https://github.com/docker-library/official-images/tree/master/library
"""

_NAMES = """
adminer aerospike almalinux alpine alt amazoncorretto amazonlinux api-firewall arangodb archlinux azul-zulu
backdrop bash bonita buildpack-deps busybox caddy cassandra celery centos chronograf cirros clearlinux
clefos clickhouse clojure composer consul convertigo couchbase couchdb crate crux dart debian docker drupal
eclipse-mosquitto eclipse-temurin eggdrop elasticsearch elixir emqx erlang espocrm euleros fedora flink
fluentd friendica fsharp gazebo gcc geonetwork ghost golang gradle groovy haproxy haskell haxe hello-world
hipache hitch httpd hylang ibm-semeru-runtimes ibmjava influxdb iojs irssi java jenkins jetty joomla jruby
julia kaazing-gateway kapacitor kibana known kong krakend lightstreamer liquibase logstash mageia mariadb
matomo maven mediawiki memcached mongo mongo-express monica mono mysql nats neo4j neurodebian nextcloud
nginx nim node notary nuxeo odoo open-liberty openjdk opensuse oraclelinux orientdb owncloud percona perl
photon php php-zendserver phpmyadmin piwik plone postfixadmin postgres pypy python r-base rabbitmq rakudo-
star rapidoid redis redmine registry rethinkdb rocket.chat rockylinux ros ruby rust sapmachine satosa sentry
silverpeas sl solr sonarqube sourcemage spark spiped storm swarm swift swipl teamspeak telegraf thrift
tomcat tomee traefik ubuntu ubuntu-debootstrap ubuntu-upstart unit varnish vault websphere-liberty wordpress
xwiki yourls znc zookeeper
"""
OFFICIAL = frozenset(_NAMES.split())


def is_official(value: str) -> bool:
    """Whether a reference without a registry and a namespace is to an official image."""
    return value.partition("@")[0].partition(":")[0] in OFFICIAL
