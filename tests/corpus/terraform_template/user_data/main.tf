module "worker" {
  source   = "./modules/worker"
  for_each = { eu = "europe-west1", us = "us-central1" }
  region   = each.value
  image    = "apache/airflow:2.10.4"
}
