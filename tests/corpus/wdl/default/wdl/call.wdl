version 1.1

task call {
  input {
    String image = "broadinstitute/gatk:4.6.1.0"
    Int cpu = 2
  }
  command { gatk --version }
  runtime {
    container: image
    cpu: cpu
  }
}
