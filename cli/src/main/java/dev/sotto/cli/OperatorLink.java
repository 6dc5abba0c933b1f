package dev.sotto.cli;

import dev.sotto.coordinator.OperatorFile;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.wire.Address;
import dev.sotto.wire.Channels;
import dev.sotto.wire.proxy.ProxyRules;
import dev.sotto.wire.tls.Pem;
import dev.sotto.wire.tls.Tls;
import dev.sotto.wire.v1.OperatorGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A connection to a coordinator for a person or a script, as {@code operator.yaml} describes it. */
final class OperatorLink implements AutoCloseable {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final long SECONDS = 30;

    private final Where where;
    private final ManagedChannel channel;
    private final OperatorGrpc.OperatorBlockingStub stub;

    /**
     * How a coordinator is reached.
     *
     * @param authority certificate of the authority that its own is from
     * @param token access token
     */
    record Where(Path file, Address address, X509Certificate authority, String token) {
        private static final String ANY_PORT = ":0";
        static final String NEVER_STARTED = "the coordinator has not been started yet: it takes any free port"
                + " when it is, and writes it here; 'sotto coordinator start' runs it";

        /** Whether the coordinator has never been started and its port is whatever will be free: nobody can know it. */
        static boolean neverStarted(Path file) {
            return OperatorFile.read(file).address().endsWith(ANY_PORT);
        }

        /** Reads {@code operator.yaml}. */
        static Where read(Path file) {
            if (!Files.isRegularFile(file)) {
                throw new ConfigException(file + ": there is no such file; name the operator.yaml of a coordinator by"
                        + " --coordinator or $SOTTO_COORDINATOR ('sotto coordinator init' writes it)");
            }
            OperatorFile read = OperatorFile.read(file);
            if (read.address().endsWith(ANY_PORT)) {
                throw new ConfigException(file + ": address: " + NEVER_STARTED);
            }
            try {
                return new Where(
                        file,
                        Address.parse(read.address()),
                        Pem.certificates(read.authority()).get(0),
                        read.token());
            } catch (IllegalArgumentException e) {
                throw new ConfigException(file + ": address: " + e.getMessage());
            } catch (NoSuchFileException e) {
                throw new ConfigException(file + ": authority: there is no file " + read.authority()
                        + "; a path that is"
                        + " not absolute is looked for beside " + file.getFileName() + ": copy it along, or name it by"
                        + " its whole path");
            } catch (IOException e) {
                throw new ConfigException(file + ": authority: " + e.getMessage());
            }
        }
    }

    OperatorLink(Where where) {
        this.where = where;
        this.channel = Channels.open(where.address(), Tls.trusting(where.authority()), ProxyRules.of(System.getenv()));
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + where.token());
        this.stub = OperatorGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /** Where it leads. */
    Address address() {
        return where.address();
    }

    /** For calls that stream for as long as they like; failures are put into words by {@link #explain}. */
    OperatorGrpc.OperatorBlockingStub streaming() {
        return stub;
    }

    /** For one question with one answer. */
    <T> T ask(Function<OperatorGrpc.OperatorBlockingStub, T> question) {
        try {
            return question.apply(stub.withDeadlineAfter(SECONDS, TimeUnit.SECONDS));
        } catch (StatusRuntimeException e) {
            throw explain(e);
        }
    }

    /** For calls that need more than the blocking kind. */
    OperatorGrpc.OperatorStub asynchronous() {
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + where.token());
        return OperatorGrpc.newStub(channel).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    /** What a failed call means to a person, in one line. */
    RuntimeException explain(StatusRuntimeException failure) {
        Status status = failure.getStatus();
        String said = Optional.ofNullable(status.getDescription())
                .orElse(status.getCode().name());
        return switch (status.getCode()) {
            case INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, OUT_OF_RANGE -> new ConfigException(said);
            case UNAUTHENTICATED, PERMISSION_DENIED -> new ConfigException(where.file() + ": token: " + said);
            case UNAVAILABLE ->
                new IllegalStateException("the coordinator at " + where.address() + " cannot be reached: "
                        + cause(failure, said) + "; 'sotto doctor' looks into it");
            case DEADLINE_EXCEEDED ->
                new IllegalStateException(
                        "the coordinator at " + where.address() + " did not answer within " + SECONDS + " s");
            default -> new IllegalStateException(said);
        };
    }

    private static String cause(Throwable failure, String said) {
        Throwable deepest = failure;
        while (deepest.getCause() != null && deepest.getCause() != deepest) {
            deepest = deepest.getCause();
        }
        return deepest.getMessage() == null || deepest == failure
                ? said
                : deepest.getMessage().lines().findFirst().orElse(said);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
