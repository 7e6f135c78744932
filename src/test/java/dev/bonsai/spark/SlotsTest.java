package dev.bonsai.spark;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;
import static org.testng.Assert.expectThrows;

import org.apache.spark.SparkConf;
import org.testng.annotations.DataProvider;
import org.testng.annotations.Test;

/** As many trials at once as the settings have cores for; 7 cores have reported. */
public class SlotsTest {

    @DataProvider
    Object[][] settings() {
        return new Object[][] {
            {"spark.master=local-cluster[3,2,1024]", 6},
            {"spark.master=local-cluster[ 3 , 2 , 1024 ] spark.task.cpus=2", 3},
            {"spark.master=yarn spark.executor.instances=5", 5},
            {"spark.master=yarn spark.executor.instances=5 spark.executor.cores=4", 20},
            {
                "spark.master=yarn spark.executor.instances=5 spark.executor.cores=4"
                        + " spark.task.cpus=4",
                5
            },
            {
                "spark.dynamicAllocation.enabled=true spark.dynamicAllocation.maxExecutors=9"
                        + " spark.executor.cores=2 spark.task.cpus=2",
                9
            },
            {"spark.master=spark://a:7077 spark.cores.max=12", 12},
            {"spark.master=spark://a:7077", 7},
            {"spark.master=spark://a:7077 spark.task.cpus=2", 3},
            {"spark.master=spark://a:7077 spark.task.cpus=8", 1},
        };
    }

    private static int slots(String settings) {
        SparkConf conf = new SparkConf(false);
        settings.replace(" spark.", "\nspark.")
                .lines()
                .forEach(
                        setting -> {
                            int equals = setting.indexOf('=');
                            conf.set(setting.substring(0, equals), setting.substring(equals + 1));
                        });
        return Slots.of(conf, () -> 7);
    }

    @Test(dataProvider = "settings")
    void slotsAreWhatTheSettingsHaveCoresFor(String settings, int expected) {
        assertEquals(slots(settings), expected);
    }

    @Test
    void executorsWithoutAMostNumberNeedOne() {
        String said =
                expectThrows(
                                IllegalArgumentException.class,
                                () -> slots("spark.dynamicAllocation.enabled=true"))
                        .getMessage();
        assertTrue(said.contains("maxExecutors"), said);
        expectThrows(IllegalArgumentException.class, () -> SparkRunner.of(null, 0));
    }
}
