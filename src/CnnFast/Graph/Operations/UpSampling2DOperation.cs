using System.Text.Json;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>
/// Images enlarged by whole factors: <c>[N, H, W, C]</c> to <c>[N, H·FactorH, W·FactorW, C]</c>, half-pixel centres, edges clamped.
/// </summary>
internal sealed record UpSampling2DOperation(int FactorH, int FactorW, Interpolation Interpolation) : Operation
{
    public override string Kind => "UpSampling2D";

    public override string NamePrefix => "up_sampling2d";

    public static Operation Read(AttributeReader json)
    {
        (int h, int w) = json.Pair("size");
        return new UpSampling2DOperation(h, w, json.Choice<Interpolation>("interpolation"));
    }

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WritePair("size", FactorH, FactorW);
        json.WriteString("interpolation", Interpolation.ToString());
    }

    public override void Validate(string who)
    {
        OptionCheck.AtLeast(who, "size height", FactorH, 1);
        OptionCheck.AtLeast(who, "size width", FactorW, 1);
        OptionCheck.Defined(who, Interpolation);
    }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        ShapeText.RequireImages(Who(name), inputs[0]);
        return ShapeText.Images(Who(name), inputs[0], (long)inputs[0][1] * FactorH, (long)inputs[0][2] * FactorW);
    }

    public override ForwardStep CreateForward(NodeShapes shapes) => new ImageResizeForwardStep(Geometry(shapes));

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new ImageResizeBackwardStep(Geometry(shapes));

    private ResizeGeometry Geometry(NodeShapes shapes) => new(shapes.Input, shapes.Output[1], shapes.Output[2], Interpolation);
}
