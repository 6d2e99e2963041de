cwlVersion: v1.2
class: CommandLineTool
baseCommand: [samtools, sort]
requirements:
  DockerRequirement:
    dockerPull: quay.io/biocontainers/samtools:1.20
inputs: {}
outputs: {}
