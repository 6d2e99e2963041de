cwlVersion: v1.0
class: CommandLineTool
hints:
  - class: DockerRequirement
    dockerPull: debian:12-slim
  - class: ResourceRequirement
    ramMin: 512
baseCommand: echo
inputs: []
outputs: []
