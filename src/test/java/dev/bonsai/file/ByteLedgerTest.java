package dev.bonsai.file;

import dev.bonsai.encoding.NamedWeight;
import dev.bonsai.file.ByteLedger.WeightBytes;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.testng.Assert;
import org.testng.annotations.Test;

public class ByteLedgerTest {

    @Test
    public void theSectionsSumToTheLengthOfTheFile() throws IOException {
        for (long seed = 1; seed <= 5; ++seed) {
            byte[] bytes = BonsaiFile.encode(Samples.all(seed));
            Assert.assertEquals(ModelReader.read(bytes).ledger().total(), bytes.length);
        }
        byte[] empty = BonsaiFile.encode(new BonsaiModel(List.of(), List.of()));
        Assert.assertEquals(ModelReader.read(empty).ledger().total(), empty.length);
    }

    @Test
    public void theWeightsSumToTheirSections() throws IOException {
        BonsaiModel model = Samples.all(1);
        ByteLedger ledger = ModelReader.read(BonsaiFile.encode(model)).ledger();
        Assert.assertEquals(
                ledger.weights().stream().map(WeightBytes::path).toList(),
                model.weights().stream().map(NamedWeight::path).toList());
        for (Section section : Section.values()) {
            long sum = ledger.weights().stream().mapToLong(w -> w.bytes().get(section)).sum();
            long shared = ledger.bytes().get(section) - sum;
            switch (section) {
                case HEADER -> Assert.assertEquals(sum, 0);
                case STRUCTURE -> Assert.assertEquals(shared, 9); // counts and the input shapes
                default -> Assert.assertEquals(shared, 0, section.toString());
            }
        }
    }

    @Test
    public void bytesGoWhereTheyBelong() throws IOException {
        ByteLedger ledger = packed(Samples.small());
        List<WeightBytes> weights = ledger.weights();
        assertBytes(weights.get(0), Section.VALUES, 24);
        assertBytes(weights.get(0), Section.POSITIONS, 0);
        Assert.assertTrue(weights.get(1).bytes().get(Section.BIASES) > 0);
        assertBytes(weights.get(1), Section.VALUES, 0);
        Assert.assertTrue(weights.get(2).bytes().get(Section.SCALES) > 4);
        assertBytes(weights.get(3), Section.POSITIONS, 3); // a bitmap of 20
        Assert.assertTrue(weights.get(4).bytes().get(Section.SCALES) >= 20);
        assertBytes(weights.get(5), Section.BIASES, 1); // no nonzeros
        assertBytes(weights.get(7), Section.VALUES, 6); // three bfloat16
        Assert.assertEquals(ledger.bytes().get(Section.HEADER), 14L);
    }

    @Test
    public void theTableNamesEverySectionAndWeightAndTheTotal() throws IOException {
        ByteLedger ledger = packed(Samples.small());
        String table = ledger.toString();
        List<String> lines = table.lines().toList();
        Assert.assertEquals(lines.size(), 1 + 9 + 3, table);
        for (Section section : Section.values()) {
            Assert.assertTrue(lines.get(0).contains(section.toString()), table);
        }
        Assert.assertTrue(lines.get(1).startsWith("1_dense "), table);
        Assert.assertTrue(lines.get(11).startsWith("total"), table);
        Assert.assertTrue(lines.get(11).endsWith(" " + ledger.total()), table);
        Assert.assertTrue(lines.get(12).startsWith("share"), table);
        int width = lines.get(0).length();
        lines.subList(0, 12).forEach(line -> Assert.assertEquals(line.length(), width, table));
    }

    @Test
    public void aLedgerCannotBeChanged() {
        ByteLedger ledger = new ByteLedger(Map.of(Section.VALUES, 3L), Map.of(), List.of());
        Assert.assertEquals(ledger.bytes().get(Section.HEADER), 0L);
        Assert.assertThrows(
                UnsupportedOperationException.class, () -> ledger.bytes().put(Section.VALUES, 4L));
    }

    @Test
    public void aLedgerThatDoesNotAddUpIsRefused() {
        WeightBytes weight = new WeightBytes("w", Map.of(Section.VALUES, 4L));
        Assert.assertEquals(weight.total(), 4);
        Assert.assertThrows(
                IllegalArgumentException.class,
                () -> new ByteLedger(Map.of(Section.VALUES, 3L), Map.of(), List.of(weight)));
        Assert.assertThrows(
                IllegalArgumentException.class,
                () -> new ByteLedger(Map.of(Section.VALUES, -1L), Map.of(), List.of()));
    }

    @Test
    public void theTableOfACodedFileEndsWithItsIdeal() throws IOException {
        ByteLedger ledger = ModelReader.read(BonsaiFile.encode(Samples.small())).ledger();
        List<String> lines = ledger.toString().lines().toList();
        Assert.assertTrue(lines.get(13).startsWith("ideal"), ledger.toString());
        Assert.assertEquals(lines.size(), 14);
    }

    private static ByteLedger packed(BonsaiModel model) throws IOException {
        return ModelReader.read(BonsaiFile.encode(model, FileForm.PACKED)).ledger();
    }

    private static void assertBytes(WeightBytes weight, Section section, long expected) {
        Assert.assertEquals(weight.bytes().get(section), expected, weight.toString());
    }
}
