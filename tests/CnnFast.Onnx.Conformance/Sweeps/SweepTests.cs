using CnnFast.Onnx.Conformance.Running;

namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>Random models of one node at every opset from 7 to 23, against ONNX Runtime.</summary>
public sealed class SweepTests(ITestOutputHelper output)
{
    public static TheoryData<string> Families() => [.. SweepFamilies.All.Select(family => family.Name)];

    [Theory]
    [MemberData(nameof(Families))]
    public void Outputs_are_those_of_the_oracle(string name)
    {
        SweepFamily family = SweepFamilies.All.Single(family => family.Name == name);
        SweepReport report = SweepRun.Run(family, new OnnxRuntimeRunner(), new CnnFastRunner());
        output.WriteLine($"{report}");
        ConformanceReport.Append($"sweep {name}", report.Passed + report.Refused, report.Failures);
        Assert.True(report.Failures.Count == 0, $"{report}\n{string.Join("\n", report.Failures)}");
    }
}
