redis_version = "7.4"   # newer than the default
project       = "store"
