package dev.bonsai.examples.data;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.testng.annotations.Test;

public class PatienceTest {

    @Test
    public void theResultIsHandedOn() {
        assertEquals(Patience.await("it", Duration.ofSeconds(60), progress -> "got"), "got");
    }

    @Test
    public void workThatReportsProgressMayTakeLongerThanThePatience() {
        // 12 naps of 100 ms are longer than the patience, but a nap is a tenth of it.
        int naps =
                Patience.await(
                        "it",
                        Duration.ofSeconds(1),
                        progress -> {
                            for (int i = 0; i < 12; ++i) {
                                Thread.sleep(100);
                                progress.increment(1);
                            }
                            return 12;
                        });
        assertEquals(naps, 12);
    }

    @Test
    public void workThatHangsIsGivenUpAndInterrupted() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        DataException e =
                expectThrows(
                        DataException.class,
                        () ->
                                Patience.await(
                                        "MNIST",
                                        Duration.ofMillis(100),
                                        progress -> hang(interrupted)));
        assertEquals(e.getMessage(), "MNIST cannot be had: nothing came for 0.1 s");
        interrupted.await();
    }

    @Test
    public void aFailureIsToldInOneLine() {
        DataException e =
                expectThrows(
                        DataException.class,
                        () ->
                                Patience.await(
                                        "MNIST",
                                        Duration.ofSeconds(60),
                                        progress -> {
                                            throw new IOException("no route\nto host");
                                        }));
        assertEquals(e.getMessage(), "MNIST cannot be had: java.io.IOException: no route");
        assertTrue(e.getCause().getCause() instanceof IOException);
    }

    private static int hang(CountDownLatch interrupted) throws InterruptedException {
        try {
            new CountDownLatch(1).await();
            return 0;
        } finally {
            interrupted.countDown();
        }
    }
}
