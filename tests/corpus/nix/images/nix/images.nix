{ pkgs, lib, nix2container, self, ... }:

let
  version = lib.fileContents ../VERSION;

  debian = pkgs.dockerTools.pullImage {
    imageName = "debian";
    imageDigest = "sha256:b8084b1a576c5504a031936e1132574f4ce1d6cc7130bbcc25a28f074539ae6b";
    finalImageName = "debian";
    finalImageTag = "12-slim";
    sha256 = "sha256-J4w8m6OBnQvd3rm8fGFVBTJ0yZ4pLZ5ZKX0lWm8Zp4A=";
  };

  distroless = nix2container.pullImage {
    imageName = "gcr.io/distroless/base-debian12";
    imageDigest = "sha256:d605e138bb398428779e5ab490a6bbeeabfd2551bd919578b1044718e5c30798";
    arch = "amd64";
    sha256 = lib.fakeSha256;
  };
in
rec {
  # The image that is pushed from CI; its base is pinned above.
  api = pkgs.dockerTools.buildLayeredImage {
    name = "registry.example.org/acme/api";
    tag = "main";
    fromImage = debian;
    contents = [ self.packages.x86_64-linux.api pkgs.cacert ];
    config = {
      Cmd = [ "/bin/api" "--listen" ":8080" ];
      Env = [ "IMAGE=unused:1" ];
    };
  };

  worker = pkgs.dockerTools.streamLayeredImage {
    name = "acme/worker";
    fromImage = debian;
    config.Entrypoint = [ "/bin/worker" ];
  };

  tiny = nix2container.buildImage { name = "acme/tiny"; tag = "edge"; fromImage = distroless; };
}
