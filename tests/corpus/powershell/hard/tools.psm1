$Script:Engine = if (Get-Command podman -ErrorAction SilentlyContinue) { 'podman' } else { 'docker' }

function Invoke-Lint {
    param([string] $Path = ".", [string] $Tag = "v0.10.0")
    docker run --rm -v "$($Path):/mnt" "koalaman/shellcheck:$Tag" /mnt/run.sh
}

function Get-Manifest($Name) {
    $json = docker manifest inspect "ghcr.io/acme/$Name`:1.0" | ConvertFrom-Json
    return $json
}

$compose = @"
services:
  web:
    image: nginx:1.27
"@
$text = @'
docker run never:1
'@
docker exec web nginx -t
docker run --rm $env:TOOL_IMAGE
docker run --rm -e A='b c' "alpine:3.20" sh -c "docker run x"   # trailing
Start-Process -FilePath docker -ArgumentList "pull httpd:2.4" -Wait
wsl docker run --rm debian:12 true
