cwlVersion: v1.2
$graph:
  - id: one
    class: CommandLineTool
    requirements:
      - class: DockerRequirement
        dockerImageId: acme/tool
        dockerFile: |
          FROM python:3.12-slim
          RUN pip install numpy
    baseCommand: python
    inputs: []
    outputs: []
  - id: two
    class: CommandLineTool
    requirements: {DockerRequirement: {"dockerPull": "docker.io/library/perl:5.40"}}
    baseCommand: perl
    inputs: []
    outputs: []
