using CnnFast.Onnx.Conformance.Running;

namespace CnnFast.Onnx.Conformance.Vectors;

/// <summary>ONNX's own test vectors, each at its own opset, against the list.</summary>
public sealed class VectorTests(ITestOutputHelper output)
{
    // ONNX Runtime rounds the enlarged size before it aligns corners; ONNX's own reference, which made the vectors, does not.
    private static readonly string[] s_notOnnxRuntime = ["node/test_resize_downsample_scales_cubic_align_corners", "node/test_resize_downsample_scales_linear_align_corners"];

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
        List<(Vector Vector, VectorResult Result)> results = RunAll(new OnnxRuntimeRunner(), VectorArchive.All.Where(vector => list[vector.Name] is null));
        string[] others = [.. results.Where(result => result.Result.Outcome == VectorOutcome.Fail && !s_notOnnxRuntime.Contains(result.Vector.Name)).Select(result => $"{result.Vector.Name}: {result.Result}")];
        int passed = results.Count(result => result.Result.Outcome == VectorOutcome.Pass);
        output.WriteLine($"{passed} of {results.Count} vectors pass in ONNX Runtime.");
        Assert.True(others.Length == 0 && passed >= 590, string.Join("\n", others));
    }

    private static List<(Vector Vector, VectorResult Result)> RunAll(IOnnxRunner runner, IEnumerable<Vector> vectors) =>
        [.. vectors.AsParallel().AsOrdered().WithDegreeOfParallelism(Environment.ProcessorCount).Select(vector => (vector, VectorRun.Run(vector, runner)))];
}
