# Containers of the media host. Volumes live on the ZFS pool.
{ config, pkgs, ... }:

let
  dataDir = "/tank/apps";
  jellyfinVersion = "10.9.11";
in
{
  virtualisation.podman = {
    enable = true;
    dockerCompat = true;
    defaultNetwork.settings.dns_enabled = true;
  };

  virtualisation.oci-containers = {
    backend = "podman";
    containers = {
      jellyfin = {
        image = "jellyfin/jellyfin:${jellyfinVersion}";
        autoStart = true;
        volumes = [
          "${dataDir}/jellyfin/config:/config"
          "/tank/media:/media:ro"
        ];
        environment = {
          TZ = "Europe/Berlin";
          image = "not-an-image";
        };
      };

      # image = "linuxserver/sonarr:old";
      sonarr = {
        image = "lscr.io/linuxserver/sonarr:4.0.9";
        ports = [ "127.0.0.1:8989:8989" ];
        dependsOn = [ "jellyfin" ];
      };

      "adguard-home" = {
        image = "adguard/adguardhome@sha256:0f2be85ec4a2d4c8d5a0d1d6cfd9f1a0e6a3d1b0c2f4e6a8b0c1d2e3f4a5b6c7";
        extraOptions = [ "--network=host" ];
      };
    };
  };

  virtualisation.oci-containers.containers.whoami.image = "traefik/whoami";

  services.nginx.virtualHosts."media.example.org".locations."/".proxyPass = "http://127.0.0.1:8096";
  boot.loader.grub.splashImage = ./splash.png;
}
