# one place for every version that is used here
GO_VERSION       := 1.22.5
LINT_VERSION     ?= v1.59
POSTGRES_VERSION  = 16.3
