package shop;

import java.util.List;

final class Ports {
    Process socat(int port) throws Exception {
        return new ProcessBuilder("docker", "run", "--rm", "-p", port + ":" + port,
                "alpine/socat:1.8.0.0", "tcp-listen:" + port).start();
    }

    List<String> gateway() {
        return List.of("docker", "run", "--detach", "--network=host", "traefik:v3.1");
    }
}
