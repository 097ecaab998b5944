using System.Text.Json;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>Zeros around images: <c>[N, H, W, C]</c> to <c>[N, H + top + bottom, W + left + right, C]</c>.</summary>
internal sealed record ZeroPadding2DOperation(int Top, int Left, int Bottom, int Right) : Operation, IZeroPadding
{
    public override string Kind => "ZeroPadding2D";

    public override string NamePrefix => "zero_padding2d";

    public (int Top, int Left, int Bottom, int Right) Sides => (Top, Left, Bottom, Right);

    private Padding Padding => Padding.Explicit(Top, Left, Bottom, Right);

    public static Operation Read(AttributeReader json)
    {
        int[] sides = json.Sides("padding");
        return new ZeroPadding2DOperation(sides[0], sides[1], sides[2], sides[3]);
    }

    public override void WriteAttributes(Utf8JsonWriter json) => json.WritePadding("padding", Padding);

    public override void Validate(string who)
    {
        OptionCheck.AtLeast(who, "top", Top, 0);
        OptionCheck.AtLeast(who, "left", Left, 0);
        OptionCheck.AtLeast(who, "bottom", Bottom, 0);
        OptionCheck.AtLeast(who, "right", Right, 0);
    }

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        ShapeText.RequireImages(Who(name), inputs[0]);
        return ShapeText.Images(Who(name), inputs[0], (long)inputs[0][1] + Top + Bottom, (long)inputs[0][2] + Left + Right);
    }

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(shapes.Input, Padding);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) => new Backward(shapes.Input, Padding);

    private sealed class Forward(Shape input, Padding sides) : ForwardStep
    {
        private readonly ZeroPadding _operator = ZeroPadding.Create(input, sides);

        public override void Run(in ForwardContext context) =>
            _operator.Run(context.Scheduler, context.N, context.Input(0), context.Output);
    }

    private sealed class Backward(Shape input, Padding sides) : BackwardStep
    {
        private readonly ZeroPadding _operator = ZeroPadding.Create(input, sides);

        public override void Run(in BackwardContext context) =>
            _operator.Backward(context.Scheduler, context.N, context.OutputGradient, context.InputGradient(0));
    }
}
