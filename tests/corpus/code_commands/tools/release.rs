use std::process::Command;

fn main() -> std::io::Result<()> {
    // docker run --rm acme/of-a-comment:1
    Command::new("docker")
        .args(["run", "--rm", "-v", "./dist:/dist"])
        .arg("ghcr.io/acme/signer:3.1")
        .arg("sign")
        .status()?;
    Command::new("docker").args(["build", "-t", "ghcr.io/acme/app:dev", "."]).status()?;
    Command::new("docker").args(["run", "--rm", "ghcr.io/acme/app:dev", "--version"]).status()?;
    Ok(())
}
