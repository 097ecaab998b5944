using System.Numerics.Tensors;

namespace CnnFast.Graphs;

/// <summary>The logarithm of softmax over the last dimension: x − max − ln Σ e^(x − max).</summary>
internal sealed record LogSoftmaxOperation : TensorOperation
{
    public override string Kind => "LogSoftmax";

    public override string FileKind => "Tensor.LogSoftmax";

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0];

    public override bool CanOverwrite(int input) => true;

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(shapes.Input.Dimensions[^1]);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new LogSoftmaxBackwardStep(shapes.Input.Dimensions[^1]);

    private sealed class Forward(int classes) : ForwardStep
    {
        public override void Run(in ForwardContext context)
        {
            ReadOnlySpan<float> x = context.Input(0);
            Span<float> y = context.Output;
            for (int row = 0; row < y.Length; row += classes)
            {
                ReadOnlySpan<float> values = x.Slice(row, classes);
                float largest = TensorPrimitives.Max(values);
                double sum = 0;
                foreach (float value in values)
                    sum += Math.Exp((double)value - largest);
                double shift = largest + Math.Log(sum);
                Span<float> results = y.Slice(row, classes);
                for (int i = 0; i < classes; i++)
                    results[i] = (float)(values[i] - shift);
            }
        }
    }
}
