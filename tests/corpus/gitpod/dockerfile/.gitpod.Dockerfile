FROM gitpod/workspace-base:latest
USER gitpod
RUN sudo apt-get update && sudo apt-get install -y redis-server
