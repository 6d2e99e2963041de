version 1.0
# docker: "old/image:1"
task qc {
  input {
    String version = "1.25"
    String? other
  }
  command <<<
    echo "docker: not/this:1"
  >>>
  runtime {
    docker: "multiqc/multiqc:v~{version}"
  }
}
task free {
  input { String image }
  command <<< true >>>
  runtime { docker: image }
}
