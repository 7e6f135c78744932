package dev.bonsai.examples;

/**
 * Trains MLPerf Tiny's ResNet-8 on CIFAR-10, makes it smaller while it trains on, and shows what
 * was gained and what it cost. It takes the options of {@link MnistCompression}, with other
 * defaults.
 *
 * <p>The numbers of the compressed network are those of the file: it is written, read back into a
 * new block and evaluated on the test images, once.
 */
public final class CifarCompression {

    private CifarCompression() {}

    /**
     * Runs the example and ends the process.
     *
     * @param args the options; {@code --help} lists them
     */
    public static void main(String[] args) {
        System.exit(runExample(args));
    }

    /**
     * Runs the example.
     *
     * @param args the options; {@code --help} lists them
     * @return 0 if all went well, 1 after an error, 2 if an option, the data or a file of an
     *     earlier run is not as it must be
     */
    public static int runExample(String... args) {
        return Example.CIFAR.run(args);
    }
}
