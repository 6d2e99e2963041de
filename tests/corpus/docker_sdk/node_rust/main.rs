use bollard::container::{Config, CreateContainerOptions};
use bollard::image::CreateImageOptions;
use bollard::Docker;
use futures_util::stream::TryStreamExt;

const IMAGE: &str = "alpine:3.19";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + 'static>> {
    let docker = Docker::connect_with_socket_defaults()?;
    docker
        .create_image(Some(CreateImageOptions { from_image: IMAGE, ..Default::default() }), None, None)
        .try_collect::<Vec<_>>()
        .await?;

    let config = Config {
        image: Some("eclipse-mosquitto:2.0"),
        tty: Some(true),
        ..Default::default()
    };
    let id = docker.create_container::<&str, &str>(None::<CreateContainerOptions<&str>>, config).await?.id;
    println!("image: {id} 'quoted' \"evil:1\"");
    Ok(())
}
