# Values of .env count unless they are set already.
t=$(mktemp) && export -p >"$t" && set -a && . ".env" && set +a && . "$t" && rm "$t"
CONTAINER_ENGINE="${CONTAINER_ENGINE:-docker}"
