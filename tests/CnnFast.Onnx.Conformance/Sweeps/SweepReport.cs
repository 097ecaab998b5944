namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>What a family's cases came to.</summary>
/// <param name="Family">The family.</param>
/// <param name="Passed">Cases with the oracle's outputs.</param>
/// <param name="Refused">Cases that need not be supported, and were refused.</param>
/// <param name="Redrawn">Models that the oracle refused, and that were drawn anew.</param>
/// <param name="Failures">A line for each other case.</param>
internal sealed record SweepReport(SweepFamily Family, int Passed, int Refused, int Redrawn, IReadOnlyList<string> Failures)
{
    public override string ToString() => $"{Family.Name}: {Passed} passed, {Failures.Count} failed, {Refused} refused as allowed, " +
        $"{Redrawn} drawn anew; within {Family.Bound}";
}
