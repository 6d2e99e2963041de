package acme;

final class Images {
    static final String HELPER_IMAGE = "ghcr.io/acme/helper@sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc";
    private static final String LOGO_IMAGE = "/static/logo:small";

    private Images() {}
}
