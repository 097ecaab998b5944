using CnnFast.Data;
using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>The bytes of the caller's images as the numbers they stand for, where no convolution can take the numbers over.</summary>
internal sealed record ByteNormalizationOperation(ByteInput Input) : InferenceOperation
{
    public override string Kind => "ByteNormalization";

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0];

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(TableOf(shapes.Input[3]));

    private float[] TableOf(int channels)
    {
        double[] scales = [.. Enumerable.Range(0, channels).Select(Input.ScaleOf)];
        double[] offsets = [.. Enumerable.Range(0, channels).Select(Input.OffsetOf)];
        return Normalization.PerChannel(scales, offsets).CreateTables();
    }

    private sealed class Forward(float[] table) : ForwardStep
    {
        public override void Run(in ForwardContext context) =>
            Normalization.ApplyTables(table, context.Bytes, context.Output[..context.Bytes.Length]);
    }
}
