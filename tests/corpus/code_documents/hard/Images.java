package shop;

final class Images {
    static final String LINES = "FROM eclipse-temurin:21-jre\nCOPY target/app.jar /app.jar\n";

    static final String BLOCK = """
            apiVersion: v1
            kind: Pod
            metadata:
              labels:
                image: not/an-image:1
            spec:
              containers:
                - name: probe
                  image: "curlimages/curl:8.10.1"
            """;

    static final String PROSE = "FROM eclipse-temurin:17 was the base\nbefore we moved";
}
