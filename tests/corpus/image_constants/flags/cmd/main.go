package main

import "flag"

var (
	image   = flag.String("busybox-image", "busybox:1.36", "what copies files")
	address = flag.String("address", "localhost:8080", "where it listens")
)

func main() { flag.Parse() }
