$images = @(
    'postgres:16',
    "redis:7"            # the cache
)
foreach ($image in $images) {
    docker pull $image
}
$runArgs = @('run', '-d', '--name', 'seq', '-e', 'ACCEPT_EULA=Y', 'datalust/seq:2024.3')
& docker @runArgs

"axllent/mailpit:v1.18", "jaegertracing/all-in-one:1.57" | ForEach-Object { docker pull $_ }

$tag = '2022-latest'
$server = "mcr.microsoft.com/mssql/server:$($tag)"
docker run -d -p 1433:1433 -e "SA_PASSWORD=$env:SA_PASSWORD" $server; docker logs sql
Invoke-Expression "docker run --rm hello-world:linux"
kubectl run shell --image=busybox:1.36 --rm -it -- sh
