using CnnFast.Data;
using CnnFast.Graphs;

namespace CnnFast.Compile;

/// <summary>The bytes of the caller's images as the numbers they stand for, where no convolution can take the numbers over.</summary>
internal sealed record ByteNormalizationOperation(ByteInput Input) : InferenceOperation
{
    private const int Values = 256;

    public override string Kind => "ByteNormalization";

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0];

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(TableOf(shapes.Input[3]), shapes.Input[3]);

    private float[] TableOf(int channels)
    {
        var table = new float[channels * Values];
        for (int c = 0; c < channels; c++)
            new Normalization(Input.ScaleOf(c), Input.OffsetOf(c)).FillTable(table.AsSpan(c * Values, Values));
        return table;
    }

    private sealed class Forward(float[] table, int channels) : ForwardStep
    {
        public override void Run(in ForwardContext context)
        {
            ReadOnlySpan<byte> bytes = context.Bytes;
            Span<float> y = context.Output[..bytes.Length];
            int channel = 0;
            for (int i = 0; i < bytes.Length; i++)
            {
                y[i] = table[(channel * Values) + bytes[i]];
                channel = channel + 1 == channels ? 0 : channel + 1;
            }
        }
    }
}
