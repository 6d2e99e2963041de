images=(
  "${WEB_IMAGE:-}"
  "${WORKER_IMAGE:-}"
)
for i in "${!images[@]}"; do
  image="${images[$i]}"
  if container=$($CONTAINER_ENGINE create "$image" 2>/dev/null); then
    $CONTAINER_ENGINE cp "$container:/etc/ssl/certs/." out/
  fi
done
