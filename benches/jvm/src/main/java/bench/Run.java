package bench;

import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmark and prints its figures for {@code cargo xtask bench}. */
public final class Run {
    private Run() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws Exception {
        Collection<RunResult> results =
            new Runner(new OptionsBuilder().include(CachedToken.class.getName()).build()).run();
        for (String name : new String[] {"synchronous", "suspending", "future", "msal4j"}) {
            System.out.printf("%-12s p50 %8.0f ns   p99 %8.0f ns%n", name, at(results, name, 50), at(results, name, 99));
        }
        for (double percentile : new double[] {50, 99}) {
            double peer = at(results, "msal4j", percentile);
            figure("synchronous", percentile, at(results, "synchronous", percentile) / peer, 0.1);
            figure("suspending", percentile, at(results, "suspending", percentile) / peer, 1);
        }
    }

    private static double at(Collection<RunResult> results, String name, double percentile) {
        return results.stream()
            .filter(result -> result.getParams().getBenchmark().endsWith("." + name))
            .findFirst()
            .orElseThrow()
            .getPrimaryResult()
            .getStatistics()
            .getPercentile(percentile);
    }

    private static void figure(String name, double percentile, double value, double most) {
        System.out.printf("FIGURE cached token on the JVM, %s, p%.0f, times msal4j %.4f %.1f%n", name, percentile, value, most);
    }
}
