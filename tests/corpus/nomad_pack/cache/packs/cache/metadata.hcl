app {
  url = "https://redis.io"
}

pack {
  name        = "cache"
  description = "A cache"
  version     = "0.2.0"
}
