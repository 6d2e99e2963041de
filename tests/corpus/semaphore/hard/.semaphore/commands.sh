docker pull busybox:1.36
