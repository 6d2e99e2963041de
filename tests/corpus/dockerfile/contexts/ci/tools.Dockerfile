ARG RUST=1.80
FROM toolchain AS toolchain-files

FROM rust:${RUST}-slim
COPY --from=sources /src /src
COPY --from=toolchain-files / /opt/toolchain
RUN --mount=from=sources:1,target=/old cargo build
