using System.Collections.Concurrent;
using CnnFast.Onnx.Conformance.Running;
using Microsoft.ML.OnnxRuntime;

namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Runs a family's cases against ONNX Runtime.</summary>
internal static class SweepRun
{
    // Drawing goes on this often where the oracle refuses: a few families draw combinations that it does not have.
    private const int MaxDraws = 40;

    public static SweepReport Run(SweepFamily family, IOnnxRunner oracle, IOnnxRunner runner)
    {
        int passed = 0, refused = 0, redrawn = 0;
        var failures = new ConcurrentDictionary<int, string>();
        int opsets = family.LastOpset - family.FirstOpset + 1;
        Parallel.For(0, opsets * family.Cases, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            int opset = family.FirstOpset + (i / family.Cases);
            (ISweepModel? drawn, IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>>? expected, int draws, string error) = Draw(family,
                opset, i, oracle);
            Interlocked.Add(ref redrawn, draws);
            string? wrong = drawn is null
                ? $"{family.Name}-{opset}: the oracle refuses all draws: {error}"
                : Check(drawn, expected!, family.Bound, runner);
            if (wrong is null)
                Interlocked.Increment(ref passed);
            else if (wrong.Length == 0)
                Interlocked.Increment(ref refused);
            else
                failures[i] = wrong;
        });
        return new SweepReport(family, passed, refused, redrawn,
            [.. failures.OrderBy(failure => failure.Key).Select(failure => failure.Value)]);
    }

    private static (ISweepModel? Case, IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>>? Outputs, int Draws, string Error) Draw(
        SweepFamily family, int opset, int index, IOnnxRunner oracle)
    {
        string error = "";
        for (int draw = 0; draw < MaxDraws; draw++)
        {
            ISweepModel drawn = family.Draw(opset, Seed(family.Name, opset, index, draw));
            try
            {
                return (drawn, oracle.Run(drawn.Model(null), drawn.InputSets()), draw, "");
            }
            catch (Exception refused) when (refused is OnnxRuntimeException or NotSupportedException)
            {
                error = $"{refused.Message.ReplaceLineEndings(" ")} of {drawn}";
            }
        }

        return (null, null, MaxDraws, error);
    }

    // Null where the outputs are right, empty where the case is refused as it may be, else what is wrong.
    private static string? Check(ISweepModel drawn, IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> expected, Bound bound,
        IOnnxRunner runner)
    {
        try
        {
            IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> given = runner.Run(drawn.Model(expected[0]), drawn.InputSets());
            for (int i = 0; i < expected.Count; i++)
            {
                if (Comparison.Difference(expected[i], given[i], bound) is { } difference)
                    return $"{(i == 0 ? "" : $"run {i}: ")}{difference} in {drawn}";
            }

            return null;
        }
        catch (NotSupportedException refused) when (drawn.MayBeRefused is not null)
        {
            return refused.Message.Contains(drawn.MayBeRefused, StringComparison.Ordinal)
                ? ""
                : $"refused without naming '{drawn.MayBeRefused}': {refused.Message}";
        }
#pragma warning disable CA1031 // Whatever escapes is what the test reports.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return $"{exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")} in {drawn}";
        }
    }

    // FNV-1a over what names the case: the same on every machine, and no two families draw alike.
    private static int Seed(string family, int opset, int index, int draw)
    {
        uint hash = 2166136261;
        foreach (char c in $"{family}/{opset}/{index}/{draw}")
            hash = unchecked((hash ^ c) * 16777619);
        return (int)(hash & int.MaxValue);
    }
}
