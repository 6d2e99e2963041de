version 1.1

task Index {
  input {
    File vcf
    String docker_image = "staphb/bcftools:1.20"
    String tabix_version = "1.11"
    Boolean use_gpu = false
  }

  command {
    bcftools index ${vcf}
  }

  runtime {
    container: docker_image
    cpu: 1
  }
}

task Tabix {
  input {
    File vcf
    String version = "1.11"
    String? override
  }
  command <<< tabix ~{vcf} >>>
  runtime {
    container: select_first([override, "quay.io/biocontainers/tabix:1.11--hdfd78af_0"])
  }
}

task Filter {
  input { String tag = "3.12-slim" }
  command <<< python3 filter.py >>>
  requirements {
    container: ["python:~{tag}", "ghcr.io/acme/python:~{tag}"]
  }
}
