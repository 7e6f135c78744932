package dev.bonsai.text;

import static org.testng.Assert.assertEquals;

import java.util.Locale;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** Numbers are written with enough digits in every unit, and alike under every locale. */
public class NumbersTest {

    @DataProvider
    Object[][] metrics() {
        return new Object[][] {
            {0.9, "0.9000"},
            {0.875, "0.8750"},
            {0.99991, "0.9999"},
            {0.99996, "1.0000"},
            {0.025, "0.0250"},
            {0.005, "0.0050"},
            {0.0003, "0.0003"},
            {0.012345, "0.01235"},
            {-0.025, "-0.0250"},
            {1, "1.0000"},
            {2.34567, "2.3457"},
            {-0.999999, "-1.0000"},
            {99.996, "100.0"},
            {123.456, "123.5"},
            {12345.6, "12346"},
            {1.7e-6, "1.7e-6"},
            {-1.2345e-12, "-1.235e-12"},
            {9.99996e-5, "0.0001"},
            {1e9, "1e9"},
            {1.23456e30, "1.235e30"},
            {Double.MIN_VALUE, "4.9e-324"},
            {0, "0"},
            {-0.0, "0"},
            {Double.NaN, "not measured"},
            {Double.POSITIVE_INFINITY, "infinite"},
            {Double.NEGATIVE_INFINITY, "-infinite"},
        };
    }

    @Test(dataProvider = "metrics")
    public void aMetricHasFourSignificantDigits(double value, String expected) {
        assertEquals(Numbers.metric(value), expected);
    }

    @DataProvider
    Object[][] units() {
        return new Object[][] {{1e-12}, {1e-6}, {1e-3}, {1}, {1e3}, {1e6}, {1e12}};
    }

    @Test(dataProvider = "units")
    public void everyUnitKeepsTheValue(double unit) {
        for (double value = 1; value < 10; value += 0.0371) {
            double read = Double.parseDouble(Numbers.metric(value * unit));
            // four digits: at most half a unit of the last one, a two thousandth of the smallest
            assertEquals(read, value * unit, 0.0005001 * value * unit, value + " * " + unit);
        }
    }

    @DataProvider
    Object[][] drops() {
        return new Object[][] {
            {0.025, 0.9, "+0.0250"},
            {-0.025, 0.9, "-0.0250"},
            {0.99 - 0.985, 0.985, "+0.0050"},
            {5.96e-8, 0.9, "0"},
            {-1e-17, 0.9, "0"},
            {0, 0, "0"},
            {3e-8, 1.7e-6, "+3e-8"},
            {Double.NaN, Double.NaN, "not measured"},
            {Double.POSITIVE_INFINITY, 1, "+infinite"},
            {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, "+infinite"},
        };
    }

    @Test(dataProvider = "drops")
    public void aDropHasItsSignAndRoundingIsNone(double drop, double metric, String expected) {
        assertEquals(Numbers.drop(drop, metric), expected);
    }

    @DataProvider
    Object[][] fractions() {
        return new Object[][] {
            {0, "0.0000"},
            {0.5, "0.5000"},
            {1, "1.0000"},
            {0.99999, "0.99999"},
            {0.999999, "0.999999"},
            {0.000002, "0.000002"},
            {Double.NaN, "not measured"},
        };
    }

    @Test(dataProvider = "fractions")
    public void aFractionIsNeverRoundedToAllOrNothing(double value, String expected) {
        assertEquals(Numbers.fraction(value), expected);
    }

    @DataProvider
    Object[][] locales() {
        return new Object[][] {
            {Locale.ROOT},
            {Locale.GERMANY},
            {Locale.FRANCE},
            {Locale.forLanguageTag("tr")},
            {Locale.forLanguageTag("ar-EG-u-nu-arab")},
            {Locale.forLanguageTag("hi-IN-u-nu-deva")},
        };
    }

    @Test(dataProvider = "locales")
    public void theDefaultLocaleChangesNothing(Locale locale) {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(locale);
            assertEquals(Numbers.metric(0.98764), "0.9876");
            assertEquals(Numbers.metric(1.7e-6), "1.7e-6");
            assertEquals(Numbers.drop(-0.01234, 1), "-0.01234");
            assertEquals(Numbers.fraction(0.25), "0.2500");
            assertEquals(Numbers.fixed(12.345, 1), "12.3");
            assertEquals(Numbers.count(1_234_567), "1,234,567");
        } finally {
            Locale.setDefault(before);
        }
    }
}
