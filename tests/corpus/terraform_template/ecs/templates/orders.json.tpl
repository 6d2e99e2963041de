[
  {
    "name": "orders",
    "image": "acme/orders:${release}",
    "essential": true,
    "portMappings": [{ "containerPort": 8080 }],
    "logConfiguration": {
      "logDriver": "awslogs",
      "options": { "awslogs-group": "${log_group}" }
    }
  },
  {
    "name": "proxy",
    "image": "${proxy_image}",
    "essential": true
  },
  {
    "name": "migrate",
    "image": "acme/orders-migrate:${release}",
    "essential": false
  }
]
