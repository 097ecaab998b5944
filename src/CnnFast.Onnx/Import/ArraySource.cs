using System.Numerics.Tensors;
using CnnFast.Graphs;

namespace CnnFast.Onnx.Import;

/// <summary>A parameter of numbers that are in memory.</summary>
/// <param name="numbers">The numbers.</param>
internal sealed class ArraySource(float[] numbers) : IParameterSource
{
    public void Read(Span<float> values) => numbers.CopyTo(values);

    public float MaxMagnitude() => MathF.Abs(TensorPrimitives.MaxMagnitude<float>(numbers));
}
