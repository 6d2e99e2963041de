/** Where our images stand on. */
object Images {
  private val hub = "docker.io"
  val worker      = hub + "/library/amazoncorretto:21-alpine"
}
