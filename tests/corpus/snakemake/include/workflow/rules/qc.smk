rule qc:
    output: "qc.html"
    singularity:
        "docker://multiqc/multiqc:v1.25"
    shell:
        "multiqc -o {output} ."

rule local:
    container: "images/local.sif"
    shell: "true"
