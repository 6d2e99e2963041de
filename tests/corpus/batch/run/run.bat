@echo off
setlocal
REM docker run commented:1
set IMAGE=eclipse-temurin
set "TAG=21-jdk"
if not "%1"=="" set TAG=%1

docker pull %IMAGE%:%TAG%
docker run --rm -it ^
    -v "%cd%":/work ^
    -w /work ^
    %IMAGE%:%TAG% ^
    java -version
if errorlevel 1 exit /b 1
echo docker run nothing:1
