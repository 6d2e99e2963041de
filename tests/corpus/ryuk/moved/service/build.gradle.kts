dependencies {
    testImplementation("org.testcontainers:junit-jupiter:1.19.7")
}
