using CnnFast.Onnx.Conformance.Running;

namespace CnnFast.Onnx.Conformance.Vectors;

/// <summary>ONNX's own test vectors, each at its own opset, against the list.</summary>
public sealed class VectorTests(ITestOutputHelper output)
{
    private const int MinPassed = 500;

    // ONNX Runtime rounds the enlarged size before it aligns corners; ONNX's own reference, which made the vectors, does not.
    private static readonly string[] s_notOnnxRuntime = ["node/test_resize_downsample_scales_cubic_align_corners",
        "node/test_resize_downsample_scales_linear_align_corners"];

    [Fact]
    public void The_list_names_every_vector()
    {
        Assert.Equal(VectorArchive.All.Select(vector => vector.Name), VectorList.Read().Keys);
        Assert.Equal(1072, VectorArchive.All.Count);
    }

    [Fact]
    public void The_oracle_agrees_with_the_vectors_that_pass()
    {
        SortedDictionary<string, string?> list = VectorList.Read();
        List<(Vector Vector, VectorResult Result)> results = RunAll(new OnnxRuntimeRunner(),
            VectorArchive.All.Where(vector => list[vector.Name] is null));
        string[] others = [.. results.Where(result =>
                result.Result.Outcome == VectorOutcome.Fail && !s_notOnnxRuntime.Contains(result.Vector.Name))
            .Select(result => $"{result.Vector.Name}: {result.Result}")];
        int passed = results.Count(result => result.Result.Outcome == VectorOutcome.Pass);
        output.WriteLine($"{passed} of {results.Count} vectors pass in ONNX Runtime.");
        Assert.True(others.Length == 0 && passed >= 590, string.Join("\n", others));
    }

    [Fact]
    public void Every_vector_comes_to_what_the_list_says()
    {
        SortedDictionary<string, string?> list = VectorList.Read();
        List<(Vector Vector, VectorResult Result)> results = RunAll(new CnnFastRunner(), VectorArchive.All);
        int passed = results.Count(result => result.Result.Outcome == VectorOutcome.Pass);
        output.WriteLine($"{passed} of {results.Count} vectors pass, " +
            $"{results.Count(result => result.Result.Outcome == VectorOutcome.NotSupported)} are not supported.");
        Report(results, list);
        if (Environment.GetEnvironmentVariable("CNNFAST_WRITE_VECTORS") is { } path)
            VectorList.Write(path, results);
        string[] others = [.. results.Where(result => !Agrees(result.Result, list[result.Vector.Name]))
            .Select(result => $"{result.Vector.Name}: listed as {list[result.Vector.Name] ?? "pass"}, {result.Result}")];
        Assert.True(others.Length == 0, $"{others.Length} vectors do not come to what the list says.\n{string.Join("\n", others)}");
        Assert.True(passed >= MinPassed, $"{passed} vectors pass, fewer than {MinPassed}.");
    }

    private static bool Agrees(VectorResult result, string? reason) =>
        result.Outcome == (reason is null ? VectorOutcome.Pass : VectorOutcome.NotSupported);

    private static void Report(List<(Vector Vector, VectorResult Result)> results, SortedDictionary<string, string?> list)
    {
        foreach (var group in results.GroupBy(result => result.Vector.Model().Graph.Node[0].OpType)
            .OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            string[] wrong = [.. group.Where(result => !Agrees(result.Result, list[result.Vector.Name]))
                .Select(result => $"{result.Vector.Name}: listed as {list[result.Vector.Name] ?? "pass"}, {result.Result}")];
            ConformanceReport.Append($"vectors {group.Key}", group.Count() - wrong.Length, wrong);
        }
    }

    private static List<(Vector Vector, VectorResult Result)> RunAll(IOnnxRunner runner, IEnumerable<Vector> vectors) =>
        [.. vectors.AsParallel()
            .AsOrdered()
            .WithDegreeOfParallelism(Environment.ProcessorCount)
            .Select(vector => (vector, VectorRun.Run(vector, runner)))];
}
