proxy = "traefik:v3.2"   # newer than the default
