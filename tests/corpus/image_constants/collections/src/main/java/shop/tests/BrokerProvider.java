package shop.tests;

public class BrokerProvider extends Provider {
    public static final String DEFAULT_IMAGE = "acme/broker:7.0.4";

    @Override
    public String getDefaultDockerImage() {
        // renovate: datasource=docker
        return "acme/schema-registry:7.7.0";
    }
}
