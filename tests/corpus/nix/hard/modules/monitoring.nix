{ lib, pkgs, config, ... }:
let
  cfg = config.services.monitoring;
  version = "v2.54.1";
  appImage = pkgs.dockerTools.streamLayeredImage {
    name = "acme/app";
    contents = [ pkgs.hello ];
  };
in {
  options.services.monitoring.image = lib.mkOption {
    type = lib.types.str;
    default = "grafana/grafana:11.2.0";
    description = "The image of Grafana, e.g. grafana/grafana:10.0.0.";
  };

  config = lib.mkIf cfg.enable {
    virtualisation.oci-containers.containers = {
      prometheus = {
        image = "quay.io/prometheus/prometheus:${version}";
        autoStart = true;
      };
      grafana.image = cfg.image;
      app = { image = "acme/app:dev"; imageStream = appImage; };
    };
    systemd.services.backup.script = ''
      ${pkgs.podman}/bin/podman pull docker.io/restic/restic:0.17.0
      # podman pull alpine
      podman run --rm -v /srv:/data \
        docker.io/restic/restic:0.17.0 backup /data
    '';
    /* image = "busybox:1"; */
    boot.initrd.image = "kernel";
  };
}
