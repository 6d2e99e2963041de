version 1.0

import "../tasks/utilities.wdl" as Utilities

## Joint genotyping of a cohort.
workflow JointGenotyping {
  input {
    File sample_map
    String gatk_docker = "us.gcr.io/broad-gatk/gatk:4.6.0.0"
    String picard_docker = "us.gcr.io/broad-gotc-prod/picard-cloud:2.26.10"
    String callset_name = "cohort:1"
    Int disk = 100
  }

  call ImportGVCFs {
    input:
      sample_map = sample_map,
      docker = gatk_docker
  }

  call Utilities.Index {
    input: vcf = ImportGVCFs.vcf, docker_image = "quay.io/biocontainers/bcftools:1.20--h8b25389_0"
  }
}

task ImportGVCFs {
  input {
    File sample_map
    String docker
    Int memory = 8
  }

  command <<<
    set -euo pipefail
    # docker: "not-this:1"
    gatk --java-options "-Xms~{memory}g" GenomicsDBImport --sample-name-map ~{sample_map}
  >>>

  runtime {
    docker: docker
    memory: "~{memory} GiB"
    disks: "local-disk 100 SSD"
  }

  output {
    File vcf = "out.vcf.gz"
  }
}
