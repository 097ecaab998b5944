using System.Numerics.Tensors;
using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>A parameter of numbers that are in memory.</summary>
/// <param name="numbers">The numbers.</param>
internal sealed class ArraySource(float[] numbers) : IParameterSource
{
    public bool ReadsParts => true;

    public void Read(Span<float> values) => numbers.CopyTo(values);

    public void Read(int first, int count, Span<float> values)
    {
        int rows = values.Length / count;
        for (int row = 0; row < rows; row++)
            numbers.AsSpan((row * (numbers.Length / rows)) + first, count).CopyTo(values[(row * count)..]);
    }

    public float MaxMagnitude() => MathF.Abs(TensorPrimitives.MaxMagnitude<float>(numbers));
}
