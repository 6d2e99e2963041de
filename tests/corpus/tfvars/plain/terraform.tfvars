image = "postgres:17.2"
