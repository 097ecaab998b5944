using System.Text.Json;
using CnnFast.Kernels;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>Images of another size: <c>[N, H, W, C]</c> to <c>[N, Height, Width, C]</c>, edges clamped.</summary>
/// <param name="Height">Rows of the output.</param>
/// <param name="Width">Columns of the output.</param>
/// <param name="Interpolation">What lies between the pixels.</param>
/// <param name="AlignCorners">Whether the outermost pixels lie on each other; else pixels are areas.</param>
internal sealed record ResizingOperation(int Height, int Width, Interpolation Interpolation, bool AlignCorners) : Operation
{
    public override string Kind => "Resizing";

    public override string NamePrefix => "resizing";

    public static Operation Read(AttributeReader json)
    {
        (int h, int w) = json.Pair("size");
        return new ResizingOperation(h, w, json.Choice<Interpolation>("interpolation"), json.Boolean("align_corners"));
    }

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WritePair("size", Height, Width);
        json.WriteString("interpolation", Interpolation.ToString());
        json.WriteBoolean("align_corners", AlignCorners);
    }

    public override void Validate(string who)
    {
        OptionCheck.AtLeast(who, "size height", Height, 1);
        OptionCheck.AtLeast(who, "size width", Width, 1);
        OptionCheck.Defined(who, Interpolation);
    }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        ShapeText.RequireImages(Who(name), inputs[0]);
        return ShapeText.Images(Who(name), inputs[0], Height, Width);
    }

    /// <summary>The sizes and the rule for an input, batch first.</summary>
    public ResizeGeometry Geometry(Shape input) => new(input, Height, Width, Interpolation,
        AlignCorners ? ResizeCoordinates.AlignCorners : ResizeCoordinates.HalfPixel);

    public override ForwardStep CreateForward(NodeShapes shapes) => new ImageResizeForwardStep(Geometry(shapes.Input));

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new ImageResizeBackwardStep(Geometry(shapes.Input));
}
