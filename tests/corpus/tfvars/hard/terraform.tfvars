registry = "quay.io"
app = {
  name = "keycloak/keycloak"
  tag  = "26.0"
}
