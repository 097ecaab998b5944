using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>Maxima and means of windows and of whole images.</summary>
internal static class PoolImport
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<OperatorEntry> Operators { get; } =
    [
        new("MaxPool", MaxPool, Limits: "1-D and 2-D"),
        new("AveragePool", AveragePool, Limits: "1-D and 2-D"),
        new("GlobalMaxPool", node => Global(node, new GlobalMaxPool2DOperation())),
        new("GlobalAveragePool", node => Global(node, new GlobalAveragePool2DOperation())),
    ];

    private static void MaxPool(NodeImport node)
    {
        if (node.Wants(1))
            throw node.Unsupported("the output Indices is not supported");
        node.Int("storage_order", 0);
        if (node.Flag("ceil_mode", false))
            throw node.Unsupported("the attribute ceil_mode is not supported");
        Value x = node.Input(0);
        Window window = Window.Read(node, x, []);
        Tensor y = node.Graph.Emit(new MaxPool2DOperation(PoolWindow(node, window)), window.Images(node.Graph, x));
        node.Set(window.ToValue(node.Graph, y, x.Dimensions[1]));
    }

    private static void AveragePool(NodeImport node)
    {
        bool countPadding = node.Flag("count_include_pad", false);
        if (node.Flag("ceil_mode", false))
            throw node.Unsupported("the attribute ceil_mode is not supported");
        Value x = node.Input(0);
        Window window = Window.Read(node, x, []);
        Tensor y = node.Graph.Emit(new AveragePool2DOperation(PoolWindow(node, window), countPadding), window.Images(node.Graph, x));
        node.Set(window.ToValue(node.Graph, y, x.Dimensions[1]));
    }

    private static PoolWindow PoolWindow(NodeImport node, Window window) =>
        new(window.H, window.W, window.StrideH, window.StrideW, window.DilationH, window.DilationW, window.Padding(node));

    private static void Global(NodeImport node, Operation operation)
    {
        Value x = node.Input(0);
        if (x.Rank < 3)
            throw node.Damaged($"the input is [{string.Join(", ", x.Dimensions)}]; expected images [N, C, H, W]");
        (int n, int c) = (x.Dimensions[0], x.Dimensions[1]);
        Tensor images = node.Graph.View(node.Graph.As(x, GraphImport.ChannelsLast(x.Rank)), Shape.Nhwc(n, 1, (int)(x.Count / n / c), c));
        Tensor y = node.Graph.Emit(operation, images);
        int[] dimensions = [n, c, .. Enumerable.Repeat(1, x.Rank - 2)];
        node.Set(node.Graph.View(y, new Shape(dimensions)), dimensions);
    }
}
