process ALIGN {
    tag "$sample"
    container 'quay.io/biocontainers/bwa:0.7.18--he4a0461_1'

    input:
    tuple val(sample), path(reads)

    script:
    """
    bwa mem ref.fa $reads > ${sample}.sam
    """
}

process REPORT {
    container "multiqc/multiqc:v1.25"
    script:
    "multiqc ."
}
