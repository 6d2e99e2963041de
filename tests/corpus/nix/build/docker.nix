{ pkgs ? import <nixpkgs> { } }:

let
  base = pkgs.dockerTools.pullImage {
    imageName = "debian";
    imageDigest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    finalImageName = "debian";
    finalImageTag = "12-slim";
    sha256 = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    os = "linux";
    arch = "amd64";
  };
in
pkgs.dockerTools.buildImage {
  name = "ghcr.io/acme/app";
  tag = "v1";
  fromImage = base;
  copyToRoot = [ pkgs.bashInteractive ];
  config.Cmd = [ "/bin/app" ];
}
