using CnnFast.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace CnnFast.Benchmarks.Peers;

/// <summary>One way to run a model in ONNX Runtime; every one through bound buffers, with its threads spinning.</summary>
/// <param name="Name">What sets it apart.</param>
/// <param name="Layout">The order of images at the model's ends.</param>
/// <param name="Level">The optimisations, null for the default.</param>
internal sealed record OnnxRuntimeVariant(string Name, OnnxLayout Layout, GraphOptimizationLevel? Level)
{
    /// <summary>Nothing set but the number of threads.</summary>
    public static OnnxRuntimeVariant Default { get; } = new("default", OnnxLayout.Nchw, null);

    /// <summary>
    /// What may be faster: a fixed batch, no second pool of threads, with and without the blocked layout, either order at the ends.
    /// </summary>
    public static IReadOnlyList<OnnxRuntimeVariant> Tuned { get; } =
    [
        new("all", OnnxLayout.Nchw, GraphOptimizationLevel.ORT_ENABLE_ALL),
        new("extended", OnnxLayout.Nchw, GraphOptimizationLevel.ORT_ENABLE_EXTENDED),
        new("all NHWC", OnnxLayout.Nhwc, GraphOptimizationLevel.ORT_ENABLE_ALL),
        new("extended NHWC", OnnxLayout.Nhwc, GraphOptimizationLevel.ORT_ENABLE_EXTENDED),
    ];

    /// <summary>The tuned variants for a file that is taken as it is.</summary>
    public static IEnumerable<OnnxRuntimeVariant> TunedAsGiven => Tuned.Where(variant => variant.Layout == OnnxLayout.Nchw);

    /// <summary>The options of a session.</summary>
    /// <param name="threads">Its threads.</param>
    /// <param name="dimensions">The sizes of dimensions that the file leaves open, by name.</param>
    public OrtSessionOptions Options(int threads, IReadOnlyDictionary<string, int> dimensions)
    {
        var options = new OrtSessionOptions { IntraOpNumThreads = threads };
        if (Level is not { } level)
            return options;
        options.GraphOptimizationLevel = level;
        options.ExecutionMode = ExecutionMode.ORT_SEQUENTIAL;
        options.InterOpNumThreads = 1;
        foreach ((string name, int size) in dimensions)
            options.AddFreeDimensionOverrideByName(name, size);
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "1");
        return options;
    }
}
