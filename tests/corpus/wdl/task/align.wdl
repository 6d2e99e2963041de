version 1.0

task align {
  input {
    File reads
  }
  command <<<
    bwa mem ref.fa ~{reads} > out.sam
  >>>
  runtime {
    docker: "quay.io/biocontainers/bwa:0.7.18"
    memory: "4 GB"
  }
  output {
    File sam = "out.sam"
  }
}
