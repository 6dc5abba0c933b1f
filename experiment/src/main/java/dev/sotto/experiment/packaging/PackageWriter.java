package dev.sotto.experiment.packaging;

import dev.sotto.experiment.run.RunDirectory;
import dev.sotto.formats.Npz;
import dev.sotto.formats.StoredArchive;
import dev.sotto.formats.Tensor;
import dev.sotto.learning.Layout;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Writes packages. Parameters are written as they are, so that not even a compressor's version can change the bytes. */
final class PackageWriter {
    private final byte[] terms;
    private final byte[] contract;
    private final List<Supplier<Tensor>> tensors = new ArrayList<>();

    PackageWriter(SessionDraft draft, float[] seed) {
        Layout layout = draft.model().layout();
        if (seed.length != layout.size()) {
            throw new IllegalArgumentException("model " + draft.model().name() + " has " + layout.size()
                    + " parameters; found " + seed.length + " initial ones");
        }
        for (int i = 0; i < seed.length; i++) {
            if (!Float.isFinite(seed[i])) {
                throw new IllegalArgumentException(
                        "initial parameter " + i + " is " + seed[i] + "; all must be finite");
            }
        }
        terms = RunDirectory.yaml(draft.terms()).getBytes(StandardCharsets.UTF_8);
        contract = (draft.contract().json().toString() + "\n").getBytes(StandardCharsets.UTF_8);
        for (Layout.Tensor tensor : layout.tensors()) {
            String name = String.valueOf(tensors.size());
            tensors.add(() ->
                    new Tensor(name, tensor.shape().dims(), Arrays.copyOfRange(seed, tensor.offset(), tensor.end())));
        }
    }

    void write(OutputStream out, KeyPair key) throws IOException {
        Map<String, Manifest.Item> items = new LinkedHashMap<>();
        items.put(SessionPackage.TERMS, Manifest.Item.of(terms));
        items.put(SessionPackage.CONTRACT, Manifest.Item.of(contract));
        items.put(SessionPackage.SEED, seed());
        byte[] manifest = new Manifest(items).bytes();
        byte[] signature = Seal.of(manifest, key).bytes();
        StoredArchive.Writer archive = new StoredArchive.Writer(out);
        archive.entry(Manifest.NAME, to -> to.write(manifest));
        archive.entry(Seal.NAME, to -> to.write(signature));
        archive.entry(SessionPackage.TERMS, to -> to.write(terms));
        archive.entry(SessionPackage.CONTRACT, to -> to.write(contract));
        archive.entry(SessionPackage.SEED, to -> Npz.writeStored(to, tensors));
        archive.finish();
    }

    private Manifest.Item seed() throws IOException {
        MessageDigest digest = Hashing.sha256();
        Counter counter = new Counter();
        Npz.writeStored(new DigestOutputStream(counter, digest), tensors);
        return new Manifest.Item(counter.bytes, Manifest.Item.hex(digest.digest()));
    }

    private static final class Counter extends OutputStream {
        private long bytes;

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] piece, int from, int count) {
            bytes += count;
        }
    }
}
