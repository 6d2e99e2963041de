FROM quay.io/operator-framework/opm:v1.36.0
ENTRYPOINT ["/bin/opm"]
CMD ["serve", "/configs", "--cache-dir=/tmp/cache"]
ADD catalog /configs
LABEL operators.operatorframework.io.index.configs.v1=/configs
