{ config, lib, pkgs, ... }:

with lib;

let
  cfg = config.services.paperless-stack;
  redisTag = "7.4-alpine";
in
{
  options.services.paperless-stack = {
    enable = mkEnableOption "Paperless with its broker";

    image = mkOption {
      type = types.str;
      default = "ghcr.io/paperless-ngx/paperless-ngx:2.11.6";
      example = "ghcr.io/paperless-ngx/paperless-ngx:dev";
      description = "The image to run, such as `paperless:latest`.";
    };

    gotenbergTag = mkOption {
      type = types.str;
      default = "8.9";
    };
  };

  config = mkIf cfg.enable {
    virtualisation.oci-containers.containers = {
      paperless-broker = { image = "docker.io/library/redis:${redisTag}"; };
      paperless-web = {
        image = cfg.image;
        dependsOn = [ "paperless-broker" ];
      };
      gotenberg = {
        image = "gotenberg/gotenberg:${cfg.gotenbergTag}";
        cmd = [ "gotenberg" "--chromium-disable-javascript=true" ];
      };
      # The file comes from the store: nothing is pulled.
      converter = {
        imageFile = pkgs.callPackage ./converter-image.nix { };
        image = "paperless/converter:nix";
      };
    };

    systemd.services.paperless-backup = {
      startAt = "daily";
      serviceConfig.ExecStart = "${pkgs.podman}/bin/podman run --rm -v /srv:/srv:ro restic/restic:0.17.1 backup /srv";
      script = ''
        # ''${HOME} is the service's own
        ${pkgs.docker}/bin/docker network inspect paperless >/dev/null \
          || ${pkgs.docker}/bin/docker network create paperless
        ${pkgs.docker}/bin/docker pull busybox:1.36
      '';
    };

    boot.initrd.image = "initrd.img";
  };
}
