using CnnFast.Graphs;
using CnnFast.Kernels;

namespace CnnFast.Onnx.Export;

/// <summary>Pooling to a given size: ordinary pooling where the windows are alike.</summary>
internal static class AdaptivePoolExport
{
    /// <summary>AveragePool, or products with the matrices of means.</summary>
    public static void Average(NodeExport node, AdaptiveAveragePool2DOperation operation)
    {
        Pool2DGeometry g = operation.Geometry(node.BatchOfOne(0));
        string images = node.Input(0, TensorOrder.ChannelsFirst);
        string result = IsPlain(g)
            ? Pool(node, "AveragePool", images, g)
            : InterpolationExport.Planes(node, new InterpolateOperation(Means(g.Rows), Means(g.Columns), 0), images);
        node.Define(result, TensorOrder.ChannelsFirst);
    }

    /// <summary>MaxPool; where windows differ, of rows and columns that are repeated until all are as long as the longest.</summary>
    public static void Max(NodeExport node, AdaptiveMaxPool2DOperation operation)
    {
        Pool2DGeometry g = operation.Geometry(node.BatchOfOne(0));
        string images = node.Input(0, TensorOrder.ChannelsFirst);
        if (!IsPlain(g))
            images = Repeated(node, Repeated(node, images, "rows", g.Rows, 2), "columns", g.Columns, 3);
        node.Define(Pool(node, "MaxPool", images, g), TensorOrder.ChannelsFirst);
    }

    private static bool IsPlain(Pool2DGeometry g) => !g.Rows.IsAdaptive && !g.Columns.IsAdaptive && g.KH <= g.H && g.KW <= g.W;

    private static string Pool(NodeExport node, string kind, string images, Pool2DGeometry g) => node.Emit(
        kind,
        [images],
        Attribute.Integers("kernel_shape", g.KH, g.KW),
        Attribute.Integers("strides", g.KH, g.KW));

    private static InterpolationTable Means(WindowAxis axis)
    {
        var windows = new PoolAxis(axis);
        var taps = new List<ResizeTap[]>(axis.Output);
        for (int o = 0; o < axis.Output; o++)
        {
            int first = windows.First(o, out int count);
            taps.Add([.. Enumerable.Range(first, count).Select(index => new ResizeTap(index, 1f / count))]);
        }

        return new InterpolationTable(ResizeAxis.Of(axis.Input, taps), []);
    }

    private static string Repeated(NodeExport node, string images, string role, WindowAxis axis, int dimension)
    {
        var windows = new PoolAxis(axis);
        var indices = new List<int>(axis.Output * axis.Window);
        for (int o = 0; o < axis.Output; o++)
        {
            int first = windows.First(o, out int count);
            indices.AddRange(Enumerable.Range(0, axis.Window).Select(i => first + Math.Min(i, count - 1)));
        }

        return node.Emit("Gather", [images, node.Integers(role, indices)], Attribute.Integer("axis", dimension));
    }
}
