using System.Collections.Immutable;
using CnnFast.Graphs;
using CnnFast.Operators;

namespace CnnFast.Compile;

/// <summary>
/// The bytes of the caller's images as floats, with a border, for the convolution that follows and knows what the bytes stand for.
/// </summary>
internal sealed record ByteImageOperation(int Top, int Left, int Bottom, int Right, ImmutableArray<float> Fill) : InferenceOperation
{
    public override string Kind => "ByteImage";

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) =>
        Shape.Nhwc(inputs[0][0], checked(Top + inputs[0][1] + Bottom), checked(Left + inputs[0][2] + Right), inputs[0][3]);

    public override ForwardStep CreateForward(NodeShapes shapes) =>
        new Forward(new ByteImageOperator(shapes.Input.WithoutBatch(), Top, Left, Bottom, Right, Fill.AsSpan()));

    private sealed class Forward(ByteImageOperator images) : ForwardStep
    {
        public override void Run(in ForwardContext context) => images.Run(context.Scheduler, context.N, context.Bytes, context.Output);
    }
}
