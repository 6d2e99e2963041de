FLYWAY         = flyway/flyway:10-alpine
API_BASE      ?= eclipse-temurin:21-jre
PYTHON_VERSION = 3.12
