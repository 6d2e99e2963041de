@ECHO OFF
for %%i in (mysql:8.0 redis:6.2 rabbitmq:3-management) do docker pull %%i
docker network create shop 2>nul
docker run -d --network shop --name db -e MYSQL_ROOT_PASSWORD=x mysql:8.0 && echo ok
call docker run -d --network shop -p 8080:8080 adminer:4.8.1
start "" docker run --rm -p 9000:9000 portainer/portainer-ce:2.20.3
:: docker run commented:2
docker build --build-arg JAVA=17 -t shop/api:dev ..\api
docker stop db & docker rm db
