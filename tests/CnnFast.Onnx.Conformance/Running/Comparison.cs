namespace CnnFast.Onnx.Conformance.Running;

/// <summary>Says where an output departs from the expected one.</summary>
internal static class Comparison
{
    /// <summary>The first thing wrong with the outputs in one sentence; null where all are within the bound.</summary>
    public static string? Difference(IReadOnlyDictionary<string, OnnxTensor> expected, IReadOnlyDictionary<string, OnnxTensor> actual,
        Bound bound)
    {
        foreach ((string name, OnnxTensor tensor) in expected)
        {
            if (!actual.TryGetValue(name, out OnnxTensor? given))
                return $"output '{name}' is missing";
            if (Difference(tensor, given, bound) is { } difference)
                return $"output '{name}': {difference}";
        }

        return actual.Count == expected.Count ? null : $"{actual.Count} outputs, expected {expected.Count}";
    }

    public static string Describe(OnnxTensor tensor) => $"{tensor.ElementType}[{string.Join(", ", tensor.Dimensions)}]";

    private static string? Difference(OnnxTensor expected, OnnxTensor actual, Bound bound)
    {
        if (expected.ElementType != actual.ElementType || !expected.Dimensions.SequenceEqual(actual.Dimensions))
            return $"{Describe(actual)}, expected {Describe(expected)}";
        return expected.ElementType switch
        {
            ElementType.Float32 => Floats(expected.Values<float>(), actual.Values<float>(), bound),
            ElementType.Int32 => Equal(expected.Values<int>(), actual.Values<int>()),
            ElementType.Int64 => Equal(expected.Values<long>(), actual.Values<long>()),
            ElementType.UInt8 => Equal(expected.Values<byte>(), actual.Values<byte>()),
            _ => Equal(expected.Values<bool>(), actual.Values<bool>()),
        };
    }

    private static string? Floats(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, Bound bound)
    {
        double largest = 0;
        foreach (float y in expected)
        {
            if (float.IsFinite(y))
                largest = Math.Max(largest, Math.Abs(y));
        }

        for (int i = 0; i < expected.Length; i++)
        {
            if (expected[i] == actual[i] || (float.IsNaN(expected[i]) && float.IsNaN(actual[i])))
                continue;
            double limit = (bound.Relative * Math.Abs((double)expected[i])) + (bound.Scaled * largest) + bound.Absolute;
            double distance = Math.Abs((double)actual[i] - expected[i]);
            if (!float.IsFinite(expected[i]) || !(distance <= limit))
                return $"[{i}] of {expected.Length} is {actual[i]:g9}, expected {expected[i]:g9}; |Δ| is {distance:g3}, allowed {limit:g3}";
        }

        return null;
    }

    private static string? Equal<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual)
        where T : unmanaged, IEquatable<T>
    {
        int same = expected.CommonPrefixLength(actual);
        return same == expected.Length ? null : $"[{same}] of {expected.Length} is {actual[same]}, expected {expected[same]}";
    }
}
