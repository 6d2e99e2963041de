module example.org/shop/mailer

go 1.22

require github.com/testcontainers/testcontainers-go/modules/redis v0.30.0

require (
	github.com/testcontainers/testcontainers-go v0.30.0 // indirect
	golang.org/x/sys v0.18.0 // indirect
)
