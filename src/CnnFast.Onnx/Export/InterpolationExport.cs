using CnnFast.Graphs;
using CnnFast.Kernels;
using CnnFast.Onnx.Format;

namespace CnnFast.Onnx.Export;

/// <summary>Weighted sums of rows and columns: Resize where it has them, else products with their matrices.</summary>
internal static class InterpolationExport
{
    private static readonly ResizeMode[] s_modes =
    [
        .. from mode in (string[])["linear", "cubic"]
           from coordinates in (string[])["half_pixel", "align_corners", "asymmetric", "pytorch_half_pixel"]
           select new ResizeMode(mode, coordinates, "floor"),
    ];

    public static void Interpolate(NodeExport node, InterpolateOperation operation)
    {
        Shape x = node.BatchOfOne(0);
        bool isImage = x[1] == 1 && node.Value(0) is { Image: not null, Order: TensorOrder.ChannelsFirst };
        bool isPlanes = !isImage && x[4] == 1;
        string planes = isImage
            ? node.Input(0, TensorOrder.ChannelsFirst)
            : isPlanes ? node.Reshape(node.Natural(0), 0, x[1], x[2], x[3])
            : node.Reshape(node.Transpose(node.Natural(0), 0, 1, 4, 2, 3), 0, x[1] * x[4], x[2], x[3]);
        string result = Planes(node, operation, planes);
        if (isImage)
            node.Define(result, TensorOrder.ChannelsFirst, new Shape(operation.Rows.Axis.Output, operation.Columns.Axis.Output, x[4]));
        else if (isPlanes)
            node.Define(node.Reshape(result, 0, x[1], operation.Rows.Axis.Output, operation.Columns.Axis.Output, 1), TensorOrder.Natural);
        else
            node.Define(node.Transpose(node.Reshape(result, 0, x[1], x[4], operation.Rows.Axis.Output, operation.Columns.Axis.Output), 0, 1,
                3, 4, 2), TensorOrder.Natural);
    }

    /// <summary>
    /// The least float whose product with the input's length is not below the output's, so that rounding down gives that length in
    /// single precision and in double.
    /// </summary>
    internal static float Scale(int input, int output)
    {
        float scale = (float)output / input;
        return (double)scale * input < output ? MathF.BitIncrement(scale) : scale;
    }

    /// <summary>Planes <c>[N, C, H, W]</c> whose rows and columns are weighted sums of those of others.</summary>
    internal static string Planes(NodeExport node, InterpolateOperation operation, string planes)
    {
        (ResizeAxis rows, ResizeAxis columns) = (operation.Rows.Axis, operation.Columns.Axis);
        bool hasOutside = operation.Rows.Outside.Count + operation.Columns.Outside.Count > 0;
        if (!hasOutside && s_modes.FirstOrDefault(mode => Is(mode, rows) && Is(mode, columns)) is { } known)
        {
            string scales = node.Constant("scales", [1f, 1f, Scale(rows.Input, rows.Output), Scale(columns.Input, columns.Output)], 4);
            string[] inputs = [planes, "", scales];
            return node.Emit("Resize", inputs, Attribute.Text("mode", known.Mode),
                Attribute.Text("coordinate_transformation_mode", known.Coordinates));
        }

        string result = IsIdentity(rows)
            ? planes
            : node.Emit("MatMul", [node.Constant("rows", Matrix(rows, false), rows.Output, rows.Input), planes]);
        if (!IsIdentity(columns) || result == planes)
            result = node.Emit("MatMul", [result, node.Constant("columns", Matrix(columns, true), columns.Input, columns.Output)]);
        return hasOutside ? Outside(node, operation, result) : result;
    }

    private static string Outside(NodeExport node, InterpolateOperation operation, string result)
    {
        (int height, int width) = (operation.Rows.Axis.Output, operation.Columns.Axis.Output);
        var inside = new byte[height * width];
        for (int i = 0; i < inside.Length; i++)
            inside[i] = IsOutside(operation.Rows, i / width) || IsOutside(operation.Columns, i % width) ? (byte)0 : (byte)1;
        return node.Emit("Where",
            [node.Constant("inside", ElementType.Bool, inside, height, width), result, node.Constant("outside", [operation.OutsideValue])]);
    }

    private static bool IsOutside(InterpolationTable table, int position) =>
        table.Outside.Any(run => position >= run.First && position < run.First + run.Count);

    private static bool IsIdentity(ResizeAxis axis) =>
        axis.Input == axis.Output && axis.IsSelection && axis.Taps.Select((tap, i) => tap.Index == i).All(same => same);

    private static bool Is(ResizeMode mode, ResizeAxis axis)
    {
        if (IsIdentity(axis))
            return true;
        return Is(mode, axis, (float)axis.Output / axis.Input) || Is(mode, axis, Scale(axis.Input, axis.Output));
    }

    private static bool Is(ResizeMode mode, ResizeAxis axis, float scale)
    {
        return Fits(axis.Output) || Fits(scale * axis.Input);

        bool Fits(float length)
        {
            ResizeAxis other = new ResizeAxisRule(mode, axis.Input, axis.Output, scale, length, 0, 1).Weights().Axis;
            return other.Begins.SequenceEqual(axis.Begins) && other.Taps.SequenceEqual(axis.Taps);
        }
    }

    private static float[] Matrix(ResizeAxis axis, bool transposed)
    {
        var matrix = new float[axis.Input * axis.Output];
        for (int o = 0; o < axis.Output; o++)
        {
            for (int k = axis.Begins[o]; k < axis.Begins[o + 1]; k++)
                matrix[transposed ? (axis.Taps[k].Index * axis.Output) + o : (o * axis.Input) + axis.Taps[k].Index] += axis.Taps[k].Weight;
        }

        return matrix;
    }
}
