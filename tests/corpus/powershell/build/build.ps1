#requires -Version 7
<#
.SYNOPSIS
  Builds the image. Example: docker run old/image:1
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string]$Version,
    [string]$Registry = "contoso.azurecr.io",
    [string]$SdkImage = 'mcr.microsoft.com/dotnet/sdk:8.0',
    [switch]$Push
)

$ErrorActionPreference = 'Stop'
$image = "$Registry/shop:$Version"

# tests run in the SDK image
docker run --rm `
    -v "${PWD}:/src" -w /src `
    $SdkImage `
    dotnet test
if ($LASTEXITCODE -ne 0) { throw "tests failed" }

docker build --build-arg SDK=$SdkImage -t $image .
if ($Push) {
    docker push $image
}
Write-Host "now: docker run $image nginx:0"
