use testcontainers::{core::{IntoContainerPort, WaitFor}, runners::AsyncRunner, GenericImage, ImageExt};
use testcontainers_modules::{postgres::Postgres, redis::{Redis, REDIS_PORT}};

const MINIO_TAG: &'static str = "RELEASE.2024-04-06T05-26-02Z";

#[tokio::test]
async fn stores_what_it_is_given<'a>() -> Result<(), Box<dyn std::error::Error + 'static>> {
    let minio = GenericImage::new("minio/minio", MINIO_TAG)
        .with_exposed_port(9000.tcp())
        .with_wait_for(WaitFor::message_on_stderr("API:"))
        .start()
        .await?;
    let postgres = Postgres::default().with_tag("16-alpine").start().await?;
    let redis = Redis::default().with_name("redis/redis-stack").with_tag("7.2.0-v10").start().await?;
    let quote = '"';
    let raw = r#"GenericImage::new("not", "this")"#;
    assert!(!raw.contains(quote) || minio.get_host_port_ipv4(9000).await? > 0);
    drop((postgres, redis.get_host_port_ipv4(REDIS_PORT).await?));
    Ok(())
}
