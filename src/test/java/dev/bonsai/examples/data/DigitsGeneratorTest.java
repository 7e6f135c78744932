package dev.bonsai.examples.data;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertFalse;
import static org.testng.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.testng.annotations.Test;

public class DigitsGeneratorTest {

    @Test
    public void theCommandWritesTheBundledData() throws IOException {
        Path folder = SampleImages.newFolder();
        try {
            DigitsGenerator.main(new String[] {folder.toString()});
            ImageData written = ImageData.fromFolder(folder);
            ImageData bundled = DataSource.DIGITS.load();
            assertSame(written.trainingImages(), bundled.trainingImages());
            assertSame(written.testImages(), bundled.testImages());
        } finally {
            SampleImages.delete(folder);
        }
    }

    @Test
    public void theBundledFilesAreSmall() throws IOException {
        long total = 0;
        try (Stream<Path> files = Files.list(DataSource.BUNDLED)) {
            for (Path file : files.toList()) {
                total += Files.size(file);
            }
        }
        // What a checkout can well carry.
        assertTrue(total < 1_500_000, total + " bytes");
    }

    @Test
    public void fewerImagesAreTheFirstOfMore() {
        ImageSet few = DigitsGenerator.draw(20, 9);
        ImageSet more = DigitsGenerator.draw(30, 9);
        assertEquals(few.labels(), Arrays.copyOf(more.labels(), 20));
        assertEquals(few.pixels(), Arrays.copyOf(more.pixels(), 20 * ImageFormat.MNIST.size()));
    }

    @Test
    public void anotherSeedDrawsOtherImages() {
        assertFalse(
                Arrays.equals(
                        DigitsGenerator.draw(20, 9).pixels(),
                        DigitsGenerator.draw(20, 10).pixels()));
    }

    @Test
    public void everyDigitIsDrawnAboutAsOften() {
        int[] counts = new int[ImageSet.CLASSES];
        for (byte label : DigitsGenerator.draw(1_000, 9).labels()) {
            ++counts[label];
        }
        for (int count : counts) {
            // 100 expected, with a standard deviation of 9.5: 60 and 140 are four away.
            assertTrue(count > 60 && count < 140, Arrays.toString(counts));
        }
    }

    @Test
    public void aDigitIsDarkStrokesOnPaperThatStaysWhite() {
        ImageSet images = DigitsGenerator.draw(500, 9);
        for (int i = 0; i < images.size(); ++i) {
            int from = i * ImageFormat.MNIST.size();
            int inked = 0;
            int darkest = 0;
            for (int p = 0; p < ImageFormat.MNIST.size(); ++p) {
                int grey = Byte.toUnsignedInt(images.pixels()[from + p]);
                inked += grey > 0 ? 1 : 0;
                darkest = Math.max(darkest, grey);
                int x = p % Ink.SIDE;
                int y = p / Ink.SIDE;
                if (Math.min(x, y) == 0 || Math.max(x, y) == Ink.SIDE - 1) {
                    assertEquals(grey, 0, "ink on the rim of image " + i);
                }
            }
            // A thin 1 of 14 pixels is the least; MNIST's fullest images are inked to 44 %.
            assertTrue(inked > 20 && inked < 350, inked + " pixels of image " + i + " are inked");
            assertTrue(darkest > 180, "image " + i + " is faint: " + darkest);
        }
    }

    private static void assertSame(ImageSet one, ImageSet two) {
        assertEquals(one.labels(), two.labels());
        assertTrue(Arrays.equals(one.pixels(), two.pixels()), "the pixels differ");
    }
}
