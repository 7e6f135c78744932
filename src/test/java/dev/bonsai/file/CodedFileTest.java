package dev.bonsai.file;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import dev.bonsai.encoding.CodebookWeight;
import dev.bonsai.encoding.EncodedWeight;
import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.encoding.WeightSamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Files whose numbers are coded. */
public class CodedFileTest {

    private static final int[] SHAPE = {40, 60};

    @DataProvider
    public static Object[][] weights() {
        double[] densities = {0, 0.02, 0.3, 1};
        int[] widths = {2, 3, 8, 16, 32};
        Object[][] weights = new Object[densities.length * widths.length][];
        int next = 0;
        for (double density : densities) {
            for (int bits : widths) {
                weights[next++] = new Object[] {density, bits};
            }
        }
        return weights;
    }

    /** Codes that nothing predicts take what they take when they are packed, and little more. */
    @Test(dataProvider = "weights")
    public void aCodedFileIsHardlyLongerThanAPackedOneWhereNothingIsPredicted(
            double density, int bits) {
        Random random = new Random(bits);
        for (EncodedWeight weight :
                List.of(
                        WeightSamples.grid(random, SHAPE, bits, true, density),
                        WeightSamples.grid(random, SHAPE, bits, false, density),
                        WeightSamples.codebook(random, SHAPE, Math.min(bits, 8) + 1, density),
                        WeightSamples.dense(random, SHAPE, density))) {
            BonsaiModel model = Samples.model(weight);
            int packed = BonsaiFile.encode(model, FileForm.PACKED).length;
            int coded = BonsaiFile.encode(model, FileForm.CODED).length;
            // what it costs to learn that nothing can be learned in 2,400 elements
            assertTrue(
                    coded <= 1.05 * packed + 8,
                    coded + " coded, " + packed + " packed: " + weight.getClass());
        }
    }

    /** No section is longer than what the probabilities say, but for 3 % or 24 bytes. */
    @Test
    public void eachSectionHasItsIdealLength() throws IOException {
        for (BonsaiModel model : List.of(Samples.all(3), Samples.small(), GraphSamples.leNet())) {
            ByteLedger ledger = ModelReader.read(BonsaiFile.encode(model)).ledger();
            for (Section section : Section.values()) {
                double bytes = (double) ledger.bytes().get(section);
                double ideal = ledger.ideals().get(section);
                assertEquals(bytes, ideal, Math.max(24, 0.03 * ideal), section + "\n" + ledger);
            }
            double all = ledger.ideals().values().stream().mapToDouble(d -> d).sum();
            assertEquals((double) ledger.total(), all, 3); // a stream ends within two bytes
        }
    }

    /** Where columns are dead, as after pruning, positions cost much less than when packed. */
    @Test
    public void whatPruningLeavesTakesLessThanTwoThirds() {
        Random random = new Random(8);
        int[] codes = new int[100 * 400];
        for (int i = 0; i < codes.length; ++i) {
            boolean alive = i % 400 % 8 == 0 && i / 400 % 3 == 0;
            codes[i] = alive && random.nextInt(3) > 0 ? random.nextInt(7) - 3 : 0;
        }
        float[] codebook = {-3, -2, -1, 0, 1, 2, 3};
        int[] assignments = Arrays.stream(codes).map(code -> code + 3).toArray();
        BonsaiModel model =
                Samples.model(new CodebookWeight(new int[] {100, 400}, codebook, assignments));
        int packed = BonsaiFile.encode(model, FileForm.PACKED).length;
        assertTrue(BonsaiFile.encode(model).length < 0.67 * packed);
    }

    @Test
    public void theHeadsOfAUsualNetworkTakeFewBytes() throws IOException {
        ByteLedger ledger = ModelReader.read(BonsaiFile.encode(GraphSamples.leNet())).ledger();
        ByteLedger packed =
                ModelReader.read(BonsaiFile.encode(GraphSamples.leNet(), FileForm.PACKED)).ledger();
        for (Section section : List.of(Section.STRUCTURE, Section.GRAPH)) {
            assertTrue(2 * ledger.bytes().get(section) < packed.bytes().get(section), "" + ledger);
        }
    }

    @Test
    public void goldenFilesAreReadAndWrittenTheSame() throws IOException {
        for (Map.Entry<String, BonsaiModel> each : GoldenFiles.coded().entrySet()) {
            Path file = FormatTest.file(each.getKey());
            BonsaiModel read = BonsaiFile.read(file);
            Samples.assertSame(read, each.getValue());
            assertEquals(BonsaiFile.encode(each.getValue()), Files.readAllBytes(file));
        }
    }

    @Test
    public void aReaderOfThePageAloneReadsTheSame() throws Exception {
        for (Map.Entry<String, BonsaiModel> each : GoldenFiles.coded().entrySet()) {
            String file = FormatTest.file(each.getKey()).toString();
            List<String> lines = FormatTest.python(List.of(file));
            List<NamedWeight> weights = each.getValue().weights();
            assertEquals(lines.size(), weights.size());
            for (int i = 0; i < weights.size(); ++i) {
                NamedWeight weight = weights.get(i);
                assertTrue(lines.get(i).startsWith(weight.path() + " "), lines.get(i));
                String numbers = FormatTest.numbers(weight.value());
                assertTrue(lines.get(i).endsWith("] " + numbers), lines.get(i) + "\n" + numbers);
            }
        }
    }

    @Test(timeOut = 120_000)
    public void mutantsAreReadOrRefused() {
        int read = CodedMutants.run(1_000, 1);
        assertTrue(read > 10 && read < 700, read + " of 1000 make sense");
    }

    @Test
    public void whatIsCutOffIsRefused() {
        byte[] payload = CodedMutants.payload(Samples.small());
        for (int length = 0; length < payload.length - 6; ++length) {
            byte[] file = CodedMutants.file(Arrays.copyOf(payload, length));
            expectThrows(BonsaiFormatException.class, () -> BonsaiFile.decode(file));
        }
        byte[] longer = CodedMutants.file(Arrays.copyOf(payload, payload.length + 9));
        BonsaiFormatException e =
                expectThrows(BonsaiFormatException.class, () -> BonsaiFile.decode(longer));
        assertTrue(e.getMessage().contains("expected its end"), e.getMessage());
    }

    @Test
    public void aSecondModelInAFileIsRefused() {
        BonsaiModel model = Samples.small();
        byte[] both =
                Container.write(
                        List.of(
                                new Container.Chunk('C', CodedMutants.payload(model)),
                                new Container.Chunk(
                                        'M',
                                        ModelWriter.write(
                                                model,
                                                new PackedWriter(),
                                                MemoryBudget.ofWriter()))));
        BonsaiFormatException e =
                expectThrows(BonsaiFormatException.class, () -> BonsaiFile.decode(both));
        assertTrue(e.getMessage().contains("holds the whole model"), e.getMessage());
    }
}
