ARG BASE
FROM ${BASE}
COPY . /usr/share/nginx/html
