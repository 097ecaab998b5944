using System.Text.Json;
using CnnFast.Operators;

namespace CnnFast.Graphs;

/// <summary>
/// Channels become pixels: <c>[N, H, W, C·Factor²]</c> to <c>[N, H·Factor, W·Factor, C]</c>, with y[h·F + i, w·F + j, c] = x[h, w, c·F² +
/// i·F + j].
/// </summary>
internal sealed record PixelShuffleOperation(int Factor) : Operation
{
    public override string Kind => "PixelShuffle";

    public override string NamePrefix => "pixel_shuffle";

    public static Operation Read(AttributeReader json) => new PixelShuffleOperation(json.Int32("factor"));

    public override void WriteAttributes(Utf8JsonWriter json) => json.WriteNumber("factor", Factor);

    public override void Validate(string who) => OptionCheck.AtLeast(who, "factor", Factor, 1);

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape input = inputs[0];
        ShapeText.RequireImages(Who(name), input);
        long square = (long)Factor * Factor;
        if (input[3] % square != 0)
            throw new ShapeException($"{Who(name)}: input has shape {ShapeText.OfBatch(input)}; expected channels that the square of the " +
                $"factor, {square}, divides.");
        return ShapeText.Images(Who(name), input, (long)input[1] * Factor, (long)input[2] * Factor, (int)(input[3] / square));
    }

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(new PixelShuffleOperator(shapes.Input, Factor));

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new Backward(new PixelShuffleOperator(shapes.Input, Factor));

    private sealed class Forward(PixelShuffleOperator shuffle) : ForwardStep
    {
        public override void Run(in ForwardContext context) =>
            shuffle.Run(context.Scheduler, context.N, context.Input(0), context.Output);
    }

    private sealed class Backward(PixelShuffleOperator shuffle) : BackwardStep
    {
        public override void Run(in BackwardContext context) =>
            shuffle.Backward(context.Scheduler, context.N, context.OutputGradient, context.InputGradient(0));
    }
}
