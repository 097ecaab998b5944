using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CnnFast.Graphs;

/// <summary>
/// y = x / (Bias + Alpha / Size · Σ x²)^Beta, the sum taken over Size neighbouring channels, the last dimension; channels
/// beyond the edge count for nothing.
/// </summary>
/// <param name="Size">Channels of a sum; of an even number the additional one lies after.</param>
/// <param name="Alpha">The factor of the mean square.</param>
/// <param name="Beta">The power.</param>
/// <param name="Bias">The number added.</param>
internal sealed record LocalResponseOperation(int Size, float Alpha, float Beta, float Bias) : TensorOperation
{
    public override string Kind => "LocalResponseNormalization";

    public override string FileKind => "Tensor.LocalResponse";

    public static Operation Read(AttributeReader json) =>
        new LocalResponseOperation(json.Int32("size"), json.Number("alpha"), json.Number("beta"), json.Number("bias"));

    public override void WriteAttributes(Utf8JsonWriter json)
    {
        json.WriteNumber("size", Size);
        json.WriteFloat("alpha", Alpha);
        json.WriteFloat("beta", Beta);
        json.WriteFloat("bias", Bias);
    }

    public override void Validate(string who) => OptionCheck.AtLeast(who, "size", Size, 1);

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => inputs[0];

    public override ForwardStep CreateForward(NodeShapes shapes) => new Forward(this, shapes.Input.Dimensions[^1]);

    public override BackwardStep CreateBackward(NodeShapes shapes, GradientNeeds needs) =>
        new LocalResponseBackwardStep(this, shapes.Input.Dimensions[^1]);

    private sealed class Forward(LocalResponseOperation operation, int channels) : ForwardStep
    {
        private const float UsualBeta = 0.75f;

        private readonly int _before = Math.Min((operation.Size - 1) / 2, channels);
        private readonly int _after = Math.Min(operation.Size / 2, channels);

        // Squares with zeros on both sides, sums, and a row for the power.
        public override int WorkspaceBytes(int threads) => checked(((3 * channels) + _before + _after) * sizeof(float));

        public override void Run(in ForwardContext context)
        {
            ReadOnlySpan<float> x = context.Input(0);
            Span<float> y = context.Output;
            Span<float> workspace = MemoryMarshal.Cast<byte, float>(context.Workspace);
            Span<float> padded = workspace[..(channels + _before + _after)];
            Span<float> sums = workspace.Slice(padded.Length, channels);
            Span<float> powers = workspace.Slice(padded.Length + channels, channels);
            padded.Clear();
            for (int start = 0; start < y.Length; start += channels)
            {
                ReadOnlySpan<float> values = x.Slice(start, channels);
                TensorPrimitives.Multiply(values, values, padded.Slice(_before, channels));
                padded[..channels].CopyTo(sums);
                for (int i = 1; i <= _before + _after; i++)
                    TensorPrimitives.Add(sums, padded.Slice(i, channels), sums);
                TensorPrimitives.Multiply(sums, operation.Alpha / operation.Size, sums);
                TensorPrimitives.Add(sums, operation.Bias, sums);
                Power(sums, powers);
                TensorPrimitives.Divide(values, powers, y.Slice(start, channels));
            }
        }

        private void Power(Span<float> sums, Span<float> powers)
        {
            if (operation.Beta != UsualBeta)
            {
                TensorPrimitives.Pow(sums, operation.Beta, powers);
                return;
            }

            TensorPrimitives.Sqrt(sums, sums);
            TensorPrimitives.Sqrt(sums, powers);
            TensorPrimitives.Multiply(sums, powers, powers);
        }
    }
}
