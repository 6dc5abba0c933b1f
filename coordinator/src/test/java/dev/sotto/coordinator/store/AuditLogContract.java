package dev.sotto.coordinator.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.coordinator.store.AuditLog.Broken;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

abstract class AuditLogContract extends StoreContract {
    AuditLogContract(Databases kind) {
        super(kind);
    }

    private void five() {
        for (int i = 1; i <= 5; i++) {
            database.audit().append("admin", "did", "thing " + i, "detail");
        }
    }

    @Test
    void linesAreKeptInOrderAndFollowFromEachOther() {
        five();
        reopen();
        List<AuditLine> lines = database.audit().lines(2, 3);
        assertThat(lines).extracting(AuditLine::number).containsExactly(2L, 3L, 4L);
        assertThat(lines.get(1).previous()).isEqualTo(lines.get(0).hash());
        assertThat(lines.get(0).subject()).isEqualTo("thing 2");
        assertThat(database.audit().verify()).isEmpty();
        assertThat(database.audit().last().orElseThrow().number()).isEqualTo(5);
    }

    @Test
    void anEmptyLogVerifies() {
        assertThat(database.audit().verify()).isEmpty();
        assertThat(database.audit().last()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UPDATE audit SET detail = 'other' WHERE number = 3 | 3 | was changed",
                "UPDATE audit SET actor = 'didadmin', action = '' WHERE number = 3 | 3 | was changed",
                "UPDATE audit SET millis = millis + 1 WHERE number = 1 | 1 | was changed",
                "UPDATE audit SET hash = 'no digest' WHERE number = 2 | 2 | was changed",
                "UPDATE audit SET previous = hash WHERE number = 4 | 4 | does not follow",
                "DELETE FROM audit WHERE number = 2 | 2 | is missing",
                "DELETE FROM audit WHERE number = 1 | 1 | is missing",
                "UPDATE audit SET number = 0 WHERE number = 1 | 1 | is missing",
            })
    void theFirstLineThatWasTamperedWithIsFound(String sql, long number, String why) {
        five();
        tamper(sql);
        assertThat(database.audit().verify()).get().satisfies(broken -> {
            assertThat(broken.number()).isEqualTo(number);
            assertThat(broken.why()).contains(why);
        });
    }

    @Test
    void aLineThatWasPutInWithItsOwnHashIsFoundAtTheNext() {
        five();
        AuditLine second = database.audit().lines(2, 1).get(0);
        long millis = second.time().toEpochMilli();
        String hash = Sha256.hex(AuditLine.hash(2, millis, "admin", "did", "nothing", "detail", second.previous()));
        tamper("UPDATE audit SET subject = 'nothing', hash = '" + hash + "' WHERE number = 2");
        assertThat(database.audit().verify()).map(Broken::number).contains(3L);
    }

    @Test
    void whatStrangersSayIsOnOneLineAndStoredAsHashed() {
        database.audit().append("a\u0000b", "x\ny", "\ud800 \u202Etxt", "z".repeat(10_000));
        AuditLine line = database.audit().last().orElseThrow();
        assertThat(line.actor()).isEqualTo("a b");
        assertThat(line.action()).isEqualTo("x y");
        assertThat(line.subject()).isEqualTo("\uFFFD  txt");
        assertThat(line.detail()).hasSize(2_000);
        assertThat(database.audit().verify()).isEmpty();
    }

    @Test
    void manyWritersOfSeveralOpenDatabasesMakeOneChain() throws Exception {
        int writers = 6;
        long lines = 25;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        List<Database> opened = new ArrayList<>();
        try {
            List<Callable<Void>> work = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                String actor = "writer " + i;
                Database own = Database.open(url, home);
                opened.add(own);
                work.add(() -> {
                    for (int line = 0; line < lines; line++) {
                        own.audit().append(actor, "wrote", "line " + line, "");
                    }
                    return null;
                });
            }
            for (Future<Void> each : threads.invokeAll(work)) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
            opened.forEach(Database::close);
        }
        assertThat(database.audit().verify()).isEmpty();
        assertThat(database.audit().last().orElseThrow().number()).isEqualTo(writers * lines);
    }
}
