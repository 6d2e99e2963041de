use testcontainers::{core::WaitFor, Image};

const NAME: &str = "acme/search";
const TAG: &str = "3.1.0";

#[derive(Debug, Default)]
pub struct Search;

impl Image for Search {
    fn name(&self) -> &str {
        NAME
    }

    fn tag(&self) -> &str {
        TAG
    }

    fn ready_conditions(&self) -> Vec<WaitFor> {
        vec![WaitFor::message_on_stdout("started acme/other:1")]
    }
}
