nextflow.enable.dsl = 2

process SALMON_QUANT {
    container params.salmon_image
    cpus 4

    input:
    path reads

    script:
    template 'quant.sh'
}

process REPORT {
    container 'ghcr.io/acme/report:1.4', arch: 'linux/amd64'

    script:
    if (params.paired)
        """
        report --paired
        """
    else
        """
        report
        """
}

process WAVE {
    container "${ workflow.containerEngine in ['singularity', 'apptainer'] ?
        'oras://community.wave.seqera.io/library/fastp:0.23.4--4ea6310369653ec7' :
        'community.wave.seqera.io/library/fastp:0.23.4--f8cefc1e5f7a782e' }"

    script:
    "fastp"
}

workflow {
    SALMON_QUANT(channel.fromPath(params.input))
}
