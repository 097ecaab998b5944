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
        ImportedValue x = node.Input(0);
        bool isBytes = x.Type == ElementType.UInt8;
        x = isBytes ? ElementwiseImport.Cast(node.Graph, x, ElementType.Float32) : x;
        bool countsColumns = node.Flag("storage_order", false);
        Window window = Window.Read(node, x, [], node.Flag("ceil_mode", false));
        Window2D pool = window.With(window.Padding(node));
        if (node.Wants(0))
        {
            ImportedValue y = window.ToValue(node.Graph, node.Graph.Emit(new MaxPool2DOperation(pool), window.Images(node.Graph, x)),
                x.Dimensions[1]);
            node.Set(0, isBytes ? ElementwiseImport.Cast(node.Graph, y, ElementType.UInt8) : y);
        }

        if (!node.Wants(1))
            return;
        (int n, int c) = (x.Dimensions[0], x.Dimensions[1]);
        GraphTensor planes = node.Graph.Standard(x);
        GraphTensor indices = node.Graph.Emit(new MaxPoolIndicesOperation(pool, countsColumns),
            window.IsRow ? node.Graph.View(planes, new Shape(n, c, 1, x.Dimensions[2])) : planes);
        int[] dimensions = window.IsRow ? [n, c, indices.Shape[3]] : indices.Shape.Dimensions.ToArray();
        node.Set(1, node.Graph.ToValue(node.Graph.View(indices, new Shape(dimensions)), dimensions));
    }

    private static void AveragePool(NodeImport node)
    {
        ImportedValue x = node.Input(0);
        bool countPadding = node.Flag("count_include_pad", false);
        Window window = Window.Read(node, x, [], node.Flag("ceil_mode", false));
        Window2D pool = window.With(window.Padding(node));
        (int below, int right) = window.Overhang();
        GraphTensor y = node.Graph.Emit(new AveragePool2DOperation(pool, countPadding), window.Images(node.Graph, x));
        if (countPadding && (below > 0 || right > 0))
            y = node.Graph.Emit(new BinaryOperation(BinaryFunction.Multiply), y, Shares(window, y.Shape, below, right));
        node.Set(window.ToValue(node.Graph, y, x.Dimensions[1]));
    }

    // What windows hold beyond the padding is not counted: all taps over those within.
    private static GraphTensor Shares(Window window, Shape shape, int below, int right)
    {
        var shares = new float[shape[1] * shape[2]];
        for (int row = 0; row < shape[1]; row++)
        {
            for (int column = 0; column < shape[2]; column++)
                shares[(row * shape[2]) + column] = (float)window.H / Within(row, shape[1], window.H, window.DilationH, below) * window.W
                    / Within(column, shape[2], window.W, window.DilationW, right);
        }

        return new GraphTensor(Shape.Nhwc(1, shape[1], shape[2], 1), ElementType.Float32)
        {
            Constant = OnnxTensor.Create(shares, 1, shape[1], shape[2], 1),
        };
    }

    private static int Within(int position, int positions, int window, int dilation, int overhang) =>
        position < positions - 1 ? window : window - ((overhang + dilation - 1) / dilation);

    private static void Global(NodeImport node, Operation operation)
    {
        ImportedValue x = node.Input(0);
        if (x.Rank < 3)
            throw node.Damaged($"the input is [{string.Join(", ", x.Dimensions)}]; expected images [N, C, H, W]");
        (int n, int c) = (x.Dimensions[0], x.Dimensions[1]);
        GraphTensor images = node.Graph.As(x, GraphImport.ChannelsLast(x.Rank));
        if (x.Rank != 4)
            images = node.Graph.View(images, Shape.Nhwc(n, 1, (int)(x.Count / n / c), c));
        GraphTensor y = node.Graph.Emit(operation, images);
        int[] dimensions = [n, c, .. Enumerable.Repeat(1, x.Rank - 2)];
        if (y.Info is { } info)
            node.Set(0, new ImportedValue(info, dimensions, Layout.Of(dimensions, GraphImport.ChannelsLast(x.Rank), y.IsBatched)));
        else
            node.Set(node.Graph.View(y, new Shape(dimensions)), dimensions);
    }
}
