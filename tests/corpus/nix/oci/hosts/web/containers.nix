{ config, pkgs, ... }:
{
  virtualisation.podman.enable = true;
  virtualisation.oci-containers = {
    backend = "podman";
    containers.web = {
      image = "nginx:1.27";
      ports = [ "80:80" ];
      # image = "httpd:2.4";
    };
    containers."home-assistant" = {
      image = "ghcr.io/home-assistant/home-assistant:2024.9.1";
      extraOptions = [ "--network=host" ];
      environment.TZ = "Europe/Berlin";
    };
  };
  isoImage.isoName = "installer.iso";
  environment.systemPackages = [ pkgs.docker-compose ];
}
