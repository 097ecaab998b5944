using System.Diagnostics;
using System.Globalization;
using CnnFast.Visualization;

namespace CnnFast.Cli;

/// <summary>Two models timed in turns, so that what slows the processor slows both.</summary>
internal static class BenchComparison
{
    private const int Rounds = 101;
    private const int MinRounds = 41;

    /// <summary>Times both and shows the verdict.</summary>
    /// <param name="host">Where the result goes.</param>
    /// <param name="names">The two models, as given.</param>
    /// <param name="sessions">Their sessions.</param>
    /// <param name="seconds">How long to measure, both together.</param>
    /// <param name="json">Whether the result is JSON.</param>
    public static int Run(CommandHost host, string[] names, InferenceSession[] sessions, double seconds, bool json)
    {
        BenchRun[] runs = [.. sessions.Select(session => new BenchRun(session))];
        int[] inner = [.. runs.Select(run => RunsOfRound(run, seconds, host.Stop))];
        List<double>[] times = [[], []];
        long start = Stopwatch.GetTimestamp();
        for (int round = 0; round < MinRounds || (round < Rounds && Stopwatch.GetElapsedTime(start).TotalSeconds < seconds); round++)
        {
            // Who begins changes, because the second finds the caches as the first left them.
            foreach (int model in round % 2 == 0 ? (int[])[0, 1] : [1, 0])
            {
                long before = Stopwatch.GetTimestamp();
                for (int i = 0; i < inner[model]; i++)
                    runs[model].Run(host.Stop);
                times[model].Add(Stopwatch.GetElapsedTime(before).TotalMicroseconds / inner[model]);
            }
        }

        NoiseVerdict verdict = NoiseVerdict.Of(times[0], times[1]);
        if (json)
            WriteJson(host.Output, names, times, verdict);
        else
            WriteText(host, names, times, verdict);
        return ExitCodes.Done;
    }

    // Warms up; a round of many runs is long beside the clock's tick.
    private static int RunsOfRound(BenchRun run, double seconds, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        int count = 0;
        SteadyState.Reach(() =>
        {
            run.Run(stop);
            count++;
        });
        double one = Stopwatch.GetElapsedTime(start).TotalSeconds / count;
        return (int)Math.Clamp(seconds / (2 * Rounds) / one, 1, 1_000_000);
    }

    private static void WriteText(CommandHost host, string[] names, List<double>[] times, NoiseVerdict verdict)
    {
        host.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{times[0].Count} rounds of both in turns on {CpuInfo.Description}"));
        TextTable table = new TextTable(host).Name("").Name("model").Number("min µs").Number("median µs");
        foreach ((string letter, string name, List<double> own) in (ReadOnlySpan<(string, string, List<double>)>)
            [("A", names[0], times[0]), ("B", names[1], times[1])])
            table.Row(letter, name, Text(own.Min(), "N1"), Text(NoiseVerdict.MedianOf(own), "N1"));
        table.Row("B / A", "", Text(verdict.RatioOfMinima, "0.000"), Text(verdict.RatioOfMedians, "0.000"));
        table.Write();
        host.Output.WriteLine(InspectCommand.Printable(verdict.Sentence($"A ({names[0]})", $"B ({names[1]})")));
    }

    private static void WriteJson(TextWriter output, string[] names, List<double>[] times, NoiseVerdict verdict) =>
        JsonOutput.Write(output, writer =>
        {
            writer.WriteString("verdict", verdict.Word);
            writer.WriteString("a", names[0]);
            writer.WriteString("b", names[1]);
            writer.WriteNumber("ratioOfMedians", verdict.RatioOfMedians);
            writer.WriteNumber("ratioOfMinima", verdict.RatioOfMinima);
            writer.WriteNumber("low", verdict.Low);
            writer.WriteNumber("high", verdict.High);
            writer.WriteNumber("rounds", times[0].Count);
            writer.WriteNumber("minUsA", times[0].Min());
            writer.WriteNumber("minUsB", times[1].Min());
            writer.WriteNumber("medianUsA", NoiseVerdict.MedianOf(times[0]));
            writer.WriteNumber("medianUsB", NoiseVerdict.MedianOf(times[1]));
            writer.WriteString("cpu", CpuInfo.Description);
        });

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
