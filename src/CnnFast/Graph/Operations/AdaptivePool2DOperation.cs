using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>
/// Pooling to a given size: <c>[N, H, W, C]</c> to <c>[N, Height, Width, C]</c>. Row i of the output reads rows ⌊i·H / Height⌋ to ⌈(i +
/// 1)·H / Height⌉ − 1, columns likewise.
/// </summary>
internal abstract record AdaptivePool2DOperation(int Height, int Width) : Operation
{
    public sealed override bool SupportsOutputPitch => true;

    public sealed override bool SupportsInputPitch => true;

    public sealed override void WriteAttributes(Utf8JsonWriter json) => json.WritePair("output_size", Height, Width);

    public sealed override void Validate(string who)
    {
        OptionCheck.AtLeast(who, "outputSize height", Height, 1);
        OptionCheck.AtLeast(who, "outputSize width", Width, 1);
    }

    public sealed override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        ShapeText.RequireImages(Who(name), inputs[0]);
        return ShapeText.Images(Who(name), inputs[0], Height, Width);
    }

    /// <summary>The sizes for an input, batch first.</summary>
    public Pool2DGeometry Geometry(Shape input) => Pool2DGeometry.Adaptive(input, Height, Width);
}
