using CnnFast.Onnx.Proto;

namespace CnnFast.Onnx.Reading;

/// <summary>The dimensions of tensors in a file.</summary>
internal static class Dimensions
{
    private const int MaxRank = 64;

    /// <summary>The dimensions of a tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="subject">What messages call it.</param>
    /// <param name="count">How many elements it has.</param>
    /// <exception cref="DataFormatException">A dimension is negative, or they are more than can be.</exception>
    /// <exception cref="NotSupportedException">It has more dimensions than any operator has a use for.</exception>
    public static int[] Of(TensorProto tensor, string subject, out int count)
    {
        if (tensor.Dims.Count > MaxRank)
            throw new NotSupportedException($"{subject} has {tensor.Dims.Count} dimensions; supported are up to {MaxRank}.");
        var dimensions = new int[tensor.Dims.Count];
        for (int i = 0; i < dimensions.Length; i++)
        {
            long dimension = tensor.Dims[i];
            if (dimension is < 0 or > int.MaxValue)
                throw new DataFormatException($"{subject} has {dimension} as dimension {i}; expected 0 to {int.MaxValue}.");
            dimensions[i] = (int)dimension;
        }

        count = (int?)OnnxTensor.CountOf(dimensions)
            ?? throw new DataFormatException($"{subject} has more elements than {int.MaxValue}, the product of its {dimensions.Length} " +
                "dimensions; expected at most those.");
        return dimensions;
    }
}
