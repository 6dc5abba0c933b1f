package dev.sotto.experiment.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Styles and scripts that reports carry within them. */
final class Assets {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/";

    private Assets() {}

    /** The plotting library (Leon Sorokin, MIT licence, which travels with it). */
    static String plotScript() {
        return read(UPLOT + "dist/uPlot.iife.min.js");
    }

    static String plotStyle() {
        return read(UPLOT + "dist/uPlot.min.css");
    }

    static String plotLicense() {
        return read(UPLOT + "LICENSE");
    }

    static String pageScript() {
        return read("report.js");
    }

    static String pageStyle() {
        return read("report.css");
    }

    /** The name by which a content security policy admits an inline script. */
    static String hash(String script) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String read(String resource) {
        try (InputStream in = Assets.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("not on the class path: " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
