using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using CnnFast.Graphs;
using CnnFast.Onnx.Reading;

namespace CnnFast.Onnx.Import;

/// <summary>
/// A parameter that is a constant with its dimensions in some order, read part by part where the constant is in the file. Thread-safe.
/// </summary>
/// <param name="constant">Floats.</param>
/// <param name="order">Which of its dimensions lies where, outermost first.</param>
/// <param name="places">Where the indices of the outermost of them go; null where they stay.</param>
/// <param name="scale">What every element is multiplied with.</param>
internal sealed class ConstantSource(ImportedValue constant, int[] order, int[]? places, float scale) : IParameterSource
{
    private const int Part = 16384;

    private readonly Lazy<float> _maxMagnitude = new(() => MathF.Abs(scale) * Largest(constant), LazyThreadSafetyMode.PublicationOnly);

    public bool ReadsParts => constant.Reader is { ReadsParts: true };

    public void Read(Span<float> values) => Read(0, constant.Rank == 0 ? 1 : constant.Dimensions[order[^1]], values);

    public void Read(int first, int count, Span<float> values)
    {
        new ConstantCopy(constant, order, places, first, count).Run(values);
        if (scale != 1)
            TensorPrimitives.Multiply(values, scale, values);
    }

    public float MaxMagnitude() => _maxMagnitude.Value;

    private static float Largest(ImportedValue constant)
    {
        if (constant.Reader is not { ReadsParts: true } reader)
            return MathF.Abs(TensorPrimitives.MaxMagnitude<float>(constant.Constant.Values<float>()));
        var part = new float[Math.Min(Part, reader.Count)];
        float largest = 0;
        for (int first = 0; first < reader.Count; first += part.Length)
        {
            Span<float> read = part.AsSpan(0, Math.Min(part.Length, reader.Count - first));
            reader.Read(first, MemoryMarshal.AsBytes(read));
            largest = MathF.Max(largest, MathF.Abs(TensorPrimitives.MaxMagnitude<float>(read)));
        }

        return largest;
    }
}
