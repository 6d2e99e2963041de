@echo off
setlocal EnableDelayedExpansion
set REGISTRY=registry.example.com
set TOOLS=%REGISTRY%/tools
if "%CI%"=="true" (
  set BUILDER=paketobuildpacks/builder-jammy-full:0.3.397
) else (
  set BUILDER=paketobuildpacks/builder-jammy-base:0.4.346
)
pack build shop/web --builder %BUILDER% --path .
if exist pom.xml docker run --rm -v %cd%:/b maven:3.9-eclipse-temurin-21 mvn -q -f /b verify
docker run --rm !TOOLS!/lint:%LINT_TAG%
docker run --rm %2
docker run --rm "%TOOLS%/fmt:1.4" ^& not-a-command
cmd /c docker pull nginx:1.27-alpine | findstr Digest
docker exec nginx nginx -t
docker.exe run hello-world:nanoserver
